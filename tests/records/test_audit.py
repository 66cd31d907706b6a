"""Every read of a person is written down, in a chain that shows any change, without saying who the person is."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError, ProgrammingError

from backend_client.contract.devices import DeviceKind
from records import audit_cli
from records.cli import main
from records.context import Records
from records.errors import AuditBrokenError, DatabaseUnusableError, SettingsError
from records.installation import open_existing
from records.services.enrolment import new_code
from records.store import audit, guard
from records.store.audit import Deed
from records.store.database import Transaction
from tests.support.clocks import StillClock
from tests.support.postgresql import OWNER
from tests.support.records_client import DENG, NOBODYS_NUMBER, KioskClient, live, statement, travel, typed
from tests.support.records_server import BOTH, POSTGRESQL
from tests.support.tampering import owner, tampering

KEPT, DENIED = "append-only", "permission denied|must be owner"
CHANGES = ["UPDATE audit SET action = 'nothing'", "DELETE FROM audit"]


def _rows(records: Records) -> list[dict[str, Any]]:
    with records.database.reading() as transaction:
        query = sa.text("SELECT * FROM audit ORDER BY seq")
        return [dict(row) for row in transaction.connection.execute(query).mappings()]


def test_a_visit_leaves_its_reads_behind(kiosk: KioskClient, records: Records) -> None:
    """Which device, which visit, which step; one person is one hash."""
    subject = kiosk.prove()
    kiosk.post(f"/v1/identifications/{subject}/record")
    kiosk.reserve(subject)
    visit = [row for row in _rows(records) if row["visit"]]
    steps = ["identified", "portrait-read", "identity-judged", "record-read", "paper-reserved"]
    assert [row["action"] for row in visit] == steps
    assert {(row["device_id"], row["visit"]) for row in visit} == {(kiosk.device_id, "visit-0001")}
    assert len({row["subject"] for row in visit}) == 1


def test_a_comparison_says_when_its_camera_was_simulated(kiosk: KioskClient, records: Records) -> None:
    """A refused one is there too."""
    subject = kiosk.identify()["subject"]
    kiosk.portrait(subject)
    kiosk.state(subject, statement(subject, band="below"))
    (judged,) = [json.loads(row["facts"]) for row in _rows(records) if row["action"] == "identity-judged"]
    assert (judged["accepted"], judged["fault"], judged["simulated"], judged["model"]) == (False, "band", True, "sface")


def test_nothing_personal_stands_in_it(kiosk: KioskClient, records: Records) -> None:
    kiosk.reserved(DENG)
    whole = json.dumps(_rows(records), ensure_ascii=False, default=str)
    for personal in (DENG.name, DENG.id_number, "19860314", "1986-03-14", "灯火路"):
        assert personal not in whole


def test_a_passport_leaves_its_signer_and_not_its_number(kiosk: KioskClient, records: Records) -> None:
    """Which state's key vouched for it; neither number nor name."""
    kiosk.identified(travel())
    facts = json.loads(_rows(records)[-1]["facts"])
    assert facts == {
        "document": "passport",
        "clear": True,
        "doubt": "",
        "issuing_state": "CHN",
        "signer": "C=CN, CN=Specimen signer",
    }


def test_a_typed_number_leaves_nothing_of_itself(kiosk: KioskClient, records: Records) -> None:
    """Neither in the audit, nor in any table of tries, alerts or visits."""
    for visit, number in (("visit-0001", DENG.id_number), ("visit-0002", NOBODYS_NUMBER)):
        subject = kiosk.identified(typed(number, visit))["subject"]
        kiosk.portrait(subject, live(subject, visit))
    with records.database.reading() as transaction:
        tables = [sa.text(f"SELECT * FROM {name}") for name in ("audit", "tries", "alerts", "visits")]  # noqa: S608
        whole = str([list(transaction.connection.execute(table)) for table in tables])
    assert whole.count("portrait-read") == 2
    for personal in (DENG.id_number, NOBODYS_NUMBER, "19860314", "19700101", DENG.name):
        assert personal not in whole


def test_an_unknown_person_leaves_no_hash(kiosk: KioskClient, records: Records) -> None:
    """There is nobody to be protected, and nothing to compare other visits with."""
    kiosk.post("/v1/identifications", {**DENG.evidence(), "id_number": NOBODYS_NUMBER})
    assert _rows(records)[-1]["subject"] == ""


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_it(kiosk: KioskClient, records: Records, change: str) -> None:
    """Whoever asks; and on a server the service's own user is not even heard."""
    kiosk.identify()
    with owner(records) as database, pytest.raises(IntegrityError, match=KEPT), database.writing() as transaction:
        transaction.connection.execute(sa.text(change))
    if records.settings.database.url:
        with pytest.raises(ProgrammingError, match=DENIED), records.database.writing() as transaction:
            transaction.connection.execute(sa.text(change))


