"""A kiosk process with a person before it, for tests that end it without warning.

``python -m tests.support.visitor --folder HOUSE --until STATE --way WAY`` walks somebody who shows who they are by
card, number, passport, passport with its page typed, or card and officer, up to that state's name, prints ``at STATE``
and stays there.
``--until Attract`` walks each WAY given to its end (the first to the paper), says what of the person is then left in
the process, and ends.
``--until Rest`` walks nobody, waits until the kiosk has told records all, and ends.
An officer's code is printed as ``code 123456``.
"""

import argparse
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.config import load
from kiosk.flows import application, claim, issuing, parting, proof
from kiosk.flows import visit as flow
from kiosk.flows.readiness import Readiness
from kiosk.main import Application
from simulators.cards import RESIDENTS_FILE
from simulators.chip.documents import documents
from simulators.state import SimulatedState
from tests.support.memory_walk import evidence_within, personal_anywhere

_LONG = 600.0
_TYPED = 12  # characters of a number after which somebody may be interrupted
WAYS = ("card", "number", "passport", "typed", "officer")


class _ArrivedError(Exception):
    """This is the state that was asked for."""


class Visitor:
    """Somebody of the demonstration, and how far they are to go."""

    def __init__(self, walker: "Walker", person: str, until: str) -> None:
        self.walker = walker
        self.person = person
        self.until = until

    def come(self, way: str, purpose: str, *, for_paper: bool) -> None:
        """From the lamp to the lamp, or as far as they are to go. Who is not there for the paper clears the screen."""
        self.walker.go_home()
        self.walker.choose(purpose)
        {
            "card": self._by_card,
            "number": self._by_number,
            "passport": self._by_passport,
            "typed": self._by_typed_page,
            "officer": self._by_officer,
        }[way]()
        self.walker.reach_own_data(seconds=60)
        self._at("ConfirmingData", application.ConfirmingData)
        say("proven", evidence_within(self.walker.application.kiosk))
        if for_paper:
            self._take_paper()
        else:
            self.walker.driver.tap("clear")
            self._take_everything()
        self.walker.await_screen(flow.Attract)

    def _take_paper(self) -> None:
        self.walker.driver.tap("issue")
        if self.until == "Issuing":
            self.walker.driver.wait_until(lambda: getattr(self.walker.here, "stage", "") == "printing", 20)
            raise _ArrivedError
        self._at("TakingPaper", issuing.TakingPaper)
        self.walker.take_paper()
        self.walker.await_screen(parting.TakingCard, flow.SayingGoodbye)
        self._take_everything()
        self.walker.await_screen(flow.SayingGoodbye)
        self.walker.driver.tap("goodbye")

    def _by_card(self) -> None:
        self.walker.lay_card(self.person)
        self._look()

    def _by_number(self) -> None:
        self.walker.bring("number")
        self.walker.await_screen(claim.EnteringNumber)
        self._type(id_number(self.person), "EnteringNumber")
        self._look()

    def _by_passport(self) -> None:
        self.walker.bring("travel")
        self.walker.await_screen(claim.ShowingPage)
        self.walker.state.set("camera", subject=f"page:{self.person}")
        self.walker.await_screen(claim.LayingDocument, seconds=60)
        self._lay_document()

    def _by_typed_page(self) -> None:
        self.walker.bring("travel")
        self.walker.await_screen(claim.ShowingPage)
        self.walker.driver.tap("type-page")
        self.walker.await_screen(claim.TypingPage)
        key = documents()[self.person].key
        self.walker.type_keys(key.number.reveal())
        self._type(f"{key.birth_date:%Y%m%d}", "TypingPage")
        self.walker.type_keys(f"{key.expiry_date:%Y%m%d}")
        self.walker.await_screen(claim.LayingDocument)
        self._lay_document()

    def _by_officer(self) -> None:
        self.walker.lay_card(self.person)
        self.walker.await_screen(proof.ChoosingProof)
        self.walker.driver.tap("officer")
        asked = self.walker.await_screen(proof.WithOfficer)
        assert isinstance(asked, proof.WithOfficer)
        say("code", asked.code)
        self._at("WithOfficer", proof.WithOfficer)

    def _lay_document(self) -> None:
        self.walker.state.set("camera", subject="nobody")
        slow = self.until == "LayingDocument"
        self.walker.state.set("travel_document", "slow" if slow else "ok", document=self.person)
        if slow:
            self.walker.driver.wait_until(lambda: getattr(self.walker.here, "stage", "") == "portrait", 40)
            raise _ArrivedError
        self._look()

    def _look(self) -> None:
        if self.until == "FacingCamera":
            self.walker.await_screen(proof.ChoosingProof)
            self.walker.state.set("camera", subject=f"live:{self.person}", pose="front")
            self.walker.driver.tap("face")
            self.walker.await_screen(proof.FacingCamera)
            self.walker.driver.wait_until(lambda: getattr(self.walker.here, "progress", 0) > 0, 20)
            raise _ArrivedError
        self.walker.look_into_camera(f"live:{self.person}")

    def _type(self, text: str, state: str) -> None:
        if self.until == state:
            for key in text[:_TYPED]:
                self.walker.driver.tap(f"key:{key}")
            raise _ArrivedError
        self.walker.type_keys(text)

    def _at(self, name: str, state: type) -> None:
        self.walker.await_screen(state, seconds=60)
        if self.until == name:
            raise _ArrivedError

    def _take_everything(self) -> None:
        self.walker.state.set("travel_document", document="none")
        self.walker.state.set("id_card", card="none")
        self.walker.state.set("camera", subject="nobody", pose="front")


