"""``set-pin``: a command of every terminal; without it nobody comes to the technician's page."""

import getpass
import sys
from pathlib import Path

from civic.errors import InvalidValueError
from civic.masking import Personal
from terminal.pin import PIN_FILE, PinFile


class PinsDifferError(InvalidValueError):
    """The PIN was typed twice, and not the same: nobody knows which one was meant."""

    code = "pins-differ"


def set_pin(folder: Path) -> None:
    """Ask for a PIN, keep its hash in the store's ``folder`` and say so. Raises PinsDifferError and WeakPinError."""
    PinFile(folder / PIN_FILE).set(_asked())
    sys.stdout.write("The maintenance PIN is set.\n")


def _asked() -> Personal:
    """Typed twice, because nobody sees it; piped in, it is one line."""
    if not sys.stdin.isatty():
        return Personal(sys.stdin.readline().strip())
    pin = getpass.getpass("New maintenance PIN: ")
    if getpass.getpass("The same PIN again: ") != pin:
        raise PinsDifferError("the second PIN is not the first one")
    return Personal(pin)
