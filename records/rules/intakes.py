"""What an officer may decide about an intake, and the reasons there are: a closed set, since the audit keeps them."""

from enum import StrEnum
from typing import Final

from backend_client.contract.intakes import IntakeKind


class IntakeState(StrEnum):
    """How far an intake is."""

    WAITING = "waiting"
    UNDER_WAY = "under-way"  # by the rules: it waits for somebody's yes, and for no officer
    MORE_PAPERS = "more-papers"  # the resident is to bring something; open until then
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"  # nobody decided it in time


ABOUT_FLATS: Final = frozenset(
    {IntakeKind.TENANCY, IntakeKind.OCCUPANT, IntakeKind.DEPARTURE, IntakeKind.ANSWER, IntakeKind.WAYS}
)
"""What the rules of tenancies carry out, or put before an officer in a queue of its own."""

_ABOUT_A_FLAT: Final = {
    IntakeState.ACCEPTED: ("papers-seen", "place-visited"),
    IntakeState.MORE_PAPERS: ("identity", "lease", "title", "owner-consent"),
    IntakeState.REFUSED: ("withdrawn", "handed-in-twice", "another-office", "papers-disagree"),
}

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
    IntakeKind.TENANCY: _ABOUT_A_FLAT,
    IntakeKind.OCCUPANT: _ABOUT_A_FLAT,
    IntakeKind.DEPARTURE: _ABOUT_A_FLAT,
    IntakeKind.ANSWER: _ABOUT_A_FLAT,
    IntakeKind.WAYS: _ABOUT_A_FLAT,
}
"""The decisions that there are about each kind, each with its reasons."""

BY_RULE: Final[dict[IntakeState, tuple[str, ...]]] = {
    IntakeState.ACCEPTED: ("by-rule",),
    IntakeState.REFUSED: ("not-theirs", "over", "handed-in-twice", "not-taken"),
}
"""How the rules of tenancies decide without an officer, and why."""

DEVICE_REVOKED: Final = "device-revoked"
"""Why all are refused that a revoked device has sent."""

OVER: Final = frozenset({IntakeState.ACCEPTED, IntakeState.REFUSED, IntakeState.LAPSED})
