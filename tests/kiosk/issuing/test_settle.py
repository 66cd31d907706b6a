"""Settling: each state has one decision, nothing stops the rest, and records' truth wins."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperState, Reserve, VoidReason
from backend_client.errors import RecordsProtocolError, RecordsUnreachableError
from devices.errors import DeviceUnavailableError
from devices.thermal_printer.api import StripReason
from forms.paper import PaperKind
from kiosk.store.journal import Attempt, Journal, JournalCounts
from terminal.store.audit import AuditKind
from terminal.store.database import Database
from tests.support.issuing import Kiosk, MemoryRecords, RollPrinter, TrayPrinter, kiosk_on, refused

KIND = PaperKind.HOUSEHOLD_CERTIFICATE
REQUEST = Reserve(subject="s", kind=KIND, purpose="school")
STEPS: list[Callable[[Journal, Attempt], Attempt]] = [
    lambda journal, attempt: journal.sealed(attempt, bytes(32)),
    lambda journal, attempt: journal.spooled(attempt),
    lambda journal, attempt: journal.printed(attempt),
]


@pytest.fixture
def records() -> MemoryRecords:
    """Records in memory."""
    return MemoryRecords()


@pytest.fixture
def printer(tmp_path: Path) -> TrayPrinter:
    """A printer with an empty tray."""
    return TrayPrinter(tmp_path / "tray")


def left_open(path: Path, records: MemoryRecords, printer: TrayPrinter, steps: int, *, answered: bool = True) -> str:
    """A kiosk that stopped after so many steps beyond the reservation; the serial."""
    with kiosk_on(path, records, printer) as kiosk:
        attempt = kiosk.journal.begin(KIND, "school")
        serial = records.reserve(REQUEST, attempt.key).serial
        if answered:
            attempt = kiosk.journal.reserved(attempt, serial)
        for step in STEPS[:steps]:
            attempt = step(kiosk.journal, attempt)
    records.calls.clear()
    return serial


def audited(database: Database, kind: AuditKind) -> int:
    """How many rows of a kind the audit has."""
    return int(database.query("SELECT count(*) FROM audit WHERE kind = ?", kind.value)[0][0])


@pytest.mark.parametrize(
    ("steps", "answered", "call", "state"),
    [
        (0, False, "void abandoned", PaperState.VOID),
        (0, True, "void abandoned", PaperState.VOID),
        (1, True, "void not-printed", PaperState.VOID),
        (2, True, "void print-doubtful", PaperState.VOID),
        (3, True, "delivered", PaperState.DELIVERED),
    ],
)
def test_every_open_state_has_one_decision_at_boot(
    tmp_path: Path,
    records: MemoryRecords,
    printer: TrayPrinter,
    steps: int,
    *,
    answered: bool,
    call: str,
    state: PaperState,
) -> None:
    """The table of docs/issuing.md."""
    serial = left_open(tmp_path / "a.db", records, printer, steps, answered=answered)
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        done = kiosk.settle.run()
        assert (done.decided, done.told, done.reached, done.queue_clear) == (1, 1, True, True)
        assert done.open == JournalCounts(under_way=0, untold=0, refused=0, settled=1)
        assert audited(kiosk.database, AuditKind.PAPER_DECIDED_LATE) == 1
        assert kiosk.audit.verify() > 0
    assert [name for name, _ in records.calls] == [call]
    assert records.states == {serial: state}


def test_nothing_is_decided_twice(tmp_path: Path, records: MemoryRecords, printer: TrayPrinter) -> None:
    """A second run, and a second start, find nothing to do."""
    left_open(tmp_path / "a.db", records, printer, 2)
    for expected in (1, 0):
        with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
            assert kiosk.settle.run().decided == expected
            assert kiosk.settle.run().decided == 0
    assert len(records.calls) == 1


def test_a_wish_waits_for_records_over_restarts_with_the_same_key(
    tmp_path: Path, records: MemoryRecords, printer: TrayPrinter
) -> None:
    """Down for three starts: the same words each time, then acknowledged."""
    serial = left_open(tmp_path / "a.db", records, printer, 3)
    records.fails["*"] = RecordsUnreachableError("test")
    for _ in range(3):
        with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
            done = kiosk.settle.run()
            assert (done.told, done.reached, done.open.untold) == (0, False, 1)
    records.fails.clear()
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        assert kiosk.settle.run().told == 1
    assert len(records.calls) == 4
    assert len(set(records.calls)) == 1
    assert records.states == {serial: PaperState.DELIVERED}


@pytest.mark.parametrize(
    ("steps", "truth"), [(3, PaperState.VOID), (2, PaperState.DELIVERED), (0, PaperState.DELIVERED)]
)
def test_records_truth_wins_and_the_difference_is_audited(
    tmp_path: Path, records: MemoryRecords, printer: TrayPrinter, steps: int, truth: PaperState
) -> None:
    """An officer voided it meanwhile, or an answer was lost."""
    serial = left_open(tmp_path / "a.db", records, printer, steps)
    records.states[serial] = truth
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        assert kiosk.settle.run().told == 1
        attempt = kiosk.journal.find(serial)
        assert attempt is not None
        assert str(attempt.outcome) == truth.value
        assert audited(kiosk.database, AuditKind.PAPER_CONFLICT) == 1
    assert records.states == {serial: truth}


def test_what_was_open_when_records_put_the_kiosk_out_stays_in_its_journal(
    tmp_path: Path, records: MemoryRecords, printer: TrayPrinter
) -> None:
    """Decided here as ever, for the bureau to read; records have voided it by themselves. A restart changes nothing."""
    left_open(tmp_path / "a.db", records, printer, 0, answered=False)
    for steps in range(4):
        left_open(tmp_path / "a.db", records, printer, steps)
    records.fails["*"] = refused(ProblemCode.DEVICE_REVOKED)
    for _ in range(2):
        with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
            done = kiosk.settle.run()
            assert (done.reached, done.queue_clear) == (True, True)
            assert done.open == JournalCounts(under_way=0, untold=5, refused=5, settled=0)
            assert {each.refusal for each in kiosk.journal.untold()} == {"records-device-revoked"}


@pytest.mark.parametrize(
    "failure",
    [refused(ProblemCode.NOT_FOUND), refused(ProblemCode.INTERNAL, retryable=True), RecordsProtocolError("test")],
)
def test_a_row_that_records_refuse_never_blocks_the_others(
    tmp_path: Path, records: MemoryRecords, printer: TrayPrinter, failure: Exception
) -> None:
    """It stays, with its code, for the technician; the others are told."""
    left_open(tmp_path / "a.db", records, printer, 0, answered=False)
    others = [left_open(tmp_path / "a.db", records, printer, 3) for _ in range(2)]
    records.fails["void"] = failure
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        done = kiosk.settle.run()
        assert (done.told, done.reached) == (2, True)
        assert done.open == JournalCounts(under_way=0, untold=1, refused=1, settled=2)
        records.fails.clear()
        assert kiosk.settle.run().told == 1
        assert kiosk.journal.counts() == JournalCounts(under_way=0, untold=0, refused=0, settled=3)
    assert {records.states[serial] for serial in others} == {PaperState.DELIVERED}


def test_a_row_that_gets_no_answer_does_not_stand_before_the_others_for_ever(
    tmp_path: Path, records: MemoryRecords, printer: TrayPrinter
) -> None:
    """The next run begins after it: the silence may be its own fault."""
    left_open(tmp_path / "a.db", records, printer, 2)
    other = left_open(tmp_path / "a.db", records, printer, 3)
    records.fails["void"] = RecordsUnreachableError("times out for this one row")
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        assert kiosk.settle.run().told == 0
        assert kiosk.settle.run().told == 1
        assert kiosk.journal.counts().untold == 1
    assert records.states[other] is PaperState.DELIVERED


def test_stale_jobs_are_dropped_once_per_start_and_asked_again_while_the_printer_is_away(
    tmp_path: Path, records: MemoryRecords, printer: TrayPrinter
) -> None:
    """Refilled paper must not print a certificate of last night."""
    printer.clear_fails = DeviceUnavailableError("test")
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        assert not kiosk.settle.run().queue_clear
        printer.clear_fails = None
        assert kiosk.settle.run().queue_clear
        assert kiosk.settle.run().queue_clear
    assert printer.cleared == 1


def test_each_printer_is_cleared_once_per_start_whichever_is_away(
    tmp_path: Path, records: MemoryRecords, printer: TrayPrinter
) -> None:
    """The strip printer's rests keep no page waiting; it says itself that it is not to be used."""
    roll = RollPrinter(down=StripReason.UNREACHABLE)
    with kiosk_on(tmp_path / "a.db", records, printer, roll) as kiosk:
        assert kiosk.settle.run().queue_clear
        assert cleared(kiosk.database) == ["page_printer"]
        roll.down = None
        kiosk.settle.run()
        kiosk.settle.run()
        assert cleared(kiosk.database) == ["page_printer", "thermal_printer"]
    assert printer.cleared == 1


