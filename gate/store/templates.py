"""Faces at a gate. A template lives exactly as long as the consent that it was made by: when that is gone from every
grant of its holder, or the grants are over, it goes in the same transaction, and the receipt for its owner is queued.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from backend_client.contract.gates import ReportKind
from gate.store.reports import Reports, stamp
from terminal.store.database import Database
from terminal.store.errors import StoreError

_CONSENTED = """
SELECT 1 FROM grant AS g JOIN way AS w ON w.grant_id = g.id
WHERE g.holder = t.holder AND w.credential = t.credential AND w.kind = 'face'
  AND coalesce(g.grace_until, g.ends_on, '9999-12-31') >= ? AND coalesce(w.ends_at, '9999') > ?
"""
_ORPHANS = f"SELECT t.holder, t.credential FROM template AS t WHERE NOT EXISTS ({_CONSENTED})"  # noqa: S608 - no value
_IS_CONSENTED = f"SELECT EXISTS ({_CONSENTED}) FROM (SELECT ? AS holder, ? AS credential) AS t"  # noqa: S608 - no value


class NoConsentError(StoreError):
    """No grant here holds the consent that this template says it was made by: it is not kept."""

    code = "no-consent"


@dataclass(frozen=True, slots=True)
class Template:
    """``vector``: as the face engine gives it, bytes. ``credential``: of the consent."""

    holder: str = field(repr=False)
    vector: bytes = field(repr=False)
    made_at: datetime
    credential: str = field(repr=False)


class Templates:
    """Usable from any thread; each change is durable when the call returns. ``now``: the gate's day and moment."""

    def __init__(self, database: Database, reports: Reports, now: Callable[[], tuple[date, datetime]]) -> None:
        self._database = database
        self._reports = reports
        self._now = now

    def all(self) -> list[Template]:
        """The gallery."""
        rows = self._database.query("SELECT holder, vector, made_at, credential FROM template ORDER BY holder")
        return [Template(holder, vector, datetime.fromisoformat(at), way) for holder, vector, at, way in rows]

    def put(self, template: Template, *, made_here: bool = True) -> None:
        """Keep it, instead of an earlier one. ``made_here``: records are told; one that came from another gate was told
        of by that one. Raises NoConsentError."""
        today, at = self._now()
        with self._database.transaction():
            if not self._is_consented(template, today, at):
                raise NoConsentError
            row = (template.holder, template.vector, stamp(template.made_at), template.credential)
            self._database.execute("INSERT OR REPLACE INTO template VALUES (?, ?, ?, ?)", *row)
            if made_here:
                self._reports.queue(ReportKind.TEMPLATE_MADE, template.holder, template.credential, at)
        self._database.fold()  # the one before it

    def delete(self, holder: str) -> bool:
        """Gone, with its receipt; False: there was none."""
        rows = self._database.query("SELECT holder, credential FROM template WHERE holder = ?", holder)
        dropped = self._drop(rows, self._now()[1])
        self._database.fold()
        return dropped

    def drop_unconsented(self, today: date, at: datetime) -> bool:
        """Whatever no consent holds any more. Within whoever's transaction this is; ``fold`` comes after that."""
        return self._drop(self._database.query(_ORPHANS, today.isoformat(), stamp(at)), at)

    def _drop(self, rows: list[tuple[str, str]], at: datetime) -> bool:
        with self._database.transaction():
            for holder, credential in rows:
                self._database.execute("DELETE FROM template WHERE holder = ?", holder)
                self._reports.queue(ReportKind.TEMPLATE_DELETED, holder, credential, at)
        return bool(rows)

    def _is_consented(self, template: Template, today: date, at: datetime) -> bool:
        keys = (today.isoformat(), stamp(at), template.holder, template.credential)
        return bool(self._database.query(_IS_CONSENTED, *keys)[0][0])
