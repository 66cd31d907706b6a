"""A PKCS#11 token made of software (SoftHSM2), which can be unplugged and plugged in again.

It is the real library that a real token has, in this process; its objects lie in a folder of the test.
"""

import subprocess
from contextlib import suppress
from pathlib import Path

import pkcs11
import tomli_w
from pkcs11 import Attribute, ObjectClass
from pkcs11.exceptions import PKCS11Error

from records.sections import KeySettings
from records.settings import FILE_NAME, load

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
LABEL, PIN, OFFICER_PIN = "lamplight", "730592", "90817263"
PIN_FILE = "token.pin"


class SoftToken:
    """The token. ``configuration``: what $SOFTHSM2_CONF names."""

    def __init__(self, folder: Path) -> None:
        self._slot, self._drawer = folder / "slot", folder / "drawer"
        self._slot.mkdir(parents=True)
        self.configuration = folder / "softhsm2.conf"
        self.configuration.write_text(f"directories.tokendir = {self._slot}\nlog.level = ERROR\n", "ascii")

    def initialise(self, label: str = LABEL) -> None:
        """What an administrator does once; $SOFTHSM2_CONF must be set."""
        command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", OFFICER_PIN, "--pin", PIN]
        subprocess.run(command, check=True, capture_output=True)

    def unplug(self) -> None:
        self._slot.rename(self._drawer)
        self._slot.mkdir()

    def plug_in(self) -> None:
        self._slot.rmdir()
        self._drawer.rename(self._slot)

    def private_keys(self) -> list[dict[Attribute, object]]:
        """What the token says of each private key in it."""
        asked = (Attribute.ID, Attribute.SENSITIVE, Attribute.EXTRACTABLE, Attribute.NEVER_EXTRACTABLE, Attribute.LOCAL)
        forget()
        session = pkcs11.lib(MODULE).get_token(token_label=LABEL).open(user_pin=PIN)
        found = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
        told = [{each: key[each] for each in asked} for key in found]
        forget()
        return told


def forget() -> None:
    """End whatever session this process has; who needs one opens another."""
    with suppress(PKCS11Error):
        pkcs11.lib(MODULE).finalize()


def settings(pin_file: str = PIN_FILE, **changes: str) -> KeySettings:
    """The settings for this token."""
    return KeySettings.model_validate({"module": MODULE, "token": LABEL, "pin_file": pin_file, **changes})


def write_settings(folder: Path, keys: KeySettings) -> None:
    """Choose where the next keys of a data folder are made, and put the PIN where they say."""
    chosen = load(folder).model_copy(update={"keys": keys})
    (folder / FILE_NAME).write_text(tomli_w.dumps(chosen.model_dump(mode="json")), "utf-8")
    write_pin(folder, PIN)


def write_pin(folder: Path, pin: str, mode: int = 0o600) -> None:
    """The PIN's file."""
    path = folder / PIN_FILE
    path.write_text(f"{pin}\n", "ascii")
    path.chmod(mode)