def cleared(database: Database) -> list[str]:
    """The devices that were, in order."""
    kind = AuditKind.PRINTER_QUEUE_CLEARED.value
    rows = database.query("SELECT fields ->> 'device' FROM audit WHERE kind = ? ORDER BY seq", kind)
    return [device for (device,) in rows]


def test_a_job_under_way_is_not_dropped(tmp_path: Path, records: MemoryRecords, printer: TrayPrinter) -> None:
    """A printer that comes back during a print keeps this print."""
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        under_way(kiosk, records)
        assert not kiosk.settle.run().queue_clear
    assert printer.cleared == 0


def under_way(kiosk: Kiosk, records: MemoryRecords) -> None:
    """An attempt that is at the printer now."""
    attempt = kiosk.journal.begin(KIND, "school")
    attempt = kiosk.journal.reserved(attempt, records.reserve(REQUEST, attempt.key).serial)
    kiosk.journal.spooled(kiosk.journal.sealed(attempt, bytes(32)))


def test_a_reason_once_wished_is_told_as_it_was(tmp_path: Path, records: MemoryRecords, printer: TrayPrinter) -> None:
    """The resident's own words survive the restart."""
    serial = left_open(tmp_path / "a.db", records, printer, 3)
    records.fails["*"] = RecordsUnreachableError("test")
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        assert not kiosk.issue.reject(serial, VoidReason.UNREADABLE)
    records.fails.clear()
    with kiosk_on(tmp_path / "a.db", records, printer) as kiosk:
        assert kiosk.settle.run().told == 1
    assert records.calls[-1][0] == f"void {VoidReason.UNREADABLE}"
