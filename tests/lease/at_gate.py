"""What somebody does before a gate: lays a card, shows a square, asks to be looked at. And what comes of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulators.scene import POSES
from tests.lease.gates import GateBox
from tests.lease.resident import Resident

OPENED, REFUSED = "opened", "refused"
_DECIDED_S, _LOOKED_S, _OFFERED_S = 20.0, 75.0, 3.0  # how long somebody waits for what
_UNSEEN_S, _LOOK_S, _READ_S = 0.8, 0.1, 1.0
_LONG_S = 180.0
_LOOKING = ("LookingForFace", "EnrollingFace")


@dataclass(slots=True)
class AtGate:
    """``resident``: whose kiosk is drawn meanwhile. ``out``: where pictures go, numbered in their order."""

    resident: Resident
    out: Path
    _pictures: int = 0

    def until(self, true: Callable[[], object], what: str, seconds: float = 60.0) -> None:
        """Raises MissedError."""
        self.resident.until(true, what, seconds)

    def by_card(self, gate: GateBox, card: str) -> str:
        """Laid once more: OPENED, REFUSED, or neither in time."""
        self.rests(gate)
        return self._decided(gate, lambda: gate.lay(card))

    def by_square(self, gate: GateBox, square: Callable[[], str]) -> str:
        """Shown once more."""
        self.rests(gate)
        self.resident.walker.driver.pump(_UNSEEN_S)  # a scanner says the same square again only later
        return self._decided(gate, lambda: gate.show(square()))

    def by_face(self, gate: GateBox, person: str, name: str = "") -> str:
        """Asked for at the marked spot by this person, who does what the screen says. ``name``: of the pictures."""
        self.rests(gate)
        before = len(gate.strikes())
        gate.stand(f"live:{person}")
        gate.ask("tap", "face")
        self.until(lambda: gate.ask("at") == "AskingFace", f"the face's screen at {gate.name}")
        self._named(gate, name)
        self.resident.walker.driver.pump(_READ_S)
        gate.ask("tap", "look")
        self._follows(gate, name)
        decided = self._heard(gate, before)
        gate.stand("nobody")
        return decided

    def gives_face(self, gate: GateBox, square: Callable[[], str], person: str) -> None:
        """By a slip that opens, another yes, and what the screen says then; again, who was too slow for the camera.
        Raises MissedError."""
        self.until(lambda: self._gives_face(gate, square, person), f"a template at {gate.name}", _LONG_S)

    def opened(self, gate: GateBox) -> float:
        """When; with a picture of what whoever came in saw."""
        at = gate.strikes()[-1]
        self.picture(gate, "opened")
        self.rests(gate)
        return at

    def rests(self, gate: GateBox) -> None:
        """Whoever was there has gone."""
        gate.lay("none")
        gate.show("none")
        gate.ask("back")
        self.until(lambda: gate.ask("at") == "Idle", f"the lamp of {gate.name}")

    def picture(self, gate: GateBox, name: str) -> None:
        """Of its screen now."""
        self._pictures += 1
        gate.ask("picture", str(self.out / f"{self._pictures:02d}-{gate.name}-{name}.png"))

    def _gives_face(self, gate: GateBox, square: Callable[[], str], person: str) -> bool:
        self.until(lambda: self._is_asked(gate, square), f"the question about a face at {gate.name}")
        self.picture(gate, "asks-about-a-face")
        gate.show("none")
        gate.ask("tap", "agree")
        self.until(lambda: gate.ask("at") == "ShowingSlip", f"the slip's screen at {gate.name}")
        self.picture(gate, "asks-for-the-slip")
        self.resident.walker.driver.pump(_UNSEEN_S)
        gate.stand(f"live:{person}")
        gate.show(square())
        self.until(lambda: gate.ask("at") not in ("ShowingSlip", "Deciding"), f"the look at {gate.name}")
        gate.show("none")
        self._follows(gate, "gives-a-face")
        gate.stand("nobody")
        self.until(lambda: gate.ask("at") == "EnrolmentOver", f"the end of the enrolment at {gate.name}")
        self.picture(gate, "enrolment-over")
        self.rests(gate)
        return bool(gate.ask("holds")["templates"])

    def _is_asked(self, gate: GateBox, square: Callable[[], str]) -> bool:
        """The square once more; whether the screen asks for a face then, as it does once the consent has come here."""
        if self.by_square(gate, square) != OPENED:
            return False
        return self.resident.walker.driver.wait_until(lambda: gate.ask("at") == "AskingEnrolment", _OFFERED_S)

    def _follows(self, gate: GateBox, name: str) -> None:
        """Reads the screen's instruction, as anybody does, and turns accordingly."""
        said: list[str] = []
        until = time.monotonic() + _LOOKED_S
        while gate.ask("at") in _LOOKING and time.monotonic() < until:
            instruction = gate.ask("instruction")
            gate.turn(POSES.get(instruction, "front"))
            if instruction and instruction not in said:
                said.append(instruction)
                self._named(gate, f"{name}-{instruction}" if name else "")
            self.resident.walker.driver.pump(_LOOK_S)

    def _named(self, gate: GateBox, name: str) -> None:
        if name:
            self.picture(gate, name)

    def _decided(self, gate: GateBox, present: Callable[[], None]) -> str:
        before = len(gate.strikes())
        present()
        return self._heard(gate, before)

    def _heard(self, gate: GateBox, before: int) -> str:
        """What has opened, the door says, which is told after the screen: who looks at the screen alone can't know."""
        until = time.monotonic() + _DECIDED_S
        while time.monotonic() < until:
            if len(gate.strikes()) > before:
                return OPENED
            if gate.ask("at") == "Refused":
                return REFUSED
            self.resident.walker.driver.pump()
        return ""
