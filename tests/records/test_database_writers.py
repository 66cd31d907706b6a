"""Writers take turns, share commits, and never leave before what they wrote is stored; on both databases."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from records.store import counters, dialects, group_commit
from records.store.database import Database
from records.store.dialects import Dialect
from records.store.group_commit import GroupCommit
from tests.support import postgresql

THREADS = 16
EACH = 12
_TABLE = "CREATE TABLE numbers (number INTEGER PRIMARY KEY)"
_LOST = {"sqlite": "ROLLBACK", "postgresql": "SELECT pg_terminate_backend(pg_backend_pid())"}
_ENDS_S = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty database is, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'a.db'}"
    else:
        with postgresql.a_database() as name:
            yield postgresql.server().url(name, postgresql.OWNER)


@pytest.fixture
def dialect(url: str) -> Iterator[Dialect]:
    opened = dialects.opened(sa.make_url(url), "pingandeng", 50)
    with opened.engine.begin() as connection:
        connection.exec_driver_sql(_TABLE)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def writers(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> GroupCommit:
    """A line whose groups end for want of members, never of time."""
    monkeypatch.setattr(group_commit, "_LONGEST_S", 60.0)
    return GroupCommit(dialect.writer, dialect.intact)


def _insert(connection: Connection, number: int) -> None:
    connection.execute(sa.text("INSERT INTO numbers VALUES (:number)"), {"number": number})


def _stored(dialect: Dialect) -> list[int]:
    with dialect.reader() as connection, connection.begin():
        return list(connection.exec_driver_sql("SELECT number FROM numbers ORDER BY number").scalars())


def _together(work: Callable[[int], None], count: int) -> list[BaseException | None]:
    """Run ``work`` with 0, 1, ... in threads of their own; what each ended with."""
    with ThreadPoolExecutor(count) as pool:
        return [each.exception(timeout=_ENDS_S) for each in [pool.submit(work, number) for number in range(count)]]


@contextmanager
def _first_holds(writers: GroupCommit, followers: int) -> Iterator[Connection]:
    """The turn, until so many others wait for it."""
    with writers.member() as connection:
        yield connection
        while len(writers._line) < followers:
            time.sleep(0.001)


def test_whoever_leaves_finds_it_stored(dialect: Dialect, writers: GroupCommit) -> None:
    """Another connection sees it, which sees what is committed alone; and nothing is lost among many."""

    def work(thread: int) -> None:
        for number in range(thread * EACH, (thread + 1) * EACH):
            with writers.member() as connection:
                _insert(connection, number)
            assert number in _stored(dialect)

    assert _together(work, THREADS) == [None] * THREADS
    assert _stored(dialect) == list(range(THREADS * EACH))


def test_those_who_wait_share_a_commit_and_a_lone_one_has_its_own(dialect: Dialect, writers: GroupCommit) -> None:
    commits: list[Connection] = []
    event.listen(dialect.engine, "commit", commits.append)

    def work(number: int) -> None:
        with _first_holds(writers, THREADS - 1) if number == 0 else writers.member() as connection:
            _insert(connection, number)

    assert _together(work, THREADS) == [None] * THREADS
    shared = len(commits)
    for number in (100, 101):
        with writers.member() as connection:
            _insert(connection, number)
    assert (shared, len(commits) - shared) == (1, 2)


def test_a_group_has_a_bound(dialect: Dialect, writers: GroupCommit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "_MOST", 4)
    commits: list[Connection] = []
    event.listen(dialect.engine, "commit", commits.append)

    def work(number: int) -> None:
        with _first_holds(writers, 11) if number == 0 else writers.member() as connection:
            _insert(connection, number)

    assert _together(work, 12) == [None] * 12
    assert len(commits) == 3


def test_a_failure_takes_back_its_own_work_alone(dialect: Dialect, writers: GroupCommit) -> None:
    def work(number: int) -> None:
        with writers.member() as connection:
            _insert(connection, number)
            if number % 3 == 0:
                raise LookupError(number)

    ended = _together(work, THREADS)
    assert [type(each) for each in ended] == [type(None) if number % 3 else LookupError for number in range(THREADS)]
    assert _stored(dialect) == [number for number in range(THREADS) if number % 3]


def test_a_statement_that_fails_spoils_nobody_elses(dialect: Dialect, writers: GroupCommit) -> None:
    """The same row twice: one of them is stored."""

    def work(number: int) -> None:
        with writers.member() as connection:
            _insert(connection, number // 2)

    refused = [each for each in _together(work, THREADS) if each]
    assert len(refused) == THREADS // 2
    assert all(isinstance(each, sa.exc.IntegrityError) for each in refused)
    assert _stored(dialect) == list(range(THREADS // 2))


def test_a_commit_that_fails_fails_for_all_of_its_group(dialect: Dialect, writers: GroupCommit) -> None:
    """Those who were refused too: what they were refused for was never stored. The next group is none the worse."""

    def fail(_connection: Connection) -> None:
        raise OSError("no room")

    def work(number: int) -> None:
        with _first_holds(writers, THREADS - 1) if number == 0 else writers.member() as connection:
            _insert(connection, number)
            if number == 1:
                raise LookupError(number)

    event.listen(dialect.engine, "commit", fail)
    assert [type(each) for each in _together(work, THREADS)] == [OperationalError] * THREADS
    event.remove(dialect.engine, "commit", fail)
    with writers.member() as connection:
        _insert(connection, 7)
    assert _stored(dialect) == [7]


def test_a_transaction_that_is_lost_on_the_way_fails_for_those_before_it(
    dialect: Dialect, writers: GroupCommit
) -> None:
    """As a full disk ends it, too: the database takes everything back by itself. Nobody is told that it is stored."""

    def work(number: int) -> None:
        with _first_holds(writers, 3) if number == 0 else writers.member() as connection:
            _insert(connection, number)
            if len(writers._line) == 1:  # the third of four
                connection.exec_driver_sql(_LOST[dialect.engine.dialect.name])

    ended = _together(work, 4)
    assert sum(isinstance(each, sa.exc.SQLAlchemyError) for each in ended) == 3
    assert len(_stored(dialect)) == 1


def test_whoever_can_not_say_that_all_is_well_has_lost_it(dialect: Dialect) -> None:
    """And keeps nobody waiting."""

    def unsure(_connection: Connection) -> bool:
        raise OSError("no answer")

    writers = GroupCommit(dialect.writer, unsure)
    for number in (1, 2):
        with pytest.raises(OperationalError), writers.member() as connection:
            _insert(connection, number)
    assert _stored(dialect) == []


def test_whoever_can_not_begin_keeps_nobody_from_it(dialect: Dialect) -> None:
    begins = iter([OSError("no room"), None])

    def begin(patience_s: float) -> Connection:
        if error := next(begins):
            raise error
        return dialect.writer(patience_s)

    writers = GroupCommit(begin, dialect.intact)
    with pytest.raises(OSError, match="no room"), writers.member():
        raise AssertionError("never inside")
    with writers.member() as connection:
        _insert(connection, 1)
    assert _stored(dialect) == [1]


def test_they_come_in_the_order_they_asked_and_who_is_in_need_before_them(writers: GroupCommit) -> None:
    came: list[int] = []

    def work(number: int) -> None:
        with writers.member(urgent=number == 7):
            came.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    with writers.member():
        for number, thread in enumerate(threads):
            thread.start()
            while len(writers._line) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(_ENDS_S)
    assert came == [7, *range(7)]


def test_all_who_wait_for_another_process_give_up_together(dialect: Dialect) -> None:
    """Each after its own time, and not one after another; then everything goes on."""
    writers = GroupCommit(dialect.writer, dialect.intact, patience_s=0.5)

    def work(number: int) -> None:
        with writers.member() as connection:
            _insert(connection, number)

    with dialect.writer() as other:
        begun = time.monotonic()
        assert [type(each) for each in _together(work, 8)] == [OperationalError] * 8
        assert time.monotonic() - begun < 2.5, "one after another it is four seconds"
        other.rollback()
    assert _together(work, 8) == [None] * 8
    assert _stored(dialect) == list(range(8))


def test_a_line_that_does_not_move_takes_few_more(writers: GroupCommit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their threads are for readers; who is in need stands in line all the same."""
    monkeypatch.setattr(group_commit, "_STUCK_S", 0.0)
    monkeypatch.setattr(group_commit, "_MOST_BEHIND", 2)

    def work(*, urgent: bool) -> None:
        with writers.member(urgent=urgent):
            pass

    with ThreadPoolExecutor(4) as pool:
        with _first_holds(writers, 3):
            waiting = [pool.submit(work, urgent=False) for _ in range(2)]
            while len(writers._line) < 2:
                time.sleep(0.001)
            with pytest.raises(OperationalError, match="does not move"):
                pool.submit(work, urgent=False).result(_ENDS_S)
            waiting.append(pool.submit(work, urgent=True))
        assert [each.exception(timeout=_ENDS_S) for each in waiting] == [None] * 3


