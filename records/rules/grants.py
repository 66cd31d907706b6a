"""What gates are told of a right: derived from it and from its holder's ways, never written by hand. Pure.

A grant carries its own end, and of each way the public half alone. A right without a way is told to no gate: nobody is
listed who has not chosen to come in by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from backend_client.contract.gates import MOST_WAYS, Credential, Grant
from backend_client.contract.tenancies import WayKind

FIRST_REVISION: Final = 1


@dataclass(frozen=True, slots=True)
class Term:
    """From which day to which a right lasts. ``ends_on`` None: no end. ``hold_until``: while its renewal waits."""

    starts_on: date
    ends_on: date | None
    hold_until: date | None = None

    def grace_until(self, grace_days: int) -> date | None:
        """The last day on which the gate opens; None: no end."""
        if self.ends_on is None:
            return None
        return max(self.ends_on + timedelta(days=grace_days), self.hold_until or self.ends_on)

    def over(self, today: date, grace_days: int) -> bool:
        """Whether it opens nothing any more."""
        last = self.grace_until(grace_days)
        return last is not None and last < today


@dataclass(frozen=True, slots=True, repr=False)
class Way:
    """A way in, as a grant needs it (``Credential``)."""

    way_id: str
    kind: WayKind
    ref: str
    starts_at: datetime | None = None
    until: datetime | None = None


def of_right(holder: str, term: Term, ways: Iterable[Way], grace_days: int) -> Grant | None:
    """What gates are told of a right, its id and revision still to be given; None: nothing."""
    told = tuple(_credential(each) for each in ways if each.kind is not WayKind.GUEST)[-MOST_WAYS:]
    if not told:
        return None
    return Grant(
        id=_UNNAMED,
        holder=holder,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        grace_until=term.grace_until(grace_days),
        ways=told,
        revision=FIRST_REVISION,
    )


def of_guest(way: Way, day: date) -> Grant:
    """What gates are told of a one-day code. Its holder is itself: what a guest does is nobody's track."""
    return Grant(
        id=_UNNAMED,
        holder=way.way_id,
        starts_on=day,
        ends_on=day,
        ways=(_credential(way),),
        revision=FIRST_REVISION,
    )


def named(grant: Grant, grant_id: str, revision: int) -> Grant:
    """The same, under its id and revision."""
    return grant.model_copy(update={"id": grant_id, "revision": revision})


def last_day(grant: Grant) -> date | None:
    """The last on which it opens anything; None: no end."""
    return grant.grace_until or grant.ends_on


_UNNAMED: Final = "0" * 32


def _credential(way: Way) -> Credential:
    return Credential(id=way.way_id, kind=way.kind, ref=way.ref, starts_at=way.starts_at, ends_at=way.until)
