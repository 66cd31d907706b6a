"""Settings outlive a restart."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from backend_client.trusted_clock import Heard
from devices.page_printer.memory import JobMark
from kiosk.store.journal import MIGRATIONS
from kiosk.store.settings import OutOfService, Settings
from terminal.pin_tries import PinTries
from terminal.store.database import Database
from tests.support.clocks import NOW


def reopened(path: Path, database: Database | None = None) -> tuple[Database, Settings]:
    """The same file after a restart."""
    if database is not None:
        database.close()
    opened = Database(path, MIGRATIONS)
    return opened, Settings(opened)


def test_a_fresh_kiosk_is_in_service_and_has_no_policy(tmp_path: Path) -> None:
    """Nothing is assumed."""
    database, settings = reopened(tmp_path / "a.db")
    assert settings.out_of_service() is None
    assert settings.pin_tries() == PinTries()
    assert settings.load_policy() is None
    assert settings.last_sync() is None
    database.close()


def test_out_of_service_outlives_a_restart_until_it_is_opened(tmp_path: Path) -> None:
    """With its reason and when it is expected back."""
    database, settings = reopened(tmp_path / "a.db")
    closed = OutOfService("repair", "tomorrow-morning", NOW)
    settings.close(closed)
    database, settings = reopened(tmp_path / "a.db", database)
    assert settings.out_of_service() == closed
    settings.open()
    database, settings = reopened(tmp_path / "a.db", database)
    assert settings.out_of_service() is None
    database.close()


def test_wrong_tries_outlive_a_restart(tmp_path: Path) -> None:
    """Pulling the plug is no way to more tries."""
    database, settings = reopened(tmp_path / "a.db")
    tries = PinTries(5, NOW + timedelta(minutes=15))
    settings.keep_pin_tries(tries)
    database, settings = reopened(tmp_path / "a.db", database)
    assert settings.pin_tries() == tries
    settings.keep_pin_tries(PinTries())
    assert settings.pin_tries() == PinTries()
    database.close()


def test_policy_and_last_sync_outlive_a_restart(tmp_path: Path) -> None:
    """The last valid bundle is there before records answer."""
    database, settings = reopened(tmp_path / "a.db")
    settings.keep_policy('{"payload": "政策"}')
    settings.keep_last_sync(NOW)
    database, settings = reopened(tmp_path / "a.db", database)
    assert settings.load_policy() == '{"payload": "政策"}'
    assert settings.last_sync() == NOW
    database.close()


def test_the_page_printer_s_last_job_outlives_a_restart(tmp_path: Path) -> None:
    """So that it is ended at a printer that says of no job whose it is; a first start knows of none."""
    database, settings = reopened(tmp_path / "a.db")
    assert settings.recall() is None
    for number in (7, 8):
        settings.keep(JobMark(number, "urn:uuid:4711"))
    database, settings = reopened(tmp_path / "a.db", database)
    assert settings.recall() == JobMark(8, "urn:uuid:4711")
    database.close()


def test_records_time_outlives_a_restart(tmp_path: Path) -> None:
    """With the start of the machine in which it was heard."""
    database, settings = reopened(tmp_path / "a.db")
    assert settings.load_heard() is None
    heard = Heard(NOW, UUID(int=7), 12.5, 0.003)
    settings.keep_heard(heard)
    assert settings.load_heard() == heard
    settings.keep_heard(heard := replace(heard, seen=NOW + timedelta(days=95)))
    database, settings = reopened(tmp_path / "a.db", database)
    assert settings.load_heard() == heard
    database.close()
