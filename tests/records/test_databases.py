"""The database that the settings name: found, refused in words that help, and gone for a while."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors
from sqlalchemy.exc import DBAPIError

from records import databases, installation
from records.context import Records
from records.errors import DatabaseUnusableError, DataFolderError, MigrationError
from records.sections import DatabaseSettings
from records.services import issuing
from records.store import audit, schema
from records.store.audit import Deed
from records.store.database import Database
from tests.support import postgresql
from tests.support.clocks import NOW, StillClock
from tests.support.records_client import KioskClient
from tests.support.records_server import BOTH, POSTGRESQL, quick_settings, rules_with, write_settings
from tests.support.tampering import owner

PASSWORD_FILE = "database.password"


@pytest.fixture
def name() -> Iterator[str]:
    """Return a database with all tables, and nothing in them."""
    with postgresql.a_database(postgresql.migrated()) as made:
        yield made


def _why(folder: Path, settings: DatabaseSettings, community: str = "pingandeng") -> str:
    """What an operator reads."""
    with pytest.raises((DatabaseUnusableError, MigrationError)) as refused:
        databases.require_known(databases.opened(folder, settings, community), settings)
    return refused.value.detail


def _guarded(name: str, password: str, folder: Path) -> DatabaseSettings:
    file = folder / PASSWORD_FILE
    file.write_text(f"{password}\n", "utf-8")
    file.chmod(0o600)
    url = postgresql.server().url(name, postgresql.GUARDED)
    return DatabaseSettings(url=url, password_file=PASSWORD_FILE)


def test_nothing_named_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    assert databases.place(tmp_path, DatabaseSettings()).database == str(tmp_path / "records.sqlite")


def test_a_password_stands_in_a_file_and_in_no_text(name: str, tmp_path: Path) -> None:
    settings = _guarded(name, postgresql.PASSWORD, tmp_path)
    place = databases.place(tmp_path, settings)
    assert place.password == postgresql.PASSWORD
    assert postgresql.PASSWORD not in f"{place} {place!r}"
    database = databases.opened(tmp_path, settings, "pingandeng")
    with database.reading() as transaction:
        assert transaction.connection.scalar(sa.text("SELECT current_user")) == postgresql.GUARDED
    database.close()


def test_a_wrong_password_is_said_and_not_shown(name: str, tmp_path: Path) -> None:
    said = _why(tmp_path, _guarded(name, "wrong 1234", tmp_path))
    assert said == "the database can't be used: the password of its user is wrong, or missing"


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [("secret", 0o640, "others may read"), ("", 0o600, "holds no password"), (None, 0, "can't be read")],
)
def test_a_password_file_that_is_no_good_is_named(tmp_path: Path, content: str | None, mode: int, words: str) -> None:
    if content is not None:
        (tmp_path / PASSWORD_FILE).write_text(content, "utf-8")
        (tmp_path / PASSWORD_FILE).chmod(mode)
    settings = DatabaseSettings(url="postgresql://lamplight@localhost/records", password_file=PASSWORD_FILE)
    with pytest.raises(DatabaseUnusableError, match=words) as refused:
        databases.place(tmp_path, settings)
    assert PASSWORD_FILE in refused.value.detail
    assert "secret" not in refused.value.detail


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", False),
        ("postgresql://lamplight@db/records?sslmode=verify-full", False),
        ("postgresql://lamplight:hunter2@db/records", True),
        ("postgresql://db/records?user=lamplight&password=hunter2", True),
    ],
)
def test_a_password_among_the_settings_is_said_and_not_shown(url: str, *, said: bool) -> None:
    """With what to do about it."""
    advice = databases.about_password(DatabaseSettings(url=url))
    assert ("password_file" in advice) is said
    assert "hunter2" not in advice


def test_a_server_that_is_away_is_said(tmp_path: Path) -> None:
    said = _why(tmp_path, DatabaseSettings(url=f"postgresql://lamplight@/records?host={tmp_path}"))
    assert said.startswith("the database can't be used: nobody answers at its address: start the server")


@pytest.mark.parametrize(("role", "database"), [("lamplight", "no_such_database"), ("no_such_user", "postgres")])
def test_a_database_or_a_user_that_is_missing_is_said(tmp_path: Path, role: str, database: str) -> None:
    said = _why(tmp_path, DatabaseSettings(url=postgresql.server().url(database, role)))
    assert said == "the database can't be used: there is no such database, or no such user"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.LockNotAvailable, "another service holds what is needed: stop it first"),
        (errors.DiskFull, "the server refused (53100): its own log says why"),
    ],
)
def test_what_stops_a_command_on_its_way_is_said(error: type[psycopg.Error], words: str) -> None:
    """As while tables are changed; never in the server's own words, which may quote a row."""
    with pytest.raises(DatabaseUnusableError) as refused, databases.in_words():
        raise DBAPIError.instance("ALTER TABLE", {}, error("Key (id_number)=(990101198603140019)"), psycopg.Error)
    assert refused.value.detail == f"the database can't be used: {words}"


