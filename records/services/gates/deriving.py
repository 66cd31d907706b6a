"""Grants: made anew from rights and ways whenever one of them changes, and told to the gates whose doors they open.

One change of the feed for each such gate, and for no other. What did not change is told nobody.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from backend_client.contract.changes import Topic
from backend_client.contract.gates import Grant
from backend_client.contract.tenancies import WayKind
from records.context import Records
from records.rules import grants as rules
from records.rules.grants import Term, Way
from records.rules.periods import bureau_time
from records.services.gates import in_force
from records.store import audit, changes, counters, dwellings, gate_doors, grants, holders, rights, ways
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.gate_doors import DoorRow
from records.store.grants import GrantRow
from records.store.rights import RightRow
from records.store.ways import Ended, WayRow

GUARD: Final = "guard"  # the label of a one-day code that outlives its right
_GRACE: Final = "gate-grace"  # the policy's days that grants were derived with, and one
_AT_ONCE: Final = 100  # people in one transaction


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What gates should know. ``way_id``: of a guest's code, else empty."""

    right_id: str
    way_id: str
    building: str
    unit: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class _Work:
    """One person's grants, in one transaction. ``tell``: gates hear of each; else they read a snapshot afterwards."""

    records: Records
    transaction: Transaction
    person_id: str
    now: datetime
    grace_days: int
    doors: tuple[DoorRow, ...]
    tell: bool = True


def renew(records: Records, transaction: Transaction, person_ids: Iterable[str]) -> int:
    """Derive these people's grants again, in the transaction that changed a right or a way; how many are others now."""
    return _renew(records, transaction, person_ids, tell=True)


def over(right: RightRow, now: datetime, grace_days: int) -> bool:
    """Whether a right opens nothing any more."""
    ended = right.ended_at is not None and right.ended_at <= now
    return ended or term_of(right).over(bureau_time(now).date(), grace_days)


def term_of(right: RightRow) -> Term:
    """Its days."""
    return Term(right.starts_on, right.ends_on, right.hold_until)


def sweep(records: Records, stop: Callable[[], bool] = lambda: False) -> int:
    """Tell gates of grants whose last day is over: they know it themselves, and forget them by it; how many."""
    total, done = 0, -1
    while done != 0 and not stop():
        with records.database.writing() as transaction:
            past = grants.people_past(transaction, bureau_time(records.clock.now()).date(), _AT_ONCE)
            done = renew(records, transaction, past)
        total += done
    return total


def follow_policy(records: Records, stop: Callable[[], bool] = lambda: False) -> bool:
    """Other days of grace than grants were derived with: derive all again, and have each gate read a snapshot. True:
    it was so."""
    with records.database.reading() as transaction:
        grace, known = in_force.rules(transaction).grace_days, counters.last(transaction, _GRACE)
        people = grants.people(transaction) if known != grace + 1 else []
    if known == grace + 1:
        return False
    for start in range(0, len(people), _AT_ONCE):
        if stop():
            return False
        with records.database.writing() as transaction:
            _renew(records, transaction, people[start : start + _AT_ONCE], tell=False)
    with records.database.writing() as transaction:
        audit.append(transaction, Deed(records.clock.now(), "gates-grace", facts=(("days", grace),)))
        counters.put(transaction, _GRACE, grace + 1)
        for door in gate_doors.in_use(transaction):
            changes.append(transaction, Topic.GATES, door.device_id, at=records.clock.now(), only=door.device_id)
    return True


def _renew(records: Records, transaction: Transaction, person_ids: Iterable[str], *, tell: bool) -> int:
    grace_days, doors = in_force.rules(transaction).grace_days, tuple(gate_doors.in_use(transaction))
    now = records.clock.now()
    works = (
        _Work(records, transaction, each, now, grace_days, doors, tell) for each in sorted(set(person_ids)) if each
    )
    return sum(_derive(work) for work in works)


