"""The ways in, as a gate looks one up while somebody waits: by what a card or a code is compared by, by the credential
that a telephone names, or by the holder of a face. And what has become of a way here."""

from dataclasses import dataclass, field
from datetime import date, datetime

from backend_client.contract.tenancies import WayKind
from terminal.store.database import Database, Row, Value

_FOUND = """
SELECT g.id, g.holder, w.credential, w.kind, g.starts_on, g.ends_on, g.grace_until, w.starts_at, w.ends_at,
  EXISTS (SELECT 1 FROM way_state s WHERE s.credential = w.credential AND s.cancelled)
FROM way AS w JOIN grant AS g ON g.id = w.grant_id WHERE
"""
_MARKED = """
INSERT INTO way_state (credential, holder, kind, {0}) VALUES (?, ?, ?, 1)
ON CONFLICT (credential) DO UPDATE SET {0} = 1 WHERE {0} = 0
"""


@dataclass(frozen=True, slots=True)
class HeldWay:
    """A way and its grant, as they stand in the tables."""

    grant: str = field(repr=False)
    holder: str = field(repr=False)
    credential: str = field(repr=False)
    kind: WayKind
    starts_on: date
    ends_on: date | None
    grace_until: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    cancelled: bool


class Ways:
    """Usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_ref(self, ref: str, *kinds: WayKind) -> list[HeldWay]:
        """Those of these kinds that compare by ``ref``."""
        marks = ", ".join("?" * len(kinds))
        return self._found(f"w.ref = ? AND w.kind IN ({marks})", ref, *(kind.value for kind in kinds))

    def by_credential(self, credential: str) -> list[HeldWay]:
        """The one that a telephone names, in each grant that it stands in."""
        return self._found("w.credential = ?", credential)

    def faces_of(self, holder: str) -> list[HeldWay]:
        """The consents of a holder."""
        return self._found("g.holder = ? AND w.kind = 'face'", holder)

    def phone_key(self, credential: str) -> str | None:
        """Base64 of the public key that this telephone's codes are signed by; None: there is no such telephone."""
        rows = self._database.query("SELECT ref FROM way WHERE credential = ? AND kind = 'phone' LIMIT 1", credential)
        return str(rows[0][0]) if rows else None

    def prove(self, credential: str, holder: str, kind: WayKind) -> bool:
        """It has opened; True: for the first time here."""
        return self._mark("proved", credential, holder, kind)

    def cancel(self, credential: str) -> bool:
        """It opens nothing here any more, until its grants are gone; True: since now."""
        rows = self._database.query(
            "SELECT g.holder, w.kind FROM way AS w JOIN grant AS g ON g.id = w.grant_id WHERE w.credential = ? LIMIT 1",
            credential,
        )
        return bool(rows) and self._mark("cancelled", credential, rows[0][0], WayKind(rows[0][1]))

    def _mark(self, what: str, credential: str, holder: str, kind: WayKind) -> bool:
        return bool(self._database.execute(_MARKED.format(what), credential, holder, kind.value))

    def _found(self, where: str, *values: Value) -> list[HeldWay]:
        return [_held(row) for row in self._database.query(_FOUND + where, *values)]


def _held(row: Row) -> HeldWay:
    grant, holder, credential, kind, starts_on, ends_on, grace, starts_at, ends_at, cancelled = row
    return HeldWay(
        grant,
        holder,
        credential,
        WayKind(kind),
        date.fromisoformat(starts_on),
        _day(ends_on),
        _day(grace),
        _time(starts_at),
        _time(ends_at),
        bool(cancelled),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