def id_number(person: str) -> str:
    """What somebody knows by heart."""
    number: str = tomllib.loads(RESIDENTS_FILE.read_text("utf-8"))[person]["id_number"]
    return number


def texts(person: str) -> list[str]:
    """What would be left of somebody: as card, register and passport have it."""
    entry = tomllib.loads(RESIDENTS_FILE.read_text("utf-8"))[person]
    document = documents()[person]
    born = entry["birth_date"].replace("-", "")
    known = [entry["name"], entry["id_number"], entry["address"], born, entry["id_number"][-12:]]
    return [*known, *document.printed, document.number, document.names, entry["latin_name"]]


def say(what: str, said: object) -> None:
    """One line for the test that reads along."""
    print(what, said, flush=True)


def main() -> int:
    """Walk, say where, stay."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--until", required=True)
    parser.add_argument("--person", default="deng")
    parser.add_argument("--purpose", default="book_lost")
    parser.add_argument("--way", choices=WAYS, action="append")
    asked = parser.parse_args()
    application = Application(load(asked.folder / "kiosk" / "kiosk.toml"))
    from simulators.touch import TouchDriver
    from simulators.walker import Walker

    driver = TouchDriver(application.app)
    driver.start()
    walker = Walker(application, driver, SimulatedState(asked.folder / "sim"))
    try:
        return _visit(walker, asked)
    finally:
        application.close()
        driver.stop()


def _visit(walker: "Walker", asked: argparse.Namespace) -> int:
    if reasons := walker.wait_until_ready():
        say("not ready:", reasons)
        return 1
    try:
        for turn, way in enumerate(asked.way or ()):
            needed = _by_officer if way == "officer" else _by_face
            walker.driver.wait_until(lambda: needed(walker.visit.readiness), 30)  # noqa: B023 - called at once
            Visitor(walker, asked.person, asked.until).come(way, asked.purpose, for_paper=not turn)
        if asked.way:
            say("left", personal_anywhere(texts(asked.person)))
    except _ArrivedError:
        say("at", type(walker.here).__name__)
        walker.driver.pump(_LONG)
    say("at", type(walker.here).__name__)
    return 0


def _by_officer(readiness: Readiness) -> bool:
    return readiness.officer


def _by_face(readiness: Readiness) -> bool:
    """An officer on duty opens the tile before the models are there."""
    return not readiness.face


if TYPE_CHECKING:  # importing it would import Kivy before it is configured
    from simulators.walker import Walker

if __name__ == "__main__":
    sys.exit(main())