@pytest.mark.parametrize("kind", [POSTGRESQL])
@pytest.mark.parametrize(
    "forbidden",
    [
        "TRUNCATE audit",
        "ALTER TABLE audit DISABLE TRIGGER USER",
        "DROP TABLE audit",
        "CREATE OR REPLACE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "INSERT INTO audit_anchors VALUES ('pingandeng', 2, 'h', now())",
        "UPDATE alembic_version SET version_num = 'r0001'",
    ],
)
def test_the_services_own_user_can_not_take_the_guard_away(records: Records, forbidden: str) -> None:
    with pytest.raises(ProgrammingError, match=DENIED), records.database.writing() as transaction:
        transaction.connection.execute(sa.text(forbidden))


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    "change",
    ["UPDATE audit SET facts = '{}' WHERE seq = 3", "DELETE FROM audit WHERE seq = 3"],
)
def test_whoever_changes_it_all_the_same_breaks_the_chain(kiosk: KioskClient, records: Records, change: str) -> None:
    """With the triggers gone, the hashes still tell which row."""
    kiosk.prove()
    with records.database.reading() as transaction:
        assert audit.first_break(transaction) is None
    with tampering(records) as transaction:
        transaction.connection.execute(sa.text(change))
    with records.database.reading() as transaction:
        assert audit.first_break(transaction) == 3


@pytest.mark.parametrize("kind", BOTH)
def test_the_last_rows_can_not_be_taken_off_unseen(kiosk: KioskClient, records: Records) -> None:
    """Nothing follows them that would no longer fit."""
    kiosk.prove()
    with tampering(records) as transaction:
        rows = audit.length(transaction)
        transaction.connection.execute(sa.text(f"DELETE FROM audit WHERE seq >= {rows - 1}"))  # noqa: S608
    with records.database.reading() as transaction:
        assert audit.first_break(transaction) == rows - 1


