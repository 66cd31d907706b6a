"""How a right stands on a day. Pure."""

from datetime import date, datetime, timedelta
from typing import Final, Protocol

from backend_client.contract.tenancies import RightState


class Right(Protocol):
    """What is asked of a right here (``records.store.rights.RightRow``)."""

    @property
    def ends_on(self) -> date | None:
        """Its last day; None: no end."""

    @property
    def hold_until(self) -> date | None:
        """Up to when it goes on while a renewal waits."""

    @property
    def began_at(self) -> datetime | None:
        """When it had its yes."""

    @property
    def ended_at(self) -> datetime | None:
        """When it was over."""

    @property
    def disputed(self) -> bool:
        """Whether somebody objects to its end."""


STANDING: Final = frozenset({RightState.ACTIVE, RightState.GRACE, RightState.DISPUTED})
"""In which a right opens a gate, once its first day has come."""


def last_day(right: Right) -> date | None:
    """Its last day, with what a waiting renewal holds; None: no end."""
    if right.ends_on is None:
        return None
    return max(right.ends_on, right.hold_until or right.ends_on)


def grace_until(right: Right, grace_days: int) -> date | None:
    """Up to when the gate opens; None: no end. A right that is held is not extended twice."""
    if right.ends_on is None:
        return None
    return max(right.ends_on + timedelta(days=grace_days), right.hold_until or right.ends_on)


def state_of(right: Right, today: date, grace_days: int) -> RightState:
    """How it stands. One that is disputed ends by its day all the same: an objection keeps things as they were."""
    last, grace = last_day(right), grace_until(right, grace_days)
    if right.ended_at is not None or (grace is not None and grace < today):
        return RightState.ENDED
    if right.began_at is None:
        return RightState.PENDING
    if right.disputed:
        return RightState.DISPUTED
    return RightState.ACTIVE if last is None or today <= last else RightState.GRACE
