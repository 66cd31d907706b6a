"""The power fails at a random write while a gate hears of grants, takes faces in and drops them, and lets people in.

``python -m tests.gate.power_cuts --cuts 200`` prints what became of it. Each cut has a store of its own, below whose
cipher lies the tests' disk (``tests.support.power_cut``). The script of steps is run once without a cut: what stood in
the tables before and after each step is all that may stand there after the power came back. The steps are cut in turns,
each at a write of its own that chance chooses, so that a short one is cut as often as a long one.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import apsw

from backend_client.contract.gates import Grant
from backend_client.contract.tenancies import WayKind
from backend_client.gate_changes import GrantChange
from forms.paper import CHINA_TIME
from gate.flows.admission import CardKey, Phone, Rules
from gate.services.admit import Admit
from gate.store.opened import GateStore, gate_database, gate_store
from gate.store.templates import Template
from terminal.store.database import Database
from terminal.store.errors import StoreError
from tests.gate.made_up import KEY, TODAY, VECTOR, Still, grant, moment, number, snapshot, way
from tests.support.clocks import NOW
from tests.support.power_cut import Loss, PowerCutFile, PowerCutVfs, abandon, without_syncs

PEOPLE = 12
UPDATES = ("snapshot", "consent withdrawn", "right over", "page of many", "smaller snapshot")
"""Steps in which grants are told, changed or taken away."""
DELETIONS = ("consent withdrawn", "right over", "gate put out", "face deleted", "days pass", "smaller snapshot")
"""Steps in which a face goes, each with its receipt."""
_LOGICAL = (  # all but the numbers that chance gives
    "SELECT id, holder, ends_on, revision FROM grant ORDER BY id",
    "SELECT grant_id, credential, kind, ref FROM way ORDER BY 1, 2",
    "SELECT holder, vector, maker FROM template ORDER BY holder",
    "SELECT holder, device FROM template_given ORDER BY 1, 2",
    "SELECT kind, holder, credential FROM report ORDER BY 1, 2, 3",
    "SELECT cursor, server_time FROM feed",
    "SELECT credential, counter FROM phone_seen ORDER BY 1, 2",
    "SELECT holder, at, kind FROM pass ORDER BY id",
    "SELECT credential, proved, cancelled FROM way_state ORDER BY 1",
)
State = tuple[tuple[object, ...], ...]
Step = tuple[str, Callable[[GateStore, Still], object]]


class CountingVfs(PowerCutVfs):
    """Loses power at one of its writes; ``at`` 0: at none."""

    def __init__(self, at: int = 0, loss: Loss = Loss.ALL, chance: Random | None = None) -> None:
        super().__init__()
        self.writes = 0
        self._at = at
        self._how = loss, chance or Random(0)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> PowerCutFile:  # noqa: N802
        assert name is not None, "the store uses no temporary files"
        return _CountingFile(self, name, flags)

    def written(self) -> None:
        """One more write is about to be made."""
        self.writes += 1
        if self.writes == self._at:
            self.cut(*self._how)


class _CountingFile(PowerCutFile):
    def __init__(self, vfs: CountingVfs, name: str | apsw.URIFilename, flags: list[int]) -> None:
        super().__init__(vfs, name, flags)
        self._counting = vfs

    def xWrite(self, data: "bytes | bytearray | memoryview", offset: int) -> None:  # noqa: N802
        self._counting.written()
        super().xWrite(data, offset)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One cut: during which step, and what stood there afterwards: ``before`` it, ``after`` it, or ``wrong``."""

    step: str
    loss: Loss
    found: str


def steps() -> list[Step]:
    """What the gate does, each a transaction; faces come, and go in each way that there is."""
    return [
        ("snapshot", lambda store, _: store.grants.restart(snapshot(*map(_right, range(1, PEOPLE + 1))))),
        *[(f"face {n}", _put(n)) for n in range(1, 7)],
        ("face from another gate", lambda store, _: store.templates.put_newer(_face(7, "gate-2"))),
        ("face given", lambda store, _: store.templates.given(_face(6), "gate-2")),
        ("pass by card", lambda store, time: _admit(store, time).present(CardKey("key8"))),
        ("consent withdrawn", _hears(GrantChange(number(1), _right(1, face=False, revision=2)), "c2")),
        ("pass by telephone", lambda store, time: _admit(store, time).present(_phone())),
        ("right over", _hears(GrantChange(number(2), None), "c3")),
        ("page of many", _hears_many()),
        ("gate put out", lambda store, _: store.templates.keep_of({"gate-3"})),
        ("face deleted", lambda store, _: store.templates.delete(_holder(3))),
        ("days pass", lambda store, time: store.grants.tidy(*_later(time).day_and_time())),
        ("passes forgotten", lambda store, time: store.passes.forget(time.at.at, 7)),
        ("smaller snapshot", lambda store, _: store.grants.restart(snapshot(*map(_right, range(6, 10)), cursor="c9"))),
        ("reports told", lambda store, _: store.reports.answered(store.reports.waiting())),
    ]


def states(folder: Path) -> tuple[list[State], list[int]]:
    """What stands in the tables before the first step and after each, without any cut; and how often the disk has been
    written by then."""
    vfs = CountingVfs()
    database, store, time = _opened(folder / "whole.sqlite", vfs)
    found, writes = [_state(database)], [vfs.writes]
    for _, work in steps():
        work(store, time)
        found.append(_state(database))
        writes.append(vfs.writes)
    database.close()
    return found, [*writes, vfs.writes]


