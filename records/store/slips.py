"""Move-in slips by the number on them, links that make a phone a way, and what gates reported."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from backend_client.contract.gates import ReportKind
from records.store.database import Transaction
from records.store.rows import add, as_record, columns, of_community
from records.store.tables.gates import gate_reports, phone_links, slips


@dataclass(frozen=True, slots=True, repr=False)
class SlipRow:
    """A slip. ``number``: as printed, without hyphens; ``way_id``: of its code; ``ended_at``: another is instead."""

    number: str
    way_id: str
    person_id: str
    right_id: str
    issued_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, repr=False)
class LinkRow:
    """A page's token, hashed. ``public_key``: that came with it first; ``way_id``: the phone's way since then."""

    token_hash: str
    person_id: str
    right_id: str
    made_at: datetime
    expires_at: datetime
    public_key: str = ""
    way_id: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ReportRow:
    """What a gate told, once. ``genuine``: its certificate's key signed it."""

    report_id: str
    device_id: str
    kind: ReportKind
    way_id: str
    holder: str
    at: datetime
    received_at: datetime
    signature: str
    genuine: bool


def add_slip(transaction: Transaction, row: SlipRow) -> None:
    """Keep a new slip, and end the right's earlier ones."""
    mine = (of_community(slips, transaction), slips.c.right_id == row.right_id, slips.c.ended_at.is_(None))
    transaction.connection.execute(sa.update(slips).where(*mine).values(ended_at=row.issued_at))
    add(transaction, slips, row)


def by_number(transaction: Transaction, number: str) -> SlipRow | None:
    """The slip of that number that no other has taken the place of."""
    return _slip(transaction, slips.c.number == number, slips.c.ended_at.is_(None))


def by_way(transaction: Transaction, way_id: str) -> SlipRow | None:
    """The same, by its code's way."""
    return _slip(transaction, slips.c.way_id == way_id, slips.c.ended_at.is_(None))


def number_taken(transaction: Transaction, number: str) -> bool:
    """Whether a slip has or had it."""
    return _slip(transaction, slips.c.number == number) is not None


def add_link(transaction: Transaction, row: LinkRow) -> None:
    """Keep a new link."""
    add(transaction, phone_links, row)


def link(transaction: Transaction, token_hash: str) -> LinkRow | None:
    """The link of a token."""
    mine = (of_community(phone_links, transaction), phone_links.c.token_hash == token_hash)
    return as_record(LinkRow, transaction.connection.execute(columns(phone_links, LinkRow).where(*mine)).first())


def links_since(transaction: Transaction, right_id: str, since: datetime) -> int:
    """How many links a right was given since then."""
    mine = (of_community(phone_links, transaction), phone_links.c.right_id == right_id, phone_links.c.made_at > since)
    query = sa.select(sa.func.count()).select_from(phone_links).where(*mine)
    return transaction.connection.execute(query).scalar_one()


def use_link(transaction: Transaction, token_hash: str, public_key: str, way_id: str) -> None:
    """The phone that came with this key has it."""
    mine = (of_community(phone_links, transaction), phone_links.c.token_hash == token_hash)
    values = {"public_key": public_key, "way_id": way_id}
    transaction.connection.execute(sa.update(phone_links).where(*mine).values(**values))


def add_report(transaction: Transaction, row: ReportRow) -> bool:
    """Keep what a gate told. False: it was told before."""
    if report(transaction, UUID(row.report_id)) is not None:
        return False
    add(transaction, gate_reports, row)
    return True


def report(transaction: Transaction, report_id: UUID) -> ReportRow | None:
    """What was told under that id."""
    found = _reports(transaction, gate_reports.c.report_id == str(report_id))
    return found[0] if found else None


def reports_of_way(transaction: Transaction, way_id: str) -> list[ReportRow]:
    """All that gates told of a way, the oldest first."""
    return _reports(transaction, gate_reports.c.way_id == way_id)


def forget_of(transaction: Transaction, person_id: str) -> None:
    """Slips and links of a person."""
    for table in (slips, phone_links):
        mine = (of_community(table, transaction), table.c.person_id == person_id)
        transaction.connection.execute(sa.delete(table).where(*mine))


def _slip(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> SlipRow | None:
    query = columns(slips, SlipRow).where(of_community(slips, transaction), *conditions)
    return as_record(SlipRow, transaction.connection.execute(query).first())


def _reports(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> list[ReportRow]:
    query = columns(gate_reports, ReportRow).where(of_community(gate_reports, transaction), *conditions)
    ordered = query.order_by(gate_reports.c.received_at, gate_reports.c.at, gate_reports.c.report_id)
    return [_report(row) for row in transaction.connection.execute(ordered)]


def _report(row: sa.Row[Any]) -> ReportRow:
    values = row._asdict()
    return ReportRow(**{**values, "kind": ReportKind(values["kind"])})
