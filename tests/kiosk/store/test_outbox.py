"""The outbox on the disk: in order, without a gap, and nothing half done when the power goes."""

import base64
import errno
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from backend_client.contract.base import ProblemCode
from backend_client.contract.intakes import LARGEST_BLOB, IntakeBatch, IntakeStatus
from kiosk.store.blobs import FOLDER, Blobs
from kiosk.store.outbox import ASIDE_KEPT, UNKNOWN, Aside, Outbox
from terminal.store.audit import AuditKind
from terminal.store.errors import StoreUnwritableError
from tests.support.clocks import NOW, StillClock
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.outbox import BOOT, CONTENT, NAME, NUMBER, poisonous, sealed, stamp
from tests.support.outbox_rows import ACCEPTED, DUPLICATE, HELD, REJECTED, files, look, places, result


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def store(tmp_path: Path, clock: StillClock) -> Iterator[KioskStore]:
    with store_on(tmp_path / "kiosk.db", clock) as opened:
        yield opened


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path)


@pytest.fixture
def outbox(store: KioskStore, blobs: Blobs, clock: StillClock) -> Outbox:
    return Outbox(store.database, store.audit, blobs, clock)


def test_what_is_put_in_comes_out_as_it_was(outbox: Outbox) -> None:
    """Number, header and seal; with its place."""
    put = sealed(stamp(monotonic_ms=42, at=NOW, skew_ms=-7))
    kept = outbox.put(put)
    assert kept == put.item(1)
    assert outbox.ready(0) == (kept,)


def test_places_have_no_gap_and_are_never_given_twice(
    outbox: Outbox, store: KioskStore, blobs: Blobs, clock: StillClock
) -> None:
    """Not when the last one is gone, not after a restart, and not when one could not be put in."""
    first = outbox.put(sealed())
    outbox.settle([result(first.id, ACCEPTED)])
    assert places(outbox) == []
    double = sealed()
    outbox.put(double)
    with pytest.raises(Exception, match="UNIQUE"):
        outbox.put(double)
    again = Outbox(store.database, store.audit, blobs, clock)
    assert [again.put(sealed()).sequence for _ in range(2)] == [3, 4]
    assert places(again) == [2, 3, 4]


@pytest.mark.parametrize("status", [ACCEPTED, DUPLICATE])
def test_what_records_hold_is_gone_from_here(outbox: Outbox, store: KioskStore, status: IntakeStatus) -> None:
    """Row and audit in one step."""
    one, two = outbox.put(sealed()), outbox.put(sealed())
    outbox.settle([result(one.id, status), result(two.id, status)])
    assert store.database.query("SELECT * FROM outbox") == []
    assert store.audited(AuditKind.INTAKES_SENT) == [{"count": 2}]


def test_what_is_refused_lies_aside_with_its_reason_and_is_not_sent(outbox: Outbox, store: KioskStore) -> None:
    """The others wait on; what is held waits with them."""
    one, two, three = (outbox.put(sealed()) for _ in range(3))
    outbox.settle(
        [
            result(one.id, REJECTED, ProblemCode.INTAKE_CONTENT),
            result(two.id, REJECTED),
            result(three.id, HELD, ProblemCode.BLOB_MISSING),
        ]
    )
    assert outbox.aside() == (Aside(1, "intake-content", NOW), Aside(2, UNKNOWN, NOW))
    assert places(outbox) == [3]
    assert store.audited(AuditKind.INTAKE_ASIDE) == [
        {"code": "intake-content", "sequence": 1},
        {"code": UNKNOWN, "sequence": 2},
    ]


def test_an_answer_about_nothing_that_waits_changes_nothing(outbox: Outbox) -> None:
    """Not what lies aside already, and nothing that nobody knows."""
    one = outbox.put(sealed())
    outbox.settle([result(one.id, REJECTED, ProblemCode.INTAKE_CONTENT)])
    outbox.settle([result(one.id, ACCEPTED), result(UUID(int=9), ACCEPTED)])
    assert [each.sequence for each in outbox.aside()] == [1]


def test_a_batch_is_bounded_by_number_and_by_bytes(outbox: Outbox) -> None:
    """One alone may be larger than what is wanted of many."""
    for _ in range(5):
        outbox.put(sealed())
    size = len(outbox.ready(0, most=1)[0].model_dump_json())
    assert len(outbox.ready(0, most=3)) == 3
    assert len(outbox.ready(0, largest=3 * (size + 30))) == 3
    assert len(outbox.ready(0, largest=10)) == 1
    assert [item.sequence for item in outbox.ready(3)] == [4, 5]


