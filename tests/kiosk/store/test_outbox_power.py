"""The outbox when the power goes: nothing half done or twice, and every file there that a row names."""

from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from threading import Event as Flag

import pytest

from backend_client.outbox.sender import Sender
from kiosk.store.blobs import Blobs
from kiosk.store.journal import MIGRATIONS
from kiosk.store.outbox import Outbox
from terminal.store.audit import Audit
from terminal.store.database import Database
from tests.support.clocks import StillClock
from tests.support.outbox import MemoryRecords, poisonous, sealed
from tests.support.outbox_rows import ACCEPTED, HELD, REJECTED, files, look, result
from tests.support.power_cut import Loss, PowerCut, PowerCutVfs, abandon

STEPS: dict[str, Callable[[Outbox], object]] = {
    "put": lambda outbox: outbox.put(sealed(blobs=[b"new"])),
    "accepted": lambda outbox: outbox.settle([result(item.id, ACCEPTED) for item in outbox.ready(0)]),
    "mixed": lambda outbox: outbox.settle(
        [result(item.id, (ACCEPTED, REJECTED, HELD)[item.sequence % 3]) for item in outbox.ready(0)]
    ),
    "again": lambda outbox: outbox.again(),
    "discard": lambda outbox: outbox.discard("told-resident"),
}


def opened(path: Path, vfs: str | None = None) -> tuple[Database, Outbox]:
    database = Database(path, MIGRATIONS, vfs=vfs)
    return database, Outbox(database, Audit(database, StillClock()), Blobs(path.parent), StillClock())


def prepared(path: Path) -> None:
    """Six items, two of them aside, one file."""
    database, outbox = opened(path)
    with closing(database):
        for _ in range(5):
            outbox.put(sealed())
        Blobs(path.parent).keep(b"kept")
        outbox.put(sealed(blobs=[b"kept"]))
        outbox.settle([result(item.id, REJECTED) for item in outbox.ready(0, most=2)])


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_leaves_a_step_done_or_not_done(step: str, loss: Loss, tmp_path: Path) -> None:
    """At each sync of the disk: never half of it, and every file that a row names is there."""
    whole: tuple[list[int], list[int], int] | None = None
    for at in count(1):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        prepared(folder / "kiosk.db")
        vfs = PowerCutVfs()
        database, outbox = opened(folder / "kiosk.db", vfs.name)
        before, syncs = look(outbox), vfs.syncs
        vfs.before_sync = lambda vfs=vfs, syncs=syncs, at=at: _cut(vfs, syncs + at, loss)  # type: ignore[misc]
        with suppress(PowerCut):
            if step == "put":
                Blobs(folder).keep(b"new")
            STEPS[step](outbox)
            whole = look(outbox)
        vfs.before_sync = lambda: None
        abandon(database)
        if whole is not None:
            assert at > 1
            assert whole == _done(step, before)
            break
        after_start, outbox = opened(folder / "kiosk.db")
        with closing(after_start):
            outbox.tidy()
            assert look(outbox) in (before, _done(step, before))
            assert Audit(after_start, StillClock()).verify() >= 0
            named = {name for item in outbox.ready(0) for name in item.blobs}
            assert all(outbox.blob(name) is not None for name in named)
            assert set(files(folder)) == named


@pytest.mark.parametrize("loss", Loss)
def test_whenever_the_power_goes_while_it_is_sent_each_item_arrives_once_and_in_order(
    loss: Loss, tmp_path: Path
) -> None:
    """Records have taken a batch, and the kiosk never wrote that down: it is sent again and answered as a duplicate."""
    for at in count(1):
        folder, records, ended = tmp_path / f"{at}", MemoryRecords(), False
        folder.mkdir()
        database, outbox = opened(folder / "kiosk.db")
        with closing(database):
            for number in range(7):
                outbox.put(poisonous() if number == 3 else sealed())
        vfs = PowerCutVfs()
        database, outbox = opened(folder / "kiosk.db", vfs.name)
        outbox.ready = partial(outbox.ready, most=3)  # type: ignore[method-assign]
        syncs = vfs.syncs
        vfs.before_sync = lambda vfs=vfs, syncs=syncs, at=at: _cut(vfs, syncs + at, loss)  # type: ignore[misc]
        with suppress(PowerCut):
            Sender(records, outbox).drain(Flag())
            ended = True
        vfs.before_sync = lambda: None
        abandon(database)
        after_start, outbox = opened(folder / "kiosk.db")
        with closing(after_start):
            assert Sender(records, outbox).drain(Flag()).error is None
            assert records.order == [1, 2, 3, 5, 6, 7]
            assert look(outbox) == ([], [4], 7)
        if ended:
            break
    assert at > 3


def _cut(vfs: PowerCutVfs, at: int, loss: Loss) -> None:
    if vfs.syncs + 1 == at:
        vfs.cut(loss, Random(at))
        raise PowerCut


def _done(step: str, before: tuple[list[int], list[int], int]) -> tuple[list[int], list[int], int]:
    waiting, lying, last = before
    match step:
        case "put":
            return [*waiting, last + 1], lying, last + 1
        case "accepted":
            return [], lying, last
        case "mixed":
            kept = [number for number in waiting if number % 3 == 2]
            return kept, sorted([*lying, *(number for number in waiting if number % 3 == 1)]), last
        case "again":
            return sorted([*waiting, *lying]), [], last
        case _:
            return waiting, [], last
