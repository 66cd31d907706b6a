"""The register of owners, as a file of it is taken over: whose a flat is, and the right that this gives.

Columns: building, unit, room, id_number, since (ISO date); and until, where the file has it: somebody else's since that
day. What can't be taken over is told by its line alone: no number of a person stands in a sentence.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import RightKind
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from records.context import Records
from records.errors import RecordsError
from records.rules.periods import bureau_time
from records.rules.tenancies import LANDLORD_ASK, Deed, QueueKind
from records.services.life_events.numbers import deceased, whose
from records.services.tenancies import asking, beginning, ending
from records.services.tenancies.work import Work, begun, hidden, new_id, note, renew, tell
from records.store import asks, dwellings, ownerships, rights, tenancies
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow

_COLUMNS: Final = frozenset({"building", "unit", "room", "id_number", "since"})
_UNTIL: Final = "until"  # no column of older files


class OwnersFileError(RecordsError):
    """The file is no register of owners; ``detail``: what is wrong with it, nothing that stands in it."""

    code = "owners-file"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """``given``: so many are new; ``known``: so many were there; ``ended``: so many own it no more; ``left``: the lines
    that were not taken over."""

    given: int
    known: int
    ended: int
    left: tuple[int, ...]


class _Done(StrEnum):
    """What a line did."""

    GIVEN = "given"
    KNOWN = "known"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class _Line:
    door: tuple[str, str, str]
    person_id: str
    since: date
    until: date | None


def take_over(records: Records, path: Path) -> TakenOver:
    """Add what the file says. OwnersFileError; PopulationAwayError: the register can't be asked now."""
    lines = [_understood(records, each) for each in _read(path)]
    done = [_give(records, each) for each in lines]
    left = tuple(at for at, each in enumerate(done, 2) if each is None)  # the first line names the columns
    return TakenOver(done.count(_Done.GIVEN), done.count(_Done.KNOWN), done.count(_Done.ENDED), left)


def give(work: Work, dwelling_id: str, person_id: str, since: date) -> bool:
    """A flat is somebody's, and with it the right to it, which has no end. False: it was known."""
    if not ownerships.give(work.transaction, dwelling_id, person_id, since):
        return False
    row = RightRow(
        right_id=new_id(),
        dwelling_id=dwelling_id,
        person_id=person_id,
        kind=RightKind.OWNER,
        tenancy_id="",
        starts_on=since,
        ends_on=None,
        ended_at=None,
        ended_why="",
        registered_at=work.now,
        hold_until=None,
        revision=1,
        began_at=work.now,
    )
    rights.add(work.transaction, row)
    note(work, "ownership-given", person_id, dwelling=dwelling_id, right=row.right_id)
    renew(work, (person_id,))
    for each in tenancies.pending_of(work.transaction, dwelling_id):
        _ask_too(work, each, person_id)
    return True


def end(work: Work, dwelling_id: str, person_id: str, day: date) -> bool:
    """It is not theirs since ``day``: they answer nothing about it any more, and their right to it ends; that of their
    family with the last owner's. False: it was not theirs."""
    if not ownerships.end(work.transaction, dwelling_id, person_id, day):
        return False
    note(work, "ownership-ended", person_id, dwelling=dwelling_id)
    left = ownerships.owners(work.transaction, dwelling_id)
    for each in rights.of_dwelling(work.transaction, dwelling_id):
        own = each.kind is RightKind.OWNER and each.person_id == person_id
        if own or (each.kind is RightKind.FAMILY and not left):
            ending.at(work, each, day, ending.SOLD)
            tell(work, (each.person_id,), MessageKind.TENANCY_CHANGED)
    for contract in tenancies.pending_of(work.transaction, dwelling_id):
        theirs = asks.of_tenancy(work.transaction, contract.tenancy_id)
        asking.close(work, (each for each in theirs if each.asked_of == person_id))
        if not left:
            beginning.before_officer(work, contract, QueueKind.NEW_WITHOUT_LANDLORD)
    return True


def _ask_too(work: Work, contract: TenancyRow, person_id: str) -> None:
    """What was asked of the owners before them is asked of the new one too, who has all the days to answer in."""
    if contract.tenant_id == person_id:
        return
    if hidden(work, (contract.tenant_id, person_id)):
        beginning.before_officer(work, contract, QueueKind.NEW_WITHOUT_LANDLORD)
        return
    kind = LANDLORD_ASK[Deed.RENEWAL if contract.renews else Deed.NEW]
    asking.landlords(work, beginning.waits_anew(work, contract), (person_id,), kind)


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames is None or set(rows.fieldnames) - {_UNTIL} != _COLUMNS:
                raise OwnersFileError(f"{path.name} needs these columns: {', '.join(sorted(_COLUMNS))}")
            return list(rows)
    except OSError as error:
        raise OwnersFileError(f"{path.name} can't be read: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError):
        raise OwnersFileError(f"{path.name} is no CSV in UTF-8") from None


def _understood(records: Records, row: dict[str, str]) -> _Line | None:
    """None: a day that is none or has not come, or somebody whom the register does not know, or, as a new owner, as
    dead."""
    door = (row["building"], row["unit"], row["room"])
    try:
        person, since = whose(records, IdNumber(row["id_number"])), date.fromisoformat(row["since"])
        until = date.fromisoformat(row[_UNTIL]) if row.get(_UNTIL) else None
    except (InvalidValueError, ValueError, TypeError):
        return None
    came = (until or since) <= bureau_time(records.clock.now()).date()
    fit = person and came and (until is not None or not deceased(records, person))
    return _Line(door, person, since, until) if fit else None


def _give(records: Records, line: _Line | None) -> _Done | None:
    """What it did; None: it was not taken over."""
    if line is None:
        return None
    with records.database.writing() as transaction:
        flat, work = dwellings.by_door(transaction, *line.door), begun(records, transaction)
        if flat is None:
            return None
        if line.until is None:
            return _Done.GIVEN if give(work, flat.dwelling_id, line.person_id, line.since) else _Done.KNOWN
        return _Done.ENDED if end(work, flat.dwelling_id, line.person_id, line.until) else _Done.KNOWN


def said(done: TakenOver) -> Iterable[str]:
    """What to tell whoever ran it."""
    yield f"{done.given} owners added, {done.known} were known."
    if done.ended:
        yield f"{done.ended} own it no more."
    if done.left:
        yield f"Not taken over, line {', '.join(map(str, done.left))}: no such flat, day or person here."
