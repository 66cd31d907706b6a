"""The simulated module itself: published frames over a real terminal, its habits, its timing, its process."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from devices.id_card.wire import Command, Status, frame, missing, parse, request
from simulators.cards import cards
from simulators.samv import LINK, SimulatedSamvModule
from simulators.state import SimulatedState

TAKES_EFFECT_S = 0.1
SLACK_S = 1.0  # a test machine is shared


@pytest.fixture
def state(tmp_path: Path) -> SimulatedState:
    """An empty folder of state files."""
    return SimulatedState(tmp_path)


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """Where the module's terminal can be found."""
    return tmp_path / LINK


@pytest.fixture
def port(state: SimulatedState, link: Path) -> Iterator[serial.Serial]:
    """The open port of a running module with a quick chip."""
    with (
        SimulatedSamvModule(state, link, 0.02),
        serial.Serial(str(link), 115200, timeout=1.0, exclusive=True) as opened,
    ):
        yield opened


def ask(port: serial.Serial, words: bytes) -> bytes:
    """What the module answers to these bytes, whole."""
    port.write(words)
    received = b""
    while needed := missing(received):
        came = port.read(needed)
        assert came, "no answer"
        received += came
    return received


def until(true: Callable[[], bool], within: float) -> bool:
    """Whether something becomes true in time."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return true()


def test_the_published_dialogue_takes_place(port: serial.Serial, state: SimulatedState) -> None:
    """Frames of the public sources, byte for byte, in the order of a read."""
    assert ask(port, request(Command.FIND)) == bytes.fromhex("AAAAAA9669 0004 000080 84")
    assert ask(port, request(Command.SELECT)) == bytes.fromhex("AAAAAA9669 0004 000081 85")
    state.set("id_card", card="deng")
    assert ask(port, request(Command.FIND)) == bytes.fromhex("AAAAAA9669 0008 00009F 00000000 97")
    assert ask(port, request(Command.SELECT)) == bytes.fromhex("AAAAAA9669 000C 000090 0000000000000000 9C")
    whole = ask(port, request(Command.READ_BASE))
    assert (len(whole), whole[:14]) == (1295, bytes.fromhex("AAAAAA9669 0508 000090 0100 0400"))
    assert whole[14:270] == cards()["deng"].text
    assert ask(port, request(Command.READ_NEW_ADDRESS)) == frame(bytes([0, 0, Status.NOT_ON_CARD]))


def test_the_modules_number_is_sixteen_bytes(port: serial.Serial) -> None:
    """Two shorts and three longs; the length says 0014."""
    answer = ask(port, request(Command.SAM_ID))
    assert answer[5:7] == bytes.fromhex("0014")
    assert len(parse(answer).data) == 16


def test_a_read_takes_as_long_as_a_real_one(state: SimulatedState, link: Path) -> None:
    """The chip's 300 ms, and 1295 bytes at 115200 baud."""
    state.set("id_card", card="deng")
    with SimulatedSamvModule(state, link), serial.Serial(str(link), 115200, timeout=1.0) as port:
        ask(port, request(Command.FIND))
        ask(port, request(Command.SELECT))
        begun = time.monotonic()
        ask(port, request(Command.READ_BASE))
        assert 0.41 <= time.monotonic() - begun < 0.41 + 3 * SLACK_S


def test_a_card_that_was_not_selected_answers_nothing(port: serial.Serial, state: SimulatedState) -> None:
    """Neither its text nor its number."""
    state.set("id_card", card="deng")
    for command in (Command.READ_BASE, Command.READ_MANAGEMENT_NUMBER):
        assert parse(ask(port, request(command))).status is Status.READ_FAILED


