"""The wire to a thermal printer: python-escpos opens it and writes; we read, a few bytes and a short while at a time.

python-escpos' own status calls are not used: they take an unanswered question for "paper adequate", and wait a second
for each answer on a serial line.
"""

import os
import select
import shutil
import socket
import tempfile
import termios
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from types import ModuleType
from typing import Any, Self

from devices.errors import DeviceMisconfiguredError, DeviceTimeoutError, DeviceUnavailableError
from devices.thermal_printer.model import Address

_STALL = 2.0  # a piece that the printer does not take for so long: it is not reading
_PIECE = 512
_MOST = 64  # bytes of answers at once
_PICKLES, _MODELS = "ESCPOS_CAPABILITIES_PICKLE_DIR", "ESCPOS_CAPABILITIES_FILE"
_NO_MODELS = b"""
profiles: {default: {name: Default, codePages: {0: CP437}, features: {}, fonts: {}, colors: {}, media: {}}}
encodings: {CP437: {name: CP437, python_encode: cp437}}
"""


class Line:
    """An open wire; a context manager. Not thread-safe. Raises DeviceUnavailableError when it can't be opened or is
    lost, and DeviceMisconfiguredError for a transport whose library is missing."""

    def __init__(self, address: Address) -> None:
        self.two_way = address.transport != "file"
        self._address = address
        self._is_serial = address.transport == "serial"
        library = _library()
        self._failures = (OSError, termios.error, library.exceptions.Error)  # a wire that went away raises any of them
        self._printer = _MAKERS[address.transport](library.printer, address)
        self._read = _READERS[address.transport]

    def __enter__(self) -> Self:
        try:
            self._open()
        except (*self._failures, ValueError) as error:  # pyusb's word for a machine without USB
            raise DeviceUnavailableError(type(error).__name__) from None
        return self

    def __exit__(self, *_: object) -> None:
        """What still waits to be sent is dropped: closing must not wait for a printer that does not read."""
        with suppress(*self._failures):
            if self._is_serial:
                port, self._printer.device = self._printer.device, False  # escpos' own closing would wait
                port.reset_output_buffer()
                port.close()
            self._printer.close()

    def _open(self) -> None:
        if self._address.transport == "tcp":
            # escpos leaves a socket behind where nobody answers, and lets small questions wait for one another
            where = self._address.target, self._address.numbers[0]
            self._printer.device = socket.create_connection(where, _STALL)
            self._printer.device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return
        self._printer.open()
        if self._is_serial:
            self._printer.device.write_timeout = _STALL
            self._printer.device.rtscts = self._address.flow == "rtscts"  # escpos passes it by

    def write(self, data: bytes) -> None:
        """Raises DeviceTimeoutError when the printer takes nothing more, DeviceUnavailableError when it is gone."""
        try:
            for at in range(0, len(data), _PIECE):
                self._printer._raw(data[at : at + _PIECE])  # noqa: SLF001 - every escpos printer's way to send bytes
        except TimeoutError:
            raise DeviceTimeoutError("it takes no data") from None
        except self._failures as error:
            if "timeout" in type(error).__name__.lower():  # pyserial's and pyusb's are no TimeoutError
                raise DeviceTimeoutError("it takes no data") from None
            raise DeviceUnavailableError(type(error).__name__) from None

    def read(self, seconds: float) -> bytes:
        """What the printer says within ``seconds``: at least a byte, or nothing."""
        try:
            return self._read(self._printer, seconds)
        except self._failures as error:
            raise DeviceUnavailableError(type(error).__name__) from None


@cache
def _library() -> ModuleType:
    """Imported where there is such a printer only: it takes a moment, and leaves a folder among the temporary files,
    which is removed."""
    with _no_models():
        import escpos.capabilities  # noqa: PLC0415
        import escpos.exceptions  # noqa: PLC0415
        import escpos.printer  # noqa: PLC0415

    if _PICKLES not in os.environ:
        shutil.rmtree(escpos.capabilities.pickle_dir, ignore_errors=True)
    module: ModuleType = escpos
    return module


@contextmanager
def _no_models() -> Iterator[None]:
    """It would read what every known model can do, for half a second. We send bytes that we made ourselves."""
    if _MODELS in os.environ:
        yield
        return
    with ExitStack() as open_for_now:
        with suppress(OSError):  # no room for the file: it reads them all, then
            file = open_for_now.enter_context(tempfile.NamedTemporaryFile(suffix=".yml", buffering=0))
            file.write(_NO_MODELS)
            open_for_now.callback(os.environ.pop, _MODELS, None)
            os.environ[_MODELS] = file.name
        yield


def _serial(printers: ModuleType, address: Address) -> Any:  # noqa: ANN401 - escpos has no types
    baud, xonxoff = address.numbers[0], address.flow == "xonxoff"
    return printers.Serial(address.target, baudrate=baud, timeout=_STALL, xonxoff=xonxoff, dsrdtr=False)


def _network(printers: ModuleType, address: Address) -> Any:  # noqa: ANN401
    return printers.Network(address.target, port=address.numbers[0], timeout=_STALL)


def _usb(printers: ModuleType, address: Address) -> Any:  # noqa: ANN401
    if not printers.Usb.is_usable():
        raise DeviceMisconfiguredError("a USB printer needs the library pyusb")
    vendor, product, in_end, out_end = address.numbers
    return printers.Usb(vendor, product, timeout=int(_STALL * 1000), in_ep=in_end, out_ep=out_end)


def _file(printers: ModuleType, address: Address) -> Any:  # noqa: ANN401
    return printers.File(address.target)


def _read_serial(printer: Any, seconds: float) -> bytes:  # noqa: ANN401
    port = printer.device
    port.timeout = seconds
    first: bytes = port.read(1)
    return first + (port.read(min(port.in_waiting, _MOST)) if first else b"")


def _read_network(printer: Any, seconds: float) -> bytes:  # noqa: ANN401
    if not select.select([printer.device], [], [], seconds)[0]:
        return b""
    received: bytes = printer.device.recv(_MOST)
    if not received:
        raise ConnectionResetError
    # a printer with Nagle's algorithm (RFC 9293, 3.7.4) holds its next answer back until this one is acknowledged: at
    # once, then, and not 40 ms later, in which the paper would stop
    printer.device.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    return received


def _read_usb(printer: Any, seconds: float) -> bytes:  # noqa: ANN401
    try:
        return bytes(printer.device.read(printer.in_ep, _MOST, max(int(seconds * 1000), 1)))
    except OSError as error:
        if "timeout" in type(error).__name__.lower():
            return b""
        raise


def _read_nothing(_printer: Any, _seconds: float) -> bytes:  # noqa: ANN401
    return b""


_MAKERS: dict[str, Callable[[ModuleType, Address], Any]] = {
    "serial": _serial,
    "tcp": _network,
    "usb": _usb,
    "file": _file,
}
_READERS: dict[str, Callable[[Any, float], bytes]] = {
    "serial": _read_serial,
    "tcp": _read_network,
    "usb": _read_usb,
    "file": _read_nothing,
}
