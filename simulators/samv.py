"""The far end of the card reader's wire: a SAM-V module on a pseudo terminal, with its timing, habits and faults.

Its habits that matter most: after a card was read, 'find' says 'nothing' until the card is lifted; and only a card that
was found and selected answers anything. A card counts as lifted when the state file names another one, or none. It
hears at one rate; a host whose terminal is set to another gets what a wrong rate makes of an answer.
"""

import argparse
import select
import signal
import struct
import sys
import time
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from devices.id_card.wire import PREAMBLE, Command, Status, check, frame
from simulators.cards import SimulatedCard, cards
from simulators.pty_end import PtyEnd
from simulators.state import DEFAULT_FOLDER, SimulatedState

LINK = "id_card.tty"
_SAM_NUMBER = struct.pack("<HHIII", 5, 1, 20170529, 1234567, 987654321)
_CARD_SECONDS = 0.3  # what the chip itself takes to be read
_BYTES_A_SECOND = 11520  # 115200 baud, ten bits a byte
_PIECE = 64  # bytes that go over the wire at once; in the state 'fragments' far fewer
_FRAGMENT = 7
_READ = 256
_LOOK_S = 0.05
_USUAL_BAUD = 115200
_MISHEARD = bytes.fromhex("fe1ce07806fffc")  # what is made of an answer at another rate
_NOISE = bytes.fromhex("00ffaa55aaaa1369")
_HEAD = len(PREAMBLE) + 2
_LONGEST_REQUEST = 64