def test_a_write_inside_a_write_is_an_error_and_no_deadlock(dialect: Dialect, writers: GroupCommit) -> None:
    with pytest.raises(RuntimeError, match="inside a writing transaction"), writers.member(), writers.member():
        raise AssertionError("never inside")
    with writers.member() as connection:
        _insert(connection, 1)
    assert _stored(dialect) == [1]


def test_readers_inside_writers_find_a_connection(dialect: Dialect, writers: GroupCommit) -> None:
    """A writer that asks the register: it reads what is committed, and waits for nobody."""

    def work(number: int) -> None:
        with writers.member() as connection:
            _insert(connection, number)
            assert number not in _stored(dialect)

    assert _together(work, 40) == [None] * 40
    assert len(_stored(dialect)) == 40


def test_two_processes_never_write_at_once(url: str, dialect: Dialect) -> None:
    """As the service and a command: a counter read and raised by hand in both is never raised twice to one value."""
    with dialect.writer() as connection:
        connection.exec_driver_sql("INSERT INTO numbers VALUES (0)")
        connection.commit()
    running = [subprocess.Popen([sys.executable, "-c", _COUNTING, url]) for _ in range(2)]
    assert [each.wait(60) for each in running] == [0, 0]
    assert _stored(dialect) == list(range(101))


