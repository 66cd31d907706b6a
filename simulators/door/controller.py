"""The firmware of a door controller: libosdp's peripheral device, a board behind it, and everything that can be wrong.

``var/sim/door.json`` says what somebody does to the door and what is wrong with the controller. It must not run in a
process that holds libosdp's other end: the two share what the library keeps for all.
"""

import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import osdp_sys

from simulators.door.board import Board
from simulators.door.bus import Bus
from simulators.state import SimulatedState

DEVICE = "door"
LINK = "door.tty"
LOG = "door.log"
KEY = "door.key"
INPUTS = ("contact", "exit", "fire")
"""The controller's inputs, the first is number 0."""
_LATE_S = 0.12  # of the 0.2 s that the standard gives a device for its answer
_BOOT_S = 1.0
_DEAF = ("line-cut", "hung")
_DONE, _REFUSED = 0, -1


class DoorController:
    """``turn`` does what has to be done now, and is called every few milliseconds."""

    def __init__(self, state: SimulatedState, address: int = 0) -> None:
        folder = state.folder
        folder.mkdir(parents=True, exist_ok=True)
        self.board = Board(folder / LOG)
        self.bus = Bus(folder / LINK)
        self._state = state
        self._address = address
        self._key = own_key(folder / KEY)
        self._values = state.read(DEVICE)
        self._mode = ""
        self._device: Any = None
        self._booted_with = b""
        self._boots_at = 0.0
        self._told: dict[int, bytes] = {}
        osdp_sys.set_loglevel(osdp_sys.LOG_EMERG)

    def turn(self) -> None:
        """One step of hands, wiring, firmware and cable."""
        now = time.monotonic()
        self._values = self._state.read(DEVICE)
        self.board.hands(self._values, now)
        self._follow(self._values["state"], now)
        if self._mode == "hung" or self._device is None:
            self.bus.flush()  # a dead firmware loses what comes
        else:
            self._device.refresh()
            self._report()
        self.bus.turn()
        if self._device is None and self._boots_at and now >= self._boots_at:
            self._boot()

    def _follow(self, mode: str, now: float) -> None:
        if mode == self._mode:
            return
        self._mode = mode
        self.bus.cut = mode in _DEAF
        self.bus.late_s = _LATE_S if mode == "slow" else 0.0
        if mode == "unplugged":
            self.bus.unplug()
        else:
            self.bus.plug()
        key = secrets.token_bytes(16) if mode == "wrong-key" else self._key
        self._restart(key, now, _BOOT_S if mode == "rebooted" else 0.0)

    def _restart(self, key: bytes, now: float, takes_s: float) -> None:
        """Where the key or the power changed, the firmware begins anew; a cable changes nothing in it."""
        if self._device is not None and key == self._booted_with and not takes_s:
            return
        self._device, self._booted_with, self._boots_at = None, key, now + takes_s
        self.board.power_failed(now)

    def _boot(self) -> None:
        self._boots_at = 0.0
        self._told.clear()
        self._device = osdp_sys.PeripheralDevice(self._information(), capabilities=_CAPABILITIES)
        self._device.set_command_callback(self._command)
        self.board.note("booted")

    def _information(self) -> dict[str, object]:
        return {
            "name": "door",
            "address": self._address,
            "flags": osdp_sys.FLAG_ENFORCE_SECURE,
            "scbk": self._booted_with,
            "channel": self.bus,
            "version": 1,
            "model": 1,
            "vendor_code": 0x4C414D,
            "serial_number": 1,
            "firmware_version": 0x010000,
        }

    # --- what is said over the bus ---

    def _command(self, command: Mapping[str, int]) -> tuple[int, None]:
        if command["command"] == osdp_sys.CMD_OUTPUT:
            return self._output(command), None
        return _REFUSED, None  # its binding can't answer questions for inputs: it tells of them by itself

    def _output(self, command: Mapping[str, int]) -> int:
        if self._mode == "refuses":
            self.board.note("refused")
            return _REFUSED
        self.board.output(command["control_code"], command["timer_count"], time.monotonic())
        return _DONE

    def _status(self, kind: int) -> bytes:
        """A byte per input, or one for the housing and one for the power."""
        if kind == osdp_sys.STATUS_REPORT_LOCAL:
            return bytes((self.board.tamper, False))
        return bytes((self.board.contact_open, self.board.exit_pressed, self.board.fire))

    def _report(self) -> None:
        """Tell of everything once a secure channel is there, then of what changes: as the answer to the next poll."""
        if not self._device.is_sc_active():
            self._told.clear()
            return
        for kind in (osdp_sys.STATUS_REPORT_INPUT, osdp_sys.STATUS_REPORT_LOCAL):
            now = self._status(kind)
            if now != self._told.get(kind):
                self._told[kind] = now
                self._device.submit_event({"event": osdp_sys.EVENT_STATUS, "type": kind, "report": now})


def own_key(path: Path) -> bytes:
    """The controller's secure channel base key (SCBK, 16 bytes), made where there is none: hexadecimal, its owner's."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(16) + "\n", "ascii")
    return bytes.fromhex(path.read_text("ascii"))


_CAPABILITIES = [
    {"function_code": osdp_sys.CAP_CONTACT_STATUS_MONITORING, "compliance_level": 1, "num_items": len(INPUTS)},
    {"function_code": osdp_sys.CAP_OUTPUT_CONTROL, "compliance_level": 1, "num_items": 1},
    {"function_code": osdp_sys.CAP_COMMUNICATION_SECURITY, "compliance_level": 1, "num_items": 1},
]
