"""Rules that somebody is changing: a draft for each, which another account signs or refuses."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from records.store.database import Transaction
from records.store.rows import add as add_row
from records.store.rows import columns, of_community
from records.store.tables.keeping import policy_drafts


class DraftState(StrEnum):
    """How far it is."""

    OPEN = "open"  # its author changes it
    ASKED = "asked"  # waits for the second signature
    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by its author, or with their account


WAITING = (DraftState.OPEN, DraftState.ASKED)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """``based_on``: the version that it began as; ``rules``: JSON; ``revision``: rises with each change; ``author``:
    empty, the command line; ``version``: the one that it became."""

    draft_id: str
    based_on: int
    rules: str = field(repr=False)
    revision: int
    state: DraftState
    author: str
    changed_at: datetime
    expires_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    version: int | None = None


def add(transaction: Transaction, draft: DraftRow) -> None:
    """Begin one."""
    add_row(transaction, policy_drafts, draft)


def find(transaction: Transaction, draft_id: str) -> DraftRow | None:
    """The draft of that handle, decided or not."""
    found = _some(transaction, policy_drafts.c.draft_id == draft_id)
    return found[0] if found else None


def waiting(transaction: Transaction, now: datetime) -> list[DraftRow]:
    """Those that are neither decided nor too old, the oldest first."""
    return _some(transaction, policy_drafts.c.state.in_(WAITING), policy_drafts.c.expires_at > now)


def last_signed(transaction: Transaction) -> DraftRow | None:
    """The one that was signed last."""
    found = _some(transaction, policy_drafts.c.state == DraftState.SIGNED)
    return max(found, key=lambda each: each.version or 0, default=None)


def change(transaction: Transaction, draft: DraftRow, **values: Any) -> bool:  # noqa: ANN401 - columns differ
    """Change it, and raise its revision. False: somebody was faster."""
    mine = (of_community(policy_drafts, transaction), policy_drafts.c.draft_id == draft.draft_id)
    still = policy_drafts.c.revision == draft.revision
    changing = sa.update(policy_drafts).where(*mine, still).values(revision=draft.revision + 1, **values)
    return bool(transaction.connection.execute(changing).rowcount)


def withdraw_all_of(transaction: Transaction, author: str, at: datetime) -> int:
    """Close all that an account began; how many there were."""
    theirs = (of_community(policy_drafts, transaction), policy_drafts.c.author == author)
    values = {"state": DraftState.WITHDRAWN, "decided_at": at, "revision": policy_drafts.c.revision + 1}
    closing = sa.update(policy_drafts).where(*theirs, policy_drafts.c.state.in_(WAITING)).values(**values)
    return transaction.connection.execute(closing).rowcount


def _some(transaction: Transaction, *conditions: sa.ColumnElement[bool]) -> list[DraftRow]:
    query = columns(policy_drafts, DraftRow).where(of_community(policy_drafts, transaction), *conditions)
    rows = transaction.connection.execute(query.order_by(policy_drafts.c.changed_at, policy_drafts.c.draft_id))
    return [_draft(row) for row in rows]


def _draft(row: sa.Row[Any]) -> DraftRow:
    values = row._asdict()
    return DraftRow(**{**values, "state": DraftState(values["state"])})
