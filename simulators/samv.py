"""The far end of the card reader's wire: a SAM-V module on a pseudo terminal, with its timing, habits and faults.

Its habit that matters most: after a card was read, 'find' says 'nothing' until the card is lifted.
"""

import argparse
import os
import select
import signal
import sys
import time
import tty
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from devices.id_card.wire import Command, Status, frame, request
from simulators.cards import SimulatedCard, cards
from simulators.state import DEFAULT_FOLDER, SimulatedState

LINK = "id_card.tty"
_SAM_NUMBER = bytes.fromhex("0500 0100 f1ce3301 87d61200 b168de3a")
_CARD_SECONDS = 0.3  # what the chip itself takes to be read
_BYTES_A_SECOND = 11520  # 115200 baud, ten bits a byte
_FRAGMENT = 7
_LOOK_S = 0.05
_NOISE = bytes.fromhex("00ffaa55aaaa1369")
_REQUESTS = {request(command): command for command in Command}
_LONGEST_REQUEST = max(map(len, _REQUESTS))


class SimulatedSamvModule:
    """A context manager: inside, ``link`` leads to the module's terminal (unless it is unplugged)."""

    def __init__(self, state: SimulatedState, link: Path, card_seconds: float = _CARD_SECONDS) -> None:
        self._state = state
        self._link = link
        self._card_seconds = card_seconds
        self._cards = cards()
        self._ending = Event()
        self._thread = Thread(target=self._run, name="samv", daemon=True)
        self._master = -1
        self._slave = -1
        self._card = "none"
        self._read = False
        self._fault = "ok"

    def __enter__(self) -> Self:
        self._look()
        self._follow()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        self._thread.join()
        self._unplug()

    def stop(self) -> None:
        """End soon."""
        self._ending.set()

    def wait(self) -> None:
        """Serve until stopped."""
        self._ending.wait()

    # --- the module's life ---

    def _run(self) -> None:
        received = b""
        while not self._ending.is_set():
            self._look()
            self._follow()
            if self._master < 0:
                self._ending.wait(_LOOK_S)
                continue
            if select.select([self._master], [], [], _LOOK_S)[0]:
                with suppress(OSError):
                    received += os.read(self._master, 256)
                received = self._serve(received)

    def _look(self) -> None:
        now = self._state.read("id_card")
        if now["card"] != self._card:
            self._card, self._read = now["card"], False  # lifted, and perhaps another one laid down
        self._fault = now["state"]

    def _follow(self) -> None:
        if self._fault == "unplugged":
            self._unplug()
        elif self._master < 0:
            self._plug()

    def _plug(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._link.parent.mkdir(parents=True, exist_ok=True)
        part = self._link.with_name(f"{self._link.name}.part")
        part.unlink(missing_ok=True)
        part.symlink_to(os.ttyname(self._slave))
        part.replace(self._link)

    def _unplug(self) -> None:
        if self._master >= 0:
            self._link.unlink(missing_ok=True)
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = -1
        self._read = False

    # --- answering ---

    def _serve(self, received: bytes) -> bytes:
        """Answer each whole request; what remains is the beginning of one."""
        for known, command in _REQUESTS.items():
            if known in received:
                if self._fault != "hung":
                    self._send(self._answer(command))
                return received[received.index(known) + len(known) :]
        return received[-_LONGEST_REQUEST:]

    def _answer(self, command: Command) -> bytes:  # noqa: PLR0911 - one match, one command each
        card = self._cards.get(self._card)
        match command:
            case Command.RESET | Command.STATUS:
                return _status(Status.SELF_TEST_FAILED if self._fault == "module-fault" else Status.OK)
            case Command.SAM_ID:
                return _status(Status.OK, _SAM_NUMBER)
            case Command.FIND:
                if card is None or self._read:
                    return _status(Status.FIND_FAILED)
                return _status(Status.CARD_FOUND, bytes(4))
            case Command.SELECT:
                if card is None or self._read:
                    return _status(Status.SELECT_FAILED)
                return _status(Status.OK, bytes(8))
            case Command.READ_BASE:
                return self._base(card)
            case Command.READ_MANAGEMENT_NUMBER | Command.READ_NEW_ADDRESS:
                return _status(Status.NOT_ON_CARD if card else Status.READ_FAILED)

    def _base(self, card: SimulatedCard | None) -> bytes:
        self._ending.wait(self._card_seconds)
        self._look()  # a card may be lifted while it is read
        if self._fault == "refused":
            return _status(Status.CARD_REJECTS_SAM)
        if card is None or self._fault == "read-fails" or self._cards.get(self._card) is not card:
            return _status(Status.READ_FAILED)
        self._read = True
        sizes = len(card.text).to_bytes(2, "big") + len(card.photo).to_bytes(2, "big")
        return _status(Status.OK, sizes + card.text + card.photo)

    def _send(self, answer: bytes) -> None:
        pieces = [answer]
        if self._fault == "bad-checksum":
            pieces = [answer[:-1] + bytes([answer[-1] ^ 0x5A])]
        elif self._fault == "noise":
            pieces = [_NOISE, answer]
        elif self._fault == "fragments":
            pieces = [answer[at : at + _FRAGMENT] for at in range(0, len(answer), _FRAGMENT)]
        for piece in pieces:
            time.sleep(len(piece) / _BYTES_A_SECOND)
            with suppress(OSError):
                _write_all(self._master, piece)


def _status(status: Status, data: bytes = b"") -> bytes:
    return frame(bytes([0, 0, status]) + data)


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def main() -> int:
    """Be a module until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m simulators.samv", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="where id_card.json is")
    asked = parser.parse_args()
    module = SimulatedSamvModule(SimulatedState(asked.folder), asked.folder / LINK)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: module.stop())
    with module:
        print(f"card reader: {asked.folder / LINK}", flush=True)
        module.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
