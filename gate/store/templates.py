"""Faces at a gate. A template lives exactly as long as the consent that it was made by: when that is gone from every
grant of its holder, or the grants are over, it goes in the same transaction, and the receipt for its owner is queued.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from backend_client.contract.gates import ReportKind
from gate.store.reports import Reports, stamp
from terminal.store.database import Database
from terminal.store.errors import StoreError

_STANDS = """
w.kind = 'face' AND coalesce(g.grace_until, g.ends_on, '9999-12-31') >= ? AND coalesce(w.ends_at, '9999') > ?
"""
_CONSENTED = f"""
SELECT 1 FROM grant AS g JOIN way AS w ON w.grant_id = g.id
WHERE g.holder = t.holder AND w.credential = t.credential AND {_STANDS}
"""  # noqa: S608 - no value
_ORPHANS = f"SELECT t.holder, t.credential FROM template AS t WHERE NOT EXISTS ({_CONSENTED})"  # noqa: S608 - no value
_IS_CONSENTED = f"SELECT EXISTS ({_CONSENTED}) FROM (SELECT ? AS holder, ? AS credential) AS t"  # noqa: S608 - no value
_CONSENT_OF = f"""
SELECT w.credential FROM grant AS g JOIN way AS w ON w.grant_id = g.id WHERE g.holder = ? AND {_STANDS}
ORDER BY coalesce(g.grace_until, g.ends_on, '9999-12-31') DESC, w.credential LIMIT 1
"""  # noqa: S608 - no value
_CONSENTED_BY = f"""
SELECT g.holder FROM grant AS g JOIN way AS w ON w.grant_id = g.id WHERE w.credential = ? AND {_STANDS} LIMIT 1
"""  # noqa: S608 - no value
_NOT_GIVEN = """
SELECT t.holder, t.vector, t.made_at, t.credential, t.maker FROM template AS t
WHERE t.maker = '' AND NOT EXISTS (SELECT 1 FROM template_given AS n WHERE n.holder = t.holder AND n.device = ?)
AND t.holder > ? ORDER BY t.holder LIMIT ?
"""
_GIVEN = "INSERT OR IGNORE INTO template_given SELECT holder, ? FROM template WHERE holder = ? AND made_at = ?"
_OF_OTHERS = """
SELECT holder, credential FROM template WHERE maker <> '' AND maker NOT IN (SELECT value FROM json_each(?))
"""


class NoConsentError(StoreError):
    """No grant here holds the consent that this template says it was made by: it is not kept."""

    code = "no-consent"


@dataclass(frozen=True, slots=True)
class Template:
    """``vector``: as the face engine gives it, bytes. ``credential``: of the consent. ``maker``: the gate that it was
    made at; empty: this one."""

    holder: str = field(repr=False)
    vector: bytes = field(repr=False)
    made_at: datetime
    credential: str = field(repr=False)
    maker: str = ""


class Templates:
    """Usable from any thread; each change is durable when the call returns. ``now``: the gate's day and moment."""

    def __init__(self, database: Database, reports: Reports, now: Callable[[], tuple[date, datetime]]) -> None:
        self._database = database
        self._reports = reports
        self._now = now

    def all(self) -> list[Template]:
        """The gallery."""
        rows = self._database.query("SELECT holder, vector, made_at, credential, maker FROM template ORDER BY holder")
        return [_template(*row) for row in rows]

    def made(self) -> dict[str, datetime]:
        """When each was made, by holder: whoever has them sees what has changed, without their vectors."""
        rows = self._database.query("SELECT holder, made_at FROM template ORDER BY holder")
        return {holder: datetime.fromisoformat(made_at) for holder, made_at in rows}

    def of(self, holder: str) -> Template | None:
        """The one of this holder; None: there is none."""
        query = "SELECT holder, vector, made_at, credential, maker FROM template WHERE holder = ?"
        return next((_template(*row) for row in self._database.query(query, holder)), None)

    def count(self) -> int:
        """How many there are."""
        return int(self._database.query("SELECT count(*) FROM template")[0][0])

    def put(self, template: Template) -> None:
        """Keep it, instead of an earlier one. Records are told, also of one that came from another gate: each gate that
        has had it owes its owner a receipt. Raises NoConsentError."""
        today, at = self._now()
        with self._database.transaction():
            if not self._is_consented(template, today, at):
                raise NoConsentError
            self._replace_consent(template, at)
            row = (template.holder, template.vector, stamp(template.made_at), template.credential, template.maker)
            self._database.execute("INSERT OR REPLACE INTO template VALUES (?, ?, ?, ?, ?)", *row)
            self._reports.queue(ReportKind.TEMPLATE_MADE, template.holder, template.credential, at)
        self._database.fold()  # the one before it

    def put_newer(self, template: Template) -> bool:
        """Keep it if it is newer than what is held of its holder; False: it isn't. Raises NoConsentError, whichever is
        newer."""
        with self._database.transaction():
            if not self._is_consented(template, *self._now()):
                raise NoConsentError
            held = self.made_at(template.holder)
            if held is not None and stamp(template.made_at) <= stamp(held):
                return False
            self.put(template)
        self._database.fold()
        return True

    def made_at(self, holder: str) -> datetime | None:
        """When the one that is held of this holder was made; None: there is none."""
        rows = self._database.query("SELECT made_at FROM template WHERE holder = ?", holder)
        return datetime.fromisoformat(rows[0][0]) if rows else None

    def consent_of(self, holder: str) -> str | None:
        """The credential of a consent that counts now, of several the one that holds the longest; None: no consent."""
        today, at = self._now()
        rows = self._database.query(_CONSENT_OF, holder, today.isoformat(), stamp(at))
        return str(rows[0][0]) if rows else None

    def consented(self, credential: str) -> str | None:
        """The holder of a consent that counts now; None: there is none of this number here."""
        today, at = self._now()
        rows = self._database.query(_CONSENTED_BY, credential, today.isoformat(), stamp(at))
        return str(rows[0][0]) if rows else None

    def not_given(self, device: str, after: str, most: int) -> list[Template]:
        """Those made here that this gate does not have as far as is known, by holder, from behind ``after`` on."""
        return [_template(*row) for row in self._database.query(_NOT_GIVEN, device, after, most)]

    def given(self, template: Template, device: str) -> None:
        """This gate has it now; nothing, if it is gone here, or another by now."""
        self._database.execute(_GIVEN, device, template.holder, stamp(template.made_at))

    def keep_of(self, makers: set[str]) -> bool:
        """Drop those that came from other gates than these, with receipts; True: there were some."""
        rows = self._database.query(_OF_OTHERS, json.dumps(sorted(makers)))
        dropped = self._drop(rows, self._now()[1])
        if dropped:
            self._database.fold()
        return dropped

    def delete(self, holder: str) -> bool:
        """Gone, with its receipt; False: there was none."""
        rows = self._database.query("SELECT holder, credential FROM template WHERE holder = ?", holder)
        dropped = self._drop(rows, self._now()[1])
        self._database.fold()
        return dropped

    def drop_all(self) -> bool:
        """Whatever there is, with receipts. Within whoever's transaction this is; ``fold`` comes after that."""
        return self._drop(self._database.query("SELECT holder, credential FROM template"), self._now()[1])

    def drop_unconsented(self, today: date, at: datetime) -> bool:
        """Whatever no consent holds any more. Within whoever's transaction this is; ``fold`` comes after that."""
        return self._drop(self._database.query(_ORPHANS, today.isoformat(), stamp(at)), at)

    def _replace_consent(self, template: Template, at: datetime) -> None:
        """Whoever has two flats consents in each: the face that the other consent held is gone, and has its receipt."""
        other = "SELECT holder, credential FROM template WHERE holder = ? AND credential <> ?"
        self._drop(self._database.query(other, template.holder, template.credential), at)

    def _drop(self, rows: list[tuple[str, str]], at: datetime) -> bool:
        with self._database.transaction():
            for holder, credential in rows:
                self._database.execute("DELETE FROM template WHERE holder = ?", holder)
                self._reports.queue(ReportKind.TEMPLATE_DELETED, holder, credential, at)
        return bool(rows)

    def _is_consented(self, template: Template, today: date, at: datetime) -> bool:
        keys = (today.isoformat(), stamp(at), template.holder, template.credential)
        return bool(self._database.query(_IS_CONSENTED, *keys)[0][0])


def _template(holder: str, vector: bytes, made_at: str, credential: str, maker: str) -> Template:
    return Template(holder, vector, datetime.fromisoformat(made_at), credential, maker)
