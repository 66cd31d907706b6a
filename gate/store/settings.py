"""What must outlive a restart and is of nobody: the last valid policy, records' time as it was last heard, the wrong
tries of the technician's PIN, and the key that faces are sealed to on their way here from other gates.
"""

import base64
import json
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.trusted_clock import Heard
from terminal.pin_tries import PinTries
from terminal.store.database import Database


class SettingKey(StrEnum):
    """The closed set of keys."""

    POLICY = "policy"
    RECORDS_TIME = "records-time"
    TEMPLATE_KEY = "template-key"
    PIN_TRIES = "pin-tries"


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

    def pin_tries(self) -> PinTries:
        """Of the technician's PIN: zero when the last try was right."""
        return PinTries.of(self._get(SettingKey.PIN_TRIES))

    def keep_pin_tries(self, tries: PinTries) -> None:
        """Remember before the answer is shown, so that pulling the plug is no way to more tries."""
        self._put(SettingKey.PIN_TRIES, tries.values())

    def template_key(self) -> X25519PrivateKey:
        """This gate's own, made when it is asked for first. It stands in the encrypted store and nowhere else: with the
        store it is gone, and another one is told to the other gates."""
        with self._database.transaction():  # two that ask at once get one key
            values = self._get(SettingKey.TEMPLATE_KEY)
            if values is not None:
                return X25519PrivateKey.from_private_bytes(base64.b64decode(values["private"]))
            key = X25519PrivateKey.generate()
            self._put(SettingKey.TEMPLATE_KEY, {"private": base64.b64encode(key.private_bytes_raw()).decode("ascii")})
            return key

    def _get(self, key: SettingKey) -> dict[str, str] | None:
        rows = self._database.query("SELECT value FROM setting WHERE key = ?", key.value)
        if not rows:
            return None
        values: dict[str, str] = json.loads(rows[0][0])
        return values

    def _put(self, key: SettingKey, values: dict[str, str]) -> None:
        row = (key.value, json.dumps(values))
        self._database.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", *row)
