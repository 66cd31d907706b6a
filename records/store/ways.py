"""How residents come in: one row for each card, phone, slip, guest's code and consented face, ended ones too."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from backend_client.contract.gates import ReportKind
from backend_client.contract.tenancies import WayKind
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.gates import gate_reports, ways


class Ended(StrEnum):
    """Why a way opens nothing any more before its time."""

    LOST = "lost"  # its holder said so; of a face: withdrew the consent
    REPLACED = "replaced"  # by the next slip
    TWICE = "twice"  # a code that was shown at two places at once
    RIGHT_OVER = "right-over"  # with the right that it belonged to
    GONE = "gone"  # with the person


@dataclass(frozen=True, slots=True, repr=False)
class WayRow:
    """A way. ``ref``: as a gate compares it (``contract.gates.Credential``); ``label``: what its owner knows it by;
    ``notice``: of a face, which text was consented to; ``starts_at``, ``until``: within which it opens at all."""

    way_id: str
    person_id: str
    right_id: str
    kind: WayKind
    since: datetime
    ref: str = ""
    label: str = ""
    notice: str = ""
    starts_at: datetime | None = None
    until: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_why: str = ""
    proved_at: datetime | None = None

    def opens(self, now: datetime) -> bool:
        """Whether gates are to know it: it is not cancelled, and not over."""
        return self.cancelled_at is None and (self.until is None or self.until > now)


def add(transaction: Transaction, row: WayRow) -> None:
    """Keep a new one."""
    add_row(transaction, ways, row)


def by_id(transaction: Transaction, way_id: str) -> WayRow | None:
    """The way of that id, ended or not."""
    found = _some(transaction, ways.c.way_id == way_id)
    return found[0] if found else None


def open_of(transaction: Transaction, person_id: str, now: datetime) -> list[WayRow]:
    """A person's that open something now or later, the oldest first."""
    return _some(transaction, ways.c.person_id == person_id, *_open(now))


def open_of_right(transaction: Transaction, right_id: str, now: datetime) -> list[WayRow]:
    """The same, of one right."""
    return _some(transaction, ways.c.right_id == right_id, *_open(now))


def by_ref(transaction: Transaction, ref: str, now: datetime) -> list[WayRow]:
    """Whoever's that have this key or hash and are open."""
    return _some(transaction, ways.c.ref == ref, *_open(now))


def latest_with(transaction: Transaction, ref: str) -> WayRow | None:
    """The newest with this hash, ended or not."""
    found = _some(transaction, ways.c.ref == ref)
    return found[-1] if found else None


def guests_of(transaction: Transaction, right_id: str, starts_at: datetime, label: str) -> int:
    """How many one-day codes with this label a right has had for the day that begins then, ended ones too."""
    which = (ways.c.right_id == right_id, ways.c.kind == WayKind.GUEST, ways.c.label == label)
    mine = (of_community(ways, transaction), *which)
    query = sa.select(sa.func.count()).select_from(ways).where(*mine, ways.c.starts_at == starts_at)
    return transaction.connection.execute(query).scalar_one()


def cancelled_faces(transaction: Transaction, before: datetime) -> list[WayRow]:
    """Faces whose consent or right ended before then, and of which a gate has said that it made a template."""
    theirs = (gate_reports.c.community_id == ways.c.community_id, gate_reports.c.way_id == ways.c.way_id)
    made = sa.exists().where(*theirs, gate_reports.c.kind == ReportKind.TEMPLATE_MADE)
    return _some(transaction, ways.c.kind == WayKind.FACE, ways.c.cancelled_at <= before, made)


def cancel(transaction: Transaction, way_ids: Collection[str], why: Ended, at: datetime) -> int:
    """They open nothing any more; how many did until now."""
    if not way_ids:
        return 0
    theirs = (of_community(ways, transaction), ways.c.way_id.in_(way_ids), ways.c.cancelled_at.is_(None))
    values = {"cancelled_at": at, "cancelled_why": why.value}
    return transaction.connection.execute(sa.update(ways).where(*theirs).values(**values)).rowcount


def prove(transaction: Transaction, way_id: str, at: datetime) -> bool:
    """It has opened a gate. False: it had before."""
    mine = (of_community(ways, transaction), ways.c.way_id == way_id, ways.c.proved_at.is_(None))
    return bool(transaction.connection.execute(sa.update(ways).where(*mine).values(proved_at=at)).rowcount)


def _open(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return ways.c.cancelled_at.is_(None), sa.or_(ways.c.until.is_(None), ways.c.until > now)


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> list[WayRow]:
    query = columns(ways, WayRow).where(of_community(ways, transaction), *conditions)
    return [_way(row) for row in transaction.connection.execute(query.order_by(ways.c.since, ways.c.way_id))]


def _way(row: sa.Row[Any]) -> WayRow:
    values = row._asdict()
    return WayRow(**{**values, "kind": WayKind(values["kind"])})
