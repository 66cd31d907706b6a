"""What an event writes into a person's own row of the register, and putting that back."""

from datetime import date
from typing import Any, Final

from civic.id_number import IdNumber, Sex
from records.rules.life_effects import EventKind
from records.services.life_events.happening import HOUSEHOLDER, Earlier, Happening
from records.store import life_changes, residents

_BESIDE: Final = frozenset({"former_name", "latin_name", "moved_in"})  # no event by themselves


def change(it: Happening) -> Earlier:
    """The columns that were written, as they were: the others may be changed by another's event."""
    written = _values(it)
    before = {name: getattr(it.person, name) for name in written}
    life_changes.change_row(it.transaction, it.person_id, written)
    return {"row": {name: _told(value) for name, value in before.items()}}


def changes(it: Happening) -> bool:
    """Whether the register would say anything else afterwards: what it says already has happened before."""
    written = {name: value for name, value in _values(it).items() if name not in _BESIDE}
    return any(getattr(it.person, name) != value for name, value in written.items())


def put_back(it: Happening, row: dict[str, Any]) -> None:
    """As it was before the event."""
    values = dict(row)
    if "birth_date" in row:
        values["birth_date"] = date.fromisoformat(row["birth_date"])
    if row.get("household"):
        values["householder"] = _householder_of(it, row)
    life_changes.change_row(it.transaction, it.person_id, values)


def _householder_of(it: Happening, row: dict[str, Any]) -> str:
    """As the household to which they come back is called now: its householder may have another name since."""
    others = residents.household(it.transaction, row["household"])
    names = [each.name for each in others if each.relation == HOUSEHOLDER and each.person_id != it.person_id]
    before: str = row["householder"]
    return names[0] if names else before


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _values(it: Happening) -> dict[str, Any]:
    match it.kind:
        case EventKind.DEATH:
            return {"deceased": True}
        case EventKind.NAME_CHANGE:
            return {"name": it.told["name"], "former_name": it.person.name, "latin_name": it.told["latin"]}
        case EventKind.NUMBER_CHANGE:
            number = IdNumber(it.told["new_number"])
            sex = "男" if number.sex is Sex.MALE else "女"
            return {"id_number": number.reveal(), "birth_date": number.birth_date, "sex": sex}
        case EventKind.MOVE_IN:
            return {**_moved(it), **_household(it)}
        case EventKind.MOVE_OUT:
            return {**_moved(it), "household": "", "householder": "", "relation": "", "moved_in": ""}
        case EventKind.GUARDIAN_GIVEN | EventKind.GUARDIAN_ENDED | EventKind.GUARDIAN_DISPUTED:
            return {}


def _moved(it: Happening) -> dict[str, str]:
    return {"address": it.told["address"], "division": it.told["division"]}


def _household(it: Happening) -> dict[str, str]:
    """The household of whoever was named, or one of their own."""
    day = date.fromisoformat(it.told["since"])
    came = {"moved_in": f"{day.year}年{day.month}月{day.day}日由{it.person.address}迁来", "household_type": "家庭户"}
    joined = residents.by_person(it.transaction, it.told["householder"]) if it.told["householder"] else None
    if joined is None:
        return {**came, "household": f"own-{it.person_id}", "householder": it.person.name, "relation": HOUSEHOLDER}
    of_whom = {"household": joined.household, "householder": joined.householder}
    return {**came, **of_whom, "relation": it.told["relation"] or "非亲属"}
