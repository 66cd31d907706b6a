"""How machines look to who watches over them: one state each, in words, and the facts behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from backend_client.contract.devices import Heartbeat
from records.context import Records
from records.services.heartbeats import ENDING_WITHIN, SILENT_AFTER, last_state
from records.store import devices
from records.store.devices import DeviceRow

_SHOWN: Final = timedelta(days=30)


class DeviceState(StrEnum):
    """The one thing to know first."""

    IN_SERVICE = "in-service"
    CLOSED = "closed"  # out of service, and says why
    SILENT = "silent"  # three heartbeats are missing
    NEVER = "never"  # let in, and not heard yet
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class DeviceView:
    """``told``: its last heartbeat; ``skew_s``: its clock behind ours, in seconds, as far as a heartbeat can tell;
    ``days``: whole days until its certificate ends; ``forked_at``: when its own audit was last found to be another one,
    for a month."""

    row: DeviceRow
    state: DeviceState
    told: Heartbeat | None
    skew_s: int | None
    days: int
    ending: bool
    forked_at: datetime | None

    @property
    def troubles(self) -> tuple[tuple[str, str], ...]:
        """Parts by name, each with its reason's code."""
        return tuple(sorted(self.told.devices.items())) if self.told else ()


def every(records: Records) -> list[DeviceView]:
    """All devices, those that are no more behind the others."""
    now = records.clock.now()
    with records.database.reading() as transaction:
        rows = devices.every(transaction)
    return sorted((_view(row, now) for row in rows), key=lambda each: each.state is DeviceState.REVOKED)


def find(records: Records, device_id: str) -> DeviceView | None:
    """One device by its number."""
    with records.database.reading() as transaction:
        row = devices.by_id(transaction, device_id)
    return None if row is None else _view(row, records.clock.now())


def _view(row: DeviceRow, now: datetime) -> DeviceView:
    told = last_state(row)
    skew = None if told is None or row.last_seen_at is None else round((row.last_seen_at - told.at).total_seconds())
    left = row.certificate_until - now
    forked_at = row.forked_at if row.forked_at is not None and now - row.forked_at < _SHOWN else None
    return DeviceView(row, _state(row, told, now), told, skew, left.days, left < ENDING_WITHIN, forked_at)


def _state(row: DeviceRow, told: Heartbeat | None, now: datetime) -> DeviceState:
    if row.revoked_at is not None:
        return DeviceState.REVOKED
    if row.last_seen_at is None:
        return DeviceState.NEVER
    if now - row.last_seen_at > SILENT_AFTER:
        return DeviceState.SILENT
    return DeviceState.CLOSED if told is not None and told.out_of_service else DeviceState.IN_SERVICE
