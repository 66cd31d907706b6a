"""What must never be at a gate, whoever comes and whatever was done to it: pure, over the facts and what it can know.

Nobody comes in whom no state of what the gate may know lets in, and nobody is refused whom every one of them lets in.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from civic.gate_codes import HALF_MINUTE
from forms.paper import CHINA_TIME
from tests.chaos_gate.facts import Facts, RightIs, Way, WayIs
from tests.chaos_gate.hearing import WITHIN, Window

_DAY = timedelta(days=1)
_PASSES = timedelta(days=30, hours=2)  # kept for thirty days; forgotten hourly
_SHOWN = 3  # of many that are wrong in one way


@dataclass(frozen=True, slots=True)
class Shown:
    """One presentation. ``place``: of the gate, None: the compound's; ``way``: by which, None: nobody's here; ``what``:
    whose it is, for the table; ``said``: the instant in a phone's code; ``genuine``: by its key, for this community."""

    gate: int
    place: tuple[str, str] | None
    at: datetime
    way: Way | None
    what: str
    said: datetime | None = None
    genuine: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may become of it: ``may``: it may open; ``must``: it has to."""

    may: bool
    must: bool


_NEVER = Verdict(may=False, must=False)


@dataclass(slots=True)
class Judge:
    """Of all gates. ``counts``: by what was shown and what became of it; ``wrong``: by gate."""

    facts: Facts
    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[int, list[str]] = field(default_factory=dict)
    _codes: set[tuple[int, str, int]] = field(default_factory=set)  # half minutes that opened, by gate and phone
    _newest: dict[tuple[int, str], int] = field(default_factory=dict)

    def passage(self, shown: Shown, window: Window, *, admitted: bool) -> None:
        """Somebody stood there, and this is what the gate did."""
        verdict = self._verdict(shown, window)
        if admitted and not verdict.may:
            self._is_wrong(shown.gate, f"admitted: {shown.what.replace(',', '')}, {shown.at:%d %H:%M:%S}")
        if verdict.must and not admitted:
            self._is_wrong(shown.gate, f"refused: {shown.what.replace(',', '')}, {shown.at:%d %H:%M:%S}")
        self._count(shown, window, verdict, admitted=admitted)
        if admitted:
            self._opened(shown)

    def way_out(self, gate: int, at: datetime, what: str, *, free: bool) -> None:
        """Somebody wants to leave; nothing may ever keep them, whatever the gate knows and however it is."""
        self.counts[f"out: {what}"] += 1
        if not free:
            self._is_wrong(gate, f"kept in: {what.replace(',', '')}, {at:%d %H:%M:%S}")

    def strike(self, gate: int, at: datetime, *, left_open: bool) -> None:
        """Nobody may come in behind somebody else's time."""
        if left_open:
            self._is_wrong(gate, f"the strike does not hold, {at:%d %H:%M:%S}")

    def templates(self, gate: int, at: datetime, window: Window, there: Iterator[str]) -> None:
        """``there``: the consents by which a gate holds faces. Each stood a day ago, as far as it has heard."""
        for way in map(self.facts.ways.get, there):
            self.counts["faces looked at"] += 1
            if way is None or _stayed_over(way, min(window.surely, at - _DAY), window):
                self._is_wrong(gate, f"a face is still there, {at:%d %H:%M}")

    def passes(self, gate: int, window: Window, oldest: datetime | None) -> None:
        """The oldest that a gate has kept."""
        if oldest is not None and window.lo - oldest > _PASSES:
            self._is_wrong(gate, f"a pass is still there, after {(window.lo - oldest).days} days")

    def said(self) -> dict[int, tuple[str, ...]]:
        """What is wrong, by gate: how often, and a few of it."""
        return {gate: tuple(_summary(wrong)) for gate, wrong in sorted(self.wrong.items())}

    # --- one presentation ---

    def _verdict(self, shown: Shown, window: Window) -> Verdict:
        way = shown.way
        if way is None or not shown.genuine or shown.place not in (None, way.right.place):
            return _NEVER
        moments = {window.surely, window.perhaps}
        for history in (way.right.history, way.history):
            moments |= set(history.changes(window.surely, window.perhaps))
        may = any(_may(way, each, each, window.lo, window.begun) for each in moments)
        must = all(_must(way, each, window) for each in moments)
        if shown.said is not None:
            in_time, relied = self._of_code(shown, window)
            may, must = may and in_time, must and in_time and relied
        return Verdict(may, must)

    def _of_code(self, shown: Shown, window: Window) -> tuple[bool, bool]:
        """Whether a phone's half minute may open; and whether its holder may rely on that."""
        assert shown.way is not None
        assert shown.said is not None
        said, key = _half(shown.said), (shown.gate, shown.way.way_id)
        if (*key, said) in self._codes:
            return False, False
        near = abs(_half(shown.at) - said) <= 1
        if window.sure:
            return near, near
        fresh = said >= _half(window.lo) - 1 and said > self._newest.get(key, -1)
        return near or fresh, near and fresh and not window.shifted

    def _opened(self, shown: Shown) -> None:
        way = shown.way
        if way is not None and shown.said is not None:
            said, key = _half(shown.said), (shown.gate, way.way_id)
            self._codes.add((*key, said))
            self._newest[key] = max(said, self._newest.get(key, -1))

    def _count(self, shown: Shown, window: Window, verdict: Verdict, *, admitted: bool) -> None:
        """Under what it is to be listed: an admission that is wrong in truth, and right by what the gate can know."""
        self.counts[f"{shown.what}: {'admitted' if admitted else 'refused'}"] += 1
        if admitted and verdict.may and not self._in_truth(shown):
            held = shown.at - window.surely <= WITHIN
            why = "within the minute" if held and window.sure else "not heard yet" if window.sure else "no time known"
            self.counts[f"let in by what was known: {why}"] += 1
        if not admitted and self._in_truth(shown) and shown.genuine:
            self.counts[f"kept out: {self._cause(shown, verdict)}"] += 1

    def _cause(self, shown: Shown, verdict: Verdict) -> str:
        way = shown.way
        if way is not None and shown.said and (shown.gate, way.way_id, _half(shown.said)) in self._codes:
            return "by a code that was shown here before"
        return "its door or its time is unsure" if verdict.may else "the gate has not heard of it yet"

    def _in_truth(self, shown: Shown) -> bool:
        way, at = shown.way, shown.at
        if way is None or not shown.genuine:
            return False
        near = shown.said is None or abs(_half(at) - _half(shown.said)) <= 1
        return near and _may(way, at, at, at)

    def _is_wrong(self, gate: int, what: str) -> None:
        self.wrong.setdefault(gate, []).append(what)


