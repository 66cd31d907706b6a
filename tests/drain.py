"""A kiosk that was three days without a link, and then sends all it took in: ``python -m tests.drain`` prints how.

A real records service over TLS, the kiosk's own store on a disk, its own sealing, back-off and sender. One of the
intakes, in the middle, is poisonous: its seal was made for another header, so records can never open it.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import sqlalchemy as sa

from backend_client.contract.devices import Heartbeat
from backend_client.contract.intakes import IntakeAnswers, IntakeBatch, IntakeKind
from backend_client.contract.policy import Policy
from backend_client.outbox.back_off import BackOff
from backend_client.outbox.items import Sealed
from backend_client.outbox.sender import Sender
from backend_client.policy import PolicyHolder
from backend_client.seals import seal_intake
from backend_client.session import RecordsSession
from backend_client.trusted_clock import TrustedClock
from civic.clock import SystemClock
from kiosk.services.outbox import IntakeDesk
from kiosk.services.outbox_sync import OutboxSync
from kiosk.services.readiness import Watch
from kiosk.store.blobs import Blobs
from kiosk.store.outbox import Outbox
from records.installation import open_existing
from records.store.tables.intakes import intakes
from terminal.boot import boot_id
from terminal.policy_trust import policy_keys_under
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.outbox import CONTENT
from tests.support.records_server import RecordsServer, running_records

OFFLINE = timedelta(days=3)
_POLL_S = 0.05


@dataclass
class LaggingClock:
    """A machine that lives three days behind, and catches up with the time as a test moves it."""

    behind: float = OFFLINE.total_seconds()
    started: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The wall's."""
        return datetime.now(UTC) - timedelta(seconds=self.behind)

    def monotonic(self) -> float:
        """The machine's."""
        return time.monotonic() - self.started + OFFLINE.total_seconds() - self.behind

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.behind -= seconds


@dataclass(frozen=True)
class Drained:
    """What was seen. ``queue_bytes``: of all batches together, ``grown``: bytes of RAM at the highest above before."""

    items: int
    in_order: bool
    accepted: int
    aside: tuple[str, ...]
    left: int
    seconds: float
    batches: int
    queue_bytes: int
    grown: int
    bare_seconds: float
    queueing_seconds: float


def drain(count: int, folder: Path) -> Drained:
    """Queue so many over three simulated days, one of them poisonous, and send them when records are back."""
    with running_records(folder) as server, _kiosk(server, folder) as kiosk:
        server.stop()
        began = time.perf_counter()
        _take_in(kiosk, count)
        queueing = time.perf_counter() - began
        queued = kiosk.sync.outbox.state().bytes
        server.start()
        kiosk.hear()
        seconds, grown = _send_all(kiosk)
        state = kiosk.sync.outbox.state()
        kept = _kept(server)
        return Drained(
            items=count,
            in_order=kept == [place for place in range(1, count + 1) if place != _poisonous(count)],
            accepted=len(kept),
            aside=tuple(each.problem for each in kiosk.sync.outbox.aside()),
            left=state.waiting,
            seconds=seconds,
            batches=kiosk.counting.batches,
            queue_bytes=queued,
            grown=grown,
            bare_seconds=_bare(kiosk, count),
            queueing_seconds=queueing,
        )


def said(drained: Drained) -> str:
    """In lines."""
    each_taken, each_sent = (spent / drained.items * 1000 for spent in (drained.queueing_seconds, drained.seconds))
    return "\n".join(
        (
            f"intakes handed in over three days without a link   {drained.items}",
            f"  each sealed and on the disk in                   {each_taken:.1f} ms",
            f"  together, as they are sent                       {drained.queue_bytes / 2**20:.2f} MiB",
            f"arrived in the order in which they were handed in  {'yes' if drained.in_order else 'NO'}",
            f"accepted                                           {drained.accepted}",
            f"set aside                                          {len(drained.aside)} ({', '.join(drained.aside)})",
            f"left                                               {drained.left}",
            f"requests                                           {drained.batches}",
            f"time                                               {drained.seconds:.2f} s, {each_sent:.2f} ms each",
            f"the same batches without an outbox                 {drained.bare_seconds:.2f} s",
            f"peak of RAM above what it was before               {drained.grown / 2**20:.1f} MiB",
        )
    )


@dataclass
class CountingSession:
    """Records, and how often they were sent a batch."""

    session: RecordsSession
    batches: int = 0

    def intakes(self, batch: IntakeBatch) -> IntakeAnswers:
        """Carried on."""
        self.batches += 1
        return self.session.intakes(batch)

    def put_blob(self, sha256: str, content: bytes) -> None:
        """Carried on."""
        self.session.put_blob(sha256, content)


