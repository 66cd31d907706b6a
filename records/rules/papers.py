"""The life of a serial: reserved, sealed, and then delivered or void. Everything that moves it stands in this file.

state      | seal          | report delivered | void by the kiosk                    | void by an officer
reserved   | sealed        | paper-not-sealed | void                                 | void
sealed     | same digest   | delivered        | void                                 | void
delivered  | refused       | delivered        | void when its holder says so at once | void
void       | refused       | refused          | void                                 | void
"""

from datetime import datetime, timedelta

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperState, VoidReason
from records.errors import RefusedError

# what only the person with the paper (or without it) can say; the kiosk asks while they still stand there
HOLDER_SAYS = frozenset({VoidReason.NOT_RECEIVED, VoidReason.UNREADABLE})
HOLDER_WINDOW = timedelta(minutes=15)

# the paper never reached its holder: they may have it again
NOT_REACHED = frozenset(VoidReason) - {VoidReason.OFFICER}
REISSUE_WINDOW = timedelta(hours=24)


def after_seal(state: PaperState, sealed_digest: str, digest: str) -> PaperState:
    """The state after a request to seal ``digest``: one digest per serial, ever."""
    match state:
        case PaperState.RESERVED:
            return PaperState.SEALED
        case PaperState.SEALED if digest == sealed_digest:
            return PaperState.SEALED
        case PaperState.SEALED:
            raise RefusedError(ProblemCode.ALREADY_SEALED)
        case PaperState.DELIVERED:
            raise RefusedError(ProblemCode.PAPER_DELIVERED)
        case PaperState.VOID:
            raise RefusedError(ProblemCode.PAPER_VOID)


def after_delivery(state: PaperState) -> PaperState:
    """The state after the kiosk's report that the paper came out."""
    match state:
        case PaperState.SEALED | PaperState.DELIVERED:
            return PaperState.DELIVERED
        case PaperState.RESERVED:
            raise RefusedError(ProblemCode.PAPER_NOT_SEALED)
        case PaperState.VOID:
            raise RefusedError(ProblemCode.PAPER_VOID)


def after_void(state: PaperState, reason: VoidReason, delivered_at: datetime | None, now: datetime) -> PaperState:
    """The state after a request to void. What was delivered stays so, but for its holder's word or an officer's."""
    by_officer = reason is VoidReason.OFFICER
    if state is PaperState.DELIVERED and not (by_officer or _holder_may(reason, delivered_at, now)):
        raise RefusedError(ProblemCode.PAPER_DELIVERED)
    return PaperState.VOID


def _holder_may(reason: VoidReason, delivered_at: datetime | None, now: datetime) -> bool:
    return reason in HOLDER_SAYS and delivered_at is not None and now - delivered_at <= HOLDER_WINDOW


def reissue_open(
    state: PaperState, reason: VoidReason | None, voided_at: datetime | None, now: datetime, *, replaced: bool
) -> bool:
    """Whether a serial gives its holder a new print without a fresh application."""
    recent = voided_at is not None and now - voided_at <= REISSUE_WINDOW
    return state is PaperState.VOID and reason in NOT_REACHED and recent and not replaced