def test_what_was_said_to_be_stored_outlives_a_killed_process(tmp_path: Path) -> None:
    """Eight threads write and say so; the process is killed in the middle of it."""
    place = f"sqlite:///{tmp_path / 'a.db'}"
    dialect = dialects.opened(sa.make_url(place), "pingandeng", 4)
    with dialect.engine.begin() as connection:
        connection.exec_driver_sql(_TABLE)
    with subprocess.Popen([sys.executable, "-c", _UNTIL_KILLED, place], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(300)]
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in process.stdout if line.endswith(b"\n")]
    assert set(said) <= set(_stored(dialect))
    dialect.engine.dispose()


_OPENED = """
import itertools, os, sys, threading
import sqlalchemy as sa
from records.store import dialects
from records.store.group_commit import GroupCommit
dialect = dialects.opened(sa.make_url(sys.argv[1]), "pingandeng", 4)
writers = GroupCommit(dialect.writer, dialect.intact)
table = sa.table("numbers", sa.column("number"))
"""
_COUNTING = (
    _OPENED
    + """
for _ in range(50):
    with writers.member() as connection:
        last = connection.scalar(sa.select(sa.func.max(table.c.number)))
        connection.execute(sa.insert(table), dict(number=last + 1))
"""
)
_UNTIL_KILLED = (
    _OPENED
    + """
numbers = itertools.count()
def work():
    for number in numbers:
        with writers.member() as connection:
            connection.execute(sa.insert(table), dict(number=number))
        os.write(1, b"%d\\n" % number)
for _ in range(8):
    threading.Thread(target=work).start()
"""
)


def test_a_counter_has_neither_gaps_nor_doubles(url: str) -> None:
    """From its first number on, which two could take at once, and although some who took one fail."""
    database = Database(url, "pingandeng")
    database.migrate()
    given: list[int] = []

    def work(thread: int) -> None:
        with database.writing() as transaction:
            number = counters.following(transaction, "test")
            if thread % 5 == 0:
                raise LookupError
        given.append(number)

    _together(work, 40)
    assert sorted(given) == list(range(1, 33))
    database.close()


def test_a_reader_inside_a_reader_has_the_same_view(url: str) -> None:
    """And needs no other connection."""
    database = Database(url, "pingandeng", connections=2)
    database.migrate()
    with database.reading() as outer:
        with database.reading() as inner:
            assert inner is outer
            assert counters.last(inner, "test") == 0
        with database.writing() as transaction:
            counters.following(transaction, "test")
        assert counters.last(outer, "test") == 0, "as it was when the view was taken"
    with database.reading() as transaction:
        assert counters.last(transaction, "test") == 1
    database.close()


def test_a_writer_that_reads_sees_what_its_group_has_written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each were committed before the next: a rule that reads by way of somebody else holds too."""
    monkeypatch.setattr(group_commit, "_LONGEST_S", 60.0)
    database = Database(url, "pingandeng")
    database.migrate()
    seen: list[int] = []

    def work(_number: int) -> None:
        with database.writing() as transaction:
            counters.following(transaction, "test")
            with database.reading() as view:
                seen.append(counters.last(view, "test"))

    assert _together(work, THREADS) == [None] * THREADS
    assert seen == list(range(1, THREADS + 1))
    database.close()


def test_readers_who_ask_twice_all_get_through(url: str) -> None:
    """Forty of them, over two connections."""
    database = Database(url, "pingandeng", connections=2)
    database.migrate()

    def work(_number: int) -> None:
        with database.reading(), database.reading() as transaction:
            assert counters.last(transaction, "test") == 0

    assert _together(work, 40) == [None] * 40
    database.close()
