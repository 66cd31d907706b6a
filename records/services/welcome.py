"""Whether a device is welcome still, under the write lock: it was let in, and may have been revoked meanwhile."""

from backend_client.contract.base import ProblemCode
from records.errors import RefusedError
from records.store import devices
from records.store.database import Transaction
from records.store.devices import DeviceRow


def require(transaction: Transaction, device: DeviceRow) -> None:
    """Refused (device-revoked): whatever it leaves behind now, nobody would take away."""
    now = devices.by_id(transaction, device.device_id)
    if now is None or now.revoked_at is not None:
        raise RefusedError(ProblemCode.DEVICE_REVOKED)
