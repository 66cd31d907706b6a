"""A real PostgreSQL for tests: Debian's server, one for each test process, reached through a socket file alone.

url = server().create("a_test")          # an empty database of the owner; the service's role may only connect
url = server().create("b_test", like="a_test")
server().drop("a_test")

``LAMPLIGHT_TEST_DATABASE=postgresql`` (make test DATABASE=postgresql) lets every records service of the tests have one.
"""

import atexit
import functools
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import URL

from records.store import guard
from records.store.database import Database

VARIABLE = "LAMPLIGHT_TEST_DATABASE"
OWNER = "lamplight_owner"
SERVICE = "lamplight"
GUARDED = "lamplight_guarded"  # of this one the password is asked
PASSWORD = "open sesame 芝麻开门"
_SUPERUSER = "postgres"
_STARTED_IN_S = 90.0
_POLL_S = 0.02
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_SMALL = {"shared_buffers": "64MB", "max_connections": "300", "listen_addresses": "", "log_statement": "none"}
_numbers = itertools.count(1)
_starter = ThreadPoolExecutor(1)  # the news of a death comes when the thread ends that was the parent: this one stays


def is_chosen() -> bool:
    """Whether tests that don't care run on PostgreSQL."""
    chosen = os.environ.get(VARIABLE, "sqlite")
    if chosen not in {"sqlite", "postgresql"}:
        raise RuntimeError(f"{VARIABLE} is {chosen}: it is sqlite or postgresql")
    return chosen == "postgresql"


class Server:
    """A cluster of its own below /tmp: a socket's path must be short. ``settings``: of postgresql.conf."""

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lamplight-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.settings = _SMALL | (_FAST if settings is None else settings)
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            account = pwd.getpwnam(_SUPERUSER)
            os.chown(self.folder, account.pw_uid, account.pw_gid)

    def made(self) -> Self:
        """Initialised, started, with its roles; all but one of them are believed without a password."""
        command = [binary("initdb"), "-D", str(self.data), "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8"]
        self.run(*command, "--locale=C.UTF-8", "--no-sync")
        access = self.data / "pg_hba.conf"
        access.write_text(f"local all {GUARDED} scram-sha-256\n{access.read_text('ascii')}", "ascii")
        self.start()
        for role in (OWNER, SERVICE, GUARDED):
            self.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), PASSWORD))
        return self

    def following(self, primary: Self) -> Self:
        """Started as a standby of another one, which from now on commits nothing before this one has it."""
        source = f"host={primary.folder} user={_SUPERUSER}"
        self.run(binary("pg_basebackup"), "-D", str(self.data), "-R", "-c", "fast", "-d", source)
        self.start()
        primary.execute(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = '*'"))
        primary.execute(sql.SQL("SELECT pg_reload_conf()"))
        return self

    def run(self, *command: str) -> None:
        """One of PostgreSQL's own programs, as the user it wants to be."""
        subprocess.run([*_as_postgres(), *command], check=True, capture_output=True, cwd=self.folder)

    def start(self) -> None:
        """Start it, again after stop() or kill(), and wait until it answers. It ends with this process."""
        options = [each for name, value in self.settings.items() for each in ("-c", f"{name}={value}")]
        place = ["-D", str(self.data), "-k", str(self.folder)]
        with (self.folder / "log").open("ab") as log:
            command = [*_as_postgres(), binary("postgres"), *place, *options]
            begun = _starter.submit(subprocess.Popen, command, stdout=log, stderr=log, cwd=self.folder)
            self._process = begun.result()
        deadline = time.monotonic() + _STARTED_IN_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text('utf-8')}")
            time.sleep(_POLL_S)

    def stop(self) -> None:
        """End it as an administrator would, with its connections."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End it as a crash would: what was committed is found again in its log."""
        self._end(signal.SIGQUIT)

    def remove(self) -> None:
        """End it and delete all of it."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, name: str = "", like: str = "template1") -> str:
        """A new database; its name, a fresh one when none is given."""
        chosen = name or f"test_{next(_numbers)}"
        words = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY")
        self.execute(words.format(*map(sql.Identifier, (chosen, OWNER, like))))
        return chosen

    def drop(self, name: str) -> None:
        """Delete a database, whoever is connected to it."""
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, name: str, role: str = SERVICE) -> str:
        """Where records find a database, as ``records.toml`` has it."""
        return URL.create("postgresql", role, database=name, query={"host": str(self.folder)}).render_as_string()

    def execute(self, words: sql.SQL | sql.Composed, database: str = _SUPERUSER) -> None:
        """One statement as the superuser, in no transaction."""
        place = f"host={self.folder} user={_SUPERUSER} dbname={database}"
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(words)

    def _answers(self) -> bool:
        try:
            self.execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:  # not yet
            return False
        return True

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(timeout=30)
        self._process = None


@contextmanager
def a_database(like: str = "template1") -> Iterator[str]:
    """A database of this process's server for a while; its name."""
    name = server().create(like=like)
    yield name
    server().drop(name)


def with_tables(server: Server, name: str = "") -> str:
    """The name of a new database with all tables and nothing in them; the service's role may use it."""
    made = server.create(name)
    database = Database(server.url(made, OWNER), "pingandeng")
    database.migrate()
    with database.alone() as transaction:
        guard.allow(transaction, SERVICE)
    database.close()
    return made


@functools.cache
def migrated() -> str:
    """The name of a database with all tables and nothing in them, to be copied; the service's role may use it."""
    return with_tables(server(), "migrated")


@functools.cache
def server() -> Server:
    """The one of this test process."""
    made = Server()
    atexit.register(made.remove)
    return made.made()


def binary(name: str) -> str:
    """The path of one of PostgreSQL's programs: Debian keeps each version's in a folder of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: make setup")
    return str(found[-1])


def _as_postgres() -> list[str]:
    """The server refuses to be root's; and it gets the news when this process dies."""
    become = ["--reuid", _SUPERUSER, "--regid", _SUPERUSER, "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig", "INT", *become]
