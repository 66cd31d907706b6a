"""A kiosk's store on a file of its own, and what stands in its audit."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civic.clock import Clock
from kiosk.store.journal import MIGRATIONS, Journal
from kiosk.store.settings import Settings
from terminal.store.audit import Audit, AuditKind
from terminal.store.database import Database


@dataclass(frozen=True, slots=True)
class KioskStore:
    """All that the composition root makes of one file."""

    database: Database
    audit: Audit
    settings: Settings
    journal: Journal

    def audited(self, *kinds: AuditKind) -> list[dict[str, Any]]:
        """The fields of every row, or of those of some kinds, in order."""
        wanted = {kind.value for kind in kinds or AuditKind}
        rows = self.database.query("SELECT kind, fields FROM audit ORDER BY seq")
        return [json.loads(fields) for kind, fields in rows if kind in wanted]

    def text(self) -> str:
        """Everything that the audit holds, to look for what must not be there."""
        return repr(self.database.query("SELECT * FROM audit"))


@contextmanager
def store_on(path: Path, clock: Clock) -> Iterator[KioskStore]:
    """An opened store, closed with the block: opening it again is a restart."""
    database = Database(path, MIGRATIONS)
    try:
        yield KioskStore(database, Audit(database, clock), Settings(database), Journal(database, clock))
    finally:
        database.close()
