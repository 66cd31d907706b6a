"""``records check`` names what is not whole, and ``records migrate`` brings old tables up to date."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from psycopg import sql

from forms.timestamp import time_of
from records import checking
from records.backup import journal, keys
from records.cli import main
from records.context import Records
from records.sections import TimestampSettings
from records.services import timestamps
from records.store import schema
from records.store.database import Transaction
from tests.support import postgresql
from tests.support.clocks import StillClock
from tests.support.records_server import BOTH

Capture = pytest.CaptureFixture[str]
SQLITE = pytest.mark.parametrize("kind", ["sqlite"])  # its tables are the service's own, to break in tests
WORDS = {
    "database",
    "tables",
    "audit",
    "keys",
    "intake keys",
    "server certificate",
    "policy",
    "disk",
    "clock",
    "backup",
}


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands go by the clock that the records were made with."""
    monkeypatch.setattr("records.cli.SystemClock", StillClock)


def found(records: Records) -> dict[str, checking.Finding]:
    return {each.name: each for each in checking.findings(records)}


def wrong(records: Records) -> set[str]:
    return {each.name for each in checking.findings(records) if not each.good}


def execute(records: Records, *statements: str) -> None:
    with records.database.writing() as transaction:
        for each in statements:
            transaction.connection.execute(sa.text(each))


@pytest.mark.parametrize("kind", BOTH)
def test_fresh_records_lack_a_backup_alone(records: Records) -> None:
    assert set(found(records)) == WORDS
    assert wrong(records) == {"backup"}


def test_a_backup_grows_old(records: Records, folder: Path, clock: StillClock, tmp_path: Path) -> None:
    """Its age is said, and after a day and two hours it is wrong."""
    keys.make(folder, tmp_path / "private.pem")
    chosen = records.settings.backup.model_copy(update={"key_file": keys.PUBLIC_FILE})
    object.__setattr__(records, "settings", records.settings.model_copy(update={"backup": chosen}))
    assert "none was made yet" in found(records)["backup"].words
    journal.note_last(folder, clock.now() - timedelta(hours=25))
    assert found(records)["backup"].words == "the last one is 25.0 hours old"
    assert wrong(records) == set()
    clock.pass_by(2 * 3600)
    assert wrong(records) == {"backup"}


@SQLITE
def test_an_altered_audit_is_found(records: Records) -> None:
    """Here by somebody who could drop the triggers that refuse it."""
    with records.database.writing() as transaction:
        names = transaction.connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
    execute(records, *(f"DROP TRIGGER {name}" for name in names), "UPDATE audit SET device_id = 'kiosk-0009'")
    assert wrong(records) == {"audit", "backup"}
    assert "row 1" in found(records)["audit"].words


@SQLITE
@pytest.mark.parametrize(
    ("version", "words"), [("r0005", "records migrate"), ("r9999", "of a newer version"), ("", "records migrate")]
)
def test_tables_of_another_version_are_found(records: Records, version: str, words: str) -> None:
    change = f"UPDATE alembic_version SET version_num = '{version}'"  # noqa: S608 - our own words
    execute(records, change if version else "DROP TABLE alembic_version")
    assert words in found(records)["tables"].words
    assert "tables" in wrong(records)


def test_a_certificate_near_its_end_is_found(records: Records, clock: StillClock) -> None:
    """Those of keys a month before, the service's own a week before."""
    clock.pass_by(timedelta(days=395).total_seconds())
    assert {"server certificate", "policy"} <= wrong(records)
    assert "keys" not in wrong(records)
    clock.pass_by(timedelta(days=700).total_seconds())
    assert "keys" in wrong(records)


def test_a_certificate_of_another_root_is_found(records: Records, prepared: Path, tmp_path: Path) -> None:
    """Each fits its key, and yet verifiers believe neither."""
    assert main(["--data", str(tmp_path / "other"), "init"]) == 0
    for name in ("policy.key.pem", "policy.cert.pem"):
        (records.folder / "keys" / name).write_bytes((tmp_path / "other" / "keys" / name).read_bytes())
    (records.folder / "keys" / "revoked.toml").write_text("")  # so that the keys are read anew
    assert found(records)["keys"].words == "the certificate of policy is not of this root"
    assert prepared.is_dir()


def test_a_policy_that_expired_is_found(records: Records, clock: StillClock) -> None:
    clock.pass_by(timedelta(days=91).total_seconds())
    assert "has expired" in found(records)["policy"].words


def test_a_disk_that_fills_up_is_found(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"total": 100 << 30, "free": 4 << 30})
    monkeypatch.setattr("records.checking.shutil.disk_usage", lambda _folder: usage)
    assert found(records)["disk"].words == "4.0 GiB free only: make room"


