"""What differs between thermal printers, as data: the paper, the commands a model knows, and where it is connected."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args
from urllib.parse import SplitResult, parse_qsl, urlsplit

from devices.errors import DeviceMisconfiguredError

Cut = Literal["full", "partial", "none"]
Presenter = Literal["none", "eject", "retract"]
Echo = Literal["process-id", "paper-status"]
Clear = Literal["dle-dc4", "none"]
Transport = Literal["serial", "tcp", "usb", "file"]

_CHOICES: dict[str, tuple[str, ...]] = {
    "cut": get_args(Cut),
    "presenter": get_args(Presenter),
    "echo": get_args(Echo),
    "clear": get_args(Clear),
}
_RANGES = {
    "width": (8, 4096),
    "left_margin": (0, 4096),
    "right_margin": (0, 4096),
    "density": (-6, 6),
    "feed": (0, 2000),
    "presenter_seconds": (1, 600),
    "band": (8, 1024),
}
_DEFAULT_PORT = 9100
_HEX = 16


@dataclass(frozen=True, slots=True)
class StripModel:
    """One model of printer. Lengths in dots (203 dpi: 8 a millimetre).

    ``width``: what its head prints (384: 58 mm paper, 576: 80 mm). ``left_margin``, ``right_margin``: of that, kept
    white. ``density``: -6 to 6, the printer's own middle is 0. ``feed``: how far the paper must move so that the cutter
    is behind the last row. ``cut``: what the cutter does. ``presenter``: what becomes of a strip that nobody takes
    within ``presenter_seconds``; "none" where there is no presenter. ``band``: rows sent at once; two bands must fit
    into its receive buffer. ``echo``: the command it answers when everything before is done. ``clear``: how its buffer
    is emptied.
    """

    width: int = 576
    left_margin: int = 0
    right_margin: int = 0
    density: int = 0
    feed: int = 120
    cut: Cut = "full"
    presenter: Presenter = "none"
    presenter_seconds: int = 30
    band: int = 24
    echo: Echo = "process-id"
    clear: Clear = "dle-dc4"

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise DeviceMisconfiguredError(f"{name} is one of: {', '.join(allowed)}")
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise DeviceMisconfiguredError(f"{name} is a whole number from {least} to {most}")
        if self.width % 8 or self.printable <= 0:
            raise DeviceMisconfiguredError("width is a multiple of 8, and wider than its margins")

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Self:
        """From a configuration's table. Raises DeviceMisconfiguredError, which names what is wrong."""
        if unknown := values.keys() - {each.name for each in fields(cls)}:
            raise DeviceMisconfiguredError(f"a thermal printer's model has no {', '.join(sorted(unknown))}")
        return cls(**values)

    @property
    def printable(self) -> int:
        """The widest strip."""
        return self.width - self.left_margin - self.right_margin


@dataclass(frozen=True, slots=True)
class Address:
    """Where a printer is connected: ``serial:///dev/ttyS4?baud=115200&flow=none`` (or rtscts, xonxoff),
    ``tcp://host:9100``, ``usb://04b8:0202?in=82&out=01``, ``file:///dev/usb/lp0``.

    ``target``: a device path or a host. ``numbers``: baud; port; vendor, product, in and out endpoints; nothing.
    """

    transport: Transport
    target: str
    numbers: tuple[int, ...] = ()
    flow: str = "none"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises DeviceMisconfiguredError on any other."""
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query))
        try:
            return cls._of(parts, options)
        except (ValueError, KeyError):
            raise DeviceMisconfiguredError(
                "a thermal printer's address is serial:///dev/…?baud=…, tcp://host:port, usb://vendor:product or file:///dev/…"
            ) from None

    @classmethod
    def _of(cls, parts: SplitResult, options: dict[str, str]) -> Self:
        flow = options.pop("flow", "none")
        match parts.scheme:
            case "serial" if parts.path and flow in ("none", "rtscts", "xonxoff"):
                found = cls("serial", parts.path, (int(options.pop("baud", "115200")),), flow)
            case "tcp" if parts.hostname and not parts.path:
                found = cls("tcp", parts.hostname, (parts.port or _DEFAULT_PORT,))
            case "usb":
                vendor, product = parts.netloc.split(":")
                ends = options.pop("in", "82"), options.pop("out", "01")
                found = cls("usb", parts.netloc, tuple(int(each, _HEX) for each in (vendor, product, *ends)))
            case "file" if parts.path:
                found = cls("file", parts.path)
            case _:
                raise ValueError(parts.scheme)
        if options:
            raise ValueError("unknown option")
        return found
