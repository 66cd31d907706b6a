"""The scanner over a real terminal: each code once, whatever else the line says, and after each fault the next code."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer

import pytest
import serial

from devices.code_scanner.api import CodeScanner
from devices.code_scanner.driver import SerialCodeScanner
from devices.errors import DeviceCancelledError, DeviceUnavailableError
from devices.health import Level
from simulators import code_scanner
from simulators.code_scanner import DEVICE, LINK, SimulatedScanner
from simulators.state import SimulatedState

CODE, OTHER = "LG1.0123456789ABCDEFGHJKMNPQRS", "LG1D.12345678"
PATIENCE_S, SLACK_S = 5.0, 1.0


class Clock:
    """A monotonic clock that a test moves on besides."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@dataclass(frozen=True, slots=True)
class Spot:
    """Where codes are held before the scanner."""

    scanner: SerialCodeScanner
    state: SimulatedState
    far_end: SimulatedScanner
    link: Path
    clock: Clock

    def show(self, text: str, fault: str = "ok") -> None:
        """Hold it there until the scanner has said it."""
        said = self.far_end.said
        self.state.set(DEVICE, fault, show=text)
        until(lambda: self.far_end.said > said)

    def next_code(self, timeout: float = PATIENCE_S) -> str:
        """Nobody leaves meanwhile."""
        return self.scanner.next_code(timeout, Event())

    def dropped(self) -> int:
        """How many lines were no codes."""
        return int(dict(self.scanner.health().facts)["dropped"])


def until(true: Callable[[], bool]) -> None:
    """Wait for it. Fails when it does not come."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def spot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spot]:
    """A scanner that waits already: what is shown from now on is meant for it."""
    monkeypatch.setattr(code_scanner, "_LOOK_S", 0.01)
    state, clock, link = SimulatedState(tmp_path), Clock(), tmp_path / LINK
    with SimulatedScanner(state, link) as far_end:
        scanner = SerialCodeScanner(str(link), 115200, 3.0, clock)
        assert scanner.next_code(0, Event()) == ""
        yield Spot(scanner, state, far_end, link, clock)
        scanner.close()


def test_a_code_that_is_shown_is_told_once(spot: Spot) -> None:
    """By whoever knows the interface alone."""
    subject: CodeScanner = spot.scanner
    spot.show(CODE)
    assert subject.next_code(PATIENCE_S, Event()) == CODE
    assert subject.next_code(0.1, Event()) == ""
    assert (subject.health().level, subject.health().reason) == (Level.READY, "ok")


def test_codes_that_come_together_are_told_one_after_the_other(spot: Spot) -> None:
    spot.show(CODE)
    spot.show(OTHER)
    assert [spot.next_code(), spot.next_code(), spot.next_code(0)] == [CODE, OTHER, ""]


def test_a_code_that_is_held_there_is_told_once(spot: Spot) -> None:
    """Each time that it is seen counts; taken away for three seconds, it is shown anew."""
    spot.show(CODE, "held")
    assert spot.next_code() == CODE
    for _ in range(2):
        spot.clock.ahead += 0.9
        assert spot.next_code(0.15) == ""
    spot.state.set(DEVICE, "ok", show="none")
    assert spot.next_code(0.2) == ""
    spot.clock.ahead += 3.1
    assert spot.next_code(0.1) == ""
    spot.show(CODE)
    assert spot.next_code() == CODE


def test_another_code_is_told_at_once(spot: Spot) -> None:
    """And the first again after it: two people who stand there together."""
    for text in (CODE, OTHER, CODE):
        spot.show(text)
        assert spot.next_code() == text


def test_what_was_shown_before_the_call_is_not_told(spot: Spot) -> None:
    """It was meant for nobody, or for somebody else. Between two calls a moment is forgiven."""
    spot.show(CODE)
    spot.clock.ahead += 1.5
    assert spot.next_code(0.1) == ""
    spot.show(OTHER)
    assert spot.next_code() == OTHER


@pytest.mark.parametrize("fault", ["garbage", "oversized"])
def test_what_is_no_code_is_dropped_and_the_next_is_told(spot: Spot, fault: str) -> None:
    """The technician sees how often it happened."""
    spot.show(CODE, fault)
    assert spot.next_code(0.2) == ""
    assert spot.dropped() == 1
    spot.show(OTHER)
    assert spot.next_code() == OTHER


def test_a_line_whose_end_was_lost_does_not_spoil_the_next(spot: Spot) -> None:
    spot.show(CODE, "cut-short")
    assert spot.next_code(0.6) == ""
    assert spot.dropped() == 1
    spot.show(OTHER)
    assert spot.next_code() == OTHER


def test_a_scanner_that_was_unplugged_is_found_again(spot: Spot) -> None:
    """Whoever waits is told; the next who waits has it back."""
    Timer(0.1, lambda: spot.state.set(DEVICE, "unplugged")).start()
    with pytest.raises(DeviceUnavailableError, match="unplugged"):
        spot.next_code()
    assert (spot.scanner.health().level, spot.scanner.health().reason) == (Level.DOWN, "unplugged")
    with pytest.raises(DeviceUnavailableError, match="unplugged"):
        spot.next_code()
    spot.state.set(DEVICE, "ok", show="none")
    until(spot.link.exists)
    assert spot.next_code(0) == ""
    assert spot.scanner.health().reason == "ok"
    spot.show(OTHER)
    assert spot.next_code() == OTHER


def test_the_port_is_ours_alone(spot: Spot) -> None:
    """Another program gets no codes; where it has the port, that is told."""
    with pytest.raises(serial.SerialException):
        serial.Serial(str(spot.link), exclusive=True)
    spot.scanner.close()
    with serial.Serial(str(spot.link), exclusive=True):
        assert spot.scanner.health().reason == "in-use"
        with pytest.raises(DeviceUnavailableError, match="in-use"):
            spot.next_code()
    assert spot.next_code(0) == ""


def test_who_leaves_waits_for_no_code(spot: Spot) -> None:
    cancel = Event()
    Timer(0.1, cancel.set).start()
    begun = time.monotonic()
    with pytest.raises(DeviceCancelledError):
        spot.scanner.next_code(PATIENCE_S, cancel)
    assert time.monotonic() - begun < SLACK_S


def test_two_who_wait_take_turns(spot: Spot) -> None:
    """The second one's time may be over first; how the scanner is, is known meanwhile."""
    heard = list[str]()
    first = Timer(0, lambda: heard.append(spot.next_code()))
    first.start()
    until(spot.scanner._turn.locked)
    assert spot.next_code(0.05) == ""
    assert spot.scanner.health().reason == "ok"
    spot.show(CODE)
    first.join()
    assert heard == [CODE]


def test_no_code_is_logged_or_printed(
    spot: Spot, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """It opens a gate. Nor is it kept after it was told."""
    caplog.set_level(logging.DEBUG)
    spot.show(CODE)
    assert spot.next_code() == CODE
    said = "".join(capfd.readouterr()) + caplog.text + repr(spot.scanner.health()) + repr(vars(spot.scanner))
    assert CODE not in said
