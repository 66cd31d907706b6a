"""What an officer may decide about an intake, and the reasons there are: a closed set, since a kiosk tells them."""

from enum import StrEnum
from typing import Final


class IntakeState(StrEnum):
    """How far an intake is."""

    WAITING = "waiting"
    MORE_PAPERS = "more-papers"  # the resident is to bring something; open until then
    ACCEPTED = "accepted"
    REFUSED = "refused"


REASONS: Final[dict[IntakeState, tuple[str, ...]]] = {
    IntakeState.ACCEPTED: ("papers-seen", "place-visited", "register-agrees"),
    IntakeState.MORE_PAPERS: ("identity", "lease", "title", "owner-consent", "proof-of-change"),
    IntakeState.REFUSED: ("withdrawn", "handed-in-twice", "another-office", "papers-disagree", "register-is-right"),
}
"""The decisions that there are, each with its reasons."""

OVER: Final = frozenset({IntakeState.ACCEPTED, IntakeState.REFUSED})
