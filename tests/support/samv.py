"""A card reader's module whose every answer is written down beforehand: for answers that no healthy module gives."""

import os
import select
import tty
from collections.abc import Mapping, Sequence
from threading import Event, Thread
from types import TracebackType
from typing import Self

from devices.id_card.wire import Command, Status, frame, request

COMMANDS = {request(command): command for command in Command}
REQUEST_BYTES = 10
HEALTHY = {
    Command.STATUS: (frame(bytes([0, 0, Status.OK])),),
    Command.SAM_ID: (frame(bytes([0, 0, Status.OK]) + bytes(16)),),
    Command.FIND: (frame(bytes([0, 0, Status.CARD_FOUND]) + bytes(4)),),
    Command.SELECT: (frame(bytes([0, 0, Status.OK]) + bytes(8)),),
    Command.READ_NEW_ADDRESS: (frame(bytes([0, 0, Status.NOT_ON_CARD])),),
    Command.READ_MANAGEMENT_NUMBER: (frame(bytes([0, 0, Status.READ_FAILED])),),
}


class ScriptedSamv:
    """A context manager: inside, ``port`` is the module's terminal. Each command takes its next answer; the last one
    is repeated. Empty bytes: the command stays unanswered."""

    def __init__(self, answers: Mapping[Command, Sequence[bytes]]) -> None:
        self.asked: list[Command] = []
        self._answers = {command: list(each) for command, each in {**HEALTHY, **answers}.items()}
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._ending = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._thread.join()
        os.close(self._master)
        os.close(self._slave)

    def say(self, words: bytes) -> None:
        """Send these bytes, asked or not."""
        while words:
            words = words[os.write(self._master, words) :]

    def _run(self) -> None:
        received = b""
        while not self._ending.is_set():
            if not select.select([self._master], [], [], 0.02)[0]:
                continue
            received += os.read(self._master, REQUEST_BYTES)
            if len(received) == REQUEST_BYTES:
                self._answer(COMMANDS[received])
                received = b""

    def _answer(self, command: Command) -> None:
        self.asked.append(command)
        answers = self._answers.get(command)
        if answers:
            self.say(answers.pop(0) if len(answers) > 1 else answers[0])
