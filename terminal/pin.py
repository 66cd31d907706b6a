"""The technician's PIN on disk. There is no default PIN: none set, no way in."""

import binascii
import hmac
import json
import logging
import os
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from backend_client.device_files import write_durably
from civic.errors import InvalidValueError
from civic.masking import Personal
from civic.pin_entry import PIN_LONGEST

PIN_FILE = "maintenance-pin.json"
PIN_SHORTEST = 6
_SALT_BYTES = 16
_RUNS = ("01234567890123456789", "98765432109876543210")

_log = logging.getLogger(__name__)


class WeakPinError(InvalidValueError):
    """Too short or too long, not all digits, one digit only, or a run such as 345678."""

    code = "weak-pin"


class PinFile:
    """The PIN's scrypt hash (RFC 7914), in a file that only the terminal's user reads."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def set(self, pin: Personal) -> None:
        """Replace the PIN. Raises WeakPinError."""
        digits = pin.reveal()
        if not _good(digits):
            raise WeakPinError(f"{PIN_SHORTEST} to {PIN_LONGEST} digits, not all the same, not in a row")
        salt = os.urandom(_SALT_BYTES)
        values = {"salt": b64encode(salt).decode(), "hash": b64encode(_hash(digits, salt)).decode()}
        write_durably(self._path, json.dumps(values).encode(), 0o600)

    def is_set(self) -> bool:
        """Whether there is a PIN that can be matched."""
        return self._stored() is not None

    def matches(self, pin: Personal) -> bool:
        """Compare in constant time. Without a PIN nothing matches."""
        stored = self._stored()
        if stored is None:
            return False
        salt, known = stored
        return hmac.compare_digest(_hash(pin.reveal(), salt), known)

    def _stored(self) -> tuple[bytes, bytes] | None:
        """Salt and hash; None when there is no file, or one that is damaged."""
        try:
            values = json.loads(self._path.read_text("utf-8"))
            return b64decode(values["salt"], validate=True), b64decode(values["hash"], validate=True)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, binascii.Error) as error:
            _log.error("%s can't be used (%s): set the PIN again", self._path.name, type(error).__name__)
            return None


def _good(digits: str) -> bool:
    fits = digits.isascii() and digits.isdigit() and PIN_SHORTEST <= len(digits) <= PIN_LONGEST
    return fits and len(set(digits)) > 1 and not any(digits in run for run in _RUNS)


def _hash(digits: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(digits.encode())
