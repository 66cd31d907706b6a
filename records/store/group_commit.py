"""Group commit: writers take turns on one connection, and whoever waited meanwhile shares one COMMIT.

A commit waits for the disk; the work before it does not. So a writer whose work is done hands the connection to the
next in the line, and the last of the line commits for all. Each works inside a savepoint of its own: its failure takes
back nothing of the others'. Nobody leaves before the COMMIT, not even who was refused: the refusal may rest on what
another one of the group has written. A lone writer commits at once.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

_MOST = 32  # members; PostgreSQL keeps 64 savepoints of a transaction at hand
_LONGEST_S = 0.05  # a slow member keeps those before it waiting no longer than for itself
PATIENCE_S: Final = 10.0  # how long a writer waits for its turn and for the locks of other processes, together
_STUCK_S = 3.0  # whoever has the turn for so long is waiting for somebody themselves
_MOST_BEHIND = 16  # who wait behind such a one


class _Group:
    """Those whose work stands or falls together. ``intact``: whether the transaction is still open and healthy."""

    def __init__(self, connection: Connection, intact: Callable[[Connection], bool]) -> None:
        self.connection = connection
        self._intact = intact
        self._until = time.monotonic() + _LONGEST_S
        self._members = 0
        self._over = threading.Event()
        self._committed = False
        self._failure: Exception | None = None

    def takes_more(self) -> bool:
        """One member has ended its work: whether another one may follow."""
        self._members += 1
        if not self._whole():  # a full disk, a lost server: the database has taken everything back by itself
            self._failure = self._failure or ConnectionError("the transaction was lost")
            return False
        return self._members < _MOST and time.monotonic() < self._until

    def _whole(self) -> bool:
        try:
            return self._intact(self.connection)
        except Exception as error:  # noqa: BLE001 - whoever can't say that it is, has lost it
            self._failure = error
            return False

    def end(self) -> None:
        """Commit if nothing was lost, and tell everybody."""
        try:
            if self._failure is None:
                self.connection.commit()
                self._committed = True
        except Exception as error:  # noqa: BLE001 - whatever it was, every member hears of it
            self._failure = error
        finally:
            self._let_go()
            self._over.set()

    def outcome(self) -> None:
        """Wait for the end. OperationalError: nothing of the group is stored."""
        self._over.wait()
        if not self._committed:
            raise OperationalError("COMMIT", None, self._failure or ConnectionError("interrupted"))

    def _let_go(self) -> None:
        """A connection whose COMMIT failed may still be in its transaction: nobody else gets it."""
        if not self._committed:
            self.connection.invalidate()
        self.connection.close()


class GroupCommit:
    """The line of the writers of this process. ``begin`` opens a writing transaction on a connection of its own, and
    waits for other processes no longer than it is told, in seconds."""

    def __init__(
        self,
        begin: Callable[[float], Connection],
        intact: Callable[[Connection], bool],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._begin = begin
        self._intact = intact
        self._patience_s = patience_s
        self._mutex = threading.Lock()
        self._line: deque[threading.Event] = deque()
        self._busy = False
        self._moved = 0.0
        self._group: _Group | None = None
        self._working: int | None = None

    @contextmanager
    def member(self, *, urgent: bool = False) -> Iterator[Connection]:
        """Work inside it, alone on the connection; leave it with the work committed. OperationalError: it is not.

        ``urgent``: before all who wait.
        """
        until = time.monotonic() + self._patience_s
        self._wait_for_turn(until, urgent=urgent)
        group = self._joined(until)
        try:
            with group.connection.begin_nested():
                yield group.connection
        finally:
            self._leave(group)
            group.outcome()

    def _wait_for_turn(self, until: float, *, urgent: bool) -> None:
        me = threading.get_ident()
        if self._working == me:
            raise RuntimeError("a writing transaction inside a writing transaction")
        turn = self._stand_in_line(urgent=urgent)
        if not turn.wait(until - time.monotonic()) and self._gone(turn):
            raise _busy("the turn did not come in time")
        self._working = me

    def _stand_in_line(self, *, urgent: bool) -> threading.Event:
        turn = threading.Event()
        with self._mutex:
            if not self._busy:
                self._busy, self._moved = True, time.monotonic()
                turn.set()
            elif urgent:
                self._line.appendleft(turn)
            elif len(self._line) >= _MOST_BEHIND and time.monotonic() - self._moved > _STUCK_S:
                raise _busy("the line does not move")
            else:
                self._line.append(turn)
        return turn

    def _gone(self, turn: threading.Event) -> bool:
        """Out of the line again; False: the turn has come just now."""
        with self._mutex:
            if turn.is_set():
                return False
            self._line.remove(turn)
            return True

    def _joined(self, until: float) -> _Group:
        """The open group, or a new one."""
        if self._group is None:
            try:
                self._group = _Group(self._begin(max(0.0, until - time.monotonic())), self._intact)
            except BaseException:
                self._free()
                raise
        return self._group

    def _leave(self, group: _Group) -> None:
        self._working = None
        if group.takes_more() and self._handed_on():
            return
        self._group = None
        group.end()
        self._free()

    def _free(self) -> None:
        self._working = None
        with self._mutex:
            self._busy = self._next()

    def _handed_on(self) -> bool:
        """Whether somebody waited, and has the turn now."""
        with self._mutex:
            return self._next()

    def _next(self) -> bool:
        self._moved = time.monotonic()
        if not self._line:
            return False
        self._line.popleft().set()
        return True


def _busy(why: str) -> OperationalError:
    return OperationalError("BEGIN", None, TimeoutError(why))