def _derive(work: _Work) -> int:
    lasting = {each.right_id: each for each in _lasting(work)}
    open_ways = _end_ways(work, lasting)
    running = {key: each for key, each in lasting.items() if each.began_at is not None}
    stored = {(row.right_id, row.way_id): row for row in grants.of_person(work.transaction, work.person_id)}
    wanted = {(each.right_id, each.way_id): each for each in _wanted(work, running, open_ways)}
    changed = [row for key, each in wanted.items() if (row := _changed(work, stored.get(key), each)) is not None]
    gone = [row for key, row in stored.items() if row.over_at is None and key not in wanted]
    if not changed and not gone:
        return 0
    about = work.records.keyed_hash("person", work.person_id)
    facts = (("count", len(changed)), ("ended", len(gone)))
    audit.append(work.transaction, Deed(work.now, "grants-told", subject=about, facts=facts))
    for row in changed:
        grants.put(work.transaction, row)
        _tell(work, row, {"grant": row.body})
    grants.end_now(work.transaction, [row.grant_id for row in gone], work.now)
    for row in gone:
        _tell(work, row, {})
    return len(changed) + len(gone)


def _lasting(work: _Work) -> Iterator[RightRow]:
    """Those that are not over; one that waits for a yes keeps its ways, and opens nothing."""
    for each in rights.of_person(work.transaction, work.person_id):
        if not over(each, work.now, work.grace_days):
            yield each


def _end_ways(work: _Work, lasting: dict[str, RightRow]) -> list[WayRow]:
    """The open ways, without those whose right is over: these open nothing any more, and a face's consent with it."""
    found = ways.open_of(work.transaction, work.person_id, work.now)
    left = [each for each in found if each.right_id not in lasting and each.label != GUARD]
    ways.cancel(work.transaction, [each.way_id for each in left], Ended.RIGHT_OVER, work.now)
    return [each for each in found if each not in left]


def _wanted(work: _Work, running: dict[str, RightRow], open_ways: list[WayRow]) -> Iterator[_Wanted]:
    for right_id, right in running.items():
        mine = [_way(each) for each in open_ways if each.right_id == right_id]
        holder = holders.of(work.transaction, work.person_id, work.now) if mine else ""
        grant = rules.of_right(holder, term_of(right), mine, work.grace_days) if mine else None
        if grant is not None:
            yield _Wanted(right_id, "", *_place(work, right), grant)
    for each in open_ways:
        if each.kind is WayKind.GUEST and each.starts_at is not None:
            day = bureau_time(each.starts_at).date()
            yield _Wanted(each.right_id, each.way_id, *_place_of(work, each), rules.of_guest(_way(each), day))


def _place_of(work: _Work, guest: WayRow) -> tuple[str, str]:
    """Of a guard's code the right may be over."""
    mine = [each for each in rights.of_person(work.transaction, work.person_id) if each.right_id == guest.right_id]
    return _place(work, mine[0]) if mine else ("", "")


def _place(work: _Work, right: RightRow) -> tuple[str, str]:
    flat = dwellings.by_id(work.transaction, right.dwelling_id)
    return (flat.building, flat.unit) if flat is not None else ("", "")


def _changed(work: _Work, stored: GrantRow | None, wanted: _Wanted) -> GrantRow | None:
    """The row as it is from now on; None: it is as it was."""
    grant_id = stored.grant_id if stored is not None else secrets.token_hex(16)
    before = stored.revision if stored is not None else 0
    if stored is not None and _same(stored, wanted):
        return None
    grant = rules.named(wanted.grant, grant_id, before + 1)
    row = GrantRow(
        grant_id=grant_id,
        person_id=work.person_id,
        right_id=wanted.right_id,
        way_id=wanted.way_id,
        building=wanted.building,
        unit=wanted.unit,
        last_day=rules.last_day(grant),
        revision=grant.revision,
        body=grant.model_dump_json(exclude_defaults=True),
        changed_at=work.now,
    )
    return replace(row, over_at=None)


def _same(stored: GrantRow, wanted: _Wanted) -> bool:
    as_before = rules.named(wanted.grant, stored.grant_id, stored.revision)
    told = (stored.building, stored.unit, stored.body)
    return stored.over_at is None and told == (
        wanted.building,
        wanted.unit,
        as_before.model_dump_json(exclude_defaults=True),
    )


def _tell(work: _Work, row: GrantRow, body: dict[str, str]) -> None:
    for door in work.doors if work.tell else ():
        if door.opens_to(row.building, row.unit):
            changes.append(work.transaction, Topic.GRANT, row.grant_id, body, at=work.now, only=door.device_id)


def _way(row: WayRow) -> Way:
    return Way(row.way_id, row.kind, row.ref, row.starts_at, row.until)
