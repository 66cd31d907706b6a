"""What an officer may decide about who stands at a kiosk, and on what basis."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class How(StrEnum):
    """Where the person is."""

    IN_PERSON = "in-person"
    BY_PHONE = "by-phone"


class Basis(StrEnum):
    """What the officer goes by. A closed set: it stands in the audit."""

    PORTRAIT = "portrait-compared"
    DOCUMENT = "document-seen"
    CALLED_BACK = "called-back"
    ANSWERS = "questions-answered"
    KNOWN = "known-to-officer"


BASES: Final[dict[How, tuple[Basis, ...]]] = {
    How.IN_PERSON: (Basis.PORTRAIT, Basis.DOCUMENT, Basis.KNOWN),
    How.BY_PHONE: (Basis.CALLED_BACK, Basis.ANSWERS, Basis.KNOWN),
}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """It is the person."""

    how: How
    basis: Basis
    reason: str


@dataclass(frozen=True, slots=True)
class Declined:
    """Not by this way today."""

    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The record itself needs an officer: the person is awaited at the window."""


Decision = Confirmed | Declined | Seen
