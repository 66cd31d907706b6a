"""The server dies in the middle of the work, and its standby takes over: nothing is lost, nothing done twice."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from psycopg import sql

from records import installation
from records.context import Records
from records.sections import DatabaseSettings
from records.store import audit, papers
from tests.support import postgresql
from tests.support.clocks import StillClock
from tests.support.postgresql import Server
from tests.support.records_client import KioskClient, new_key
from tests.support.records_server import quick_settings, rules_with, write_settings

REPLICATED = {"wal_level": "replica", "max_wal_senders": "4"}  # and what is answered is on the disk, as in earnest
KEYS = 12
TRIES = 400


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    """Return a server and its standby."""
    with ExitStack() as stack:
        servers = [Server(REPLICATED), Server(REPLICATED)]
        for each in servers:
            stack.callback(each.remove)
        primary = servers[0].made()
        primary.create("records")
        yield primary, servers[1].following(primary)


@pytest.fixture
def served(pair: tuple[Server, Server], tmp_path: Path) -> Iterator[Records]:
    """Return records whose settings name both servers, as libpq has it: whichever takes writes."""
    places = ",".join(str(each.folder) for each in pair)
    url = f"postgresql://{postgresql.OWNER}@/records?host={places}&target_session_attrs=read-write"
    settings = quick_settings().model_copy(update={"database": DatabaseSettings(url=url)})
    write_settings(tmp_path, settings, rules_with(answer_s=0.5))
    opened = installation.prepare(tmp_path, StillClock(), lambda _sentence: None)
    yield opened
    opened.database.close()


def _serial(kiosk: KioskClient, subject: str, key: str) -> str:
    """As a kiosk does it: the same key, until there is an answer."""
    for _ in range(TRIES):
        answer = kiosk.reserve(subject, key)
        if answer.status_code == 201:
            return str(answer.json()["serial"])
        assert (answer.status_code, answer.json()["retryable"]) == (503, True)
        time.sleep(0.05)
    raise AssertionError("nobody took over")


def test_a_standby_takes_over_in_the_middle_of_the_work(pair: tuple[Server, Server], served: Records) -> None:
    """Each key leads to one serial, the serials have no gap, the audit holds: over the change of servers, and when the
    second one is killed right after an answer and comes back from its own log alone."""
    primary, standby = pair
    kiosk = KioskClient(served)
    subject, keys = kiosk.prove(), [new_key() for _ in range(KEYS)]
    before = {key: _serial(kiosk, subject, key) for key in keys[: KEYS // 2]}
    primary.kill()
    away = kiosk.reserve(subject, keys[-1])
    assert (away.status_code, away.json()["retryable"]) == (503, True)
    standby.execute(sql.SQL("SELECT pg_promote()"))
    after = {key: _serial(kiosk, subject, key) for key in keys}
    assert {key: after[key] for key in before} == before
    assert sorted(int(serial[10:16]) for serial in after.values()) == list(range(1, KEYS + 1))
    answered = {*after.values(), _serial(kiosk, subject, new_key())}
    standby.kill()  # in the moment of the answer, with nobody behind it any more
    standby.start()
    assert _serial(kiosk, subject, keys[0]) == after[keys[0]]  # asked until it is there
    with served.database.reading() as transaction:
        assert audit.first_break(transaction) is None
        assert {each.serial for each in papers.every(transaction)} == answered
