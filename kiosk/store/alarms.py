"""Alarms that records have not answered for: a number and a moment each, on the disk until they have."""

from datetime import datetime
from uuid import UUID

from backend_client.contract.alarms import Alarm
from terminal.store.database import Database


class Alarms:
    """Usable from any thread; each change is durable when the call returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, alarm: Alarm) -> None:
        """Before it is sent: a power cut must not swallow it."""
        row = (str(alarm.id), alarm.at.isoformat(), int(alarm.test))
        self._database.execute("INSERT INTO alarm (id, raised_at, test) VALUES (?, ?, ?)", *row)

    def answered(self, number: UUID) -> None:
        """Records have it."""
        self._database.execute("DELETE FROM alarm WHERE id = ?", str(number))

    def untold(self) -> list[Alarm]:
        """Those that are still to be sent, the oldest first."""
        rows = self._database.query("SELECT id, raised_at, test FROM alarm ORDER BY raised_at, id")
        return [Alarm(id=UUID(number), at=datetime.fromisoformat(at), test=bool(test)) for number, at, test in rows]
