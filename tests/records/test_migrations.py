"""The schema comes from migrations alone, from nothing on, and they make what the code expects."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.exc import OperationalError

from records.store import migrations, residents, visits
from records.store.database import Database
from records.store.tables import metadata


def _database(folder: Path) -> Database:
    return Database(f"sqlite:///{folder / 'records.sqlite'}", "pingandeng")


def test_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    """No column more, none less, none of another kind."""
    database = _database(tmp_path)
    database.migrate()
    with database.reading() as transaction:
        context = MigrationContext.configure(transaction.connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    database = _database(tmp_path)
    for _ in range(2):
        database.migrate()
    with database.reading() as transaction:
        versions = transaction.connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all()
    assert versions == ["r0005"]
    database.close()


def test_what_was_stored_before_is_there_after(tmp_path: Path) -> None:
    """From the first tables: a resident, and a visit whose portrait was given, go on as they were."""
    database = _database(tmp_path)
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
    database.close()


def _migrate_to(database: Database, revision: str) -> None:
    settings = Config()
    settings.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.writing() as transaction:
        settings.attributes["connection"] = transaction.connection
        command.upgrade(settings, revision)


_BEFORE = (
    """INSERT INTO residents (community_id, person_id, id_number, name, birth_date, unclear, synthetic)
    VALUES ('pingandeng', 'p1', '990101198603140019', '张明灯', '1986-03-14', 0, 1)""",
    """INSERT INTO visits (community_id, subject_hash, device_id, visit, person_id, clear, created_at, expires_at,
    request_hash, portrait_given_at, face_attempts, proven_at)
    VALUES ('pingandeng', 's1', 'kiosk-0001', 'visit-0001', 'p1', 1, '2026-11-22 15:05:00',
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


def test_an_error_of_the_database_quotes_no_value(tmp_path: Path) -> None:
    """Its text goes wherever errors go; a statement's parameters are personal."""
    database = _database(tmp_path)
    database.migrate()
    personal = sa.text("SELECT :number FROM no_such_table")
    with database.reading() as transaction, pytest.raises(OperationalError) as failed:
        transaction.connection.execute(personal, {"number": "990101198603140019"})
    assert "no_such_table" in str(failed.value)
    assert "990101198603140019" not in str(failed.value)
    database.close()
