"""Alive and ready are two questions, both for anyone, and neither answer helps an attacker."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy.exc import OperationalError

from records import health
from records.context import Records
from records.store.database import Database
from tests.support.clocks import StillClock
from tests.support.records_client import Client


class _Usage(NamedTuple):
    free: int


@pytest.fixture
def anybody(records: Records) -> Client:
    """Return somebody without a certificate."""
    return Client(records, None)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the database take no writer."""

    def refuses(_self: Database) -> Iterator[None]:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Database, "writing", refuses)


def test_a_service_that_can_work_is_ready(anybody: Client) -> None:
    assert anybody.get("/health/ready").json() == {"server_time": "2026-11-22T15:05:00Z"}


@pytest.mark.usefixtures("broken")
def test_a_database_that_takes_nothing_is_not_ready_and_yet_alive(anybody: Client) -> None:
    """Starting the service anew would not mend it. The answer is a code, and none of the database's words."""
    answer = anybody.get("/health/ready")
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (503, "not-ready", "database")
    assert answer.json()["retryable"]
    assert answer.headers["Retry-After"] == "5"
    assert "disk I/O" not in answer.text
    assert anybody.get("/health").status_code == 200


def test_an_expired_policy_is_not_ready(anybody: Client, clock: StillClock) -> None:
    clock.pass_by(timedelta(days=91).total_seconds())
    assert anybody.get("/health/ready").json()["detail"] == "policy"


def test_keys_that_cannot_be_read_are_not_ready(anybody: Client, records: Records, clock: StillClock) -> None:
    """And ready again as soon as they are there."""
    certificate = records.folder / "keys" / "code.cert.pem"
    kept = certificate.read_bytes()
    certificate.unlink()
    assert anybody.get("/health/ready").json()["detail"] == "keys"
    certificate.write_bytes(kept)
    clock.pass_by(10)
    assert anybody.get("/health/ready").status_code == 200


def test_a_disk_without_room_is_not_ready(anybody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("records.health.shutil.disk_usage", lambda _folder: _Usage(free=1))
    assert anybody.get("/health/ready").json()["detail"] == "disk"


def test_asking_often_costs_little(records: Records, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a thousand times has the database looked at once in some seconds."""
    looked = []

    def looks(_records: Records) -> Iterator[health.Reason]:
        looked.append(1)
        return iter(())

    monkeypatch.setattr(health, "_reasons", looks)
    readiness = health.Readiness(records)
    for _ in range(1000):
        readiness.reasons()
    clock.pass_by(10)
    readiness.reasons()
    assert len(looked) == 2


def test_while_one_looks_the_others_hear_what_was_seen(
    records: Records, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that hangs holds one thread, not all of them."""
    readiness = health.Readiness(records)
    assert readiness.reasons() == ()
    clock.pass_by(10)

    def looks(_records: Records) -> Iterator[health.Reason]:
        assert readiness.reasons() == ()
        yield health.Reason.DATABASE

    monkeypatch.setattr(health, "_reasons", looks)
    assert readiness.reasons() == (health.Reason.DATABASE,)
