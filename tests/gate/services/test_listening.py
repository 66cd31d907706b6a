"""What is listened to as long as a gate runs: a reader that fails, a door that reports."""

import time
from threading import Event
from typing import Any, cast

from devices.access_card.api import CardKey
from devices.door.api import DoorEvent, DoorState
from devices.errors import DeviceUnavailableError
from devices.health import Health, Level
from gate.flows.states import Conditions
from gate.services.face_desk import FaceDesk
from gate.services.listening import Listening
from gate.services.reading import Shown
from gate.services.watch import GateWatch
from tests.support.clocks import StillClock
from tests.support.remembering import AuditBook

CARD = CardKey(b"spki")


class Fitted:
    """A door, a card reader and a scanner, each with one thing to say."""

    def __init__(self, *said: object) -> None:
        self.said = list(said)

    def wait(self, _timeout: float, _cancel: Event) -> object:
        """The reader's."""
        return self._next()

    def next_code(self, _timeout: float, _cancel: Event) -> object:
        """The scanner's."""
        return self._next()

    def next_event(self, _timeout: float, _cancel: Event) -> object:
        """The door's."""
        return self._next()

    def state(self) -> DoorState:
        return DoorState.FIRE

    def health(self) -> Health:
        return Health("door", Level.DEGRADED, "fire")

    def _next(self) -> object:
        each = self.said.pop(0) if self.said else None
        if isinstance(each, Exception):
            raise each
        return each


def _listening(fitted: Fitted, heard: list[object], told: list[Conditions] | None = None) -> Listening:
    watch = GateWatch(cast("Any", AuditBook()), StillClock(), (told if told is not None else []).append)
    one = cast("Any", fitted)
    return Listening(watch, one, one, one, heard.append)


def test_what_is_read_is_presented_and_silence_is_not() -> None:
    heard: list[object] = []
    listening = _listening(Fitted(CARD, None, "LG1D.24681357", ""), heard)
    for listen in (listening.card, listening.card, listening.code, listening.code):
        listen()
    assert heard == [CARD, Shown("LG1D.24681357")]


def test_a_reader_that_is_not_fitted_is_not_listened_to() -> None:
    heard: list[object] = []
    watch = GateWatch(cast("Any", AuditBook()), StillClock(), lambda _: None)
    listening = Listening(watch, cast("Any", Fitted()), None, None, heard.append)
    listening.card()
    listening.code()
    assert heard == []


def test_a_reader_that_failed_is_asked_again_only_after_a_while_and_at_once_when_the_gate_ends() -> None:
    heard: list[object] = []
    listening = _listening(Fitted(DeviceUnavailableError("unplugged"), CARD), heard)
    listening.stop()
    began = time.monotonic()
    listening.card()
    listening.card()
    assert time.monotonic() - began < 0.5
    assert heard == [CARD]


def test_what_a_door_reports_is_counted_and_shown() -> None:
    told: list[Conditions] = []
    listening = _listening(Fitted(DoorEvent.FIRE_BEGAN), [], told)
    listening.doorway()
    assert told[-1].fire
    assert listening.watch.reasons() == {"door": "fire", "door-fire": "1"}


def test_before_its_models_are_loaded_a_gate_asks_for_no_face() -> None:
    """And says whether it ever will."""
    desk = FaceDesk(cast("Any", None), lambda: 0.01)
    assert str(cast("Any", desk.offer()).why) == "no-points"
    assert str(cast("Any", FaceDesk(cast("Any", None), lambda: None).offer()).why) == "not-here"
    assert desk.look(Event(), lambda _: None) is None
    assert desk.consent(cast("Any", None)) is None
    assert not desk.enrol(cast("Any", None), Event(), lambda _: None)
    assert desk.model() == ""
    desk.refresh()