def test_a_full_batch_is_not_larger_than_it_was_reckoned(outbox: Outbox) -> None:
    """Also when skews of any size were added later."""
    for _ in range(40):
        outbox.put(sealed(stamp(skew_ms=None)))
    outbox.correct(str(BOOT), [(number, -(10**15)) for number in range(1, 41)])
    items = outbox.ready(0, largest=10_000)
    assert 10 < len(items) < 40
    assert len(IntakeBatch(items=items).model_dump_json()) < 10_000


def test_a_row_that_the_disk_spoilt_is_set_aside_and_the_others_go_on(outbox: Outbox, store: KioskStore) -> None:
    """Also when a whole batch of them is spoilt."""
    for _ in range(4):
        outbox.put(sealed())
    store.database.execute("UPDATE outbox SET key_id = 'nonsense' WHERE sequence IN (1, 2, 4)")
    assert [item.sequence for item in outbox.ready(0, most=2)] == [3]
    assert [(each.sequence, each.problem) for each in outbox.aside()] == [(place, "validation") for place in (1, 2, 4)]
    assert places(outbox) == [3]


def test_the_heartbeat_is_told_counts_and_the_first_one_s_true_time(outbox: Outbox) -> None:
    """By the clock error that was known when it was handed in."""
    empty = outbox.state()
    assert (empty.waiting, empty.aside, empty.oldest_at, empty.bytes) == (0, 0, None, 0)
    outbox.put(sealed(stamp(at=NOW - timedelta(hours=1), skew_ms=1500)))
    two = outbox.put(sealed())
    outbox.settle([result(two.id, REJECTED)])
    state = outbox.state()
    assert (state.waiting, state.aside) == (1, 1)
    assert state.oldest_at == NOW - timedelta(hours=1) + timedelta(seconds=1.5)
    assert state.bytes > 2 * 300


def test_a_clock_error_is_written_once_and_for_its_own_start_alone(outbox: Outbox) -> None:
    """Whatever is measured later; a batch that was sent is sent again as it was."""
    outbox.put(sealed(stamp(skew_ms=None)))
    outbox.put(sealed(stamp(skew_ms=None, boot=UUID(int=2))))
    outbox.put(sealed(stamp(skew_ms=5)))
    assert [item.sequence for item in outbox.unmeasured(str(BOOT))] == [1]
    outbox.correct(str(BOOT), [(1, 70), (2, 70), (3, 70)])
    outbox.correct(str(BOOT), [(1, 80)])
    assert [item.skew_ms for item in outbox.ready(0)] == [70, None, 5]


# --- what lies aside ---


def aside(outbox: Outbox, *codes: ProblemCode) -> None:
    for code in codes:
        outbox.settle([result(outbox.put(poisonous()).id, REJECTED, code)])


def test_after_a_repair_it_is_sent_once_more_at_its_old_place(outbox: Outbox, store: KioskStore) -> None:
    """With its old number."""
    aside(outbox, ProblemCode.INTAKE_CONTENT, ProblemCode.BLOB_MISMATCH)
    outbox.put(sealed())
    assert outbox.again() == 2
    assert (places(outbox), outbox.aside()) == ([1, 2, 3], ())
    assert store.audited(AuditKind.INTAKE_AGAIN) == [{"sequence": 1}, {"sequence": 2}]


def test_what_is_given_up_is_gone_and_the_audit_says_why(outbox: Outbox, store: KioskStore) -> None:
    """What waits stays."""
    aside(outbox, ProblemCode.INTAKE_CONTENT)
    outbox.put(sealed())
    assert outbox.discard("told-resident") == 1
    assert (outbox.aside(), places(outbox)) == ((), [2])
    assert store.audited(AuditKind.INTAKE_DISCARDED) == [{"reason": "told-resident", "sequence": 1}]


def test_nothing_lies_aside_for_ever(outbox: Outbox, store: KioskStore, clock: StillClock) -> None:
    """Thirty days."""
    aside(outbox, ProblemCode.INTAKE_CONTENT)
    clock.pass_by(86400)
    aside(outbox, ProblemCode.INTAKE_CONTENT)
    assert outbox.drop_old(NOW + ASIDE_KEPT - timedelta(seconds=1)) == 0
    assert outbox.drop_old(NOW + ASIDE_KEPT) == 1
    assert [each.sequence for each in outbox.aside()] == [2]
    assert store.audited(AuditKind.INTAKE_DISCARDED) == [{"reason": "expired", "sequence": 1}]


# --- files ---


