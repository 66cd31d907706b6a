"""Plants a bug in a gate that has just started, at the places where it would be: the negative controls of the judge."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from backend_client.contract.gates import GateSnapshot
from backend_client.gate_changes import GrantChange
from civic.clock import Clock
from forms.paper import CHINA_TIME
from gate.flows.admission import Decision, Presented
from gate.flows.moment import Moment, Readings, moment_of
from gate.services.admit import Admit
from tests.chaos_gate.bugs import Bug

if TYPE_CHECKING:
    from tests.chaos_gate.box import Life


def infect(bugs: Iterable[Bug], life: "Life", connected: Callable[[], bool], clock: Clock) -> None:
    """From now on it has them."""
    for bug in bugs:
        _infect(bug, life, connected, clock)


def _infect(bug: Bug, life: "Life", connected: Callable[[], bool], clock: Clock) -> None:
    store: Any = life.store
    match bug:
        case Bug.WALL_CLOCK:
            _goes_by(life, lambda: moment_of(Readings(clock.now(), None, None, timedelta()), CHINA_TIME))
        case Bug.NO_END:
            _goes_by(life, _Still(life.time.moment, connected))
        case Bug.PAGE_TWICE:
            store.grants._is_newer = lambda _grant: True
            store.grants.apply = _Twice(store.grants.apply)
        case Bug.LOST:
            store.grants.apply = _Deaf(store.grants.apply, store.database)
        case Bug.REPLAY:
            store.passes.used = lambda _credential: frozenset()
            life.admit = _Forgetful(life.admit)
        case Bug.FACE_STAYS:
            store.templates.drop_unconsented = lambda *_: False
        case Bug.PASSES_STAY:
            store.passes.forget = lambda *_: 0
        case Bug.DROPS:
            store.grants.restart = _Short(store.grants.restart)
        case Bug.ASKED_OUT | Bug.STUCK:
            pass  # of the strike's wiring and its relay (tests.chaos_gate.strike), not of the machine


def _goes_by(life: "Life", moment: Callable[[], Moment]) -> None:
    life.admit.moment = life.tidy.moment = moment


class _Still:
    """Without a line, nothing is over that was not when it was cut."""

    def __init__(self, moment: Callable[[], Moment], connected: Callable[[], bool]) -> None:
        self._moment = moment
        self._connected = connected
        self._last = moment()

    def __call__(self) -> Moment:
        now = self._moment()
        if self._connected():
            self._last = now
        return replace(now, today=self._last.today)


class _Twice:
    """Whatever page comes, the one before it is applied again behind it."""

    def __init__(self, apply: Callable[..., None]) -> None:
        self._apply = apply
        self._before: tuple[GrantChange, ...] = ()

    def __call__(self, changes: Iterable[GrantChange], cursor: str, server_time: datetime, *, anew: bool) -> None:
        told = tuple(changes)
        self._apply((*told, *self._before), cursor, server_time, anew=anew)
        self._before = told or self._before


class _Deaf:
    """What takes something away is not heard."""

    def __init__(self, apply: Callable[..., None], database: Any) -> None:
        self._apply = apply
        self._database = database

    def __call__(self, changes: Iterable[GrantChange], cursor: str, server_time: datetime, *, anew: bool) -> None:
        self._apply([each for each in changes if self._adds(each)], cursor, server_time, anew=anew)

    def _adds(self, change: GrantChange) -> bool:
        held = self._database.query("SELECT count(*) FROM way WHERE grant_id = ?", change.ref)[0][0]
        return change.grant is not None and len(change.grant.ways) >= held


class _Forgetful(Admit):
    """What a phone has shown is not remembered."""

    def __init__(self, whole: Admit) -> None:
        super().__init__(whole.store, whole.moment, whole.rules)

    def present(self, presented: Presented) -> Decision:
        self._shown.clear()
        return super().present(presented)


class _Short:
    """The end of a snapshot is lost."""

    def __init__(self, restart: Callable[[GateSnapshot], None]) -> None:
        self._restart = restart

    def __call__(self, snapshot: GateSnapshot) -> None:
        kept = snapshot.grants[: len(snapshot.grants) // 2]
        self._restart(snapshot.model_copy(update={"grants": kept}))
