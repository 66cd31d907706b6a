"""What must outlive a restart and is of nobody: the last valid policy, and records' time as it was last heard."""

import json
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend_client.trusted_clock import Heard
from terminal.store.database import Database


class SettingKey(StrEnum):
    """The closed set of keys."""

    POLICY = "policy"
    RECORDS_TIME = "records-time"


class Settings:
    """The store of PolicyHolder and of TrustedClock. Usable from any thread; a change is durable when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_policy(self) -> str | None:
        """The last valid signed bundle, as JSON."""
        values = self._get(SettingKey.POLICY)
        return values["bundle"] if values else None

    def keep_policy(self, bundle: str) -> None:
        """Replace the bundle."""
        self._put(SettingKey.POLICY, {"bundle": bundle})

    def load_heard(self) -> Heard | None:
        """Records' time; None: never heard."""
        values = self._get(SettingKey.RECORDS_TIME)
        if values is None:
            return None
        at, seen = datetime.fromisoformat(values["at"]), values["seen"]
        reckoned = datetime.fromisoformat(seen) if seen else None
        return Heard(at, UUID(values["boot"]), float(values["monotonic"]), float(values["way"]), reckoned)

    def keep_heard(self, heard: Heard) -> None:
        """Replace it."""
        values = {"at": heard.at.isoformat(), "boot": str(heard.boot), "monotonic": str(heard.monotonic)}
        values |= {"way": str(heard.way), "seen": heard.seen.isoformat() if heard.seen else ""}
        self._put(SettingKey.RECORDS_TIME, values)

    def _get(self, key: SettingKey) -> dict[str, str] | None:
        rows = self._database.query("SELECT value FROM setting WHERE key = ?", key.value)
        if not rows:
            return None
        values: dict[str, str] = json.loads(rows[0][0])
        return values

    def _put(self, key: SettingKey, values: dict[str, str]) -> None:
        row = (key.value, json.dumps(values))
        self._database.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", *row)
