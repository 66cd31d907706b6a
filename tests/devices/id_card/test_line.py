"""A hostile line: late, lost and stray answers, and what a module may make of questions that no standard settles."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Protocol

import pytest

from devices.errors import DeviceCancelledError, DeviceError, DeviceTimeoutError, DeviceUnavailableError
from devices.health import Level
from devices.id_card import line
from devices.id_card.api import CardProblem, CardRead, CardUnreadable, Presence
from devices.id_card.driver import SamvCardReader
from devices.id_card.wire import Command, Status, frame
from simulators.cards import cards
from simulators.state import SimulatedState
from tests.support.samv import ScriptedSamv

CANCEL_S = 0.3  # a slice of 0.1 s, and the machine's own delays
PATIENCE_S = 5.0


class Desk(Protocol):
    """See conftest."""

    reader: SamvCardReader
    state: SimulatedState

    def lay(self, card: str) -> None:
        """Lay a card."""

    def lift(self) -> None:
        """Lift it."""

    def is_now(self, state: str) -> None:
        """Give the module a fault."""


OpenDesk = Callable[[float], Desk]


def status(value: int, data: bytes = b"") -> bytes:
    return frame(bytes([0, 0, value]) + data)


def base_answer(name: str) -> bytes:
    laid = cards()[name]
    sizes = len(laid.text).to_bytes(2, "big") + len(laid.photo).to_bytes(2, "big")
    return status(Status.OK, sizes + laid.text + laid.photo)


def damaged(whole: bytes) -> bytes:
    return whole[:-1] + bytes([whole[-1] ^ 1])


FOUND, NOTHING, WELL = status(Status.CARD_FOUND, bytes(4)), status(Status.FIND_FAILED), status(Status.OK)


def name_read(reader: SamvCardReader) -> str:
    outcome = reader.read(Event())
    assert isinstance(outcome, CardRead)
    return outcome.card.name.reveal()


@contextmanager
def cancelled_in(reader: SamvCardReader, begun: Callable[[], bool]) -> Iterator[None]:
    """A read that is cancelled as soon as ``begun`` says so; inside, its resident has just left."""
    cancel, ends = Event(), []

    def reads() -> None:
        try:
            reader.read(cancel)
        except DeviceError as error:
            ends.append(type(error))

    reading = Thread(target=reads)
    reading.start()
    end = time.monotonic() + PATIENCE_S
    while not begun() and time.monotonic() < end:
        time.sleep(0.005)
    left = time.monotonic()
    cancel.set()
    reading.join()
    assert ends == [DeviceCancelledError]
    assert time.monotonic() - left < CANCEL_S
    yield


def after(seconds: float) -> Callable[[], bool]:
    """For a condition that only time brings about: the chip is at work."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


# --- answers that come too late ---


def test_a_read_that_fails_after_it_was_cancelled_is_no_fault_of_the_module(open_desk: OpenDesk) -> None:
    """The resident leaves with the card in hand: 'read failed' arrives when the home screen asks for the state."""
    desk = open_desk(0.4)
    desk.lay("deng")
    assert desk.reader.health().works
    with cancelled_in(desk.reader, after(0.1)):
        desk.state.set("id_card", card="none")
        health = desk.reader.health()
        assert (health.level, health.reason) == (Level.READY, "ok")
        assert desk.reader.presence() is Presence.NONE


@pytest.mark.usefixtures("short_patience")
def test_a_slow_chip_of_the_last_resident_does_not_fail_the_next(open_desk: OpenDesk) -> None:
    """Its answer takes longer than 'find' may: it is waited for, and thrown away."""
    desk = open_desk(0.5)
    desk.lay("deng")
    with cancelled_in(desk.reader, after(0.1)):
        assert desk.reader.presence() is Presence.READ


