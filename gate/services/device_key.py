"""The device's own key, as it is now: what receipts are signed by."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.device_files import own_key


class DeviceKey:
    """Usable from any thread. Raises EnrolmentError where it can't be read."""

    def __init__(self, path: Path) -> None:
        self.use(path)

    def use(self, key: Path) -> None:
        """Sign with this one from now on."""
        self._key = own_key(key)

    def __call__(self) -> ec.EllipticCurvePrivateKey:
        """The key."""
        return self._key
