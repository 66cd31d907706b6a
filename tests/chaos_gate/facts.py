"""What is so in the community, since when: the judge's own notes of rights and ways, after docs/decisions/tenancies.md.

Nothing here asks the product. A resident's deed is noted as it was confirmed, and what follows from it is reckoned from
the document: a last day has seven days of grace, a slip seven days but none beyond its right, a guest's code one day.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from backend_client.contract.tenancies import WayKind

GRACE = timedelta(days=7)
SILENCE = timedelta(days=3)
_T = TypeVar("_T")


@dataclass(slots=True)
class History(Generic[_T]):
    """What something was, since when; nothing before the first."""

    times: list[datetime] = field(default_factory=list)
    states: list[_T] = field(default_factory=list)

    def note(self, at: datetime, state: _T) -> None:
        """From then on; what was expected to come later does not."""
        while self.times and self.times[-1] > at:
            self.times.pop()
            self.states.pop()
        self.times.append(at)
        self.states.append(state)

    def at(self, when: datetime) -> _T | None:
        """As it was then."""
        place = bisect_right(self.times, when)
        return self.states[place - 1] if place else None

    def changes(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """When it changed in ``after`` < t <= ``until``."""
        yield from (each for each in self.times if after < each <= until)


@dataclass(frozen=True, slots=True)
class RightIs:
    """``last``: the day to which it surely opens, its grace with it, None: no end; ``latest``: to which it may, because
    a gate may have been told of a renewal that waited. ``over``: given up, whatever its days say."""

    last: date | None
    latest: date | None
    over: bool = False


@dataclass(frozen=True, slots=True)
class WayIs:
    """``open``: None: it may have ended by now, when a report came through; nobody can say."""

    open: bool | None = True


@dataclass(slots=True)
class Right:
    """One person's, to one flat. ``place``: building and unit; ``by_silence``: to when its last renewal goes on if
    nobody answers, its grace with it."""

    right_id: str
    person: str
    place: tuple[str, str]
    starts_on: date
    history: History[RightIs] = field(default_factory=History)
    by_silence: date | None = None

    def ends(self, at: datetime, ends_on: date | None) -> None:
        """Its last day is this one, as of a moment."""
        last = ends_on + GRACE if ends_on else None
        self.history.note(at, RightIs(last, last))

    def waits(self, at: datetime, ends_on: date, until: date) -> None:
        """A renewal of it waits for the landlord: what there was goes on meanwhile, and by silence to the new day."""
        answered = at.date() + SILENCE
        grace = ends_on + GRACE
        self.history.note(at, RightIs(max(grace, answered), max(grace, answered + timedelta(days=3))))
        self.by_silence = until + GRACE
        self.history.note(at + SILENCE, RightIs(self.by_silence, self.by_silence))

    def over(self, at: datetime) -> None:
        """It was given up."""
        self.history.note(at, replace(self.history.states[-1], over=True))


@dataclass(slots=True)
class Way:
    """One way in. ``since``: noted at records; ``starts_at``, ``ends_at``: within which it opens at all."""

    way_id: str
    right: Right
    kind: WayKind
    ref: str
    since: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    history: History[WayIs] = field(default_factory=History)

    def __post_init__(self) -> None:
        self.history.note(self.since, WayIs())

    def is_open(self, at: datetime) -> bool:
        """Whether its holder may rely on it."""
        state = self.history.at(at)
        return state is not None and state.open is True and (self.ends_at is None or at < self.ends_at)

    def is_theirs(self, known: datetime) -> bool:
        """Whether it is a way of its holder by what was noted until then: with a right that was given up, it is not."""
        state, right = self.history.at(known), self.right.history.at(known)
        return state is not None and state.open is not False and not (right is None or right.over)


@dataclass(slots=True)
class Facts:
    """Of the whole community."""

    rights: dict[str, Right] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    of_person: dict[str, list[Way]] = field(default_factory=dict)

    def add_right(self, right: Right) -> Right:
        """One more."""
        return self.rights.setdefault(right.right_id, right)

    def add_way(self, way: Way) -> Way:
        """One more."""
        self.ways[way.way_id] = way
        self.of_person.setdefault(way.right.person, []).append(way)
        return way

    def ended(self, way: Way, at: datetime) -> None:
        """It was lost, withdrawn or replaced."""
        way.history.note(at, WayIs(open=False))

    def went_back(self, to: datetime, at: datetime) -> None:
        """Records are again what they were: what was noted since never was. A renewal that had its answer may wait
        again, and go on by silence; a report that was told may be told again: of these nobody can say."""
        for right in self.rights.values():
            if any(right.history.changes(to, at)):
                right.history.note(at, _as_before(right, to))
        for way in self.ways.values():
            if any(way.history.changes(to, at)):
                unsure = any(state.open is None for state in way.history.states)
                before = way.history.at(to) or WayIs(open=False)
                way.history.note(at, WayIs(open=None) if unsure else before)


def _as_before(right: Right, to: datetime) -> RightIs:
    before = right.history.at(to)
    if before is None:
        return replace(right.history.states[-1], over=True)
    days = [state.latest for state in right.history.states]
    days += [right.by_silence] if right.by_silence else []
    known = [day for day in days if day is not None]
    return replace(before, latest=max(known) if len(known) == len(days) else None)