@pytest.mark.parametrize(("behind", "good"), [(0, True), (4, True), (30, False), (-30, False)])
def test_a_clock_that_is_off_is_found(
    records: Records, clock: StillClock, monkeypatch: pytest.MonkeyPatch, behind: int, *, good: bool
) -> None:
    """Against the time that an authority outside states, whichever way it is off."""
    outside = TimestampSettings(url="http://stamps.invalid")
    object.__setattr__(records, "settings", records.settings.model_copy(update={"timestamps": outside}))

    def stamped(_url: str, request: bytes) -> bytes:
        clock.pass_by(behind)
        reply = timestamps.answer(records, request)
        clock.pass_by(-behind)
        return reply

    monkeypatch.setattr(timestamps, "_outside", stamped)
    assert found(records)["clock"].good is good


def test_a_stamp_tells_its_time(records: Records, clock: StillClock) -> None:
    assert time_of(timestamps.stamp(records, b"anything")) == clock.now().replace(microsecond=0)


@SQLITE
def test_one_trouble_keeps_nothing_else_from_being_checked(records: Records) -> None:
    """And whatever a database says of a row stays in it."""
    execute(records, "DROP TABLE policies")
    assert set(found(records)) == WORDS
    assert found(records)["policy"].words.startswith("the database can't be read (OperationalError): make room")


def test_the_command_says_a_line_each_and_fails(folder: Path, capsys: Capture) -> None:
    """So that a timer can run it."""
    assert main(["--data", str(folder), "check"]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert len(lines) == len(WORDS)
    assert [line for line in lines if not line.startswith("ok")] == [line for line in lines if "backup:" in line]
    assert err == "records: 1 of the checks failed\n"


@pytest.mark.parametrize("name", ["document.key.pem", "revoked.toml"])
def test_keys_that_cant_be_read_keep_nothing_else_from_being_checked(name: str, folder: Path, capsys: Capture) -> None:
    """And what to do stands beside them."""
    path = folder / "keys" / name
    path.unlink() if path.exists() else path.write_text("damaged")
    assert main(["--data", str(folder), "check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(WORDS)
    wanted = f"{name} is missing: restore the folder from the backup" if name.endswith("pem") else f"{name} is damaged"
    assert [line for line in lines if line.startswith("WRONG  keys")] == [f"WRONG  keys: {wanted}"]
    assert {line.partition(":")[0] for line in lines if line.startswith("WRONG")} == {"WRONG  keys", "WRONG  backup"}


@SQLITE
def test_a_damaged_database_is_found(folder: Path, capsys: Capture) -> None:
    """A page in its middle, written over by a dying disk."""
    path = folder / "records.sqlite"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    assert main(["--data", str(folder), "check"]) == 1
    said = capsys.readouterr().out
    assert "WRONG  database: " in said
    assert said.count("restore") == 1  # what to do is said once


@SQLITE
def test_migrate_brings_old_tables_up_to_date(
    folder: Path, records: Records, capsys: Capture, older: Callable[[Transaction], None]
) -> None:
    """From nothing at all; said again, it changes nothing."""
    with records.database.writing() as transaction:
        older(transaction)
    for _ in range(2):
        assert main(["--data", str(folder), "migrate"]) == 0
        assert capsys.readouterr().out == f"The tables are of version {schema.wanted()}.\n"
    assert "tables" not in wrong(records)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_servers_tables_are_migrated_by_their_owner_alone(folder: Path, records: Records, capsys: Capture) -> None:
    """The service's own user is told whom to ask; the owner's password stands in no command."""
    server, url = postgresql.server(), records.settings.database.url
    database = str(sa.make_url(url).database)
    server.execute(sql.SQL("UPDATE alembic_version SET version_num = 'r0010'"), database)
    assert main(["--data", str(folder), "migrate"]) == 1
    assert "records migrate --url" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--data", str(folder), "migrate", "--url", "postgresql://owner:secret@host/name"])
    assert "without a password" in capsys.readouterr().err


@pytest.fixture
def older() -> Callable[[Transaction], None]:
    """Return what takes the tables away, as if there had never been any."""

    def away(transaction: Transaction) -> None:
        for kind in ("trigger", "table"):
            query = sa.text("SELECT name FROM sqlite_master WHERE type = :kind AND name NOT LIKE 'sqlite_%'")
            for name in transaction.connection.scalars(query, {"kind": kind}).all():
                transaction.connection.execute(sa.text(f"DROP {kind} {name}"))

    return away


@SQLITE
def test_tables_of_a_newer_program_are_left_alone(folder: Path, records: Records, capsys: Capture) -> None:
    execute(records, "UPDATE alembic_version SET version_num = 'r9999'")
    assert main(["--data", str(folder), "migrate"]) == 1
    assert "newer" in capsys.readouterr().err


def test_a_private_half_that_is_away_is_named(records: Records) -> None:
    """Kiosks keep what they sealed to it; nobody would notice for days."""
    (path,) = (records.folder / "keys" / "intake").glob("*.key.pem")
    path.rename(path.with_suffix(".away"))
    assert "intake keys" in wrong(records)
    assert path.name.partition(".")[0] in found(records)["intake keys"].words
