"""The technician's PIN, test page and out-of-service switch. There is no default PIN: none set, no way in."""

import hmac
import json
import os
from base64 import b64decode, b64encode
from datetime import timedelta
from math import ceil
from pathlib import Path
from threading import Event

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from forms.content import CHINA_TIME
from forms.test_page import render_test_page

from backend_client.enrolment import write_durably
from civic.clock import Clock
from civic.errors import InvalidValueError
from civic.masking import Personal
from devices.page_printer.api import PagePrinter, Printed
from kiosk.flows import maintenance as flow
from kiosk.store.settings import OutOfService, PinTries, Settings
from terminal.store.audit import Audit, AuditKind

TRIES = 5
LOCKED = timedelta(minutes=15)
PIN_SHORTEST = 6
_SALT_BYTES = 16


class WeakPinError(InvalidValueError):
    """Too short, not all digits, or one digit only."""

    code = "weak-pin"


class PinFile:
    """The PIN's scrypt hash (RFC 7914), in a file that only the kiosk's user reads."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def set(self, pin: Personal) -> None:
        """Replace the PIN. Raises WeakPinError."""
        digits = pin.reveal()
        good = digits.isascii() and digits.isdigit() and PIN_SHORTEST <= len(digits) <= flow.PIN_LONGEST
        if not good or len(set(digits)) == 1:
            raise WeakPinError(f"{PIN_SHORTEST} to {flow.PIN_LONGEST} digits, not all the same")
        salt = os.urandom(_SALT_BYTES)
        values = {"salt": b64encode(salt).decode(), "hash": b64encode(_hash(digits, salt)).decode()}
        write_durably(self._path, json.dumps(values).encode(), 0o600)

    def is_set(self) -> bool:
        """Whether there is a PIN at all."""
        return self._path.exists()

    def matches(self, pin: Personal) -> bool:
        """Compare in constant time."""
        if not self.is_set():
            return False
        values = json.loads(self._path.read_text("utf-8"))
        return hmac.compare_digest(_hash(pin.reveal(), b64decode(values["salt"])), b64decode(values["hash"]))


class Maintenance:
    """Every action is audited. Wrong tries are on the disk before the answer is on the screen."""

    def __init__(self, pin: PinFile, settings: Settings, printer: PagePrinter, audit: Audit, clock: Clock) -> None:
        self._pin = pin
        self._settings = settings
        self._printer = printer
        self._audit = audit
        self._clock = clock

    def closed(self) -> tuple[str, str] | None:
        """Reason and expected time while out of service."""
        closed = self._settings.out_of_service()
        return (closed.reason, closed.expected) if closed else None

    def check(self, pin: Personal) -> flow.PinAccepted | flow.PinRefused:
        """Count the try as wrong first; a right PIN takes it back."""
        if not self._pin.is_set():
            return flow.PinRefused(0, unset=True)
        tries, now = self._settings.pin_tries(), self._clock.now()
        if tries.locked_until is not None and now < tries.locked_until:
            return flow.PinRefused(_minutes(tries.locked_until - now))
        wrong = 1 if tries.locked_until is not None else tries.wrong + 1
        locked_until = now + LOCKED if wrong >= TRIES else None
        self._settings.keep_pin_tries(PinTries(wrong, locked_until))
        if self._pin.matches(pin):
            self._settings.keep_pin_tries(PinTries())
            self._audit.append(AuditKind.MAINTENANCE_ENTERED)
            return flow.PinAccepted(self.closed())
        self._audit.append(AuditKind.PIN_LOCKED if locked_until else AuditKind.PIN_WRONG, tries=wrong)
        return flow.PinRefused(_minutes(LOCKED) if locked_until else 0)

    def print_test_page(self, cancel: Event) -> flow.TestPrintEnded:
        """A page marked 测试·无效, sealed and signed by nothing."""
        pdf = render_test_page(self._clock.now().astimezone(CHINA_TIME))
        outcome = self._printer.print_pdf(pdf, lambda _stage, _reason: None, cancel)
        said = "printed" if isinstance(outcome, Printed) else outcome.reason.value
        self._audit.append(AuditKind.MAINTENANCE_ACTION, action="test-print", outcome=said)
        return flow.TestPrintEnded(said)

    def close(self, reason: str, expected: str) -> None:
        """Out of service, also after a restart."""
        self._settings.close(OutOfService(reason, expected, self._clock.now()))
        self._audit.append(AuditKind.OUT_OF_SERVICE, reason=reason, expected=expected)

    def open(self) -> None:
        """Back in service."""
        self._settings.open()
        self._audit.append(AuditKind.BACK_IN_SERVICE)

    def leave(self) -> None:
        """The technician is done."""
        self._audit.append(AuditKind.MAINTENANCE_LEFT)


def _hash(digits: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(digits.encode())


def _minutes(span: timedelta) -> int:
    return max(1, ceil(span.total_seconds() / 60))