def cut_once(path: Path, at: int, chance: Random, allowed: list[State], *, syncs: bool = True) -> Outcome:
    """Run the steps until the power fails at write ``at``, and look."""
    loss = chance.choice(list(Loss))
    vfs = CountingVfs(at, loss, chance)
    try:
        database, store, time = _opened(path, vfs)
    except (StoreError, apsw.Error):
        return Outcome("opening", loss, _judged(path, allowed[:1], new=True))
    if not syncs:
        without_syncs(database)
    done = _steps_done(vfs, store, time)
    if vfs.on:
        vfs.cut(loss, chance)
    abandon(database)
    return Outcome(names()[done + 1], loss, _judged(path, allowed[done : done + 2]))


def cuts(folder: Path, number_of: int, seed: int, *, syncs: bool = True) -> list[Outcome]:
    """So many cuts, of each step in turns, each at a write of its own choice."""
    allowed, writes = states(folder)
    spans = [(first + 1, last) for first, last in pairwise([0, *writes]) if first < last]
    chance = Random(seed)
    found = []
    for each in range(number_of):
        path, at = folder / f"{each}.sqlite", chance.randint(*spans[each % len(spans)])
        found.append(cut_once(path, at, Random(chance.random()), allowed, syncs=syncs))
    return found


def names() -> list[str]:
    """Of all that can be cut."""
    return ["opening", *(name for name, _ in steps()), "closing"]


def _steps_done(vfs: CountingVfs, store: GateStore, time: Still) -> int:
    """How many before the power failed. A pass that could not be noted raises nothing: nobody is kept out by that."""
    for done, (_, work) in enumerate(steps()):
        with suppress(StoreError):
            work(store, time)
        if not vfs.on:
            return done
    return len(steps())


def _judged(path: Path, allowed: list[State], *, new: bool = False) -> str:
    try:
        database = gate_database(path, KEY)
    except StoreError as error:
        return f"wrong: {error.code}"
    try:
        state = _state(database)
        if state not in allowed:
            return "wrong: half"
        return "before" if new or state == allowed[0] else "after"
    finally:
        database.close()


def _opened(path: Path, vfs: CountingVfs) -> tuple[Database, GateStore, Still]:
    time = Still()
    database = gate_database(path, KEY, vfs.name)
    return database, gate_store(database, CHINA_TIME, time.day_and_time), time


def _state(database: Database) -> State:
    return tuple(tuple(database.query(each)) for each in _LOGICAL)


def _right(of: int, revision: int = 1, *, face: bool = True) -> Grant:
    """A card, a telephone and a face; four and five end in the grace."""
    ways = [way(1000 + of, WayKind.CARD, f"key{of}"), way(2000 + of, WayKind.PHONE, f"phone{of}")]
    ends = TODAY - timedelta(days=5) if of in {4, 5} else None
    return grant(of, *ways, *([way(3000 + of, WayKind.FACE)] if face else []), ends_on=ends, revision=revision)


def _holder(of: int) -> str:
    return number(500_000 + of)


def _put(of: int) -> Callable[[GateStore, Still], object]:
    return lambda store, _: store.templates.put(_face(of))


def _face(of: int, maker: str = "") -> Template:
    return Template(_holder(of), VECTOR, NOW, number(3000 + of), maker)


def _hears(change: GrantChange, cursor: str) -> Callable[[GateStore, Still], object]:
    return lambda store, _: store.grants.apply([change], cursor, NOW)


def _hears_many() -> Callable[[GateStore, Still], object]:
    changes = [GrantChange(number(n), _right(n)) for n in range(20, 60)]
    return lambda store, _: store.grants.apply(changes, "c4", NOW)


def _phone() -> Phone:
    return Phone(number(2009), int(NOW.timestamp()) // 30, signature_good=True)


def _admit(store: GateStore, time: Still) -> Admit:
    return Admit(store, time.moment, Rules)


def _later(time: Still) -> Still:
    time.at = moment(NOW + timedelta(days=8))
    return time


def table(outcomes: list[Outcome]) -> str:
    """A row for each step, and in words what they add up to."""
    counted = Counter((each.step, each.found) for each in outcomes)
    rows = [(name, counted[name, "before"], counted[name, "after"]) for name in names()]
    lines = [f"{'step':24} {'before':>7} {'after':>7}", *(f"{name:24} {old:7} {new:7}" for name, old, new in rows)]
    wrong = [f"WRONG {each.step}: {each.found}, {each.loss}" for each in outcomes if each.found.startswith("wrong")]
    said = [
        f"{len(outcomes)} cuts, {len(wrong)} wrong: what stood there afterwards is all of a step, or nothing of it",
        _said("while grants were updated", UPDATES, outcomes),
        _said("while templates were deleted, each with its receipt", DELETIONS, outcomes),
    ]
    return "\n".join([*lines, *said, *wrong])


def _said(when: str, kinds: tuple[str, ...], outcomes: list[Outcome]) -> str:
    found = Counter(each.found for each in outcomes if each.step in kinds)
    return f"{found.total()} {when}: {found['before']} as before it, {found['after']} as after it"


def main(arguments: list[str] | None = None) -> int:
    """1: something was half, or could not be opened."""
    parser = argparse.ArgumentParser(prog="python -m tests.gate.power_cuts", description=main.__doc__)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        outcomes = cuts(Path(folder), given.cuts, given.seed)
    sys.stdout.write(table(outcomes) + "\n")
    return int(any(each.found.startswith("wrong") for each in outcomes))


if __name__ == "__main__":
    sys.exit(main())