class SimulatedSamvModule:
    """A context manager: inside, ``link`` leads to the module's terminal (unless it is unplugged)."""

    def __init__(self, state: SimulatedState, link: Path, card_seconds: float = _CARD_SECONDS) -> None:
        self._state = state
        self._port = PtyEnd(link)
        self._card_seconds = card_seconds
        self._cards = cards()
        self._ending = Event()
        self._thread = Thread(target=self._run, name="samv", daemon=True)
        self._card = "none"
        self._selected = False
        self._read = False
        self._fault = "ok"
        self._status = Status.READ_FAILED
        self._baud = _USUAL_BAUD

    def __enter__(self) -> Self:
        self._look()
        self._follow()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._thread.join()
        self._unplug()

    # --- the module's life ---

    def _run(self) -> None:
        received = b""
        while not self._ending.is_set():
            self._look()
            self._follow()
            if not self._port.plugged:
                received = b""  # half a request went with the cable
                self._ending.wait(_LOOK_S)
                continue
            if select.select([self._port], [], [], _LOOK_S)[0]:
                received = self._serve(received + self._port.read(_READ))

    def _look(self) -> None:
        now = self._state.read("id_card")
        if now["card"] != self._card:
            self._card = now["card"]  # lifted, and perhaps another one laid down
            self._selected = self._read = False
        self._fault = now["state"]
        self._status = _known_status(now["status"])
        self._baud = int(now["baud"]) if now["baud"].isdecimal() else _USUAL_BAUD

    def _follow(self) -> None:
        if self._fault == "unplugged":
            self._unplug()
        else:
            self._port.plug()

    def _unplug(self) -> None:
        self._port.unplug()
        self._selected = self._read = False  # it has lost its power

    # --- answering ---

    def _serve(self, received: bytes) -> bytes:
        """Answer each whole request; what remains is the beginning of one."""
        while (start := received.find(PREAMBLE)) >= 0:
            received = received[start:]
            end = _HEAD + int.from_bytes(received[len(PREAMBLE) : _HEAD], "big")
            if len(received) < _HEAD or len(received) < end <= _LONGEST_REQUEST:
                break
            self._look()
            if self._fault not in ("hung", "unplugged"):
                in_tune = self._port.hears_at(self._baud)
                self._send(self._answer(received[len(PREAMBLE) : end]) if in_tune else _MISHEARD)
            received = received[end:]
        return received[-_LONGEST_REQUEST:]

    def _answer(self, body: bytes) -> bytes:
        """``body``: a request from its length to its check."""
        if int.from_bytes(body[:2], "big") != len(body) - 2 or len(body) > _LONGEST_REQUEST:
            return _status(Status.LENGTH_ERROR)
        if check(body) != 0:
            return _status(Status.CHECKSUM_ERROR)
        if self._fault == "module-fault":
            return _status(Status.SELF_TEST_FAILED)
        match int.from_bytes(body[2:-1], "big"):
            case Command.RESET | Command.STATUS:
                return _status(Status.OK)
            case Command.SAM_ID:
                return _status(Status.OK, _SAM_NUMBER)
            case command:
                return self._answer_of_card(command, self._cards.get(self._card))

    def _answer_of_card(self, command: int, card: SimulatedCard | None) -> bytes:
        match command:
            case Command.FIND:
                there = self._is_there(Status.FIND_FAILED)
                return _status(Status.CARD_FOUND, bytes(4)) if there else _status(Status.FIND_FAILED)
            case Command.SELECT:
                self._selected = card is not None
                there = self._is_there(Status.SELECT_FAILED)
                return _status(Status.OK, bytes(8)) if there else _status(Status.SELECT_FAILED)
            case Command.READ_BASE:
                return self._base(card)
            case Command.READ_NEW_ADDRESS if card is not None and self._selected and card.newer_addresses:
                return _status(Status.OK, card.newer_addresses)
            case Command.READ_MANAGEMENT_NUMBER | Command.READ_NEW_ADDRESS:
                return _status(Status.NOT_ON_CARD if self._selected else Status.READ_FAILED)
            case _:
                return _status(Status.BAD_COMMAND)

    def _is_there(self, unless: Status) -> bool:
        """Whether a card lies there that was not read, and the fault is not that it goes unnoticed."""
        unnoticed = self._fault == "status" and self._status is unless
        return self._card in self._cards and not self._read and not unnoticed

    def _base(self, card: SimulatedCard | None) -> bytes:
        self._ending.wait(self._card_seconds)
        self._look()  # a card may be lifted while it is read
        if self._fault == "refused":
            return _status(Status.CARD_REJECTS_SAM)
        if self._fault == "status":
            return _status(self._status)
        if card is None or not self._selected or self._fault == "read-fails":
            return _status(Status.READ_FAILED)
        self._read = True
        sizes = len(card.text).to_bytes(2, "big") + len(card.photo).to_bytes(2, "big")
        return _status(Status.OK, sizes + card.text + card.photo)

    def _send(self, answer: bytes) -> None:
        """At the pace of the wire, a piece at a time: the cable may be pulled in between."""
        if self._fault == "bad-checksum":
            answer = answer[:-1] + bytes([answer[-1] ^ 0x5A])
        if self._fault == "noise":
            answer = _NOISE + answer + _NOISE
        size = _FRAGMENT if self._fault == "fragments" else _PIECE
        for at in range(0, len(answer), size):
            if self._state.read("id_card")["state"] in ("hung", "unplugged"):
                return
            piece = answer[at : at + size]
            time.sleep(len(piece) / _BYTES_A_SECOND * _USUAL_BAUD / self._baud)
            self._port.write(piece)


def _status(status: Status, data: bytes = b"") -> bytes:
    return frame(bytes([0, 0, status]) + data)


def _known_status(code: str) -> Status:
    """Two hexadecimal digits, as the reader's page lists them; 'read failed' for anything else."""
    try:
        return Status(int(code, 16))
    except ValueError:
        return Status.READ_FAILED


def main() -> int:
    """Be a module until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.samv", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where id_card.json is")
    asked = parser.parse_args()
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)  # before the module's thread begins, so that only we are told
    with SimulatedSamvModule(SimulatedState(asked.folder), asked.folder / LINK):
        print(f"card reader: {asked.folder / LINK}", flush=True)
        signal.sigwait(ends)
    return 0


if __name__ == "__main__":
    sys.exit(main())