def test_after_a_read_find_says_nothing_until_the_card_is_lifted(port: serial.Serial, state: SimulatedState) -> None:
    """And the card goes on answering for its number."""
    state.set("id_card", card="deng")
    for command in (Command.FIND, Command.SELECT, Command.READ_BASE):
        ask(port, request(command))
    assert parse(ask(port, request(Command.FIND))).status is Status.FIND_FAILED
    assert parse(ask(port, request(Command.READ_MANAGEMENT_NUMBER))).status is Status.NOT_ON_CARD
    state.set("id_card", card="lan")
    assert parse(ask(port, request(Command.READ_MANAGEMENT_NUMBER))).status is Status.READ_FAILED
    assert parse(ask(port, request(Command.FIND))).status is Status.CARD_FOUND


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("AAAAAA9669 0003 2001 23", Status.CHECKSUM_ERROR),
        ("AAAAAA9669 0003 7777 03", Status.BAD_COMMAND),
        ("AAAAAA9669 0FFF 2001 22", Status.LENGTH_ERROR),
        ("00FF55 AAAAAA9669 0003 2001 22", Status.FIND_FAILED),
    ],
)
def test_a_damaged_request_is_told_so(port: serial.Serial, words: str, status: Status) -> None:
    """Junk before a request is skipped; a wrong check, command or length has its own status."""
    assert parse(ask(port, bytes.fromhex(words))).status is status
    assert parse(ask(port, request(Command.STATUS))).status is Status.OK


def test_a_request_may_come_in_pieces_and_two_at_once(port: serial.Serial) -> None:
    """As bytes come from a real line."""
    words = request(Command.STATUS) + request(Command.FIND)
    port.write(words[:3])
    time.sleep(0.05)
    assert parse(ask(port, words[3:])).status is Status.OK
    assert parse(ask(port, b"")).status is Status.FIND_FAILED


def test_a_pulled_cable_takes_the_port_away_and_brings_it_back(state: SimulatedState, link: Path) -> None:
    """Within a tenth of a second; nothing is left behind at the end."""
    with SimulatedSamvModule(state, link):
        assert link.resolve().is_char_device()
        state.set("id_card", state="unplugged")
        assert until(lambda: not link.is_symlink(), TAKES_EFFECT_S + SLACK_S)
        state.set("id_card", state="ok")
        assert until(link.exists, TAKES_EFFECT_S + SLACK_S)
    assert not link.is_symlink()


def test_a_module_may_be_unplugged_from_the_beginning(state: SimulatedState, link: Path) -> None:
    """No port, and no error."""
    state.set("id_card", state="unplugged")
    with SimulatedSamvModule(state, link):
        assert not link.is_symlink()


def test_fragments_come_seven_bytes_at_a_time(port: serial.Serial, state: SimulatedState) -> None:
    """Nobody who believes in whole reads gets through."""
    state.set("id_card", state="fragments", card="deng")
    ask(port, request(Command.FIND))
    ask(port, request(Command.SELECT))
    port.write(request(Command.READ_BASE))
    sizes: list[int] = []
    while sum(sizes) < 1295:
        sizes.append(len(os.read(port.fileno(), 4096)) if select.select([port], [], [], 1.0)[0] else 0)
        assert sizes[-1] > 0
    assert len(sizes) > 20
    assert all(size % 7 == 0 for size in sizes[:-1])


def test_noise_stands_before_and_behind_an_answer(port: serial.Serial, state: SimulatedState) -> None:
    """With half a preamble in it."""
    state.set("id_card", state="noise")
    port.write(request(Command.STATUS))
    answer = frame(bytes([0, 0, Status.OK]))
    before = port.read_until(answer).removesuffix(answer)
    assert before
    assert port.read(len(before)) == before


def test_an_unknown_card_is_no_card(port: serial.Serial, state: SimulatedState) -> None:
    """The state file is written by hand, too."""
    state.set("id_card", card="nobody-s")
    assert parse(ask(port, request(Command.FIND))).status is Status.FIND_FAILED


@contextmanager
def running(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """The module in its own process, as a demonstration starts it."""
    command = [sys.executable, "-m", "simulators.samv", "--folder", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_is_and_cleans_up_when_told_to_end(tmp_path: Path, told: signal.Signals) -> None:
    """Status 0 and no link left."""
    link = tmp_path / LINK
    with running(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"card reader: {link}\n"
        assert link.resolve().is_char_device()
        process.send_signal(told)
        assert process.wait(5) == 0
    assert not link.is_symlink()


def test_a_link_left_by_a_killed_process_is_taken_over(tmp_path: Path, state: SimulatedState, link: Path) -> None:
    """The next start needs no hand."""
    link.symlink_to(tmp_path / "gone")
    with SimulatedSamvModule(state, link), serial.Serial(str(link), 115200, timeout=1.0) as port:
        assert parse(ask(port, request(Command.STATUS))).status is Status.OK
