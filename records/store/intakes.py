"""What residents handed in: written by many rows at once, decided one by one."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from backend_client.contract.intakes import IntakeKind
from records.rules.intakes import OVER, IntakeState
from records.store import bulk, counters
from records.store.database import Transaction
from records.store.rows import columns, of_community
from records.store.tables.columns import Instant
from records.store.tables.intakes import intake_blobs, intakes

_AT_ONCE = 500  # parameters of one IN: a batch's


@dataclass(frozen=True, slots=True, repr=False)
class IntakeRow:
    """An intake as it is stored; never printed. ``digest``: of its header and seal; ``content``: JSON, by its kind;
    ``person_id``: whom the register had when it was opened last; ``queue``: of a flat's, what an officer decides it for
    (``records.rules.tenancies.QueueKind``), empty before that was looked at."""

    intake_id: str
    device_id: str
    sequence: int
    boot_id: str
    monotonic_ms: int
    at: datetime
    skew_ms: int | None
    received_at: datetime
    kind: IntakeKind
    digest: str
    content: str
    person_id: str = ""
    state: IntakeState = IntakeState.WAITING
    reason: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    seen_by: str = ""
    revision: int = 1
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Among:
    """Which of those that wait; empty: whatever is there. ``queues``: what an officer is to decide it for."""

    device_id: str = ""
    kinds: frozenset[IntakeKind] = frozenset()
    queues: frozenset[str] = frozenset()


EVERY = Among()


@dataclass(frozen=True, slots=True)
class Known:
    """An intake that is there: whose, and what came."""

    device_id: str
    digest: str


def known(transaction: Transaction, ids: Collection[str]) -> dict[str, Known]:
    """Those of ``ids`` that are there."""
    query = _KNOWN[transaction.connection.dialect.name]
    rows = transaction.connection.execute(query, {"community": transaction.community, "sought": sorted(ids)})
    return {intake_id: Known(device_id, digest) for intake_id, device_id, digest in rows}


def add_all(transaction: Transaction, rows: Sequence[IntakeRow], blobs: Mapping[str, Collection[str]]) -> None:
    """Add intakes, each with the hashes of the files it names. IntegrityError: one of them was added meanwhile."""
    bulk.insert(transaction, intakes, _COLUMNS, [_VALUES(each) for each in rows])
    for device_id, count in Counter(each.device_id for each in rows).items():
        _count(transaction, device_id, count)
    links = [(each, hashed) for each, named in blobs.items() for hashed in named]
    bulk.insert(transaction, intake_blobs, ("intake_id", "sha256"), links)


def find(transaction: Transaction, intake_id: str) -> IntakeRow | None:
    """The intake of that number."""
    found = _some(transaction, intakes.c.intake_id == intake_id)
    return found[0] if found else None


def files_of(transaction: Transaction, intake_id: str) -> int:
    """How many files it names."""
    mine = (of_community(intake_blobs, transaction), intake_blobs.c.intake_id == intake_id)
    return int(transaction.connection.execute(sa.select(sa.func.count()).where(*mine)).scalar_one())


def ids(transaction: Transaction) -> Iterator[str]:
    """The numbers of all that there are, the newest first."""
    query = sa.select(intakes.c.intake_id).where(of_community(intakes, transaction))
    yield from transaction.connection.scalars(query.order_by(intakes.c.received_at.desc()))


def undecided(
    transaction: Transaction, limit: int, behind: IntakeRow | None = None, among: Among = EVERY
) -> list[IntakeRow]:
    """Those that wait for an officer, or for more papers, the oldest first; ``behind``: after that one."""
    conditions: list[sa.ColumnElement[bool]] = [intakes.c.state.in_(_OPEN)]
    if among.device_id:
        conditions.append(intakes.c.device_id == among.device_id)
    if among.kinds:
        conditions.append(intakes.c.kind.in_(sorted(each.value for each in among.kinds)))
    if among.queues:
        conditions.append(intakes.c.queue.in_(sorted(among.queues)))
    if behind is not None:
        later = intakes.c.received_at > behind.received_at
        same = sa.and_(intakes.c.received_at == behind.received_at, intakes.c.intake_id > behind.intake_id)
        conditions.append(sa.or_(later, same))
    return _some(transaction, *conditions, limit=limit)


def waiting(transaction: Transaction, limit: int) -> list[IntakeRow]:
    """Those that wait for an officer alone, the oldest first."""
    return _some(transaction, intakes.c.state == IntakeState.WAITING.value, limit=limit)


def not_looked_at(transaction: Transaction, kinds: Collection[IntakeKind], limit: int) -> list[IntakeRow]:
    """Those of ``kinds`` that the rules have not looked at yet, each device's in its own order."""
    fresh = (intakes.c.state == IntakeState.WAITING.value, intakes.c.queue == "", intakes.c.seen_by == "")
    found = _some(transaction, *fresh, intakes.c.kind.in_([each.value for each in kinds]), limit=limit)
    return sorted(found, key=lambda each: (each.received_at, each.device_id, each.sequence))


