"""A door controller on an OSDP bus (SIA OSDP 2.2, IEC 60839-11-5): libosdp's control panel, turned by hand.

libosdp 3.2.9 as measured, and what is made of it here:

- After an error it is silent for 300 s. A session that is not secure within seconds is thrown away and begun anew.
- A command on its way is sent again for eight seconds, by a library that can't be told to stop. An opening that was
  not acknowledged takes its session with it: in the next one nobody knows of it, and a controller rejects old frames.
- A controller that refuses a command counts as offline to it: the session begins anew then too.
- Its counter of tenths of a second is one byte wide; more is cut off without a word (api.LONGEST_S).
- Its own panel class keeps every event for somebody who may never ask; the bare one below it does not.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import osdp_sys

from devices.door.api import DoorReason, Opening
from devices.door.key import KeyProblemError, load_key
from devices.door.line import SerialLine
from devices.door.sensing import Levels
from devices.door.wire import CCRYPT, PDCAP, TEMPORARY_ON, TENTHS
from devices.door.wiring import Inputs

AGAIN_S: Final = 2.0
"""So long a session may take to become secure; a sound one needs a tenth of it."""
SILENCE_S: Final = 1.0
"""A device is asked twenty times a second: one that says nothing for so long is not there."""
_LOOK_S: Final = 1.0  # between two looks for a port, or for a key
_ONLY = 0  # the place of the one device in libosdp's list and masks
_TAMPER = 0  # byte of a local status
_QUESTIONS = (osdp_sys.STATUS_REPORT_INPUT, osdp_sys.STATUS_REPORT_LOCAL)


class OsdpMechanism:
    """``address``: 0 to 126. ``output``: the relay that releases the strike, the first is 0."""

    def __init__(self, line: SerialLine, address: int, key_file: Path, inputs: Inputs, output: int = 0) -> None:
        self.reason = DoorReason.STARTING
        self._line = line
        self._address = address
        self._key_file = key_file
        self._inputs = inputs
        self._output = output
        self._identity: tuple[tuple[str, str], ...] = ()
        self._panel: Any = None
        self._began = 0.0
        self._look_at = 0.0
        self._secure = False
        self._answer: Opening | None = None
        self._told = False
        self._levels = Levels()
        self._heard: list[Levels] = []
        self._questions: list[int] = []
        self._refused: set[int] = set()
        self._asked: int | None = None
        osdp_sys.set_loglevel(osdp_sys.LOG_EMERG)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Where it is, and what it says of itself."""
        return (("port", self._line.port), ("address", str(self._address)), *self._identity)

    def turn(self, now: float) -> list[Levels]:
        """One step of libosdp, and of what watches over it."""
        if self._panel is None and not self._begin(now):
            return []
        self._panel.refresh()
        if not self._line.is_open:
            self._end(DoorReason.PORT_MISSING, now)
            return []
        self._judge(now)
        if self._secure:
            self._ask()
        if self.reason is not DoorReason.OK:
            return []
        heard, self._heard = self._heard, []
        return heard

    def release(self, for_s: float, now: float) -> bool:
        """Tell it: on, for tenths of a second, and then back to rest by the controller's own clock."""
        del now
        if self.reason is not DoorReason.OK:
            return False
        self._answer, self._told = None, True
        tenths = round(for_s * TENTHS)
        command = {"output_no": self._output, "control_code": TEMPORARY_ON, "timer_count": tenths}
        return bool(self._panel.submit_command(_ONLY, {"command": osdp_sys.CMD_OUTPUT} | command))

    def answer(self) -> Opening | None:
        """OFFLINE as well when the session ended under it."""
        return self._answer

    def abandon(self) -> None:
        """The session goes, and with it what it would send again."""
        self._end(DoorReason.SILENT, self._began)

    def close(self) -> None:
        """No session, no port."""
        self._panel = None
        self._line.close()

    # --- sessions ---

    def _begin(self, now: float) -> bool:
        """A port, a key, and a session with them. Where one is missing, it is looked for again a second later."""
        if now < self._look_at:
            return False
        self._look_at = now + _LOOK_S
        if not self._line.is_open and not self._line.open():
            self.reason = DoorReason.PORT_MISSING
            return False
        try:
            key = load_key(self._key_file)
        except KeyProblemError as problem:
            self.reason = problem.reason
            return False
        self._panel = self._new_panel(key)
        self._began, self._asked = now, None
        self._line.hearing.forget()
        return True

    def _new_panel(self, key: bytes) -> Any:  # noqa: ANN401 - libosdp has no types
        flags = osdp_sys.FLAG_ENFORCE_SECURE  # never a word in clear text, whatever the other end offers
        device = {"name": "door", "address": self._address, "flags": flags, "scbk": key, "channel": self._line}
        panel = osdp_sys.ControlPanel([device])
        panel.set_event_callback(self._event)
        panel.set_command_completion_callback(self._done)
        return panel

    def _end(self, reason: DoorReason, now: float) -> None:
        """The next session begins at the next turn, or, without a port, when there is one."""
        self._panel, self._secure = None, False
        if self._told:
            self._told, self._answer = False, Opening.OFFLINE
        self.reason = reason
        self._look_at = now + (_LOOK_S if reason is DoorReason.PORT_MISSING else 0.0)

    def _judge(self, now: float) -> None:
        """Whether it is there, and whether it is who it should be."""
        silent = now - max(self._line.heard_at, self._began) > SILENCE_S
        secure = bool(self._panel.status() & self._panel.sc_status() & 1) and not silent
        if secure and not self._secure:
            self._welcome()
        if self._secure and not secure:
            self._end(DoorReason.SILENT if silent else DoorReason.STARTING, now)
        elif not secure and now - self._began > AGAIN_S:
            self._end(self._why(), now)
        elif not secure and silent:
            self.reason = DoorReason.SILENT

    def _why(self) -> DoorReason:
        """What was heard tells a dead line, a wrong key and a controller without keys from one another."""
        codes = self._line.hearing.codes
        if CCRYPT in codes:
            return DoorReason.KEY_REFUSED
        return DoorReason.NOT_SECURE if PDCAP in codes else DoorReason.SILENT

    def _welcome(self) -> None:
        """A secure session: who is it, and how does everything stand? What it once refused is not asked again."""
        self._secure = True
        told = self._panel.get_pd_id(_ONLY)
        self._identity = tuple((name, f"{told[name]:x}") for name in ("vendor_code", "model", "firmware_version"))
        self._questions = [kind for kind in _QUESTIONS if kind not in self._refused]
        self._levels = Levels()
        self._heard = [self._levels]

    def _ask(self) -> None:
        """One question after the other; ready to open once none is left, as a refused one ends the session."""
        if self._asked is None and not self._questions:
            self.reason = DoorReason.OK
        elif self._asked is None:
            self._asked = self._questions.pop(0)
            self._panel.submit_command(_ONLY, {"command": osdp_sys.CMD_STATUS, "type": self._asked})

    # --- what libosdp calls ---

    def _done(self, _place: int, command: Mapping[str, int], status: int) -> None:
        if command["command"] == osdp_sys.CMD_STATUS:
            if status == osdp_sys.COMPLETION_FAILED and self._asked is not None:
                self._refused.add(self._asked)
            self._asked = None
        elif self._told:
            self._told = False
            self._answer = _MEANING.get(status, Opening.OFFLINE)

    def _event(self, _place: int, event: Mapping[str, Any]) -> int:
        if event["event"] == osdp_sys.EVENT_STATUS:
            self._status(event["type"], event["report"])
        return 0

    def _status(self, kind: int, report: bytes) -> None:
        if kind == osdp_sys.STATUS_REPORT_INPUT:
            levels = dict(enumerate(map(bool, report)))
            self._levels = replace(self._inputs.levels(levels), tamper=self._levels.tamper)
        elif kind == osdp_sys.STATUS_REPORT_LOCAL and report:
            self._levels = replace(self._levels, tamper=bool(report[_TAMPER]))
        self._heard.append(self._levels)


_MEANING: Final[Mapping[int, Opening]] = {
    osdp_sys.COMPLETION_OK: Opening.OPENED,
    osdp_sys.COMPLETION_FAILED: Opening.REFUSED,
}