@pytest.mark.usefixtures("short_patience")
def test_whoever_asks_while_an_answer_is_owed_can_leave_too(open_desk: OpenDesk) -> None:
    """The second resident also changes their mind."""
    desk = open_desk(0.5)
    desk.lay("deng")
    with cancelled_in(desk.reader, after(0.1)), cancelled_in(desk.reader, after(0.05)):
        desk.lay("lan")
        assert name_read(desk.reader) == "李若兰"


def test_the_second_half_of_a_cancelled_answer_is_read_by_nobody() -> None:
    """The first half had arrived when the resident left; the rest comes while the next one's question is prepared."""
    whole = base_answer("deng")
    answers = {Command.READ_BASE: [whole[:700], base_answer("lan")], Command.FIND: [FOUND]}
    with ScriptedSamv(answers) as module:
        reader = SamvCardReader(module.port)
        with cancelled_in(reader, lambda: Command.READ_BASE in module.asked):
            rest = Timer(0.05, module.say, [whole[700:]])
            rest.start()
            begun = time.monotonic()
            assert reader.presence() is Presence.FRESH
            assert time.monotonic() - begun < 1.5  # a pause after the rest is enough
            rest.join()
            assert name_read(reader) == "李若兰"
        reader.close()


# --- answers that are lost, damaged or strays ---


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("lost", [0, 3, 6, 300, -1])
def test_a_lost_byte_costs_a_moment_and_not_the_visit(lost: int) -> None:
    """Serial adapters drop bytes; the module is asked again as soon as the line stands still."""
    whole = base_answer("deng")
    broken = whole[:lost] + whole[lost:][1:]
    with ScriptedSamv({Command.READ_BASE: [broken, whole]}) as module:
        reader = SamvCardReader(module.port)
        begun = time.monotonic()
        assert name_read(reader) == "张明灯"
        assert time.monotonic() - begun < 0.4 * 3.0
        reader.close()


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("command", [Command.FIND, Command.SELECT])
def test_a_question_that_got_lost_is_put_again(command: Command) -> None:
    """One spark on the line must not end a visit."""
    good = {Command.FIND: FOUND, Command.SELECT: status(Status.OK, bytes(8))}[command]
    with ScriptedSamv({command: [b"", good], Command.READ_BASE: [base_answer("deng")]}) as module:
        reader = SamvCardReader(module.port)
        assert name_read(reader) == "张明灯"
        reader.close()


