"""Serials and what became of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from backend_client.contract.papers import PaperState, VoidReason
from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.issuing import paper_contents, papers

_KEPT = timedelta(days=1)  # a kiosk asks again within the visit


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A serial. ``digest``: base64 of the one digest that was sealed, empty before.

    ``about_id``: whom it is about, empty: ``person_id``, who asked for it. ``members``: handles of persons, parted by
    spaces. ``application``: the application that it is a receipt of.
    """

    serial: str
    person_id: str
    kind: str
    purpose: str
    device_id: str
    visit: str
    replaces: str
    valid_until: date
    state: PaperState
    reserved_at: datetime
    digest: str = ""
    void_reason: str = ""
    sealed_at: datetime | None = None
    delivered_at: datetime | None = None
    voided_at: datetime | None = None
    about_id: str = ""
    members: str = ""
    dwelling_id: str = ""
    application: str = ""

    @property
    def reason(self) -> VoidReason | None:
        """Why it is void."""
        return VoidReason(self.void_reason) if self.void_reason else None


@dataclass(frozen=True, slots=True, repr=False)
class ContentRow:
    """What an open reservation says. ``code``: empty until it is signed. Never printed."""

    serial: str
    content: str
    code: str = ""


def add(transaction: Transaction, paper: PaperRow, content: ContentRow) -> None:
    """Reserve a serial, and forget the contents of those whose kiosk never said what became of them."""
    long_ago = papers.c.reserved_at < paper.reserved_at - _KEPT
    old = sa.select(papers.c.serial).where(of_community(papers, transaction), long_ago)
    left = (of_community(paper_contents, transaction), paper_contents.c.serial.in_(old))
    transaction.connection.execute(sa.delete(paper_contents).where(*left))
    add_row(transaction, papers, paper)
    add_row(transaction, paper_contents, content)


def find(transaction: Transaction, serial: str) -> PaperRow | None:
    """The serial's row."""
    found = _some(transaction, papers.c.serial == serial)
    return found[0] if found else None


def every(transaction: Transaction) -> list[PaperRow]:
    """All serials, the oldest first."""
    return _some(transaction)


def since_or_open(transaction: Transaction, since: datetime) -> list[PaperRow]:
    """The serials that were reserved since then, and whatever is still open, the oldest first."""
    undecided = papers.c.state.in_((PaperState.RESERVED, PaperState.SEALED))
    return _some(transaction, sa.or_(papers.c.reserved_at >= since, undecided))


def of_person(transaction: Transaction, person_id: str, kind: str) -> list[PaperRow]:
    """All serials of one person and kind, the oldest first."""
    return _some(transaction, papers.c.person_id == person_id, papers.c.kind == kind)


def about(transaction: Transaction, person_id: str, most: int = 50) -> list[PaperRow]:
    """The serials that somebody asked for, or that are about them, the newest first."""
    theirs = sa.or_(papers.c.person_id == person_id, papers.c.about_id == person_id)
    query = columns(papers, PaperRow).where(of_community(papers, transaction), theirs)
    newest = query.order_by(papers.c.reserved_at.desc(), papers.c.serial.desc()).limit(most)
    return [_paper(row) for row in transaction.connection.execute(newest)]


def receipts_of(transaction: Transaction, application: str) -> list[str]:
    """The serials of an application's receipts that are not void, the oldest first."""
    rows = _some(transaction, papers.c.application == application, papers.c.state != PaperState.VOID)
    return [row.serial for row in rows]


def count_since(transaction: Transaction, person_id: str, kind: str, since: datetime) -> int:
    """How many papers of a kind about somebody were asked for since then, by themselves or a guardian, each counted
    once: what was voided is not."""
    mine = (
        of_community(papers, transaction),
        sa.case((papers.c.about_id == "", papers.c.person_id), else_=papers.c.about_id) == person_id,
        papers.c.kind == kind,
        papers.c.reserved_at >= since,
        papers.c.state != PaperState.VOID,
    )
    return transaction.connection.execute(sa.select(sa.func.count()).select_from(papers).where(*mine)).scalar_one()


def open_of(transaction: Transaction, device_id: str) -> list[PaperRow]:
    """A device's serials that are neither delivered nor void."""
    return _some(
        transaction, papers.c.device_id == device_id, papers.c.state.in_((PaperState.RESERVED, PaperState.SEALED))
    )


def void_serials(transaction: Transaction, last: date) -> list[str]:
    """The void serials whose papers would be valid on ``last`` or later."""
    mine = (of_community(papers, transaction), papers.c.state == PaperState.VOID, papers.c.valid_until >= last)
    return list(transaction.connection.execute(sa.select(papers.c.serial).where(*mine)).scalars())


def content(transaction: Transaction, serial: str) -> ContentRow | None:
    """What an open serial says; None once it is delivered or void."""
    mine = (of_community(paper_contents, transaction), paper_contents.c.serial == serial)
    row = transaction.connection.execute(columns(paper_contents, ContentRow).where(*mine)).first()
    return None if row is None else ContentRow(*row)


def remember_code(transaction: Transaction, serial: str, code: str) -> None:
    """The code of an open serial that has none yet."""
    mine = (of_community(paper_contents, transaction), paper_contents.c.serial == serial, paper_contents.c.code == "")
    transaction.connection.execute(sa.update(paper_contents).where(*mine).values(code=code))


def update(transaction: Transaction, serial: str, **values: Any) -> None:  # noqa: ANN401 - columns differ
    """Change columns of one serial."""
    mine = (of_community(papers, transaction), papers.c.serial == serial)
    transaction.connection.execute(sa.update(papers).where(*mine).values(**values))


def forget_content(transaction: Transaction, serial: str) -> None:
    """The serial is decided: nobody needs its contents here any longer."""
    mine = (of_community(paper_contents, transaction), paper_contents.c.serial == serial)
    transaction.connection.execute(sa.delete(paper_contents).where(*mine))


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> list[PaperRow]:
    query = columns(papers, PaperRow).where(of_community(papers, transaction), *conditions)
    rows = transaction.connection.execute(query.order_by(papers.c.reserved_at, papers.c.serial))
    return [_paper(row) for row in rows]


def _paper(row: sa.Row[Any]) -> PaperRow:
    values = row._asdict()
    return PaperRow(**{**values, "state": PaperState(values["state"])})