def test_a_file_is_there_before_its_row_and_gone_with_it(outbox: Outbox, blobs: Blobs, tmp_path: Path) -> None:
    """Named by its hash; kept while another row names it."""
    name = blobs.keep(b"ciphertext")
    assert (name, blobs.read(name)) == (sha256(b"ciphertext").hexdigest(), b"ciphertext")
    one, two = (outbox.put(sealed(blobs=[b"ciphertext"])) for _ in range(2))
    outbox.settle([result(one.id, ACCEPTED)])
    assert files(tmp_path) == [name]
    assert outbox.blob(name) == b"ciphertext"
    outbox.settle([result(two.id, DUPLICATE)])
    assert files(tmp_path) == []
    assert outbox.blob(name) is None
    (tmp_path / FOLDER / name).mkdir()
    assert outbox.blob(name) is None, "the disk gives something else than a file"


def test_a_file_that_nobody_can_read_at_the_moment_is_not_a_lost_one(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process has too many open; what the disk gives no more is gone."""
    name, said = blobs.keep(b"ciphertext"), [errno.EMFILE, errno.EIO]

    def fail(_: Path) -> bytes:
        raise OSError(said.pop(0), "says the system")

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(OSError, match="says the system"):
        blobs.read(name)
    assert blobs.read(name) is None


def test_a_file_of_what_is_given_up_goes_with_it(outbox: Outbox, blobs: Blobs, tmp_path: Path) -> None:
    """And stays as long as it lies aside: it may be sent again."""
    blobs.keep(b"ciphertext")
    outbox.settle([result(outbox.put(sealed(blobs=[b"ciphertext"])).id, REJECTED)])
    assert len(files(tmp_path)) == 1
    outbox.discard("told-resident")
    assert files(tmp_path) == []


def test_a_file_that_the_disk_spoilt_is_none(blobs: Blobs, tmp_path: Path) -> None:
    """It is not what its name says."""
    name = blobs.keep(b"ciphertext")
    (tmp_path / FOLDER / name).write_bytes(b"ciphertexT")
    assert blobs.read(name) is None


def test_the_next_start_takes_away_what_no_row_names(outbox: Outbox, blobs: Blobs, tmp_path: Path) -> None:
    """Left by a power cut: a file without its row, a file that was half written."""
    named = blobs.keep(b"ciphertext")
    outbox.put(sealed(blobs=[b"ciphertext"]))
    blobs.keep(b"orphan")
    (tmp_path / FOLDER / ".abc.part").write_bytes(b"half")
    assert outbox.tidy() == 2
    assert files(tmp_path) == [named]


def test_a_file_larger_than_records_take_is_not_kept(blobs: Blobs, tmp_path: Path) -> None:
    """Nor one on a disk that takes nothing."""
    with pytest.raises(ValueError, match="larger"):
        blobs.keep(bytes(LARGEST_BLOB + 1))
    (tmp_path / FOLDER).write_text("a file where the folder should be")
    with pytest.raises(StoreUnwritableError):
        blobs.keep(b"ciphertext")


# --- whoever has the disk ---


def test_a_stolen_disk_says_how_many_and_when_and_nothing_else(
    outbox: Outbox, store: KioskStore, tmp_path: Path
) -> None:
    """The seal opens for records alone: no key that is on this disk opens it."""
    for _ in range(3):
        outbox.put(sealed())
    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    told = (NAME, NUMBER, NUMBER[6:14], *CONTENT.fields)
    forms = [
        form for text in told for form in (text.encode(), text.encode("utf-16-le"), base64.b64encode(text.encode()))
    ]
    assert [form for form in forms if form in raw and len(form) > 4] == []
    columns = {row[1] for row in store.database.query("PRAGMA table_info(outbox)")}
    assert columns - {"sealed"} == {
        "sequence", "id", "kind", "at", "boot_id", "monotonic_ms", "skew_ms", "key_id", "blobs", "size", "state",
        "problem", "aside_at",
    }  # fmt: skip


def test_after_the_acknowledgement_not_even_the_seal_is_left(outbox: Outbox, store: KioskStore, tmp_path: Path) -> None:
    """What is deleted is overwritten."""
    item = outbox.put(sealed())
    seal = base64.b64decode(item.sealed)
    outbox.settle([result(item.id, ACCEPTED)])
    store.database.query("PRAGMA wal_checkpoint(TRUNCATE)")
    assert store.database.pragma("secure_delete") == 1
    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert seal[:48] not in raw


def test_a_full_disk_changes_nothing_and_says_so(outbox: Outbox, store: KioskStore) -> None:
    """Neither a row nor a place; what waited waits on."""
    outbox.put(sealed())
    store.database.query(f"PRAGMA max_page_count={store.database.query('PRAGMA page_count')[0][0]}")
    before = look(outbox)
    big = sealed()
    big = replace(big, sealed=base64.b64encode(bytes(20_000)).decode())
    with pytest.raises(StoreUnwritableError):
        outbox.put(big)
    assert look(outbox) == before
    assert outbox.is_writable()
    store.database.query("PRAGMA max_page_count=1000000")
    assert outbox.put(sealed()).sequence == 2
