"""What records told this gate of who may come in, and where the feed of that stands (backend_client.gate_changes).

Each page, and each snapshot, is one transaction together with its cursor and with the faces that lost their consent by
it: after a power cut a gate has heard all of it or none, and nothing is left over.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from pydantic import TypeAdapter

from backend_client.contract.gates import Door, GateSnapshot, Grant, Peer
from backend_client.gate_changes import GrantChange
from gate.store.reports import stamp
from gate.store.templates import Templates
from terminal.store.database import Database, Row, Value

_ANEW_AFTER = timedelta(days=7)
_LONG_AGO = "1970-01-01T00:00:00+00:00"
_TIME_EVERY = timedelta(minutes=1)  # the disk need not hear of every page that says nothing
_PEERS = TypeAdapter(tuple[Peer, ...])
_ENDING = """
SELECT EXISTS (SELECT 1 FROM grant AS g WHERE g.ends_on <= ?2 AND coalesce(g.grace_until, g.ends_on) >= ?1
  AND NOT EXISTS (SELECT 1 FROM way AS w WHERE w.grant_id = g.id AND w.kind = 'guest'))
"""
_GONE = "DELETE FROM way_state WHERE credential NOT IN (SELECT credential FROM way)"


class Grants:
    """Usable from any thread; each change is durable when the call returns. ``zone``: of the community's days."""

    def __init__(self, database: Database, templates: Templates, zone: tzinfo) -> None:
        self._database = database
        self._templates = templates
        self._zone = zone
        self._forgot = False

    def cursor(self) -> str:
        """Where to go on; empty: with a new snapshot."""
        rows = self._database.query("SELECT cursor FROM feed")
        return str(rows[0][0]) if rows else ""

    def is_old(self) -> bool:
        """Whether the last snapshot is a week old by records' time, or does not know the door and the peers as they are
        now: another one is read beside the feed."""
        rows = self._database.query("SELECT began_at, server_time FROM feed")
        began_at, server_time = (datetime.fromisoformat(text) for text in rows[0]) if rows else (None, None)
        return bool(began_at and server_time and server_time - began_at >= _ANEW_AFTER)

    def server_time(self) -> datetime | None:
        """Records' time, as of the newest page or snapshot that is kept."""
        rows = self._database.query("SELECT server_time FROM feed")
        return datetime.fromisoformat(rows[0][0]) if rows else None

    def door(self) -> Door | None:
        """Where this gate stands; None: no snapshot yet."""
        rows = self._database.query("SELECT door FROM place")
        return Door.model_validate_json(rows[0][0]) if rows else None

    def peers(self) -> tuple[Peer, ...]:
        """The gates that share holders with this one."""
        rows = self._database.query("SELECT peers FROM place")
        return _PEERS.validate_json(rows[0][0]) if rows else ()

    def count(self) -> int:
        """How many are held."""
        return int(self._database.query("SELECT count(*) FROM grant")[0][0])

    def any_ends(self, today: date, until: date) -> bool:
        """Whether some right that still opens has its last day by ``until``. A guest's day is none."""
        rows = self._database.query(_ENDING, today.isoformat(), until.isoformat())
        return bool(rows[0][0])

    def forget(self) -> None:
        """Hold nothing, and know no door: as before the first snapshot, but for what is still to be told. What was
        fetched before that comes too late: until the next start nothing is held any more."""

        def gone() -> bool:
            self._forgot = True
            for table in ("grant", "way_state", "feed", "place"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            return self._templates.drop_all()

        self._whole(gone)

    def apply(self, changes: Iterable[GrantChange], cursor: str, server_time: datetime, *, anew: bool = False) -> None:
        """Hold these, and stand at ``cursor``. What says nothing is not written. ``anew``: the snapshot is old now."""
        told = tuple(changes)
        if not told and not anew and not self._is_news(cursor, server_time):
            return
        self._whole(lambda: self._apply(told, cursor, server_time, anew=anew))

    def restart(self, snapshot: GateSnapshot) -> None:
        """Hold this and nothing else."""
        difference = self._difference(snapshot.grants)
        self._whole(lambda: self._restart(snapshot, difference))

    def tidy(self, today: date, at: datetime) -> None:
        """Drop what is over by this moment, which opens nothing any more, and the faces that stood on it."""

        def ended() -> bool:
            over = "DELETE FROM grant WHERE coalesce(grace_until, ends_on) < ?"
            if self._database.execute(over, today.isoformat()):
                self._database.execute(_GONE)
            return self._templates.drop_unconsented(today, at)

        self._whole(ended)

    def _whole(self, work: Callable[[], bool]) -> None:
        """One transaction. Where a face was dropped, what is left of it in the log of changes goes too."""
        with self._database.transaction():
            dropped = work()
        if dropped:
            self._database.fold()

    def _apply(self, told: tuple[GrantChange, ...], cursor: str, server_time: datetime, *, anew: bool) -> bool:
        if self._forgot:
            return False
        for change in told:
            if change.grant is None:
                self._database.execute("DELETE FROM grant WHERE id = ?", change.ref)
            elif self._is_newer(change.grant):
                self._database.execute("DELETE FROM grant WHERE id = ?", change.ref)
                self._insert((change.grant,))
        changed = "UPDATE feed SET cursor = ?, server_time = max(server_time, ?)"
        self._database.execute(changed, cursor, stamp(server_time))
        if anew:
            self._database.execute("UPDATE feed SET began_at = ?", _LONG_AGO)
        return bool(told) and self._orphaned(server_time)

    def _restart(self, snapshot: GateSnapshot, difference: "_Difference") -> bool:
        if self._forgot:
            return False
        at = stamp(snapshot.at)
        self._database.execute_many("DELETE FROM grant WHERE id = ?", [(ref,) for ref in difference.gone])
        self._insert(difference.come)
        self._database.execute(_GONE)
        peers = _PEERS.dump_json(snapshot.peers).decode()
        self._database.execute("INSERT OR REPLACE INTO place VALUES (1, ?, ?)", snapshot.door.model_dump_json(), peers)
        self._database.execute("INSERT OR REPLACE INTO feed VALUES (1, ?, ?, ?)", snapshot.cursor, at, at)
        return self._orphaned(snapshot.at)

    def _difference(self, wanted: tuple[Grant, ...]) -> "_Difference":
        """What is to go, and what to come. Asked outside of the transaction, so that nobody at the door waits for it;
        what ends by itself meanwhile is in neither, and over."""
        held = {row[0]: row for row in self._database.query("SELECT * FROM grant")}
        ways: dict[str, set[Row]] = defaultdict(set)
        for row in self._database.query("SELECT * FROM way"):
            ways[row[0]].add(row)
        same = {each.id for each in wanted if held.get(each.id) == _row(each) and ways[each.id] == set(_ways(each))}
        return _Difference(tuple(held.keys() - same), tuple(each for each in wanted if each.id not in same))

    def _orphaned(self, at: datetime) -> bool:
        return self._templates.drop_unconsented(at.astimezone(self._zone).date(), at)

    def _insert(self, grants: tuple[Grant, ...]) -> None:
        self._database.execute_many("INSERT INTO grant VALUES (?, ?, ?, ?, ?, ?)", [_row(each) for each in grants])
        ways = [row for each in grants for row in _ways(each)]
        self._database.execute_many("INSERT INTO way VALUES (?, ?, ?, ?, ?, ?)", ways)

    def _is_newer(self, grant: Grant) -> bool:
        held = self._database.query("SELECT revision FROM grant WHERE id = ?", grant.id)
        return not held or grant.revision > held[0][0]

    def _is_news(self, cursor: str, server_time: datetime) -> bool:
        known = self.server_time()
        late = known is None or server_time - known >= _TIME_EVERY
        return late or not self._database.query("SELECT 1 FROM feed WHERE cursor = ?", cursor)


@dataclass(frozen=True, slots=True)
class _Difference:
    """Between what is held and a snapshot."""

    gone: tuple[str, ...]
    come: tuple[Grant, ...]


def _row(grant: Grant) -> tuple[Value, ...]:
    days = [day.isoformat() if day else None for day in (grant.ends_on, grant.grace_until)]
    return (grant.id, grant.holder, grant.starts_on.isoformat(), *days, grant.revision)


def _ways(grant: Grant) -> list[tuple[Value, ...]]:
    return [
        (grant.id, way.id, way.kind.value, way.ref, *(stamp(at) if at else None for at in (way.starts_at, way.ends_at)))
        for way in grant.ways
    ]
