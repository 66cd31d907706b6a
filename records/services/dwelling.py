"""Which flat a door belongs to: an address and nothing else, and not a thousand doors an hour."""

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import Dwelling, DwellingRequest
from records.context import Records
from records.errors import RefusedError
from records.store import audit, dwellings
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow

_WAIT_S = 60


def find(records: Records, device: DeviceRow, door: DwellingRequest) -> Dwelling:
    """The flat. Refused: dwelling-unknown, too-many-requests."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        _count(records, transaction, device)
        flat = dwellings.by_door(transaction, door.building, door.unit, door.room)
        facts = (("found", flat is not None),)
        audit.append(transaction, Deed(now, "dwelling-read", device.device_id, facts=facts))
    if flat is None:
        raise RefusedError(ProblemCode.DWELLING_UNKNOWN)
    return Dwelling(server_time=now, id=flat.dwelling_id, address=flat.address)


def require_patience(records: Records, device: DeviceRow) -> None:
    """Count a question that may be guessed at like a door; both count together. Refused: too-many-requests."""
    with records.database.writing() as transaction:
        _count(records, transaction, device)


def _count(records: Records, transaction: Transaction, device: DeviceRow) -> None:
    asked = dwellings.count_question(transaction, device.device_id, records.clock.now())
    if asked > records.settings.identity.identifications_per_hour:
        raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=_WAIT_S)