def test_a_silent_read_is_not_waited_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three seconds are long enough."""
    monkeypatch.setitem(line._SECONDS, Command.READ_BASE, 0.3)
    with ScriptedSamv({Command.READ_BASE: [b""]}) as module:
        with pytest.raises(DeviceTimeoutError):
            SamvCardReader(module.port).read(Event())
        assert module.asked.count(Command.READ_BASE) == 1


@pytest.mark.usefixtures("short_patience")
def test_the_short_error_of_some_modules_ends_the_wait() -> None:
    """One source saw AA AA AA 96 69 00 05 05 05 05: a length that its own bytes do not keep."""
    with ScriptedSamv({Command.FIND: [bytes.fromhex("AAAAAA966900 05050505"), FOUND]}) as module:
        reader = SamvCardReader(module.port)
        assert reader.presence() is Presence.FRESH
        reader.close()


def test_a_card_selected_at_the_second_try_is_read() -> None:
    """It was still moving; 'find' is asked again before 'select'."""
    selected = [status(Status.SELECT_FAILED), status(Status.OK, bytes(8))]
    with ScriptedSamv({Command.SELECT: selected, Command.READ_BASE: [base_answer("deng")]}) as module:
        reader = SamvCardReader(module.port)
        assert name_read(reader) == "张明灯"
        assert module.asked == [Command.FIND, Command.SELECT] * 2 + [Command.READ_BASE, Command.READ_NEW_ADDRESS]
        reader.close()


@pytest.mark.parametrize(
    ("command", "answer", "failed"),
    [(Command.FIND, NOTHING, "find-failed"), (Command.SELECT, status(0x81), "select-failed")],
)
def test_a_card_that_never_lies_still_is_given_up(command: Command, answer: bytes, failed: str) -> None:
    """After five tries, and nothing was read."""
    with ScriptedSamv({command: [answer]}) as module:
        reader = SamvCardReader(module.port)
        assert reader.read(Event()) == CardUnreadable(CardProblem.MOVED, failed)
        assert module.asked.count(command) == 5
        assert Command.READ_BASE not in module.asked
        reader.close()


def test_a_stray_well_never_stands_for_found_or_selected() -> None:
    """A module that was just switched on says unasked that it is well: without this rule, 'select' would be skipped
    and a card that lies there from before could be read."""
    with ScriptedSamv({Command.FIND: [WELL + NOTHING, NOTHING], Command.READ_BASE: [base_answer("deng")]}) as module:
        reader = SamvCardReader(module.port)
        assert reader.read(Event()) == CardUnreadable(CardProblem.MOVED, "find-failed")
        assert Command.READ_BASE not in module.asked
        reader.close()


def test_words_that_nobody_asked_for_are_flushed_before_the_next_question() -> None:
    """They were there before the question: no answer to it."""
    with ScriptedSamv({Command.FIND: [NOTHING]}) as module:
        reader = SamvCardReader(module.port)
        assert reader.presence() is Presence.NONE
        module.say(FOUND)
        time.sleep(0.05)  # until the terminal has carried them over
        assert reader.presence() is Presence.NONE
        reader.close()


# --- a card that was read ---


def test_a_read_whose_answer_was_damaged_twice_still_leaves_a_read_card() -> None:
    """The module believes that it told everything and finds the card no more; we must not call the reader empty."""
    failed = status(Status.READ_FAILED)
    answers = {
        Command.FIND: [NOTHING, FOUND, NOTHING],
        Command.READ_BASE: [damaged(base_answer("deng")), failed],
        Command.READ_MANAGEMENT_NUMBER: [failed, failed, status(Status.NOT_ON_CARD)],
    }
    with ScriptedSamv(answers) as module:
        reader = SamvCardReader(module.port)
        assert reader.presence() is Presence.NONE
        assert reader.read(Event()) == CardUnreadable(CardProblem.MOVED, "read-failed")
        assert reader.presence() is Presence.READ
        reader.close()


def test_a_card_laid_in_place_of_the_one_read_is_fresh_whatever_its_number_says() -> None:
    """Also on a module that tells the number of a card it did not select: 'find' is asked first."""
    answers = {
        Command.FIND: [FOUND, NOTHING, FOUND],
        Command.READ_BASE: [base_answer("deng")],
        Command.READ_MANAGEMENT_NUMBER: [status(Status.OK, bytes(28))],
    }
    with ScriptedSamv(answers) as module:
        reader = SamvCardReader(module.port)
        name_read(reader)
        assert [reader.presence() for _ in range(2)] == [Presence.READ, Presence.FRESH]
        reader.close()


@pytest.mark.parametrize("value", [Status.BAD_COMMAND, Status.NO_PRIVILEGE, Status.UNKNOWN_ERROR, 0x77])
def test_a_module_that_does_not_know_the_number_still_serves(value: int) -> None:
    """It found nothing and was asked what no standard promises: the reader counts as empty, not as broken."""
    with ScriptedSamv({Command.FIND: [NOTHING], Command.READ_MANAGEMENT_NUMBER: [status(value)]}) as module:
        reader = SamvCardReader(module.port)
        assert [reader.presence() for _ in range(3)] == [Presence.NONE] * 3
        assert module.asked.count(Command.READ_MANAGEMENT_NUMBER) <= 2
        reader.close()


def test_an_empty_reader_is_not_asked_for_a_number_again_and_again() -> None:
    """Once after the start, in case a card was left; then only after a read."""
    with ScriptedSamv({Command.FIND: [NOTHING]}) as module:
        reader = SamvCardReader(module.port)
        for _ in range(5):
            reader.presence()
        assert module.asked.count(Command.READ_MANAGEMENT_NUMBER) == 2
        reader.close()


# --- ports and modules ---


def paths(tmp_path: Path) -> Sequence[str]:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    return ("", "/dev/null", str(tmp_path), *(str(tmp_path / name) for name in ("fifo", "loop", "gone/port")))


def test_a_path_that_is_no_port_is_unavailable(tmp_path: Path) -> None:
    """A folder, the null device, a pipe, a loop of links, nothing: never a traceback, never a wait."""
    for path in paths(tmp_path):
        reader = SamvCardReader(path)
        health = reader.health()
        assert (health.level, health.reason) == (Level.DOWN, "unplugged")
        for call in (reader.presence, lambda reader=reader: reader.read(Event())):
            with pytest.raises(DeviceUnavailableError):
                call()
        reader.close()


def test_a_port_that_another_process_holds_is_unavailable_until_it_lets_go() -> None:
    """Two programs on one line would read each other's answers."""
    code = "import serial, sys; port = serial.Serial(sys.argv[1], exclusive=True); print(flush=True); sys.stdin.read()"
    with ScriptedSamv({}) as module:
        command = [sys.executable, "-c", code, module.port]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdout
            other.stdout.readline()
            reader = SamvCardReader(module.port)
            assert reader.health().reason == "unplugged"
            other.communicate(b"")
        assert reader.health().reason == "ok"
        reader.close()