def test_another_communitys_records_are_left_alone(name: str, tmp_path: Path) -> None:
    """Unless it is said that both belong there: then neither sees the other's."""
    settings = DatabaseSettings(url=postgresql.server().url(name))
    other = databases.opened(tmp_path, settings, "elsewhere")
    with other.writing() as transaction:
        audit.append(transaction, Deed(NOW, "begun"))
    other.close()
    assert "holds the records of elsewhere, not of pingandeng" in _why(tmp_path, settings)
    shared = settings.model_copy(update={"shared": True})
    ours = databases.opened(tmp_path, shared, "pingandeng")
    assert databases.require_known(ours, shared) == schema.wanted()
    with ours.writing() as transaction:
        audit.append(transaction, Deed(NOW, "begun"))
        assert (audit.length(transaction), audit.first_break(transaction)) == (1, None)
    ours.close()


@pytest.mark.parametrize("kind", BOTH)
def test_tables_of_a_newer_program_are_left_alone(records: Records, folder: Path, clock: StillClock) -> None:
    """At a start, on both."""
    with owner(records) as database, database.writing() as transaction:
        transaction.connection.execute(sa.text("UPDATE alembic_version SET version_num = 'r9999'"))
    with pytest.raises(MigrationError, match="of version r9999, which this program does not know"):
        installation.prepare(folder, clock, lambda _sentence: None)


def test_the_services_user_is_told_whose_work_migrating_is(tmp_path: Path) -> None:
    """Then the owner does it, and the service's user has its rights: no more than to add to the audit."""
    with postgresql.a_database() as name:
        settings = DatabaseSettings(url=postgresql.server().url(name))
        ours = databases.opened(tmp_path, settings, "pingandeng")
        with pytest.raises(MigrationError, match="run records migrate --url with the URL of the tables' owner"):
            databases.bring_up_to_date(ours, settings)
        url = sa.make_url(postgresql.server().url(name, postgresql.OWNER))
        for _ in range(2):
            databases.migrate_as_owner(tmp_path, settings, "pingandeng", url)
        databases.bring_up_to_date(ours, settings)
        with ours.writing() as transaction:
            audit.append(transaction, Deed(NOW, "begun"))
            assert audit.first_break(transaction) is None
        ours.close()


def test_an_owner_of_its_tables_needs_no_other(tmp_path: Path) -> None:
    """The simple way: one user. The triggers still refuse; that it could drop them stands in the documentation."""
    with postgresql.a_database() as name:
        url = postgresql.server().url(name, postgresql.OWNER)
        settings = quick_settings().model_copy(update={"database": DatabaseSettings(url=url)})
        write_settings(tmp_path, settings, rules_with())
        installation.prepare(tmp_path, StillClock(), lambda _sentence: None).database.close()
        opened = installation.open_existing(tmp_path, StillClock())
        assert databases.require_known(opened.database, settings.database) == schema.wanted()
        opened.database.close()
    assert not (tmp_path / databases.FILE).exists()


def test_an_empty_database_has_no_records_yet(folder: Path) -> None:
    """Beside the keys of records that are elsewhere."""
    with postgresql.a_database() as name:
        database = DatabaseSettings(url=postgresql.server().url(name))
        write_settings(folder, quick_settings().model_copy(update={"database": database}), rules_with())
        with pytest.raises(DataFolderError, match="make them with: records"):
            installation.open_existing(folder, StillClock())


@pytest.mark.parametrize("kind", [POSTGRESQL])
@pytest.mark.usefixtures("records")
def test_a_server_that_went_away_is_found_again(kiosk: KioskClient) -> None:
    """Meanwhile the same request may be sent again; nothing has to be started anew."""
    subject = kiosk.prove()
    postgresql.server().stop()
    try:
        away = kiosk.reserve(subject)
        assert (away.status_code, away.json()["retryable"], away.headers["retry-after"]) == (503, True, "1")
    finally:
        postgresql.server().start()
    assert _again(kiosk, subject) == 201


def _again(kiosk: KioskClient, subject: str) -> int:
    """As a kiosk does it: connections that the server ended are noticed by the first who uses them."""
    return next(
        (answer.status_code for answer in (kiosk.reserve(subject) for _ in range(10)) if answer.status_code != 503), 503
    )


@pytest.mark.parametrize(
    "error",
    [
        errors.SerializationFailure,
        errors.DeadlockDetected,
        errors.LockNotAvailable,
        errors.QueryCanceled,
        errors.AdminShutdown,
        errors.TooManyConnections,
        errors.IdleInTransactionSessionTimeout,
        errors.ReadOnlySqlTransaction,  # a standby that was not promoted yet says so, in one of these two ways
        errors.FeatureNotSupported,
    ],
)
def test_what_passes_by_itself_may_be_asked_again(
    kiosk: KioskClient, monkeypatch: pytest.MonkeyPatch, error: type[psycopg.Error]
) -> None:
    """Never a failure of ours, which a kiosk would report."""
    raised = DBAPIError.instance("INSERT", {}, error("said by the server"), psycopg.Error)

    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(issuing, "reserve", fail)
    answer = kiosk.reserve("subject")
    assert (answer.status_code, answer.json()["retryable"], answer.headers["retry-after"]) == (503, True, "1")
    assert "server" not in answer.json()["detail"]


def test_a_database_that_is_opened_twice_is_the_same(name: str) -> None:
    """Its URL may be a text or taken apart."""
    url = postgresql.server().url(name)
    for each in (url, sa.make_url(url)):
        database = Database(each, "pingandeng")
        with database.reading() as transaction:
            assert schema.found(transaction) == schema.wanted()
        database.close()
