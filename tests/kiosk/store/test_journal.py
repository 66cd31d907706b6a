"""The journal's table: which step may follow which, and what is open."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from backend_client.contract.papers import VoidReason
from forms.paper import Medium, PaperKind
from kiosk.store.journal import (
    MIGRATIONS,
    Attempt,
    AttemptState,
    IllegalTransitionError,
    Journal,
    JournalCounts,
    Outcome,
    Wish,
)
from terminal.store import migrate
from terminal.store.database import Database
from tests.support.clocks import StillClock

Step = Callable[[Journal, Attempt], Attempt]

STEPS: dict[str, Step] = {
    "reserved": lambda journal, attempt: journal.reserved(attempt, f"S-{attempt.id}"),
    "sealed": lambda journal, attempt: journal.sealed(attempt, bytes(32)),
    "spooled": lambda journal, attempt: journal.spooled(attempt),
    "printed": lambda journal, attempt: journal.printed(attempt),
    "deliver": lambda journal, attempt: journal.wish_delivered(attempt),
    "void": lambda journal, attempt: journal.wish_void(attempt, VoidReason.NOT_PRINTED),
    "refused": lambda journal, attempt: journal.refused(attempt, "records-internal"),
    "settled": lambda journal, attempt: journal.settled(attempt, Outcome.VOID),
}
FORWARD = ("reserved", "sealed", "spooled", "printed")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty store."""
    opened = Database(tmp_path / "a.db", MIGRATIONS)
    yield opened
    opened.close()


@pytest.fixture
def journal(database: Database) -> Journal:
    """An empty journal."""
    return Journal(database, StillClock())


def begun(journal: Journal, *steps: str) -> Attempt:
    """An attempt that came so far."""
    attempt = journal.begin(PaperKind.HOUSEHOLD_CERTIFICATE, "school")
    for step in steps:
        attempt = STEPS[step](journal, attempt)
    return attempt


def allowed_after(steps: tuple[str, ...]) -> set[str]:
    """The table, written down a second time."""
    if "settled" in steps:
        return {"settled", "refused"}  # another thread may have told the wish too; neither changes anything
    if "deliver" in steps or "void" in steps:
        return {"refused", "settled"}
    following = {FORWARD[len(steps)]} if len(steps) < len(FORWARD) else {"deliver"}
    return {"void", *following}


@pytest.mark.parametrize(
    "steps",
    [
        *(FORWARD[:count] for count in range(len(FORWARD) + 1)),
        *((*FORWARD[:count], "void") for count in range(len(FORWARD) + 1)),
        (*FORWARD, "deliver"),
        (*FORWARD, "void", "settled"),
    ],
)
def test_only_the_steps_of_the_table_are_taken(journal: Journal, steps: tuple[str, ...]) -> None:
    """Every other one raises and changes nothing."""
    taken = set()
    for name, step in STEPS.items():
        attempt = begun(journal, *steps)
        try:
            step(journal, attempt)
        except IllegalTransitionError:
            assert journal.get(attempt) == attempt
        else:
            taken.add(name)
    assert taken == allowed_after(steps)


def test_an_attempt_that_another_thread_moved_on_is_not_moved_twice(journal: Journal) -> None:
    """The row decides, not what the caller remembers."""
    attempt = begun(journal, "reserved")
    journal.sealed(attempt, bytes(32))
    with pytest.raises(IllegalTransitionError):
        journal.sealed(attempt, bytes(32))


def test_a_row_says_all_that_is_needed_to_settle_it(journal: Journal) -> None:
    """Serial, digest, wish, reason and key."""
    attempt = begun(journal, "reserved", "sealed", "void")
    assert (attempt.state, attempt.wish, attempt.reason) == (AttemptState.SEALED, Wish.VOID, VoidReason.NOT_PRINTED)
    assert (attempt.serial, attempt.digest) == ("S-1", "00" * 32)
    assert journal.find("S-1") == attempt


