"""A scripted resident: touches the real screen, lays the simulated card, looks into the simulated camera.

The walker reads what a resident reads (which screen is there, which way to turn) and nothing that they could not know.
Each screen it comes to is drawn and noted with its time, and photographed where there is a place for pictures.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from civic.mrz import MrzKey
from kiosk.flows import application, claim, details, issuing, parting, proof
from kiosk.flows import visit as flow
from kiosk.main import Application
from simulators.scene import POSES
from simulators.state import SimulatedState
from simulators.touch import TouchDriver

_STEP_S = 30.0
_AGAIN_S = 5.0
_SETTLED_S = 6.0  # a reason that has not changed for so long is a fault and no start
_STARTING = ("starting", "loading")
_FIRST = (application.ReadingHint, application.ChoosingPurpose, application.ReadingNotice)
SERVICE = "household_certificate"


class LostError(RuntimeError):
    """The expected screen did not come; the message says which one stood there instead."""


@dataclass(slots=True)
class Walker:
    """``out``: where pictures and the log of the visit go; None: nowhere."""

    application: Application
    driver: TouchDriver
    state: SimulatedState
    out: Path | None = None
    log: list[dict[str, object]] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    # --- seeing ---

    @property
    def visit(self) -> flow.Visit:
        """What the kiosk shows."""
        if self.application.kiosk is None:
            raise LostError("the kiosk has not started")
        return self.application.kiosk.conductor.visit

    @property
    def here(self) -> object:
        """The state that the screen stands for."""
        return flow.innermost(self.visit)

    def await_screen(self, *kinds: type, seconds: float = _STEP_S) -> object:
        """Wait for one of these states. Raises LostError."""
        if not self.driver.wait_until(lambda: isinstance(self.here, kinds), seconds):
            wanted = " or ".join(kind.__name__ for kind in kinds)
            raise LostError(f"{wanted} did not come; {self.here!r} is there")
        return self.here

    def note(self, name: str) -> None:
        """Photograph the screen and write down where we are: a state and a time, nothing personal."""
        seconds = round(time.monotonic() - self._began, 2)
        self.log.append({"screen": name, "state": type(self.here).__name__, "seconds": seconds})
        self.driver.settle()
        if self.out is not None:
            self.driver.screenshot(self.out / "screens" / f"{len(self.log):02d}-{name}.png")

    def write_log(self) -> None:
        """``visit.json``: states and times."""
        if self.out is not None:
            (self.out / "visit.json").write_text(json.dumps(self.log, indent=1), "utf-8")

    # --- doing ---

    def wait_until_ready(self, seconds: float = 40.0) -> tuple[str, ...]:
        """Wait for the tile to work; the reasons why it does not, once these are no longer those of a start."""
        known: list[object] = []
        since = time.monotonic()

        def decided() -> bool:
            nonlocal since
            reasons = self.visit.readiness.reasons(SERVICE)
            if known != [reasons]:
                known[:] = [reasons]
                since = time.monotonic()
            starting = any(reason.endswith(_STARTING) for reason in reasons)
            return not reasons or (not starting and time.monotonic() - since > _SETTLED_S)

        self.driver.wait_until(decided, seconds)
        return self.visit.readiness.reasons(SERVICE)

    def go_home(self) -> None:
        """Touch the lamp."""
        self.await_screen(flow.Attract)
        self.note("attract")
        self.driver.tap("begin")
        if not self.driver.wait_until(lambda: not isinstance(self.here, flow.Attract), _AGAIN_S):
            self.driver.tap("begin")  # the screen was drawn anew under the finger, which anybody would lay there again
        self.await_screen(flow.Home)
        self.note("home")

    def choose(self, purpose: str = "", service: str = SERVICE) -> None:
        """Tile, what the paper is not, purpose, notice: as far as this service has them."""
        self.driver.tap(f"service:{service}")
        if isinstance(self.await_screen(*_FIRST), application.ReadingHint):
            self.note("hint")
            self.driver.tap("on")
        choosing = self.await_screen(application.ChoosingPurpose, application.ReadingNotice)
        if isinstance(choosing, application.ChoosingPurpose):
            self.note("purpose")
            self.driver.tap(f"purpose:{purpose or _needs_paper(choosing)}")
        self.await_screen(application.ReadingNotice)
        self.note("notice")
        self.driver.tap("agree")

    def bring(self, way: str) -> None:
        """Say what was brought: card, travel or number."""
        self.await_screen(claim.ChoosingWay)
        self.note("what-was-brought")
        self.driver.tap(f"way:{way}")

    def type_keys(self, text: str) -> None:
        """Touch one key after the other, and then 下一步."""
        for key in text:
            self.driver.tap(f"key:{key}")
        self.note("typed")
        self.driver.tap("key-done")

    def lay_card(self, card: str) -> None:
        """Lay a card that was not there."""
        if isinstance(self.await_screen(claim.ChoosingWay, claim.AwaitingCard), claim.ChoosingWay):
            self.bring("card")
        self.await_screen(claim.AwaitingCard)
        self.note("card")
        self.state.set("id_card", card=card)

    def show_page(self, document: str) -> None:
        """Hold the page of a travel document before the camera until it was read."""
        self.bring("travel")
        self.await_screen(claim.ShowingPage)
        self.note("page")
        self.state.set("camera", subject=f"page:{document}", pose="front")
        self.await_screen(claim.LayingDocument)
        self.state.set("camera", subject="nobody")

    def type_page(self, key: MrzKey) -> None:
        """Type what stands on the page instead: number, birth date, expiry date."""
        self.bring("travel")
        self.await_screen(claim.ShowingPage)
        self.driver.tap("type-page")
        self.await_screen(claim.TypingPage)
        if key.permit:
            self.driver.tap("permit")
        for text in (key.number.reveal(), f"{key.birth_date:%Y%m%d}", f"{key.expiry_date:%Y%m%d}"):
            self.type_keys(text)
        self.await_screen(claim.LayingDocument)

    def lay_document(self, document: str) -> None:
        """Lay a travel document on the reader."""
        self.await_screen(claim.LayingDocument)
        self.note("lay-document")
        self.state.set("travel_document", document=document)

    def look_into_camera(self, subject: str, *, turning: bool = True) -> object:
        """Say yes to the camera and do what it asks; the state it leads to. ``turning`` False: never turns."""
        self.await_screen(proof.ChoosingProof)
        self.note("face-or-officer")
        self.state.set("camera", subject=subject, pose="front")
        self.driver.tap("face")
        self.await_screen(proof.FacingCamera)
        return self.follow_instructions(turning=turning)

    def follow_instructions(self, *, turning: bool = True) -> object:
        """Turn as the screen says until it says no more."""
        noted: set[str] = set()
        deadline = time.monotonic() + _STEP_S
        while isinstance(self.here, proof.FacingCamera) and time.monotonic() < deadline:
            instruction = self.here.instruction
            if turning:
                self._pose(POSES.get(instruction, "front"))
            if instruction not in noted:
                self.driver.pump(0.3)
                self._note_instruction(noted)
            self.driver.pump(0.1)
        self.driver.lay_out()
        return self.here

    def _note_instruction(self, noted: set[str]) -> None:
        if isinstance(self.here, proof.FacingCamera) and self.here.instruction not in noted:
            noted.add(self.here.instruction)
            self.note(f"camera-{self.here.instruction}")

    def choose_when(self, answer: str) -> None:
        """Now or later."""
        self.await_screen(details.ChoosingWhen)
        self.note("now-or-later")
        self.driver.tap(answer)

    def choose_person(self, handle: str = "") -> None:
        """Oneself, or a child by its handle."""
        self.await_screen(details.ChoosingPerson)
        self.note("for-whom")
        self.driver.tap(f"person:{handle}")

    def add_adult(self, handle: str, card: str) -> None:
        """A grown member of the household lays their own card in place of the one that lies there."""
        self.await_screen(details.ChoosingMembers)
        self.note("members")
        self.driver.tap(f"member:{handle}")
        if isinstance(self.await_screen(details.LiftingCard, details.AwaitingCard), details.LiftingCard):
            self.note("lift-own-card")
            self.state.set("id_card", card="none")
        self.await_screen(details.AwaitingCard)
        self.note("member-card")
        self.state.set("id_card", card=card)
        self.await_screen(details.ChoosingMembers)
        self.note("member-added")

    def type_door(self, building: str, unit: str, room: str) -> None:
        """Where one lives, part by part."""
        self.await_screen(details.EnteringDwelling)
        for part in (building, unit, room):
            self.type_keys(part)

    def reach_own_data(self, seconds: float = _STEP_S) -> None:
        """What the paper will say; for oneself, where a child could be meant."""
        asked = self.await_screen(application.ConfirmingData, details.ChoosingPerson, seconds=seconds)
        if isinstance(asked, details.ChoosingPerson):
            self.choose_person()
        self.await_screen(application.ConfirmingData)

    def confirm_data(self) -> None:
        """Read what the paper will say, then ask for it."""
        self.reach_own_data()
        self.note("own-data")
        self.driver.tap("issue")
        self.await_screen(issuing.Issuing)
        self.note("issuing")

    def take_paper(self) -> None:
        """Say that it is here."""
        self.await_screen(issuing.TakingPaper, seconds=60)
        self.note("take-paper")
        self.driver.tap("paper-taken")

    def leave(self) -> None:
        """Take the document and go."""
        self.state.set("travel_document", document="none")
        if isinstance(self.await_screen(parting.TakingCard, flow.SayingGoodbye), parting.TakingCard):
            self.note("take-card")
        self.state.set("id_card", card="none")
        self.state.set("camera", subject="nobody", pose="front")
        self.await_screen(flow.SayingGoodbye)
        self.note("goodbye")
        self.driver.tap("goodbye")
        self.await_screen(flow.Attract)
        self.note("attract-again")

    def main_job(self, person: str) -> None:
        """From the lamp to a paper in the hand."""
        self.go_home()
        self.choose()
        self.lay_card(person)
        self.look_into_camera(f"live:{person}")
        self.confirm_data()
        self.take_paper()
        self.leave()

    def _pose(self, pose: str) -> None:
        if self.state.read("camera")["pose"] != pose:
            self.state.set("camera", pose=pose)


def _needs_paper(choosing: object) -> str:
    """The first purpose for which the household book is not enough."""
    purposes = choosing.service.purposes if isinstance(choosing, application.ChoosingPurpose) else ()
    return next(purpose.id for purpose in purposes if not purpose.book_is_enough)


def attempt(story: Callable[[], None], walker: Walker) -> str:
    """Run a story; what went wrong in a sentence, or nothing."""
    try:
        story()
    except LostError as error:
        walker.note("lost")
        return str(error)
    finally:
        walker.write_log()
    return ""