@dataclass
class Kiosk:
    """The parts of a kiosk that take in and send."""

    clock: LaggingClock
    store: KioskStore
    time: TrustedClock
    desk: IntakeDesk
    sync: OutboxSync
    counting: CountingSession
    policy: Policy

    def hear(self) -> None:
        """A heartbeat."""
        asked, head = self.clock.monotonic(), self.store.audit.head()
        beat = Heartbeat(
            at=self.clock.now(), software="drain", policy_version=1, open_papers=0, audit_head=head.hash,
            audit_rows=head.seq, outbox=self.sync.outbox.state(),
        )  # fmt: skip
        self.time.hear(asked, self.counting.session.heartbeat(beat).server_time)


@contextmanager
def _kiosk(server: RecordsServer, folder: Path) -> Iterator[Kiosk]:
    identity, clock = server.enrol(), LaggingClock()
    with (
        closing(RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)) as session,
        store_on(folder / "kiosk" / "kiosk.sqlite", clock) as store,
    ):
        holder = PolicyHolder(store.settings, policy_keys_under(server.root_pem.read_text("ascii")), SystemClock())
        policy = holder.accept(session.policy())
        trusted = TrustedClock(clock, boot_id(), store.settings)
        trusted.hear(clock.monotonic(), clock.now())  # three days ago records were heard for the last time
        blobs = Blobs(folder / "kiosk")
        outbox = Outbox(store.database, store.audit, blobs, trusted)
        desk = IntakeDesk(outbox, blobs, holder, trusted, folder)
        watch, counting = Watch(store.audit, lambda _: None, clock), CountingSession(session)
        line, held = (BackOff(Random(seed), clock.monotonic()) for seed in (1, 2))
        sync = OutboxSync(desk, outbox, Sender(counting, outbox), watch, trusted, line, held)
        yield Kiosk(clock, store, trusted, desk, sync, counting, policy)


def _poisonous(count: int) -> int:
    return count // 2


def _take_in(kiosk: Kiosk, count: int) -> None:
    for place in range(1, count + 1):
        kiosk.clock.pass_by(OFFLINE.total_seconds() / count)
        if place == _poisonous(count):
            kiosk.sync.outbox.put(_under_another_number(kiosk))
        else:
            kiosk.desk.hand_in(CONTENT)


def _under_another_number(kiosk: Kiosk) -> Sealed:
    rules, kind = kiosk.policy.intake, IntakeKind.CORRECTION
    assert rules is not None
    return Sealed(uuid4(), kind, rules.key_id, seal_intake(CONTENT, uuid4(), kind, rules), kiosk.desk._stamp())


def _send_all(kiosk: Kiosk) -> tuple[float, int]:
    """Seconds, and bytes of RAM. As if the back-off had just come to its end: how long that takes is its own test."""
    gc.collect()
    before = _reset_peak()
    began = time.perf_counter()
    kiosk.sync.line.succeeded()
    while kiosk.sync.outbox.state().waiting:
        kiosk.sync.tick()
        time.sleep(min(_POLL_S, kiosk.sync.line.wait(kiosk.clock.monotonic())))  # records may ask for patience
    return time.perf_counter() - began, _status("VmHWM") - before


def _bare(kiosk: Kiosk, count: int) -> float:
    """The same number of intakes, sealed beforehand and sent batch by batch out of RAM."""
    rules = kiosk.policy.intake
    assert rules is not None
    kind, sealed = IntakeKind.CORRECTION, []
    for place in range(count):
        number = uuid4()
        seal = seal_intake(CONTENT, number, kind, rules)
        sealed.append(Sealed(number, kind, rules.key_id, seal, kiosk.desk._stamp()).item(count + 1 + place))
    began = time.perf_counter()
    for start in range(0, count, 100):
        kiosk.counting.session.intakes(IntakeBatch(items=tuple(sealed[start : start + 100])))
    return time.perf_counter() - began


def _kept(server: RecordsServer) -> list[int]:
    """Places as records hold them, in the order in which they came."""
    records = open_existing(server.folder, SystemClock())
    try:
        with records.database.reading() as transaction:
            query = sa.select(intakes.c.sequence).order_by(intakes.c.received_at, intakes.c.sequence)
            return [row.sequence for row in transaction.connection.execute(query)]
    finally:
        records.database.close()


def _reset_peak() -> int:
    """Bytes resident now; the peak is counted anew (proc_pid_clear_refs(5))."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return _status("VmRSS")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1024


def main() -> None:
    """Two thousand of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=2000)
    with tempfile.TemporaryDirectory() as folder:
        print(said(drain(parser.parse_args().items, Path(folder))))


if __name__ == "__main__":
    main()
