"""What an officer may decide about an intake, and the reasons there are: a closed set, since the audit keeps them."""

from enum import StrEnum
from typing import Final

from backend_client.contract.intakes import IntakeKind


class IntakeState(StrEnum):
    """How far an intake is."""

    WAITING = "waiting"
    MORE_PAPERS = "more-papers"  # the resident is to bring something; open until then
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody decided it in time


REASONS: Final[dict[IntakeKind, dict[IntakeState, tuple[str, ...]]]] = {
    IntakeKind.RESIDENCE: {
        IntakeState.ACCEPTED: ("papers-seen", "place-visited"),
        IntakeState.MORE_PAPERS: ("identity", "lease", "title", "owner-consent"),
        IntakeState.REFUSED: ("withdrawn", "handed-in-twice", "another-office", "papers-disagree"),
    },
    IntakeKind.CORRECTION: {
        IntakeState.ACCEPTED: ("papers-seen", "clerical-error"),
        IntakeState.MORE_PAPERS: ("identity", "proof-of-change"),
        IntakeState.REFUSED: ("withdrawn", "handed-in-twice", "another-office", "papers-disagree", "register-is-right"),
    },
}
"""The decisions that there are about each kind, each with its reasons."""

DEVICE_REVOKED: Final = "device-revoked"
"""Why all are refused that a revoked device has sent."""

OVER: Final = frozenset({IntakeState.ACCEPTED, IntakeState.REFUSED, IntakeState.LAPSED})
