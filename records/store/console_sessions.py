"""Who is signed in at the console: one row for each session, gone when it ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add, as_record, columns, of_community
from records.store.tables.console import console_sessions, officers


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session, by its token's hash. ``acted_at``: the officer's own last act; ``seen_at``: the page's last one."""

    session_hash: str
    officer_id: str
    created_at: datetime
    acted_at: datetime
    seen_at: datetime
    duty_since: datetime | None = None


def begin(transaction: Transaction, session: SessionRow) -> None:
    """Add a session."""
    add(transaction, console_sessions, session)


def by_hash(transaction: Transaction, session_hash: str) -> SessionRow | None:
    """The session of a token."""
    query = columns(console_sessions, SessionRow).where(*_mine(transaction, session_hash))
    return as_record(SessionRow, transaction.connection.execute(query).first())


def update(transaction: Transaction, session_hash: str, **values: Any) -> None:  # noqa: ANN401 - columns differ
    """Change columns of one session."""
    transaction.connection.execute(
        sa.update(console_sessions).where(*_mine(transaction, session_hash)).values(**values)
    )


def end(transaction: Transaction, session_hash: str) -> None:
    """Forget a session."""
    transaction.connection.execute(sa.delete(console_sessions).where(*_mine(transaction, session_hash)))


def end_all_of(transaction: Transaction, officer_id: str) -> None:
    """Forget every session of an officer."""
    mine = (of_community(console_sessions, transaction), console_sessions.c.officer_id == officer_id)
    transaction.connection.execute(sa.delete(console_sessions).where(*mine))


def forget_before(transaction: Transaction, created: datetime, seen: datetime) -> None:
    """Forget sessions begun before ``created``, and those whose page has not been open since ``seen``."""
    old = sa.or_(console_sessions.c.created_at <= created, console_sessions.c.seen_at <= seen)
    transaction.connection.execute(sa.delete(console_sessions).where(of_community(console_sessions, transaction), old))


def on_duty(transaction: Transaction, seen: datetime, begun: datetime, roles: tuple[str, ...]) -> bool:
    """Whether anyone of ``roles``, signed in after ``begun``, is on duty with a page open after ``seen``."""
    there = (
        of_community(console_sessions, transaction),
        console_sessions.c.community_id == officers.c.community_id,
        console_sessions.c.officer_id == officers.c.officer_id,
        console_sessions.c.duty_since.is_not(None),
        console_sessions.c.created_at > begun,
        console_sessions.c.seen_at > seen,
        officers.c.role.in_(roles),
        officers.c.disabled_at.is_(None),
    )
    return transaction.connection.execute(sa.select(officers.c.officer_id).where(*there).limit(1)).first() is not None


def _mine(transaction: Transaction, session_hash: str) -> tuple[sa.ColumnElement[bool], ...]:
    return of_community(console_sessions, transaction), console_sessions.c.session_hash == session_hash
