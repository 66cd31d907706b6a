"""Filling the seeded store: made-up residents, and the few whom a demonstration names and whose cards it simulates.

Safe to repeat: whoever is there stays as they are, and as events in their life have left them. A portrait whose file is
missing is added by a later run.
"""

from dataclasses import dataclass
from pathlib import Path

from records.errors import PhotographError
from records.population import flats, named, nobody, synthetic
from records.population.named import Named
from records.population.photograph import identity_photograph
from records.sections import PopulationSettings
from records.store import criminal, dwellings, life_events, residents
from records.store.database import Database, Transaction
from records.store.residents import DocumentRow, ResidentRow
from records.store.rows import add
from records.store.tables.register import residents as table

_CHINA = "CHN"
_CHECKOUT_ASSETS = Path(__file__).parent.parent.parent / "assets"


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a run did. ``portraits_missing``: file names that were not there."""

    added: int
    portraits: int
    portraits_missing: tuple[str, ...]


def seed(database: Database, settings: PopulationSettings) -> Seeded:
    """Add everybody who is not there yet. Beside a register elsewhere: the portraits of nobody, and the flats."""
    assets = Path(settings.assets) if settings.assets else _CHECKOUT_ASSETS
    people = [] if settings.url else named.read(assets / "demo" / "residents.toml")
    others = synthetic.residents(settings.seed, 0 if settings.url else settings.synthetic_residents)
    with_file = [each for each in people if each.portrait]
    with database.writing() as transaction:
        known = life_events.numbers(transaction) | residents.numbers(transaction)
        new = [each for each in people if each.person.id_number not in known]
        added = [_add(transaction, each, known) for each in [*(each.person for each in people), *others]]
        portraits = [_portrait(transaction, each.person, _file(assets, each.portrait)) for each in with_file]
        _know_by_documents(transaction, people)
        _know_guardians(transaction, known, people, others)
        _know_criminal_records(transaction, known, new)
        _have_nobodies(transaction)
        _have_flats(transaction)
    missing = tuple(each.portrait for each, stored in zip(with_file, portraits, strict=True) if stored is None)
    return Seeded(sum(added), sum(stored is True for stored in portraits), missing)


def _add(transaction: Transaction, person: ResidentRow, known: dict[str, str]) -> bool:
    if person.id_number in known:
        return False
    known[person.id_number] = person.person_id
    add(transaction, table, person)
    return True


def _know_guardians(
    transaction: Transaction, known: dict[str, str], people: list[Named], others: list[ResidentRow]
) -> None:
    """Of the named children, whom the file says; of the made-up ones, the grown people of their household."""
    pairs = [(each.person.id_number, guardian) for each in people for guardian in each.guardians]
    pairs += synthetic.guardians(others)
    there, changed = residents.guardians(transaction), life_events.changed(transaction)
    for child, guardian in ((known[child], known[guardian]) for child, guardian in pairs):
        if (child, guardian) not in there and not {child, guardian} & changed:
            residents.add_guardian(transaction, child, guardian)


def _know_criminal_records(transaction: Transaction, known: dict[str, str], people: list[Named]) -> None:
    for each in people:
        if each.criminal:
            criminal.put(transaction, known[each.person.id_number], each.criminal)


def _know_by_documents(transaction: Transaction, people: list[Named]) -> None:
    """A number that is known already stays whose it is."""
    changed = life_events.changed(transaction)
    for each in people:
        row = residents.by_number(transaction, each.person.id_number)
        if row is None or row.person_id in changed:
            continue
        for kind, number in each.documents:
            if residents.by_document(transaction, kind, _CHINA, number) is None:
                residents.add_document(transaction, DocumentRow(kind, _CHINA, number, row.person_id))


def _have_nobodies(transaction: Transaction) -> None:
    if residents.has_portrait(transaction, nobody.handle(0)):
        return
    for handle, jpeg in nobody.portraits():
        residents.add_portrait(transaction, handle, jpeg)


def _have_flats(transaction: Transaction) -> None:
    if not dwellings.any_there(transaction):
        dwellings.add_all(transaction, flats.flats())


def _file(assets: Path, name: str) -> Path:
    return assets / "third_party" / "portraits" / Path(name).name


def _portrait(transaction: Transaction, person: ResidentRow, path: Path) -> bool | None:
    """True: stored now. False: was there. None: the file is missing."""
    row = residents.by_number(transaction, person.id_number)
    if row is None or residents.has_portrait(transaction, row.person_id):
        return False
    if not path.is_file():
        return None
    try:
        residents.add_portrait(transaction, row.person_id, identity_photograph(path.read_bytes()))
    except PhotographError as error:
        raise PhotographError(f"{path.name}: {error.detail}") from None
    return True
