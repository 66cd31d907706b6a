"""Writes of sixteen threads: shared commits against a transaction for each, on a file and on a server with fsync on."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from records.store import audit, dialects
from records.store.audit import Deed
from records.store.database import Database, Transaction
from records.store.dialects import Dialect
from records.store.group_commit import GroupCommit
from tests.support.clocks import NOW
from tests.support.postgresql import OWNER, Server

_THREADS = 16
_EACH = 20
_ROUNDS = 5
_Write = Callable[[], AbstractContextManager[Transaction]]


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note): the time of a write that appends to the audit; ours, over that of a transaction for each."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _compared("SQLite", f"sqlite:///{Path(folder) / 'records.sqlite'}")
    server = Server({})
    try:
        yield from _compared("PostgreSQL", server.made().url(server.create(), OWNER))
    finally:
        server.remove()


def _compared(name: str, url: str) -> Iterator[tuple[str, float, str]]:
    database = Database(url, "pingandeng")
    database.migrate()
    database.close()
    dialect = dialects.opened(sa.make_url(url), "pingandeng", _THREADS + 4)
    ours = _grouped(dialect)
    in_line, crowd = _single(dialect, threading.Lock()), _single(dialect, nullcontext())
    times: dict[_Write, list[float]] = {ours: [], in_line: [], crowd: []}
    for _ in range(_ROUNDS):
        for way, found in times.items():
            found.append(_seconds_a_write(way, _THREADS))
    alone = {way: median(_seconds_a_write(way, 1) for _ in range(_ROUNDS)) for way in (ours, in_line)}
    dialect.engine.dispose()
    shared = median(times[ours])
    for way, words in ((in_line, "one after another"), (crowd, "all at once")):
        single = median(times[way])
        note = f"{1 / shared:.0f} writes/s against {1 / single:.0f}, {_THREADS} threads, medians of {_ROUNDS} rounds"
        yield f"{name}: commits that are shared / a commit for each write, {words}", shared / single, note
    note = f"{1000 * alone[ours]:.2f} ms against {1000 * alone[in_line]:.2f} ms"
    yield f"{name}: the same for a writer who is alone", alone[ours] / alone[in_line], note


def _grouped(dialect: Dialect) -> _Write:
    writers = GroupCommit(dialect.writer, dialect.intact)

    @contextmanager
    def write() -> Iterator[Transaction]:
        with writers.member() as connection:
            yield Transaction(connection, "pingandeng")

    return write


def _single(dialect: Dialect, line: AbstractContextManager[object]) -> _Write:
    @contextmanager
    def write() -> Iterator[Transaction]:
        with line, dialect.writer() as connection:
            yield Transaction(connection, "pingandeng")
            connection.commit()

    return write


def _seconds_a_write(way: _Write, threads: int) -> float:
    def work(_thread: int) -> None:
        for _ in range(_EACH):
            with way() as transaction:
                audit.append(transaction, Deed(NOW, "measured"))

    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        list(pool.map(work, range(threads)))
        return (time.perf_counter() - began) / (threads * _EACH)