@pytest.mark.parametrize("kind", BOTH)
def test_it_is_read_a_page_at_a_time(kiosk: KioskClient, records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of rows: on a page's last one too."""
    kiosk.prove()
    with records.database.reading() as transaction:
        rows = audit.length(transaction)
        for page in (1, 2, rows, rows + 1):
            monkeypatch.setattr(audit, "_PAGE", page)
            assert audit.first_break(transaction) is None


@pytest.fixture
def retired(kiosk: KioskClient, records: Records, clock: StillClock) -> int:
    """Return how many rows were taken out, all older than two years, with younger ones after them."""
    kiosk.prove()
    clock.pass_by(timedelta(days=3 * 366).total_seconds())
    before = clock.now() - timedelta(days=2 * 365)
    with owner(records) as database:
        taken = audit.retire(database, before, clock.now())
    new_code(records, DeviceKind.KIOSK, "east gate")
    return taken


@pytest.mark.parametrize("kind", BOTH)
def test_after_their_years_rows_are_taken_out_and_the_chain_still_holds(records: Records, retired: int) -> None:
    """It begins after an anchor, goes on from there, and tells of it; what is left is guarded as before."""
    rows = _rows(records)
    assert retired > 0
    assert (rows[0]["seq"], rows[0]["action"], json.loads(rows[0]["facts"])["through"]) == (
        retired + 1,
        "audit-retired",
        retired,
    )
    with records.database.reading() as transaction:
        assert (audit.first_break(transaction), audit.length(transaction)) == (None, retired + 2)
    with owner(records) as database, pytest.raises(IntegrityError, match=KEPT), database.writing() as transaction:
        transaction.connection.execute(sa.text("DELETE FROM audit"))


@pytest.mark.parametrize("kind", BOTH)
def test_a_deed_whose_clock_was_wrong_takes_no_younger_one_along(records: Records, clock: StillClock) -> None:
    """A server that lost the time for a minute, or was made to: what was done today stays."""
    long_ago = clock.now() - timedelta(days=4 * 366)
    with records.database.writing() as transaction:
        for at in (clock.now(), long_ago, clock.now()):
            audit.append(transaction, Deed(at, "person-read"))
        rows = audit.length(transaction)
    with owner(records) as database:
        assert audit.retire(database, clock.now() - timedelta(days=3 * 366), clock.now()) == 0
    assert len(_rows(records)) == rows


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.usefixtures("retired")
def test_what_is_old_is_taken_out_once(records: Records, clock: StillClock) -> None:
    with owner(records) as database:
        assert audit.retire(database, clock.now() - timedelta(days=2 * 365), clock.now()) == 0


@pytest.mark.parametrize("kind", BOTH)
def test_the_chain_is_checked_while_others_write(
    kiosk: KioskClient, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And taken out in pieces, each with its anchor and its deed."""
    kiosk.prove()
    old, later = len(_rows(records)), records.clock.now() + timedelta(days=1)
    check = audit.first_break

    def beside(transaction: Transaction) -> int | None:
        """Somebody writes meanwhile."""
        with ThreadPoolExecutor(1) as another:
            another.submit(_note, records, later).result()
        return check(transaction)

    monkeypatch.setattr(audit, "first_break", beside)
    monkeypatch.setattr(audit, "_AT_ONCE", 3)
    with owner(records) as database:
        assert audit.retire(database, later, later) == old
    with records.database.reading() as transaction:
        assert check(transaction) is None
    assert {row["action"] for row in _rows(records)} == {"audit-retired", "person-read"}


def _note(records: Records, at: datetime) -> None:
    with records.database.writing() as transaction:
        audit.append(transaction, Deed(at, "person-read"))


@pytest.mark.parametrize("kind", BOTH)
def test_what_was_changed_since_the_check_is_not_taken_out(
    kiosk: KioskClient, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.prove()
    last, check = len(_rows(records)), audit.first_break

    def and_then(transaction: Transaction) -> int | None:
        found = check(transaction)
        with ThreadPoolExecutor(1) as another:
            another.submit(_change, records, last).result()
        return found

    monkeypatch.setattr(audit, "first_break", and_then)
    now = records.clock.now() + timedelta(days=1)
    with owner(records) as database, pytest.raises(AuditBrokenError, match=f"row {last} of the audit was changed"):
        audit.retire(database, now, now)
    assert len(_rows(records)) == last


def _change(records: Records, seq: int) -> None:
    with tampering(records) as transaction:
        transaction.connection.execute(sa.text(f"UPDATE audit SET hash = 'h' WHERE seq = {seq}"))  # noqa: S608


@pytest.mark.parametrize("kind", BOTH)
def test_an_anchor_that_no_deed_tells_of_breaks_the_chain(kiosk: KioskClient, records: Records) -> None:
    """Somebody takes the first rows out by hand, and writes the anchor that would fit."""
    kiosk.prove()
    with tampering(records) as transaction:
        moved = "INSERT INTO audit_anchors SELECT community_id, seq, hash, at FROM audit WHERE seq = 2"
        transaction.connection.execute(sa.text(moved))
        transaction.connection.execute(sa.text("DELETE FROM audit WHERE seq <= 2"))
    with records.database.reading() as transaction:
        assert audit.first_break(transaction) == 2


@pytest.mark.parametrize("kind", BOTH)
def test_of_a_chain_that_is_broken_nothing_is_taken_out(kiosk: KioskClient, records: Records) -> None:
    """The evidence stays."""
    kiosk.prove()
    with tampering(records) as transaction:
        transaction.connection.execute(sa.text("UPDATE audit SET facts = '{}' WHERE seq = 3"))
    now = records.clock.now()
    with owner(records) as database, pytest.raises(AuditBrokenError, match="row 3"):
        audit.retire(database, now + timedelta(days=1), now)
    assert len(_rows(records)) > 3


@pytest.mark.parametrize("kind", BOTH)
def test_a_command_takes_out_what_is_older_than_three_years(
    kiosk: KioskClient, records: Records, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not a day before; and on a server by its owner alone."""
    kiosk.prove()
    clock.pass_by(timedelta(days=3 * 366).total_seconds())
    with pytest.raises(SettingsError, match="kept for 3 years"):
        audit_cli.retired(records, date(2027, 11, 22))
    url = None
    if records.settings.database.url:
        with pytest.raises(DatabaseUnusableError, match="only the owner"):
            audit_cli.retired(records, date(2026, 11, 24))
        url = make_url(records.settings.database.url).set(username=OWNER)
    rows = len(_rows(records))
    assert audit_cli.retired(records, date(2026, 11, 24), url) == rows
    assert [row["action"] for row in _rows(records)] == ["audit-retired"]
    assert main(["--data", str(records.folder), "audit"]) == 0
    assert "The audit holds" in capsys.readouterr().out


def test_the_day_is_read_from_the_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(folder), "audit", "--retire-before", "2020-01-01"]) == 0
    assert "0 rows are taken out" in capsys.readouterr().out


def test_records_check_says_how_the_audit_is_guarded(preparations: Callable[[str], Path], clock: StillClock) -> None:
    """Whether the service's own user could rewrite it."""
    said = {}
    for kind in BOTH:
        opened = open_existing(preparations(kind), clock)
        with opened.database.reading() as transaction:
            said[kind] = guard.could_rewrite(transaction.connection)
        opened.database.close()
    assert said == {"sqlite": True, "postgresql": False}
