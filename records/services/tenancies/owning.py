"""The register of owners, as a file of it is taken over: whose a flat is, and the right that this gives.

Columns: building, unit, room, id_number, since (ISO date). What can't be taken over is told by its line alone: no
number of a person stands in a sentence.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from backend_client.contract.tenancies import RightKind
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from records.context import Records
from records.errors import RecordsError
from records.services.life_events.numbers import deceased, whose
from records.services.tenancies.work import Work, begun, new_id, note, renew
from records.store import dwellings, ownerships, rights
from records.store.rights import RightRow

_COLUMNS: Final = ("building", "unit", "room", "id_number", "since")


class OwnersFileError(RecordsError):
    """The file is no register of owners; ``detail``: what is wrong with it, nothing that stands in it."""

    code = "owners-file"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """``given``: so many are new; ``known``: so many were there; ``left``: the lines that were not taken over."""

    given: int
    known: int
    left: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    door: tuple[str, str, str]
    person_id: str
    since: date


def take_over(records: Records, path: Path) -> TakenOver:
    """Add what the file says. OwnersFileError; PopulationAwayError: the register can't be asked now."""
    lines = [_understood(records, each) for each in _read(path)]
    done = [_give(records, each) for each in lines]
    left = tuple(at for at, each in enumerate(done, 2) if each is None)  # the first line names the columns
    return TakenOver(sum(each is True for each in done), sum(each is False for each in done), left)


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
    return True


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if rows.fieldnames is None or set(rows.fieldnames) != set(_COLUMNS):
                raise OwnersFileError(f"{path.name} needs these columns: {', '.join(_COLUMNS)}")
            return list(rows)
    except OSError as error:
        raise OwnersFileError(f"{path.name} can't be read: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError):
        raise OwnersFileError(f"{path.name} is no CSV in UTF-8") from None


def _understood(records: Records, row: dict[str, str]) -> _Line | None:
    """None: a day that is none, or somebody whom the register does not know, or as dead."""
    door = (row["building"], row["unit"], row["room"])
    try:
        person, since = whose(records, IdNumber(row["id_number"])), date.fromisoformat(row["since"])
    except (InvalidValueError, ValueError, TypeError):
        return None
    return _Line(door, person, since) if person and not deceased(records, person) else None


def _give(records: Records, line: _Line | None) -> bool | None:
    """Whether it is new; None: it was not taken over."""
    if line is None:
        return None
    with records.database.writing() as transaction:
        flat = dwellings.by_door(transaction, *line.door)
        return give(begun(records, transaction), flat.dwelling_id, line.person_id, line.since) if flat else None


def said(done: TakenOver) -> Iterable[str]:
    """What to tell whoever ran it."""
    yield f"{done.given} owners added, {done.known} were known."
    if done.left:
        yield f"Not taken over, line {', '.join(map(str, done.left))}: no such flat, day or person here."
