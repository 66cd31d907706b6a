"""Values, events and commands of what somebody came for: the service, the purpose, and what a service asks besides.

Handles of other persons are opaque and good for one visit. What is typed of a door masks itself.
"""

from dataclasses import dataclass

from civic.masking import Personal
from kiosk.flows.base import Command, Event
from kiosk.flows.dwelling_entry import DwellingEntry
from kiosk.flows.happenings import Purpose
from kiosk.flows.identity import Offers

Texts = tuple[tuple[str, str], ...]  # (language, text) pairs

SERVICES = ("household_certificate", "temporary_id_proof", "no_criminal_record", "residence_receipt")
"""Every service that makes a paper, by the paper's kind, in the order of the tiles where no policy gives another."""


@dataclass(frozen=True, slots=True)
class Collecting:
    """An answer that is collected: after how many working days, and what is to be brought."""

    working_days: int
    bring: Texts


@dataclass(frozen=True, slots=True)
class Service:
    """What the policy says of one service, as far as its questions and their words depend on it.

    ``hint``: what the paper is not, where people mix it up. ``children_below``: a guardian may ask for a child below
    this age, 0: nobody may. ``collecting``: the answer may have to be collected, and everybody is asked when they want
    it.
    """

    kind: str
    purposes: tuple[Purpose, ...]
    valid_days: int = 0
    fee: Texts = (("zh", "免费"), ("en", "Free of charge"))
    hint: Texts = ()
    children_below: int = 0
    collecting: Collecting | None = None

    @property
    def asks_dwelling(self) -> bool:
        """Whether it is about where somebody lives now."""
        return self.kind == "residence_receipt"


@dataclass(frozen=True, slots=True)
class Errand:
    """A service, and what its paper is wanted for."""

    service: Service
    purpose: Purpose
    offers: Offers


@dataclass(frozen=True, slots=True)
class Dwelling:
    """A flat of this community, as records know it."""

    id: str
    address: Personal


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonChosen(Event):
    """Whom it is for: a child by its handle, or oneself ("")."""

    handle: str


@dataclass(frozen=True, slots=True)
class MemberToggled(Event):
    """Somebody of the household is to stand on the paper, or no longer."""

    handle: str


@dataclass(frozen=True, slots=True)
class WhenChosen(Event):
    """现在打印, or 稍后领取."""

    later: bool


@dataclass(frozen=True, slots=True)
class LettersToggled(Event):
    """The door has letters, or it has none."""


# --- what records answered -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CompanionSeen(Event):
    """The card that was laid is that of this member of the household."""

    handle: str


@dataclass(frozen=True, slots=True)
class CompanionRefused(Event):
    """It is not; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class DwellingFound(Event):
    """There is such a flat."""

    dwelling: Dwelling


@dataclass(frozen=True, slots=True)
class DwellingNotFound(Event):
    """There is none, or nobody could say; ``code`` says which."""

    code: str


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskCompanion(Command):
    """Ask records whose card was read. -> CompanionSeen | CompanionRefused."""


@dataclass(frozen=True, slots=True)
class FindDwelling(Command):
    """-> DwellingFound | DwellingNotFound."""

    entry: DwellingEntry
