"""The part of /sys that says where a camera is plugged in, built in a folder: real folders, real links.

Nodes can't be made without rights, so ``video0`` and ``video1`` are links to /dev/null and /dev/zero: what counts is
their device number, as with the real ones.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

_NODES = {"video0": Path("/dev/null"), "video1": Path("/dev/zero")}
_PCI = Path("devices/pci0000:00/0000:00:14.0")


@dataclass(slots=True)
class FakeSysfs:
    """Cameras come and go, each with its node (``node``); ``address`` counts on, as the kernel does."""

    root: Path
    address: int = 4
    _devices: dict[str, Path] = field(default_factory=dict)

    def node(self, name: str = "video0") -> Path:
        """The path that a camera's settings name; there while something is plugged in."""
        return self.root / "nodes" / name

    def plug_in(
        self,
        usb_path: str = "1-1.4",
        *,
        node: str = "video0",
        usb_id: str = "046d:0825",
        driver: str = "uvcvideo",
        controller: Path = _PCI,
    ) -> None:
        """A USB camera at a socket."""
        self.address += 1
        vendor, product, *serial = usb_id.split(":")
        device = self.root / controller / "usb1" / Path(*_hubs(usb_path))
        interface = device / f"{usb_path}:1.0"
        self._video(interface, node)
        self._link(interface / "subsystem", "bus/usb")
        self._link(interface / "driver", f"bus/usb/drivers/{driver}")
        texts = {"idVendor": vendor, "idProduct": product, "busnum": "1", "devnum": str(self.address)}
        for name, text in (texts | ({"serial": serial[0]} if serial else {})).items():
            (device / name).write_text(f"{text}\n", "utf-8")
        self._devices[node] = device

    def loop_back(self, node: str = "video0") -> None:
        """A v4l2loopback node: a video device with nothing behind it."""
        video = self.root / "devices/virtual/video4linux/video9"
        video.mkdir(parents=True)
        self._announce(video, node)
        self._devices[node] = video

    def platform(self, node: str = "video0", driver: str = "vivid") -> None:
        """The kernel's own test camera: a platform device with a driver of its own."""
        device = self.root / "devices/platform/vivid.0"
        self._video(device, node)
        self._link(device / "subsystem", "bus/platform")
        self._link(device / "driver", f"bus/platform/drivers/{driver}")
        self._devices[node] = device

    def unplug(self, node: str = "video0") -> None:
        """The kernel forgets the device; its node goes too."""
        shutil.rmtree(self._devices.pop(node))
        self._entry(node).unlink()
        self.node(node).unlink()

    def _video(self, interface: Path, node: str) -> None:
        video = interface / "video4linux" / "video0"
        video.mkdir(parents=True)
        (video / "device").symlink_to("../..")
        self._announce(video, node)

    def _announce(self, video: Path, node: str) -> None:
        entry = self._entry(node)
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.symlink_to(os.path.relpath(video, entry.parent))
        self.node(node).parent.mkdir(exist_ok=True)
        self.node(node).symlink_to(_NODES[node])

    def _entry(self, node: str) -> Path:
        number = _NODES[node].stat().st_rdev
        return self.root / f"dev/char/{os.major(number)}:{os.minor(number)}"

    def _link(self, link: Path, target: str) -> None:
        (self.root / target).mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(self.root / target, link.parent))


def _hubs(usb_path: str) -> list[str]:
    """``1-1.4`` lies in ``1-1``: one folder for each hub on the way."""
    first, *ports = usb_path.split(".")
    return [first, *(".".join([first, *ports[: count + 1]]) for count in range(len(ports)))]
