"""Who did what, for whoever has the right to ask: never whom it was done to, and no fact that is not on the list."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import RowMapping

from forms.paper import CHINA_TIME
from records.context import Records
from records.rules.roles import Right
from records.services.officers import NAME_FORM, note
from records.services.sessions import Session
from records.store import audit, deeds
from records.store.deeds import Asked

PAGE: Final = 100
_ACTION_FORM: Final = r"[a-z][a-z-]{1,39}"
# what may be told of a deed: nothing by which a person, a visit or a paper is found again
TOLD: Final = (
    "role", "account", "purpose", "ticket", "reason", "how", "basis", "matter", "asked_by", "found", "state", "version",
    "count", "alert", "address",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A deed. ``facts``: of those that may be told."""

    seq: int
    at: datetime
    action: str
    officer: str
    device: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody asked to see; what is unfit was left out."""

    day: date
    action: str = ""
    officer: str = ""
    before: int = 0


def understood(records: Records, day: str, action: str, officer: str, before: int) -> Filter:
    """The question, made of what stands in an address."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        wanted = records.clock.now().astimezone(CHINA_TIME).date()
    known = action if re.fullmatch(_ACTION_FORM, action) else ""
    return Filter(wanted, known, officer if re.fullmatch(NAME_FORM, officer) else "", max(before, 0))


def of_day(records: Records, session: Session, wanted: Filter) -> tuple[list[Line], list[str]]:
    """The deeds of a day, the newest first and a page at most, and the actions that there were. That they were read is
    a deed too."""
    session.needs(Right.AUDIT)
    since = datetime.combine(wanted.day, time.min, CHINA_TIME)
    until = since + timedelta(days=1)
    with records.database.writing() as transaction:
        rows = deeds.of_day(transaction, Asked(since, until, wanted.action, wanted.officer), wanted.before, PAGE)
        actions = deeds.actions(transaction, since, until)
        note(records, transaction, "audit-read", session.officer.officer_id)
    return [_line(row) for row in rows], actions


def check(records: Records, session: Session) -> tuple[int, int | None]:
    """How many rows there are, and the first that does not follow from the one before; None: all do."""
    session.needs(Right.AUDIT)
    with records.database.reading() as transaction:
        found = audit.length(transaction), audit.first_break(transaction)
    with records.database.writing() as transaction:
        note(records, transaction, "audit-checked", session.officer.officer_id, found=found[1] is not None)
    return found


def _line(row: RowMapping) -> Line:
    facts = json.loads(row["facts"])
    told = tuple((name, str(facts[name])) for name in TOLD if facts.get(name) not in (None, ""))
    at = row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
    return Line(row["seq"], at, row["action"], str(facts.get("officer", "")), row["device_id"], told)
