"""The rate of the line: kept where it is set, found out where it is not, and found out again after trouble."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

import pytest

from devices.errors import DeviceCancelledError, DeviceProtocolError, DeviceTimeoutError
from devices.id_card import line
from devices.id_card.api import CardRead, Presence
from devices.id_card.driver import SamvCardReader
from devices.id_card.line import RATES
from devices.id_card.wire import Command, Status, frame
from simulators.state import SimulatedState
from tests.support.samv import ScriptedSamv


class Desk(Protocol):
    """See conftest."""

    reader: SamvCardReader
    link: Path
    state: SimulatedState

    def lay(self, card: str) -> None:
        """Lay a card."""

    def is_now(self, state: str) -> None:
        """Give the module a fault."""


def rate(reader: SamvCardReader) -> str:
    """What the technician's page says."""
    return dict(reader.health().facts).get("baud", "")


def answer(value: Status) -> bytes:
    return frame(bytes([0, 0, value]))


@pytest.fixture
def set_rate() -> int | None:
    """Nothing: it is to be found out."""
    return None


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("baud", RATES)
def test_a_module_is_found_at_any_rate(desk: Desk, baud: int) -> None:
    """It answers nonsense at every other: the terminal's speed is looked at by the simulated module."""
    desk.state.set("id_card", baud=str(baud))
    assert desk.reader.presence() is Presence.NONE
    assert (desk.reader.health().reason, rate(desk.reader)) == ("ok", str(baud))


@pytest.mark.usefixtures("short_patience")
def test_a_card_is_read_at_the_rate_that_was_found(desk: Desk) -> None:
    """Whole, and slower."""
    desk.state.set("id_card", baud="19200")
    desk.lay("deng")
    assert isinstance(desk.reader.read(Event()), CardRead)


@pytest.mark.usefixtures("short_patience")
def test_a_module_that_is_set_anew_is_found_again(desk: Desk) -> None:
    """One question fails, and the next one looks for it."""
    assert rate(desk.reader) == "115200"
    desk.state.set("id_card", baud="9600")
    with pytest.raises(DeviceProtocolError):
        desk.reader.presence()
    assert desk.reader.presence() is Presence.NONE
    assert rate(desk.reader) == "9600"


@pytest.mark.usefixtures("short_patience")
def test_a_set_rate_is_kept(desk: Desk) -> None:
    """A wrong one is told, and not corrected behind the technician's back."""
    desk.state.set("id_card", baud="57600")
    reader = SamvCardReader(str(desk.link), 9600)
    health = [reader.health() for _ in range(2)]
    assert {each.reason for each in health} == {"nonsense"}
    assert {dict(each.facts)["baud"] for each in health} == {"9600"}
    reader.close()
    right = SamvCardReader(str(desk.link), 57600)
    assert right.health().works
    right.close()


def test_the_rate_that_worked_is_tried_first_after_trouble() -> None:
    """One question finds it again; the questions that were under way are not asked at other rates."""
    with ScriptedSamv({Command.FIND: [answer(Status.FIND_FAILED)]}) as module:
        reader = SamvCardReader(module.port, None)
        reader.presence()
        reader.close()
        asked = len(module.asked)
        reader.presence()
        assert module.asked[asked:] == [Command.STATUS, Command.FIND]
        reader.close()
        reader._line.baud = 9600  # as if it had been found so; this module hears at every rate
        reader.presence()
        assert rate(reader) == "9600"
        reader.close()


@pytest.mark.parametrize("value", [Status.SELF_TEST_FAILED, Status.NO_PRIVILEGE, Status.UNKNOWN_ERROR])
def test_a_module_that_reports_a_fault_was_understood(value: Status) -> None:
    """Its rate is known; what ails it is another matter."""
    with ScriptedSamv({Command.STATUS: [answer(value)]}) as module:
        reader = SamvCardReader(module.port, None)
        health = reader.health()
        assert (health.reason, dict(health.facts)["baud"]) == ("module-fault", "115200")
        assert dict(health.facts)["last-status"] == value.word
        assert module.asked == [Command.STATUS] * 2
        reader.close()


def test_a_silent_module_is_asked_once_at_each_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    """And then the question is given up: nobody waits twice."""
    monkeypatch.setattr(line, "SLICE", 0.02)
    monkeypatch.setattr(line, "_PROBE", 0.04)
    with ScriptedSamv({Command.STATUS: [b""]}) as module:
        reader = SamvCardReader(module.port, None)
        with pytest.raises(DeviceTimeoutError):
            reader.presence()
        assert module.asked == [Command.STATUS] * len(RATES)
        assert "baud" not in dict(reader.health().facts)
        reader.close()


def test_looking_for_the_rate_can_be_left(open_desk: Callable[[float], Desk]) -> None:
    """The resident goes while nothing answers."""
    desk = open_desk(0.0)
    desk.is_now("hung")
    cancel, ended = Event(), Event()

    def reads() -> None:
        with pytest.raises(DeviceCancelledError):
            desk.reader.read(cancel)
        ended.set()

    reading = Thread(target=reads)
    reading.start()
    cancel.set()
    assert ended.wait(1.0)
    reading.join()
    desk.is_now("ok")
    assert desk.reader.health().works