def test_another_module_on_the_same_name_tells_its_own_number(tmp_path: Path) -> None:
    """The technician replaced it; the page must not show the old one's."""
    port, seen = tmp_path / "reader", []
    reader = SamvCardReader(str(port))
    for number in (b"\1\0" * 8, b"\2\0" * 8):
        with ScriptedSamv({Command.SAM_ID: [status(Status.OK, number)]}) as module:
            port.unlink(missing_ok=True)
            port.symlink_to(module.port)
            seen.append(dict(reader.health().facts)["SAM"])
        assert reader.health().reason == "unplugged"
    assert [number[:5] for number in seen] == ["01.01", "02.02"]


def test_a_number_that_is_wrong_twice_is_asked_for_a_third_time() -> None:
    """Some modules stammer after they were switched on."""
    wrong = status(Status.OK, bytes(15))
    with ScriptedSamv({Command.SAM_ID: [wrong, wrong, status(Status.OK, b"\1\0" * 8)]}) as module:
        reader = SamvCardReader(module.port)
        assert dict(reader.health().facts)["SAM"] == "01.01-00065537-0000065537-0000065537"
        assert module.asked.count(Command.SAM_ID) == 3
        reader.close()


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize(
    ("answer", "times"),
    [
        (b"", 2),
        (WELL, 3),
        (status(Status.OK, bytes(15)), 3),
        (status(Status.BAD_COMMAND), 6),
        (status(Status.NO_PRIVILEGE), 1),
    ],
    ids=["silence", "nothing", "short", "unknown", "no-right"],
)
def test_a_module_that_does_not_tell_its_number_is_shown_without(answer: bytes, times: int) -> None:
    """Nothing depends on it, and the next time it may."""
    number = status(Status.OK, b"\1\0" * 8)
    with ScriptedSamv({Command.SAM_ID: [answer] * times + [number]}) as module:
        reader = SamvCardReader(module.port)
        health = [reader.health() for _ in range(2)]
        assert all(each.works for each in health)
        told = [dict(each.facts).get("SAM") for each in health]
        assert (told[0], told[-1]) == (None, "01.01-00065537-0000065537-0000065537")
        reader.close()


@pytest.mark.usefixtures("short_patience")
def test_leaving_does_not_wait_for_somebody_elses_question(desk: Desk) -> None:
    """A watch hangs on a silent module; the resident's own call ends when they leave."""
    desk.is_now("hung")
    asking = Thread(target=desk.reader.health)
    asking.start()
    with cancelled_in(desk.reader, after(0.05)):
        assert asking.is_alive()
    asking.join()
