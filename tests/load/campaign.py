"""What is measured on one database, and what of it is compared with what."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from backend_client.device_files import DeviceIdentity
from civic.clock import SystemClock
from records.context import Records
from records.installation import open_existing
from records.services import devices, intakes, policy
from records.services.intake_opening import Opener
from tests.load import disk, works
from tests.load.copying import Copied, Copier
from tests.load.measuring import Bench, Figure
from tests.load.works import IN_A_BATCH, Sizes

EMPTY, READ, WRITE = "an empty route", "one row read", "one row written"
BATCH, SEAL, SINGLE = "a batch of 100 intakes", "a seal", "one row written, each request its own transaction"
BUSY = ", on a busy disk"


@dataclass(slots=True)
class Result:
    """``copied``: by COPY. Rows a second of one thread of ours: ``opened`` (seals) and ``inserted`` (what is open).
    ``syncs``: milliseconds to the disk, alone and beside busy neighbours."""

    figures: dict[str, Figure] = field(
        default_factory=lambda: {
            name: Figure(IN_A_BATCH if name == BATCH else 1)
            for name in (EMPTY, READ, WRITE, SINGLE, WRITE + BUSY, SINGLE + BUSY, BATCH, SEAL)
        }
    )
    copied: list[Copied] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    inserted: list[float] = field(default_factory=list)
    syncs: dict[str, list[float]] = field(default_factory=lambda: {"": [], BUSY: []})

    def times_empty(self, name: str) -> float:
        """How many requests of the empty route the time of one of these is."""
        return self.figures[EMPTY].rate / self.figures[name].rate

    @property
    def ingested(self) -> float:
        """Intakes a second, from request to commit."""
        return self.figures[BATCH].rate * IN_A_BATCH

    def shared(self, where: str) -> float:
        """Writes that share commits, for each one with a transaction of its own; on a quiet disk, or a BUSY one."""
        return self.figures[WRITE + where].rate / self.figures[SINGLE + where].rate


def campaign(bench: Bench, sizes: Sizes, rounds: int) -> Result:
    """All of it, in turns."""
    result = Result()
    with _beside(bench) as records:
        for _ in range(rounds):
            _round(bench, records, sizes, result)
    return result


def _round(bench: Bench, records: Records, sizes: Sizes, result: Result) -> None:
    figures = result.figures

    def read(kiosk: DeviceIdentity) -> list[bytes]:
        return works.read(records, kiosk.device_id, sizes.read)

    def seals(kiosk: DeviceIdentity) -> list[bytes]:
        return works.seals(records, kiosk.device_id, sizes.seals)

    bench.take(figures[EMPTY], bench.empty, lambda _: works.empty(sizes.empty))
    bench.take(figures[READ], bench.service, read)
    _writes(bench, sizes, result, "")
    with disk.busy(bench.service.folder):
        _writes(bench, sizes, result, BUSY)
    bench.take(figures[SEAL], bench.service, seals)
    copier = Copier(bench.url) if bench.url else None
    if copier:
        copier.emptied()
    before = _kept(bench)
    bench.take(figures[BATCH], bench.service, lambda _: works.batches(records, sizes.batches))
    if _kept(bench) - before != len(bench.kiosks) * sizes.batches * IN_A_BATCH:
        raise RuntimeError("not every intake was accepted, so nothing was measured")
    if copier:
        result.copied.append(copier.copied())
        copier.emptied()
    _in_one_thread(records, bench.kiosks[0], len(bench.kiosks) * sizes.batches, result)


def _writes(bench: Bench, sizes: Sizes, result: Result, where: str) -> None:
    result.syncs[where].append(disk.sync_ms(bench.service.folder))
    for name, service in ((WRITE, bench.service), (SINGLE, bench.single)):
        bench.take(result.figures[name + where], service, lambda _: works.write(sizes.write))


def _kept(bench: Bench) -> int:
    return int(bench.service.rows("SELECT COUNT(*) FROM intakes")[0][0])


def _in_one_thread(records: Records, kiosk: DeviceIdentity, count: int, result: Result) -> None:
    """The two halves of taking a batch in, without HTTP, one batch after the other."""
    rules = policy.opened(policy.current(records)).intake
    assert rules is not None
    opener = Opener(records.key_store.folder)
    sent = [works.batch(rules).model_dump(mode="json")["items"] for _ in range(count)]
    with records.database.reading() as transaction:
        device = devices.find(transaction, kiosk.device_id)
    began = time.perf_counter()
    opened = [[(UUID(each["id"]), opener.opened(each)) for each in batch] for batch in sent]
    frozen = time.perf_counter()
    gc.freeze()  # a service holds no thousands of open intakes, to be looked through again and again for garbage
    between = time.perf_counter()
    for batch in opened:
        intakes.keep(records, device, batch)
    ended = time.perf_counter()
    gc.unfreeze()
    result.opened.append(count * IN_A_BATCH / (frozen - began))
    result.inserted.append(count * IN_A_BATCH / (ended - between))


@contextmanager
def _beside(bench: Bench) -> Iterator[Records]:
    records = open_existing(bench.service.folder, SystemClock())
    try:
        yield records
    finally:
        records.database.close()
