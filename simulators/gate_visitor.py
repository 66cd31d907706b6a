"""People before a gate's real screen: they lay cards, show squares, type, press the way out; and a technician.

Each screen that somebody comes to is photographed and noted with its time, and with how often the door was let go.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gate.flows import states as s
from gate.main import Application
from simulators.street import Street

if TYPE_CHECKING:  # importing it would open the window
    from simulators.touch import TouchDriver

_READY_S, _STEP_S, _DOOR_S = 90.0, 20.0, 5.0
_TAPS, _CORNER_PX = 5, 10


class GateLostError(RuntimeError):
    """The expected did not come; the message says what stood there instead."""


@dataclass(slots=True)
class GateVisitor:
    """``out``: where pictures and ``visit.json`` go."""

    application: Application
    driver: "TouchDriver"
    street: Street
    out: Path
    log: list[dict[str, object]] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    # --- seeing ---

    @property
    def at(self) -> s.At:
        """What the gate's screen stands for."""
        if self.application.composed is None:
            raise GateLostError("the gate has not started")
        return self.application.composed.conductor.terminal.at

    def until(self, true: Callable[[], object], what: str, seconds: float = _STEP_S) -> None:
        """Let the gate draw until this is so. Raises GateLostError."""
        if not self.driver.wait_until(lambda: bool(true()), seconds):
            raise GateLostError(f"{what} did not come; {type(self.at).__name__} is there")

    def comes_to(self, kind: type[s.At], name: str) -> None:
        """Wait for a screen; photograph and note it."""
        self.until(lambda: isinstance(self.at, kind), kind.__name__)
        self.note(name)

    def note(self, name: str) -> None:
        """A state, a time, how often the door was let go: nothing personal."""
        seconds, strikes = round(time.monotonic() - self._began, 2), len(self.street.strikes())
        self.log.append({"screen": name, "state": type(self.at).__name__, "seconds": seconds, "door": strikes})
        self.driver.settle()
        self.driver.screenshot(self.out / "screens" / f"{len(self.log):02d}-{name}.png")

    def write_log(self) -> None:
        """``visit.json``."""
        (self.out / "visit.json").write_text(json.dumps(self.log, indent=1), "utf-8")

    # --- what people do ---

    def waits_until_well(self) -> None:
        """Until it knows who may come in, and may ask for a face."""
        gate = self.application.composed
        if gate is None:
            raise GateLostError("the gate has not started")
        self.until(gate.tidy.store.grants.count, "the first snapshot", _READY_S)
        self.until(lambda: gate.conductor.terminal.conditions.face is s.Face.OFFERED, "the face", _READY_S)
        self.comes_to(s.Idle, "idle")

    def lays(self, card: str, *, opens: bool) -> None:
        """A card on the reader, and away again."""
        self._presents(lambda: self.street.lay(card), f"card-{card}", opens=opens)
        self.street.lay("none")
        self._leaves()

    def shows(self, square: str) -> None:
        """A square that opens before the scanner, by its name, and away again."""
        self._presents(lambda: self.street.show(square), f"square-{square}", opens=True)
        self.street.show("none")

    def is_asked_about_a_face_and_declines(self) -> None:
        """Whoever has consented at the kiosk, and came in by the slip."""
        self.comes_to(s.AskingEnrolment, "asked-once-more")
        self._taps("decline")
        self.until(lambda: isinstance(self.at, s.Idle), "the screen that waits")

    def types(self, digits: str) -> None:
        """A guest's code, by touch."""
        self._leaves()
        self._taps("type")
        self.until(lambda: isinstance(self.at, s.TypingCode), "the keys")
        for digit in digits:
            self._taps(f"key:{digit}")
        self.note("guest-typed")
        self._presents(lambda: self._taps("key-done"), "guest-opened", opens=True)
        self._leaves()

    def leaves_by_the_button(self) -> None:
        """出门按钮: the controller's own wiring; the screen has no part in it."""
        self.street.door(exit="pressed")
        self.until(lambda: ["exit"] in self.street.released_by(), "the way out", _DOOR_S)
        self.street.door(exit="released")
        self.note("exit-button")

    def hears_the_fire_alarm(self) -> None:
        """The strike is released by its wiring, the screen says so."""
        self.street.door(fire="alarm")
        self.comes_to(s.Emergency, "fire")
        self.street.door(fire="quiet")
        self.until(lambda: isinstance(self.at, s.Idle), "the screen that waits")

    def technician(self, pin: str) -> None:
        """Five taps in the upper left corner, the PIN, the page, the door tried, and away."""
        for _ in range(_TAPS):
            self.driver.tap_at(_CORNER_PX, self.driver.app.root.top - _CORNER_PX)
        self.comes_to(s.EnteringPin, "technician-pin")
        for digit in pin:
            self._taps(f"digit-{digit}")
        self._taps("enter")
        self.comes_to(s.AtService, "technician-page")
        before = len(self.street.strikes())
        self._taps("test-door")
        self.until(lambda: self.street.opens(before + 1), "the strike", _DOOR_S)
        self.until(lambda: getattr(self.at, "said", "") == "door-opened", "the answer")
        self.note("technician-door-tried")
        self._taps("leave")
        self.until(lambda: isinstance(self.at, s.Idle), "the screen that waits")

    # --- hands ---

    def _taps(self, action: str) -> None:
        """Once it is there: screens come a moment after their states."""
        self.until(lambda: self.driver.shows(action), f"the target {action}")
        self.driver.tap(action)

    def _presents(self, present: Callable[[], None], name: str, *, opens: bool) -> None:
        before = len(self.street.strikes())
        present()
        if opens:
            self.until(lambda: self.street.opens(before + 1), f"the door, by {name}")
            self.until(lambda: isinstance(self.at, s.Opened | s.AskingEnrolment), "the open door's screen")
        else:
            self.until(lambda: isinstance(self.at, s.Refused), f"a refusal of {name}")
        self.note(name)

    def _leaves(self) -> None:
        """Whoever was there has gone; an open door's screen ends by itself."""
        if isinstance(self.at, s.Refused):
            self._taps("back")
        self.until(lambda: isinstance(self.at, s.Idle), "the screen that waits")
