"""The gate's store, opened: one encrypted file and the tables in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Final

from gate.store.grants import Grants
from gate.store.passes import Passes
from gate.store.reports import Reports
from gate.store.settings import Settings
from gate.store.templates import Templates
from gate.store.ways import Ways
from terminal.store.database import Database

MIGRATIONS: Final = "gate.store.migrations"
_CACHE_KIB = 64 * 1024  # twice the grants of a large community: each page is read and deciphered once


@dataclass(frozen=True, slots=True)
class GateStore:
    """All that the composition root makes of one file."""

    database: Database
    grants: Grants
    ways: Ways
    passes: Passes
    templates: Templates
    reports: Reports
    settings: Settings


def gate_database(path: Path, key: bytes, vfs: str | None = None) -> Database:
    """The file, read into memory as a whole: nobody who comes waits for the disk. Raises what Database raises;
    StoreLockedError: it is not this key's."""
    database = Database(path, MIGRATIONS, vfs=vfs, key=key)
    database.query(f"PRAGMA cache_size=-{_CACHE_KIB}")
    database.query("PRAGMA quick_check")  # the one that reads each page
    return database


def gate_store(database: Database, zone: tzinfo, now: Callable[[], tuple[date, datetime]]) -> GateStore:
    """Its tables. ``zone``: of the community's days; ``now``: the gate's day and moment (gate.services.clocks)."""
    reports = Reports(database)
    templates = Templates(database, reports, now)
    grants = Grants(database, templates, zone)
    return GateStore(database, grants, Ways(database), Passes(database), templates, reports, Settings(database))


def kept_times(database: Database) -> list[datetime]:
    """What is known to have been, before there is a clock to believe: the newest pass, and the feed's last word."""
    texts = database.query("SELECT max(at) FROM pass UNION ALL SELECT server_time FROM feed")
    return [datetime.fromisoformat(text) for (text,) in texts if text]
