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

from civic.document import DocumentKind
from civic.id_number import IdNumber, Sex
from civic.person_name import PersonName
from records.population import nobody, synthetic
from records.population.nations import nation_name
from records.settings import PopulationSettings
from records.store import residents
from records.store.database import Database, Transaction
from records.store.residents import DocumentRow, ResidentRow
from records.store.rows import add
from records.store.tables import residents as table

PORTRAIT_SIZE = (358, 441)  # pixels (GA/T 461: the identity photograph)
_QUALITY = 88
_CHINA = "CHN"
_DOCUMENTS = (DocumentKind.PASSPORT, DocumentKind.TRAVEL_PERMIT)
_CHECKOUT_ASSETS = Path(__file__).parent.parent.parent / "assets"


@dataclass(frozen=True, slots=True, repr=False)
class _Named:
    """One of the demonstration's people. ``documents``: kind and number, all issued by China."""

    person: ResidentRow
    portrait: str
    documents: tuple[tuple[DocumentKind, str], ...]


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
        people = [each.person for each in named]
        people += synthetic.residents(settings.seed, settings.synthetic_residents)
        added = [_add(transaction, each, known) for each in people]
        with_file = [each for each in named if each.portrait]
        portraits = [_portrait(transaction, each.person, _file(assets, each.portrait)) for each in with_file]
        _know_by_documents(transaction, named)
        _have_nobodies(transaction)
    missing = tuple(each.portrait for each, stored in zip(with_file, portraits, strict=True) if stored is None)
    return Seeded(sum(added), sum(stored is True for stored in portraits), missing)


def _add(transaction: Transaction, person: ResidentRow, known: set[str]) -> bool:
    if person.id_number in known:
        return False
    known.add(person.id_number)
    add(transaction, table, person)
    return True


def _know_by_documents(transaction: Transaction, named: list[_Named]) -> None:
    """A number that is known already stays whose it is."""
    for each in named:
        row = residents.by_number(transaction, each.person.id_number)
        for kind, number in each.documents:
            if row is not None and residents.by_document(transaction, kind, _CHINA, number) is None:
                residents.add_document(transaction, DocumentRow(kind, _CHINA, number, row.person_id))


def _have_nobodies(transaction: Transaction) -> None:
    if residents.has_portrait(transaction, nobody.handle(0)):
        return
    for handle, jpeg in nobody.portraits():
        residents.add_portrait(transaction, handle, jpeg)


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


def _named(path: Path) -> list[_Named]:
    """The demonstration's people, with their portraits' file names; nobody where the file is missing."""
    if not path.is_file():
        return []
    entries = tomllib.loads(path.read_text("utf-8"))
    return [
        _Named(
            _resident(entry),
            str(entry.get("portrait", "")),
            tuple((kind, str(entry[kind])) for kind in _DOCUMENTS if kind in entry),
        )
        for entry in entries.values()
    ]


def _resident(entry: dict[str, Any]) -> ResidentRow:
    """A householder living alone, with what their card says; the rest as the register would have it."""
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
        household=f"named-{number.reveal()[-4:]}",
        householder=name.reveal(),
        relation="户主",
        moved_in=entry.get("moved_in", ""),
        unclear=bool(entry.get("unclear", False)),
        synthetic=True,
        latin_name=entry.get("latin_name", ""),
        deceased=bool(entry.get("deceased", False)),
    )
