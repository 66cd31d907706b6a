"""What must outlive a restart and is no event: out of service, the PIN's lockout, the last valid policy, records' time
as it was last heard, the page printer's last job."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend_client.trusted_clock import Heard
from devices.page_printer.memory import JobMark
from terminal.pin_tries import PinTries
from terminal.store.database import Database


class SettingKey(StrEnum):
    """The closed set of keys. None holds anything about a resident."""

    OUT_OF_SERVICE = "out-of-service"
    PIN_TRIES = "pin-tries"
    POLICY = "policy"
    LAST_SYNC = "last-sync"
    RECORDS_TIME = "records-time"
    PRINTER_JOB = "printer-job"


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Why the kiosk is closed and when it is expected back: codes of the text catalogue."""

    reason: str
    expected: str
    since: datetime


class Settings:
    """Typed values over one table. Usable from any thread; each change is durable when the call returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- out of service ---

    def out_of_service(self) -> OutOfService | None:
        """None: in service."""
        values = self._get(SettingKey.OUT_OF_SERVICE)
        if values is None:
            return None
        return OutOfService(values["reason"], values["expected"], datetime.fromisoformat(values["since"]))

    def close(self, closed: OutOfService) -> None:
        """Out of service, also after a restart."""
        values = {"reason": closed.reason, "expected": closed.expected, "since": closed.since.isoformat()}
        self._put(SettingKey.OUT_OF_SERVICE, values)

    def open(self) -> None:
        """Back in service."""
        self._remove(SettingKey.OUT_OF_SERVICE)

    # --- the technician's PIN ---

    def pin_tries(self) -> PinTries:
        """Zero when the last try was right."""
        return PinTries.of(self._get(SettingKey.PIN_TRIES))

    def keep_pin_tries(self, tries: PinTries) -> None:
        """Remember before the answer is shown, so that pulling the plug is no way to more tries."""
        self._put(SettingKey.PIN_TRIES, tries.values())

    # --- policy and sync ---

    def load_policy(self) -> str | None:
        """The last valid signed bundle, as JSON (the store of backend_client.policy.PolicyHolder)."""
        values = self._get(SettingKey.POLICY)
        return values["bundle"] if values else None

    def keep_policy(self, bundle: str) -> None:
        """Replace the bundle."""
        self._put(SettingKey.POLICY, {"bundle": bundle})

    def forget_policy(self) -> None:
        """There is none any more."""
        self._remove(SettingKey.POLICY)

    def last_sync(self) -> datetime | None:
        """When records last answered."""
        values = self._get(SettingKey.LAST_SYNC)
        return datetime.fromisoformat(values["at"]) if values else None

    def keep_last_sync(self, at: datetime) -> None:
        """Records answered at ``at``."""
        self._put(SettingKey.LAST_SYNC, {"at": at.isoformat()})

    def load_heard(self) -> Heard | None:
        """Records' time (the store of backend_client.trusted_clock.TrustedClock)."""
        values = self._get(SettingKey.RECORDS_TIME)
        if values is None:
            return None
        at, boot, seen = datetime.fromisoformat(values["at"]), UUID(values["boot"]), values.get("seen")
        reckoned = datetime.fromisoformat(seen) if seen else None  # a release before this one kept none
        return Heard(at, boot, float(values["monotonic"]), float(values["way"]), reckoned)

    def keep_heard(self, heard: Heard) -> None:
        """Replace it."""
        values = {"at": heard.at.isoformat(), "boot": str(heard.boot)}
        values |= {"monotonic": str(heard.monotonic), "way": str(heard.way)}
        values |= {"seen": heard.seen.isoformat()} if heard.seen else {}
        self._put(SettingKey.RECORDS_TIME, values)

    # --- the page printer's last job (a devices.page_printer.memory.JobMemory) ---

    def recall(self) -> JobMark | None:
        """None: no release that remembers has printed yet."""
        values = self._get(SettingKey.PRINTER_JOB)
        return JobMark(int(values["number"]), values["uuid"]) if values else None

    def keep(self, mark: JobMark) -> None:
        """Before its document is sent, so that no power cut leaves a job that nobody knows."""
        self._put(SettingKey.PRINTER_JOB, {"number": str(mark.number), "uuid": mark.uuid})

    # --- the table ---

    def _get(self, key: SettingKey) -> dict[str, str] | None:
        rows = self._database.query("SELECT value FROM setting WHERE key = ?", key.value)
        if not rows:
            return None
        values: dict[str, str] = json.loads(rows[0][0])
        return values

    def _put(self, key: SettingKey, values: dict[str, str]) -> None:
        upsert = "INSERT INTO setting VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        self._database.execute(upsert, key.value, json.dumps(values))

    def _remove(self, key: SettingKey) -> None:
        self._database.execute("DELETE FROM setting WHERE key = ?", key.value)
