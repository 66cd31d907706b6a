"""Who read or changed what, in a chain of hashes: a row altered or taken out breaks every later one.

After its years the oldest rows are taken out, by the owner of the tables alone; the number and the hash of the last one
stay as the chain's anchor, and a deed in the chain says so.

Nothing personal stands here: a person is a keyed hash of their number in these records.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records.errors import AuditBrokenError
from records.store import counters, guard
from records.store.database import Database, Transaction
from records.store.tables.guard import audit_anchors
from records.store.tables.keeping import audit

_FIRST = "0" * 64
_ROWS = "audit"  # the counter of the rows
_PAGE = 1000
_AT_ONCE = 1_000_000  # rows that are taken out: some four seconds, in which nobody else writes
_RETIRED = "audit-retired"

# built once: building a statement takes four times as long as sending it, and every writer waits for these
_ADDED = sa.insert(audit)
_MINE = sa.select(audit.c.hash).where(audit.c.community_id == sa.bindparam("community"))
_NEWEST = _MINE.order_by(audit.c.seq.desc()).limit(1)
_TURN = counters.RAISED.returning(_NEWEST.scalar_subquery().label("head"))  # both at once: a round trip less


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done. ``facts``: codes and numbers about the deed, nothing of the person."""

    at: datetime
    action: str
    device_id: str = ""
    visit: str = ""
    subject: str = ""
    facts: tuple[tuple[str, str | int | float | bool], ...] = ()


def append(transaction: Transaction, deed: Deed) -> None:
    """Add a deed to the chain, in the transaction that does it: neither exists without the other."""
    seq, previous = _turn(transaction)
    row = {
        "community_id": transaction.community,
        "seq": seq,
        "at": deed.at,
        "device_id": deed.device_id,
        "visit": deed.visit,
        "action": deed.action,
        "subject": deed.subject,
        "facts": json.dumps(dict(deed.facts), sort_keys=True),
        "previous": previous,
    }
    transaction.connection.execute(_ADDED, {**row, "hash": _hash(row)})


def first_break(transaction: Transaction) -> int | None:
    """The number of the first row that does not follow from the one before, or is missing; None: the chain holds.

    It begins after its anchor, if the oldest rows were taken out; and what is left must tell that they were.
    """
    anchor = _anchor(transaction)
    previous, expected, told = anchor.hash, anchor.seq, not anchor.seq
    for row in _rows_after(transaction, anchor.seq):
        expected += 1
        if row["seq"] != expected or row["previous"] != previous or _hash(row) != row["hash"]:
            return expected
        previous = row["hash"]
        told = told or (row["action"] == _RETIRED and json.loads(row["facts"]) == _facts(anchor))
    if expected != length(transaction):
        return expected + 1
    return None if told else anchor.seq


def retire(database: Database, before: datetime, at: datetime) -> int:
    """Take out the rows from before an instant and leave an anchor; how many there were. Only the owner of the tables
    may. AuditBrokenError: the chain does not hold, so nothing of it is taken out.

    The chain is checked while others write; only what is taken out then has its turn, a million rows at a time.
    """
    taken = 0
    while last := _last_to_go(database, before):
        with database.alone() as transaction:
            taken += _take_out(transaction, last, at)
    return taken


def latest(transaction: Transaction, count: int) -> list[sa.RowMapping]:
    """The last ``count`` rows, the oldest of them first."""
    mine = sa.select(audit).where(audit.c.community_id == transaction.community)
    newest = transaction.connection.execute(mine.order_by(audit.c.seq.desc()).limit(count)).mappings().all()
    return list(reversed(newest))


def length(transaction: Transaction) -> int:
    """How many rows were ever added: no row that follows shows when the last ones are gone."""
    return counters.last(transaction, _ROWS)


def _turn(transaction: Transaction) -> tuple[int, str]:
    """The next row's number, and the hash of the one before."""
    named = {"community": transaction.community, "called": _ROWS}
    turn = transaction.connection.execute(_TURN, named).first()
    if turn is None:
        return counters.following(transaction, _ROWS), _FIRST
    return turn.value, turn.head or _FIRST


@dataclass(frozen=True, slots=True)
class _Anchor:
    """The last row that was taken out; 0: none was."""

    seq: int
    hash: str


def _anchor(transaction: Transaction) -> _Anchor:
    query = sa.select(audit_anchors.c.seq, audit_anchors.c.hash)
    mine = query.where(audit_anchors.c.community_id == transaction.community).order_by(audit_anchors.c.seq.desc())
    newest = transaction.connection.execute(mine.limit(1)).first()
    return _Anchor(0, _FIRST) if newest is None else _Anchor(*newest)


def _last_to_go(database: Database, before: datetime) -> _Anchor | None:
    """The last row from before an instant, if no younger one is before it: a deed whose clock was wrong takes none
    along."""
    with database.reading() as transaction:
        if (broken := first_break(transaction)) is not None:
            raise AuditBrokenError(f"the audit does not hold from row {broken} on: nothing is taken out of it")
        mine = audit.c.community_id == transaction.community
        first_young = sa.select(sa.func.min(audit.c.seq)).where(mine, audit.c.at >= before)
        young = transaction.connection.execute(first_young).scalar()
        old = sa.true() if young is None else audit.c.seq < young
        rows = sa.select(audit.c.seq, audit.c.hash).where(mine, old, audit.c.seq <= _anchor(transaction).seq + _AT_ONCE)
        last = transaction.connection.execute(rows.order_by(audit.c.seq.desc()).limit(1)).first()
        return last and _Anchor(*last)


def _take_out(transaction: Transaction, last: _Anchor, at: datetime) -> int:
    """What was checked. AuditBrokenError: it is not there any more, or another one by now."""
    mine = audit.c.community_id == transaction.community
    there = sa.select(audit.c.hash).where(mine, audit.c.seq == last.seq)
    if transaction.connection.execute(there).scalar() != last.hash:
        raise AuditBrokenError(f"row {last.seq} of the audit was changed just now: nothing is taken out of it")
    gone = _anchor(transaction).seq
    values = {"community_id": transaction.community, "seq": last.seq, "hash": last.hash, "at": at}
    transaction.connection.execute(sa.insert(audit_anchors).values(**values))
    append(transaction, Deed(at, _RETIRED, facts=tuple(_facts(last).items())))
    with guard.lowered(transaction):
        transaction.connection.execute(sa.delete(audit).where(mine, audit.c.seq <= last.seq))
    return last.seq - gone


def _facts(anchor: _Anchor) -> dict[str, str | int | float | bool]:
    return {"hash": anchor.hash, "through": anchor.seq}


def _rows_after(transaction: Transaction, seq: int) -> Iterator[dict[str, Any]]:
    """All later rows, a page at a time: the audit outgrows any memory."""
    query = sa.select(audit).where(audit.c.community_id == transaction.community).order_by(audit.c.seq).limit(_PAGE)
    while page := transaction.connection.execute(query.where(audit.c.seq > seq)).mappings().all():
        yield from map(dict, page)
        seq = page[-1]["seq"]


def _hash(row: dict[str, Any]) -> str:
    canonical = {name: value for name, value in row.items() if name != "hash"} | {"at": row["at"].timestamp()}
    whole = json.dumps(canonical, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(whole.encode("ascii")).hexdigest()
