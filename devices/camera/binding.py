"""Binds the camera to the USB socket inside the cabinet: nothing else may show the kiosk a picture.

A face check that takes its picture from anywhere can be fed one: by a loopback device (v4l2loopback, vivid), by a
program that plays a camera over a virtual USB bus, by another camera plugged in elsewhere. So the node that is about to
be opened is looked up in sysfs, by its device number and not by its name, and must hang on the driver ``uvcvideo`` at
the stated socket. A socket's name is the kernel's: "1-1.4" is bus 1, port 1 of its root hub, port 4 of the hub there
(Linux, Documentation/driver-api/usb/usb.rst and admin-guide/sysfs-rules.rst).
"""

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from devices.camera.api import AnotherCameraError
from devices.errors import DeviceUnavailableError

SYSFS = Path("/sys")
_DRIVER = "uvcvideo"
_SOFTWARE_BUSES = ("vhci_hcd", "dummy_hcd")  # USB controllers that are programs: usbip, and the kernel's test driver


class Mismatch(StrEnum):
    """Why what is there is not the kiosk's camera."""

    VIRTUAL = "camera-is-virtual"
    ANOTHER_DRIVER = "camera-driver-is-not-uvcvideo"
    ANOTHER_SOCKET = "camera-at-another-socket"
    REPLACED = "camera-replaced"


@dataclass(frozen=True, slots=True)
class Plugged:
    """What a video node hangs on now. Equal at two times: it was not unplugged between them.

    ``usb_path``: the socket, "" without one. ``usb_id``: vendor:product, and :serial where the camera has one.
    ``driver``: of its video interface. ``number``: the node's device number. ``address``: bus and device; the kernel
    counts on with every plugging in.
    """

    usb_path: str
    usb_id: str
    driver: str
    number: int
    address: str


def look_up(source: Path, sysfs: Path = SYSFS) -> Plugged | None:
    """What is behind a device node. None: nothing is plugged in under this name. Never raises."""
    try:
        node = source.stat()
        if not stat.S_ISCHR(node.st_mode):
            return None
        number = f"{os.major(node.st_rdev)}:{os.minor(node.st_rdev)}"
        return _read(node.st_rdev, (sysfs / "dev" / "char" / number).resolve())
    except OSError:  # pulled out while it was read
        return None


def _read(number: int, video: Path) -> Plugged:
    interface = (video / "device").resolve()
    if not _is_usb(interface):
        return Plugged("", "", _link(interface, "driver"), number, "")
    device = interface.parent
    parts = [_text(device, name) for name in ("idVendor", "idProduct", "serial")]
    return Plugged(
        usb_path=device.name,
        usb_id=":".join(filter(None, parts)),
        driver=_link(interface, "driver"),
        number=number,
        address=f"{_text(device, 'busnum')}:{_text(device, 'devnum')}",
    )


def _is_usb(interface: Path) -> bool:
    software = any(part.startswith(_SOFTWARE_BUSES) for part in interface.parts)
    return _link(interface, "subsystem") == "usb" and not software


def _link(folder: Path, name: str) -> str:
    link = folder / name
    return link.resolve().name if link.is_symlink() else ""


def _text(folder: Path, name: str) -> str:
    """A camera without a serial number has no such file; what it calls itself is its own words, hence the rest."""
    try:
        written = (folder / name).read_text("ascii", "replace").strip()
    except FileNotFoundError:
        return ""
    return "".join(letter if letter.isalnum() or letter in "-_." else "?" for letter in written)


class UsbBinding:
    """``usb_path``: the only socket. ``usb_id``: the only model, or piece ("046d:0825", "046d:0825:SERIAL").

    Without ``usb_id`` the first camera seen at the socket is the only one until the kiosk is started again.
    """

    def __init__(self, source: str, usb_path: str, usb_id: str = "", sysfs: Path = SYSFS) -> None:
        self.usb_path = usb_path
        self._source = Path(source)
        self._usb_id = usb_id
        self._first = ""
        self._sysfs = sysfs

    def look(self) -> Plugged | None:
        """What is plugged in now, right or wrong. None: nothing. Never raises."""
        return look_up(self._source, self._sysfs)

    def mismatch(self, found: Plugged) -> Mismatch | None:
        """Why ``found`` may not be looked through. None: it may, and from now on no other at this socket."""
        if not found.usb_path:
            return Mismatch.VIRTUAL
        if found.driver != _DRIVER:
            return Mismatch.ANOTHER_DRIVER
        if found.usb_path != self.usb_path:
            return Mismatch.ANOTHER_SOCKET
        if not self._is_known(found.usb_id):
            return Mismatch.REPLACED
        self._first = self._first or found.usb_id
        return None

    def facts(self, found: Plugged) -> tuple[tuple[str, str], ...]:
        """For the technician: what is there, what is wrong with it, and what was expected."""
        seen = (("usb-path", found.usb_path or "none"), ("usb-id", found.usb_id or "none"))
        mismatch = self.mismatch(found)
        if mismatch is None:
            return seen
        expected = (("expected-usb-path", self.usb_path), ("expected-usb-id", self._usb_id or self._first or "any"))
        return (*seen, ("mismatch", mismatch.value), *expected)

    def hold(self) -> Plugged:
        """Before opening: what is there, being the right one. Raises DeviceUnavailableError and AnotherCameraError."""
        found = self.look()
        if found is None:
            raise DeviceUnavailableError("not plugged in")
        mismatch = self.mismatch(found)
        if mismatch:
            raise AnotherCameraError(mismatch.value)
        return found

    def still(self, held: Plugged) -> None:
        """Before a frame is believed: it was not pulled out since, even if another or the same one is back."""
        if self.hold() != held:
            raise AnotherCameraError("plugged in anew")

    def _is_known(self, usb_id: str) -> bool:
        if self._usb_id:
            return usb_id == self._usb_id or usb_id.startswith(f"{self._usb_id}:")
        return self._first in {"", usb_id}
