"""A gate's made-up grants, snapshots and store, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from backend_client.contract.gates import Credential, Door, DoorKind, GateSnapshot, Grant
from backend_client.contract.policy import Words
from backend_client.contract.tenancies import WayKind
from backend_client.gate_changes import grants_digest
from forms.paper import CHINA_TIME
from gate.flows.moment import Moment, Readings, moment_of
from gate.store.opened import GateStore, gate_database, gate_store
from tests.support.clocks import NOW

KEY = bytes(range(32))
TODAY = NOW.astimezone(CHINA_TIME).date()
DOOR = Door(id="gate-1", name=Words(zh="南门", en="South gate"), kind=DoorKind.COMPOUND)
VECTOR = b"a made-up face " * 40


def number(of: int) -> str:
    """A reference: 32 hexadecimal digits."""
    return f"{of:032x}"


def way(of: int, kind: WayKind, ref: str = "", ends_at: datetime | None = None) -> Credential:
    """A way in."""
    return Credential(id=number(of), kind=kind, ref=ref, ends_at=ends_at)


def grant(of: int, *ways: Credential, ends_on: date | None = None, revision: int = 1, holder: int = 0) -> Grant:
    """A right since a month ago; ``ends_on`` and a week of grace."""
    return Grant(
        id=number(of),
        holder=number(holder or of + 500_000),
        starts_on=TODAY - timedelta(days=30),
        ends_on=ends_on,
        grace_until=ends_on + timedelta(days=7) if ends_on else None,
        ways=ways,
        revision=revision,
    )


def snapshot(*grants: Grant, cursor: str = "c1", at: datetime = NOW) -> GateSnapshot:
    """All of it."""
    return GateSnapshot(
        cursor=cursor,
        at=at,
        policy_version=1,
        door=DOOR,
        grants=grants,
        count=len(grants),
        digest=grants_digest(grants),
    )


def moment(at: datetime = NOW, latest: datetime | None = None) -> Moment:
    """Sure, unless ``latest`` is later."""
    if latest is None:
        return moment_of(Readings(at, at, None, timedelta()), CHINA_TIME)
    return moment_of(Readings(latest, None, at, timedelta(minutes=10)), CHINA_TIME)


@dataclass
class Still:
    """The gate's moment, standing until a test moves it."""

    at: Moment = field(default_factory=moment)

    def moment(self) -> Moment:
        """As it stands."""
        return self.at

    def day_and_time(self) -> tuple[date, datetime]:
        """As the store is told it."""
        return self.at.today, self.at.at


@contextmanager
def store_at(path: Path, time: Still, vfs: str | None = None) -> Iterator[GateStore]:
    """An opened store, closed with the block."""
    database = gate_database(path, KEY, vfs)
    try:
        yield gate_store(database, CHINA_TIME, time.day_and_time)
    finally:
        database.close()