def _may(way: Way, of_right: datetime, of_way: datetime, lo: datetime, begun: datetime | None = None) -> bool:
    """Whether it opens by what was noted until these moments, when nothing is over after ``lo``."""
    right, state = way.right.history.at(of_right), way.history.at(of_way)
    if right is None or right.over or state is None or state.open is False:
        return False
    started = begun or lo
    days = way.right.starts_on <= _day(started) and (right.latest is None or _day(lo) <= right.latest)
    hours = (way.starts_at is None or way.starts_at <= started) and (way.ends_at is None or lo < way.ends_at)
    return days and hours


def _stayed_over(way: Way, known: datetime, window: Window) -> bool:
    """Whether it opened nothing a day ago, and nothing since: a backup that was put back undoes a withdrawal too."""
    moments = {known}
    for history in (way.right.history, way.history):
        moments |= set(history.changes(known, window.perhaps))
    return all(_was_over(way, each, window.lo - _DAY) for each in moments)


def _was_over(way: Way, known: datetime, lo: datetime) -> bool:
    """Whether by what was noted until ``known`` it opened nothing any more at ``lo``."""
    right, state = way.right.history.at(known), way.history.at(known)
    given_up = (right is not None and right.over) or (state is not None and state.open is False)
    return given_up or (right is not None and right.latest is not None and right.latest < _day(lo))


def _must(way: Way, known: datetime, window: Window) -> bool:
    right, state = way.right.history.at(known), way.history.at(known)
    if right is None or state is None:
        return False
    return _rests(right, state, way, window) and way.right.starts_on <= _day(window.lo)


def _rests(right: RightIs, state: WayIs, way: Way, window: Window) -> bool:
    """Whether it is surely not over."""
    days = right.last is None or _day(window.hi) <= right.last
    hours = (way.starts_at is None or way.starts_at <= window.lo) and (way.ends_at is None or window.hi < way.ends_at)
    return not right.over and state.open is True and days and hours


def _day(at: datetime) -> date:
    return at.astimezone(CHINA_TIME).date()


def _half(at: datetime) -> int:
    return int(at.timestamp()) // HALF_MINUTE


def _summary(wrong: list[str]) -> Iterator[str]:
    kinds: dict[str, list[str]] = {}
    for each in wrong:
        kinds.setdefault(each.partition(",")[0], []).append(each)
    for kind, found in kinds.items():
        yield f"{len(found)} x {kind} ({'; '.join(each.rpartition(', ')[2] for each in found[:_SHOWN])})"