def test_later_keys_are_the_same_each_time_and_differ_by_step(journal: Journal) -> None:
    """A repeated write must be recognised; two different ones must not be confused."""
    attempt = begun(journal)
    keys = [attempt.key_for(step) for step in ("seal", "void", "delivered")]
    assert len({attempt.key, *keys}) == 4
    assert keys == [journal.get(attempt).key_for(step) for step in ("seal", "void", "delivered")]


def test_settling_twice_with_one_answer_is_one_settlement(journal: Journal) -> None:
    """An acknowledgement may arrive twice; a contradiction may not."""
    attempt = begun(journal, "void")
    settled = journal.settled(attempt, Outcome.VOID, "S-late")
    assert journal.settled(attempt, Outcome.VOID) == settled
    assert settled.serial == "S-late"
    with pytest.raises(IllegalTransitionError):
        journal.settled(attempt, Outcome.DELIVERED)


def test_work_under_way_is_no_orphan_until_the_process_is_gone(journal: Journal, database: Database) -> None:
    """A sync in the middle of a print must not void it; the next start must."""
    attempt = begun(journal, *FORWARD[:3])
    assert journal.orphans() == ()
    assert journal.may_be_printing()
    after_restart = Journal(database, StillClock())
    assert after_restart.orphans() == (attempt,)
    assert not after_restart.may_be_printing()


def test_an_attempt_let_go_without_a_wish_is_an_orphan(journal: Journal) -> None:
    """A full disk can keep the wish from being written: the next sync tries again."""
    attempt = begun(journal, "reserved")
    journal.release(attempt)
    assert journal.orphans() == (attempt,)


def test_the_next_paper_makes_an_orphan_of_a_printed_one_that_nobody_answered_for(journal: Journal) -> None:
    """One kiosk, one resident: who was to answer has gone. A job still at the printer is no orphan."""
    printed, spooled = begun(journal, *FORWARD), begun(journal, *FORWARD[:3])
    begun(journal)
    assert journal.orphans() == (printed,)
    assert journal.get(spooled).wish is None


def test_a_refusal_after_the_settlement_changes_nothing(journal: Journal) -> None:
    """Two threads told one wish, and one of them was refused."""
    settled = journal.settled(journal.wish_void(begun(journal), VoidReason.ABANDONED), Outcome.VOID)
    assert journal.refused(settled, "records-in-progress") == settled


def test_the_technician_sees_how_much_is_open(journal: Journal) -> None:
    """Numbers only."""
    begun(journal, "reserved")
    begun(journal, "void")
    begun(journal, "void", "refused")
    begun(journal, "void", "settled")
    assert journal.counts() == JournalCounts(under_way=1, untold=2, refused=1, settled=1)
    assert [attempt.id for attempt in journal.untold()] == [2, 3]


def test_what_a_paper_is_printed_on_may_change_once_records_have_answered(journal: Journal) -> None:
    """A receipt in a paper's stead; the kind stays what was asked for."""
    kind = PaperKind.NO_CRIMINAL_RECORD
    attempt = journal.begin(kind, "job", medium=Medium.PAGE)
    assert journal.get(attempt).medium is Medium.PAGE
    reserved = journal.reserved(attempt, "S-1", Medium.STRIP)
    assert (reserved.medium, reserved.kind) == (Medium.STRIP, kind)
    assert journal.reserved(journal.begin(kind, "job", medium=Medium.STRIP), "S-2").medium is Medium.STRIP


def test_papers_of_the_time_before_the_strip_printer_were_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The column comes to a kiosk that has been printing for years."""
    today = migrate._scripts
    with monkeypatch.context() as earlier:
        earlier.setattr(migrate, "_scripts", lambda package: today(package)[: 2 if package == MIGRATIONS else None])
        with closing(Database(tmp_path / "old.db", MIGRATIONS)) as old:
            columns = "key, kind, purpose, replaces, state, begun_at, changed_at"
            values = str(uuid4()), "household_certificate", "school", "", "reserving", "then", "then"
            old.execute(f"INSERT INTO paper_attempt ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *values)  # noqa: S608
    with closing(Database(tmp_path / "old.db", MIGRATIONS)) as new:
        assert [each.medium for each in Journal(new, StillClock()).orphans()] == [Medium.PAGE]
