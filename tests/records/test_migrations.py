"""The schema comes from migrations alone, from nothing on, and they make what the code expects."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from records.cli import main
from records.store import migrations, residents, visits
from records.store.database import Database
from records.store.tables import metadata
from tests.support import postgresql
from tests.support.records_server import BOTH, SQLITE, quick_settings, rules_with, write_settings


def _database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'records.sqlite'}", "pingandeng")


@pytest.fixture
def database(kind: str, tmp_path: Path) -> Iterator[Database]:
    """Return an empty one."""
    with ExitStack() as stack:
        if kind == SQLITE:
            opened = _database(tmp_path)
        else:
            name = stack.enter_context(postgresql.a_database())
            opened = Database(postgresql.server().url(name, postgresql.OWNER), "pingandeng")
        stack.callback(opened.close)
        yield opened


@pytest.mark.parametrize("kind", BOTH)
def test_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    """No column more, none less, none of another kind."""
    database.migrate()
    with database.reading() as transaction:
        context = MigrationContext.configure(transaction.connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("kind", BOTH)
def test_migrating_twice_changes_nothing(database: Database) -> None:
    for _ in range(2):
        database.migrate()
    with database.reading() as transaction:
        versions = transaction.connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all()
    assert versions == ["r0016"]


@pytest.mark.parametrize("kind", BOTH)
def test_what_was_stored_before_is_there_after(database: Database) -> None:
    """From the first tables: a resident, and a visit whose portrait was given, go on as they were."""
    _migrate_to(database, "r0001")
    with database.writing() as transaction:
        for statement in _BEFORE:
            transaction.connection.execute(sa.text(statement))
    database.migrate()
    with database.reading() as transaction:
        person = residents.by_number(transaction, "990101198603140019")
        visit = visits.by_subject(transaction, "s1")
    assert person is not None
    assert (person.name, person.latin_name, person.deceased) == ("张明灯", "", False)
    assert person.division == "990101"  # the number's own, until the register says otherwise
    assert visit is not None
    assert (visit.document, visit.portrait_of, visit.proven_by, visit.doubt) == ("resident_card", "p1", "statement", "")
    assert visit.statement_digest == ""


def test_two_reissues_of_one_paper_are_named_and_once_one_is_void_records_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a race could leave them before the database itself forbade it. What the sentence advises helps."""
    write_settings(tmp_path, quick_settings(), rules_with())
    database, serials = _database(tmp_path), ["2026-0001-000002-82", "2026-0001-000003-85"]
    _migrate_to(database, "r0004")
    with database.writing() as transaction:
        for serial in serials:
            transaction.connection.execute(sa.text(_REISSUE), {"serial": serial, "replaces": VOID})
    database.close()
    assert main(["--data", str(tmp_path), "init"]) == 1
    said = capsys.readouterr().err
    assert f"{serials[0]} and {serials[1]} for {VOID}; void all but one of them (records void SERIAL)" in said
    assert main(["--data", str(tmp_path), "void", serials[0]]) == 0
    assert main(["--data", str(tmp_path), "init"]) == 0
    with database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT replaces, state FROM papers ORDER BY serial")).all()
    assert [tuple(row) for row in rows] == [("", "void"), (VOID, "delivered")]
    database.close()


@pytest.mark.parametrize("kind", BOTH)
def test_of_several_void_reissues_one_stays(database: Database) -> None:
    """Beside one that is not void, none; another paper's is left as it is."""
    _migrate_to(database, "r0004")
    made = [("1", "V", "void"), ("2", "V", "void"), ("3", "V", "void"), ("4", "W", "void"), ("5", "W", "delivered")]
    with database.writing() as transaction:
        for serial, replaces, state in [*made, ("6", "X", "void"), ("7", "", "void"), ("8", "", "delivered")]:
            values = {"serial": serial, "replaces": replaces}
            transaction.connection.execute(sa.text(_REISSUE.replace("'delivered'", f"'{state}'")), values)
    database.migrate()
    with database.reading() as transaction:
        found = transaction.connection.execute(
            sa.text("SELECT serial, replaces FROM papers WHERE replaces <> ''")
        ).all()
    assert {tuple(row) for row in found} == {("3", "V"), ("5", "W"), ("6", "X")}


VOID = "2026-0001-000001-79"
_REISSUE = """INSERT INTO papers (community_id, serial, person_id, kind, purpose, device_id, visit, replaces,
    valid_until, state, reserved_at)
    VALUES ('pingandeng', :serial, 'p1', 'household_certificate', 'job', 'kiosk-0001', 'visit-0001', :replaces,
    '2026-12-22', 'delivered', '2026-11-22 15:05:00')"""


def _migrate_to(database: Database, revision: str) -> None:
    settings = Config()
    settings.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.writing() as transaction:
        settings.attributes["connection"] = transaction.connection
        command.upgrade(settings, revision)


_BEFORE = (
    """INSERT INTO residents (community_id, person_id, id_number, name, birth_date, unclear, synthetic)
    VALUES ('pingandeng', 'p1', '990101198603140019', '张明灯', '1986-03-14', false, true)""",
    """INSERT INTO visits (community_id, subject_hash, device_id, visit, person_id, clear, created_at, expires_at,
    request_hash, portrait_given_at, face_attempts, proven_at)
    VALUES ('pingandeng', 's1', 'kiosk-0001', 'visit-0001', 'p1', true, '2026-11-22 15:05:00',
    '2026-11-22 15:20:00', 'h', '2026-11-22 15:06:00', 1, '2026-11-22 15:07:00')""",
)


def test_every_key_begins_with_the_community() -> None:
    """So that one database, or one shard of it, may hold many."""
    assert {next(iter(table.primary_key.columns)).name for table in metadata.tables.values()} == {"community_id"}


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    """A log synchronised at every commit. What is deleted is overwritten, and what is sorted stays in memory."""
    database = _database(tmp_path)
    with database.reading() as transaction:
        pragmas = [transaction.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS]
    assert pragmas == ["wal", 2, 10_000, 1, 2]
    database.close()


_PRAGMAS = ("journal_mode", "synchronous", "busy_timeout", "secure_delete", "temp_store")


@pytest.mark.parametrize("kind", BOTH)
def test_an_error_of_the_database_quotes_no_value(database: Database) -> None:
    """Its text goes wherever errors go; a statement's parameters are personal."""
    database.migrate()
    personal = sa.text("SELECT :number FROM no_such_table")
    with database.reading() as transaction, pytest.raises(DBAPIError) as failed:
        transaction.connection.execute(personal, {"number": "990101198603140019"})
    assert "no_such_table" in str(failed.value)
    assert "990101198603140019" not in str(failed.value)
