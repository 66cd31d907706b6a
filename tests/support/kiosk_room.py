"""A conductor in a room of stand-ins: a screen that only remembers, desks that wait at a gate until a test opens it.

The jobs are real, with their threads. All people are made up; the number's region code is nobody's.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, cast

from kiosk.conductor import Conductor, House
from kiosk.flows import application, claim, issuing, proof, visit
from kiosk.flows.base import Event as Happening
from kiosk.flows.comfort import Language
from kiosk.flows.readiness import Readiness, ReadinessChanged
from kiosk.idle import IdleTimes
from kiosk.place import NOWHERE
from kiosk.presenters.surroundings import Surroundings
from kiosk.services.desks import Desks
from terminal.jobs import Jobs
from terminal.texts import Catalogue
from tests.support.clocks import StillClock
from tests.support.gated_desks import GatedDesks
from tests.support.gates import PATIENCE_S, Gates
from tests.support.made_up import OFFERS, SERVICES
from tests.support.remembering import AuditBook, RememberingScreen, Speaker

ASSETS = Path(__file__).resolve().parents[2] / "assets"
TO_CARD = ("begin", "service:household_certificate", "purpose:move", "agree", "way:card")
STAGES: dict[str, type] = {
    "read": claim.AwaitingCard,
    "identify": claim.Identifying,
    "face": proof.FacingCamera,
    "record": application.OpeningRecord,
    "make": issuing.Issuing,
}
"""The gates in a visit's order, and the state in which the resident waits before each."""


class Room:
    """A conductor and everything around it. Close it."""

    def __init__(self, closed: tuple[str, str] | None = None, workers: int = 8, times: IdleTimes | None = None) -> None:
        self.bell = Event()
        self.clock, self.screen, self.speaker, self.audit = StillClock(), RememberingScreen(), Speaker(), AuditBook()
        self.desks = GatedDesks()
        self.desks.kept_closed = closed
        self.jobs: Jobs[Happening] = Jobs(self.bell.set, workers)
        self.conductor = Conductor(self.screen, self._desks(), self._house(times or IdleTimes()), self.jobs, self.clock)
        self.conductor.begin()
        self.jobs.post(ReadinessChanged(Readiness(tuple((each.kind, ()) for each in SERVICES))))
        self.conductor.drain()

    @property
    def gates(self) -> Gates:
        """Where the desks stop."""
        return self.desks.gates

    @property
    def here(self) -> object:
        """What the screen stands for."""
        return visit.innermost(self.conductor.visit)

    def close(self) -> None:
        """Let everybody go."""
        self.gates.let_all_on()
        self.jobs.close()

    def await_state(self, *kinds: type) -> object:
        """Drain as the window would, until one of these states is there."""
        self.until(lambda: isinstance(self.here, kinds))
        return self.here

    def until(self, true: Callable[[], bool]) -> None:
        """Drain until something is true."""
        for _ in range(int(PATIENCE_S / 0.01)):
            self.conductor.drain()
            if true():
                return
            self.bell.wait(0.01)
            self.bell.clear()
        raise AssertionError(f"{type(self.here).__name__} is there")

    def settle(self) -> None:
        """Until every job that is not held has ended and been heard."""
        done = Event()
        for _ in range(2):
            self.jobs.run_apart(lambda _: Happening(), lambda _: Happening())
        self.jobs.run_apart(lambda _: _told(done), lambda _: Happening())
        assert done.wait(PATIENCE_S)
        self.conductor.drain()

    def act(self, *actions: str) -> None:
        """Press targets, one after the other."""
        for action in actions:
            self.conductor.act(action)

    def walk_to(self, gate: str) -> None:
        """A resident comes and gets as far as a held gate."""
        self.act(*TO_CARD)
        if gate not in ("read", "identify"):
            self.await_state(proof.ChoosingProof)
            self.act("face")
        if gate == "make":
            self.await_state(application.ConfirmingData)
            self.act("issue")
        self.await_state(STAGES[gate])

    def leave(self) -> None:
        """Clear the screen and wait for the lamp."""
        self.act("clear")
        self.await_state(visit.Attract)

    def pass_by(self, seconds: int) -> None:
        """Let seconds pass, with a tick in each."""
        for _ in range(seconds):
            self.clock.pass_by(1)
            self.conductor.tick()
            self.conductor.drain()

    def _desks(self) -> Desks:
        one = cast("Any", self.desks)
        audit = cast("Any", self.audit)
        return Desks(one, one, one, one, one, one, one, self.speaker, audit)

    def _house(self, times: IdleTimes) -> House:
        words = Catalogue.load(ASSETS / "texts")

        def around(language: Language, maintaining: bool) -> Surroundings:
            assert maintaining in (True, False)
            place = replace(NOWHERE, services=SERVICES)
            return Surroundings(words.in_language(language.value), self.clock.now(), place)

        return House(
            around, lambda kind: replace(NOWHERE, services=SERVICES).service(kind), lambda _, __: OFFERS, lambda: times
        )


def _told(done: Event) -> Happening:
    done.set()
    return Happening()