def devices_of_undecided(transaction: Transaction) -> set[str]:
    """Of which devices there is any."""
    mine = (of_community(intakes, transaction), intakes.c.state.in_(_OPEN))
    return set(transaction.connection.scalars(sa.select(intakes.c.device_id).where(*mine).distinct()))


def open_of(transaction: Transaction, device_id: str) -> int:
    """How many of one device's do: counted as they come and go, since each batch asks."""
    return counters.last(transaction, _counter(device_id))


def late(transaction: Transaction, before: datetime) -> list[str]:
    """The devices of whose intakes no officer has decided one that came before then."""
    mine = (of_community(intakes, transaction), intakes.c.state == IntakeState.WAITING, intakes.c.received_at < before)
    return list(transaction.connection.execute(sa.select(intakes.c.device_id).where(*mine).distinct()).scalars())


def long_open(transaction: Transaction, before: datetime, limit: int) -> list[IntakeRow]:
    """Those that wait, and were handed in, or asked to have more papers, before then; the oldest first."""
    since = sa.func.coalesce(intakes.c.decided_at, intakes.c.received_at, type_=Instant())
    return _some(transaction, intakes.c.state.in_(_OPEN), since < before, limit=limit)


def backlog(transaction: Transaction) -> int:
    """How many wait for an officer, or for more papers."""
    mine = (of_community(intakes, transaction), intakes.c.state.in_(_OPEN))
    return int(transaction.connection.execute(sa.select(sa.func.count()).where(*mine)).scalar_one())


def update(transaction: Transaction, row: IntakeRow, **values: Any) -> bool:  # noqa: ANN401 - columns differ
    """Change columns of ``row`` as it was read, and count its revision up. False: it was changed since."""
    mine = (of_community(intakes, transaction), intakes.c.intake_id == row.intake_id)
    changing = sa.update(intakes).where(*mine, intakes.c.revision == row.revision)
    changed = bool(transaction.connection.execute(changing.values(revision=row.revision + 1, **values)).rowcount)
    if changed and values.get("state") in OVER and row.state not in OVER:
        _count(transaction, row.device_id, -1)
    return changed


def forget_decided(transaction: Transaction, before: datetime, chunk: int) -> int:
    """Delete, with the files' names, at most ``chunk`` that were decided before then; how many."""
    old = sa.select(intakes.c.intake_id).where(
        of_community(intakes, transaction), intakes.c.state.in_(sorted(OVER)), intakes.c.decided_at < before
    )
    ids = (
        transaction.connection.execute(old.order_by(intakes.c.received_at).limit(min(chunk, _AT_ONCE))).scalars().all()
    )
    for table in (intake_blobs, intakes):
        gone = sa.delete(table).where(of_community(table, transaction), table.c.intake_id.in_(ids))
        transaction.connection.execute(gone)
    return len(ids)


def _counter(device_id: str) -> str:
    return f"open-{device_id}"


def _count(transaction: Transaction, device_id: str, more: int) -> None:
    """Never below none: some came before they were counted."""
    counters.move(transaction, _counter(device_id), more)


# built once: every batch asks. PostgreSQL is left no choice but the primary key: of a table that has grown since it was
# looked at (ANALYZE) it may take the other index for as good, and read all of a community's rows for each number
_EACH_BY_THE_KEY = """
    SELECT there.intake_id, there.device_id, there.digest FROM unnest(CAST(:sought AS varchar[])) AS sought(number)
    CROSS JOIN LATERAL (
        SELECT community_id, intake_id, device_id, digest FROM intakes
        WHERE (community_id, intake_id) >= (:community, sought.number) ORDER BY community_id, intake_id LIMIT 1
    ) AS there WHERE there.community_id = :community AND there.intake_id = sought.number"""
_KNOWN: dict[str, sa.Executable] = {
    "sqlite": sa.select(intakes.c.intake_id, intakes.c.device_id, intakes.c.digest).where(
        intakes.c.community_id == sa.bindparam("community"),
        intakes.c.intake_id.in_(sa.bindparam("sought", expanding=True)),
    ),
    "postgresql": sa.text(_EACH_BY_THE_KEY),
}
_COLUMNS = tuple(each.name for each in fields(IntakeRow))
_VALUES = attrgetter(*_COLUMNS)
_OPEN = (IntakeState.WAITING.value, IntakeState.MORE_PAPERS.value)


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool], limit: int = 1) -> list[IntakeRow]:
    query = columns(intakes, IntakeRow).where(of_community(intakes, transaction), *conditions)
    rows = transaction.connection.execute(query.order_by(intakes.c.received_at, intakes.c.intake_id).limit(limit))
    return [
        IntakeRow(**{**row._asdict(), "kind": IntakeKind(row.kind), "state": IntakeState(row.state)}) for row in rows
    ]
