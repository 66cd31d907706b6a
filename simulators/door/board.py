"""A door and its controller's own wiring: what is released, and by whom, whatever the bus and the gate are doing.

The exit button and the fire alarm's contact act on the strike here, as copper does, and not in what speaks OSDP: they
work with the cable cut, with the firmware hung and with nobody at the other end.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

EXIT_S = 3.0
"""How long the strike stays released after the exit button was let go of."""


@dataclass(slots=True)
class Board:
    """``log``: one line of JSON for everything that happened: ``{"at": seconds, "what": …}``."""

    log: Path
    contact_open: bool = False
    exit_pressed: bool = False
    fire: bool = False
    tamper: bool = False
    _output_until: float = 0.0
    _exit_until: float = 0.0
    _released: tuple[str, ...] = field(default=())

    def hands(self, values: Mapping[str, str], now: float) -> None:
        """What somebody does to the door, by the state file's words."""
        self.contact_open = values["contact"] == "open"
        self.exit_pressed = values["exit"] == "pressed"
        self.fire = values["fire"] == "alarm"
        self.tamper = values["tamper"] == "opened"
        if self.exit_pressed:
            self._exit_until = now + EXIT_S
        self._follow(now)

    def output(self, code: int, tenths: int, now: float) -> None:
        """osdp_OUT for the strike. Codes (SIA OSDP 2.2): 5 is on for a time; 1 and 3 are off; 2 and 4 are on."""
        self.note("output", code=code, seconds=tenths / 10)
        if code == 5:  # noqa: PLR2004 - as the standard counts
            self._output_until = now + tenths / 10
        elif code in (2, 4):
            self._output_until = float("inf")
        elif code in (1, 3):
            self._output_until = 0.0
        self._follow(now)

    def power_failed(self, now: float) -> None:
        """The output's timer is firmware and begins anew; exit and fire are not."""
        self._output_until = 0.0
        self._follow(now)

    def _follow(self, now: float) -> None:
        """The strike is released while anything releases it; each change is noted."""
        why = {"output": now < self._output_until, "exit": now < self._exit_until, "fire": self.fire}
        released = tuple(name for name, is_so in why.items() if is_so)
        if released != self._released:
            self._released = released
            self.note("released" if released else "locked", by=list(released))

    @property
    def released(self) -> tuple[str, ...]:
        """What releases the strike now; nothing: it holds."""
        return self._released

    def note(self, what: str, **more: object) -> None:
        """Append a line to the log. Times are the machine's monotonic clock, which other processes read too."""
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": round(time.monotonic(), 3), "what": what} | more) + "\n")


def happened(log: Path, what: str = "") -> list[dict[str, object]]:
    """What the log holds, of one kind or of all."""
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    notes: list[dict[str, object]] = [json.loads(line) for line in lines]
    return [note for note in notes if what in ("", note["what"])]
