"""Filling the seeded store: made-up residents, and the few whom a demonstration names and whose cards it simulates.

Safe to repeat: whoever is there stays as they are. A portrait whose file is missing is added by a later run.
"""

import io
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from civic.id_number import IdNumber, Sex
from civic.person_name import PersonName
from records.population import synthetic
from records.population.nations import nation_name
from records.settings import PopulationSettings
from records.store import residents
from records.store.database import Database, Transaction
from records.store.residents import ResidentRow
from records.store.rows import add
from records.store.tables import residents as table

PORTRAIT_SIZE = (358, 441)  # pixels (GA/T 461: the identity photograph)
_QUALITY = 88
_CHECKOUT_ASSETS = Path(__file__).parent.parent.parent / "assets"


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a run did. ``portraits_missing``: file names that were not there."""

    added: int
    portraits: int
    portraits_missing: tuple[str, ...]


def seed(database: Database, settings: PopulationSettings) -> Seeded:
    """Add everybody who is not there yet."""
    assets = Path(settings.assets) if settings.assets else _CHECKOUT_ASSETS
    named = _named(assets / "demo" / "residents.toml")
    with database.writing() as transaction:
        known = residents.numbers(transaction)
        people = [person for person, _ in named]
        people += synthetic.residents(settings.seed, settings.synthetic_residents)
        added = [_add(transaction, each, known) for each in people]
        portraits = [_portrait(transaction, person, _file(assets, file)) for person, file in named if file]
    missing = tuple(file for (_, file), stored in zip(_with_file(named), portraits, strict=True) if stored is None)
    return Seeded(sum(added), sum(stored is True for stored in portraits), missing)


def _with_file(named: list[tuple[ResidentRow, str]]) -> list[tuple[ResidentRow, str]]:
    return [each for each in named if each[1]]


def _add(transaction: Transaction, person: ResidentRow, known: set[str]) -> bool:
    if person.id_number in known:
        return False
    known.add(person.id_number)
    add(transaction, table, person)
    return True


def _file(assets: Path, name: str) -> Path:
    return assets / "third_party" / "portraits" / Path(name).name


def _portrait(transaction: Transaction, person: ResidentRow, path: Path) -> bool | None:
    """True: stored now. False: was there. None: the file is missing."""
    row = residents.by_number(transaction, person.id_number)
    if row is None or residents.has_portrait(transaction, row.person_id):
        return False
    if not path.is_file():
        return None
    residents.add_portrait(transaction, row.person_id, _identity_photograph(path))
    return True


def _identity_photograph(path: Path) -> bytes:
    """The picture cut to the format of an identity photograph; nothing else of the file is kept."""
    buffer = io.BytesIO()
    with Image.open(path) as picture:
        ImageOps.fit(picture.convert("RGB"), PORTRAIT_SIZE, centering=(0.5, 0.4)).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def _named(path: Path) -> list[tuple[ResidentRow, str]]:
    """The demonstration's people and their portraits' file names; nobody where the file is missing."""
    if not path.is_file():
        return []
    entries = tomllib.loads(path.read_text("utf-8"))
    return [(_resident(entry), str(entry.get("portrait", ""))) for entry in entries.values()]


def _resident(entry: dict[str, Any]) -> ResidentRow:
    """A householder living alone, with what their card says; the rest as the register would have it."""
    number, name = IdNumber(entry["id_number"]), PersonName(entry["name"])
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
        household=f"named-{number.reveal()[-4:]}",
        householder=name.reveal(),
        relation="户主",
        moved_in=entry.get("moved_in", ""),
        unclear=bool(entry.get("unclear", False)),
        synthetic=True,
    )
