"""The demonstration's people, as ``assets/demo/residents.toml`` has them."""

import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civic.document import DocumentKind
from civic.id_number import IdNumber, Sex
from civic.person_name import PersonName
from records.population.nations import nation_name
from records.store.residents import ResidentRow

_DOCUMENTS = (DocumentKind.PASSPORT, DocumentKind.TRAVEL_PERMIT)


@dataclass(frozen=True, slots=True, repr=False)
class Named:
    """One of them. ``documents``: kind and number, all issued by China; ``guardians``: citizen numbers; ``criminal``:
    what the source of criminal records says, empty: nothing."""

    person: ResidentRow
    portrait: str
    documents: tuple[tuple[DocumentKind, str], ...]
    guardians: tuple[str, ...]
    criminal: str


def read(path: Path) -> list[Named]:
    """Everybody in the file; nobody where it is missing."""
    if not path.is_file():
        return []
    entries: dict[str, dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))
    return [_named(entry, entries) for entry in entries.values()]


def _named(entry: dict[str, Any], entries: dict[str, dict[str, Any]]) -> Named:
    return Named(
        person=_resident(entry, entries[entry["household"]] if "household" in entry else entry),
        portrait=str(entry.get("portrait", "")),
        documents=tuple((kind, str(entry[kind])) for kind in _DOCUMENTS if kind in entry),
        guardians=tuple(str(entries[name]["id_number"]) for name in entry.get("guardians", ())),
        criminal=str(entry.get("criminal", "")),
    )


def _resident(entry: dict[str, Any], head: dict[str, Any]) -> ResidentRow:
    """Somebody in the household of ``head``, with what their card says; the rest as the register would have it."""
    number, name = IdNumber(entry["id_number"]), PersonName(entry.get("registered_name", entry["name"]))
    return ResidentRow(
        person_id=secrets.token_hex(8),
        id_number=number.reveal(),
        name=name.reveal(),
        former_name=entry.get("former_name", ""),
        sex="男" if number.sex is Sex.MALE else "女",
        nation=nation_name(entry["nation"]),
        birth_date=number.birth_date,
        birthplace=entry.get("birthplace", "示例省示例市"),
        native_place=entry.get("native_place", "示例省示例市"),
        address=entry["address"],
        household_type="家庭户",
        household=f"named-{str(head['id_number'])[-4:]}",
        householder=PersonName(head.get("registered_name", head["name"])).reveal(),
        relation=entry.get("relation", "户主"),
        moved_in=entry.get("moved_in", ""),
        unclear=bool(entry.get("unclear", False)),
        synthetic=True,
        latin_name=entry.get("latin_name", ""),
        deceased=bool(entry.get("deceased", False)),
        division=entry.get("division", number.region_code),
    )
