"""The people are made up, valid by the rules of their numbers, and the same for the same seed."""

import shutil
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic.document import DocumentKind
from civic.id_number import IdNumber, Sex
from civic.person_name import PersonName
from records.context import Records
from records.installation import seed
from records.population import synthetic
from records.population.nations import nation_name
from records.population.seeding import seed as seed_store
from records.sections import PopulationSettings
from records.store import residents
from records.store.residents import ResidentRow
from tests.support.records_client import CHILD, DAUGHTER, DENG, GUEST, LATE

PEOPLE = synthetic.residents(seed=1, count=300)


def test_every_number_is_valid_and_of_nowhere() -> None:
    """GB 11643, in a region code that nobody has; sex and birth date agree with the row."""
    for person in PEOPLE:
        number = IdNumber(person.id_number)
        assert number.region_code == "990101"
        assert number.birth_date == person.birth_date
        assert (number.sex is Sex.MALE) == (person.sex == "男")
    assert len({person.id_number for person in PEOPLE}) == len(PEOPLE) == 300


def test_the_same_seed_makes_the_same_people() -> None:
    """But for the handle, which is drawn anew."""

    def same(person: ResidentRow) -> ResidentRow:
        return replace(person, person_id="")

    assert list(map(same, synthetic.residents(1, 50))) == list(map(same, PEOPLE[:50]))
    assert list(map(same, synthetic.residents(2, 50))) != list(map(same, PEOPLE[:50]))


def test_households_hang_together() -> None:
    """One householder each, whose name all of it states; children bear it, and are younger."""
    households: dict[str, list[ResidentRow]] = {}
    for person in PEOPLE:
        households.setdefault(person.household, []).append(person)
    for people in households.values():
        head, *others = people
        assert head.relation == "户主"
        assert {person.householder for person in people} == {head.name}
        children = [person for person in others if person.relation in {"子", "女"}]
        assert all(child.name[0] == head.name[0] and child.birth_date > head.birth_date for child in children)
    assert {person.relation for person in PEOPLE} == {"户主", "夫", "妻", "子", "女"}


def test_names_are_registrable_and_everyone_is_marked() -> None:
    assert all(PersonName(person.name).reveal() == person.name and person.synthetic for person in PEOPLE)
    assert any(person.unclear for person in PEOPLE)


def test_seeding_again_adds_nobody(records: Records) -> None:
    said: list[str] = []
    seed(records, said.append)
    assert said == []


def test_the_demonstrations_people_have_numbers_of_nowhere(checkout: Path) -> None:
    """GB 11643 in region 990101, each another; the child is twelve, and papers of one kind are one person's."""
    entries = tomllib.loads((checkout / "assets" / "demo" / "residents.toml").read_text("utf-8"))
    numbers = {name: IdNumber(entry["id_number"]) for name, entry in entries.items()}
    assert {number.region_code for number in numbers.values()} == {"990101"}
    assert len({number.reveal() for number in numbers.values()}) == len(numbers)
    assert all(f"{numbers[name].birth_date}" == entry["birth_date"] for name, entry in entries.items())
    assert numbers["child"].birth_date == CHILD.birth_date == date(2014, 11, 22)
    for kind in ("passport", "travel_permit"):
        own = [entry[kind] for entry in entries.values() if kind in entry]
        assert len(own) == len(set(own)) > 0


def test_documents_lead_to_their_holder(records: Records) -> None:
    """By kind, state and number; a portrait of nobody is nobody's document."""
    held = records.population.find_document(DocumentKind.PASSPORT, "CHN", "EA0000014")
    assert held is not None
    assert held.id_number == IdNumber(DENG.id_number)
    assert held.latin_name.reveal() == "ZHANG MINGDENG"
    assert records.population.find_document(DocumentKind.PASSPORT, "UTO", "EA0000014") is None
    late = records.population.find(IdNumber(LATE.id_number))
    assert late is not None
    assert late.deceased


def test_documents_of_whoever_is_there_already_are_added_by_a_later_run(records: Records) -> None:
    """A store that was filled before documents were known."""
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.text("DELETE FROM person_documents"))
    assert seed_store(records.database, records.settings.population).added == 0
    assert records.population.find_document(DocumentKind.TRAVEL_PERMIT, "CHN", "C00000027") is not None


def test_a_missing_portrait_is_said_and_made_good_later(records: Records, checkout: Path, tmp_path: Path) -> None:
    """The resident is there without one; a later run, with the file, adds it."""
    shutil.copytree(checkout / "assets" / "demo", tmp_path / "assets" / "demo")
    people = PopulationSettings(synthetic_residents=0, assets=str(tmp_path / "assets"))
    other = replace(records, settings=records.settings.model_copy(update={"population": people}))
    other.database._community = "another"
    said: list[str] = []
    seed(other, said.append)
    assert [sentence for sentence in said if "person_a_1.jpg is not installed" in sentence]
    resident = other.population.find(IdNumber(DENG.id_number))
    assert resident is not None
    assert not other.population.has_portrait(resident.person_id)
    shutil.copytree(checkout / "assets/third_party/portraits", tmp_path / "assets/third_party/portraits")
    assert seed_store(other.database, people).portraits == 2
    assert other.population.has_portrait(resident.person_id)


def test_children_have_the_guardians_that_the_register_records(records: Records) -> None:
    """The named child its two, a made-up one the grown people of its household; seeding again adds none."""
    father, child = (records.population.find(IdNumber(card.id_number)) for card in (DENG, DAUGHTER))
    assert father is not None
    assert child is not None
    assert [each.person_id for each in records.population.children(father.person_id)] == [child.person_id]
    assert records.population.children(child.person_id) == ()
    assert len(records.population.household(child.person_id)) == 3
    with records.database.reading() as transaction:
        pairs = residents.guardians(transaction)
    seed(records, lambda _sentence: None)
    with records.database.reading() as transaction:
        assert residents.guardians(transaction) == pairs
    assert len(pairs) > 2


def test_a_register_may_be_elsewhere_than_the_numbers_region(records: Records) -> None:
    """The number says where it was once given."""
    guest = records.population.find(IdNumber(GUEST.id_number))
    assert guest is not None
    assert (guest.division, guest.id_number.region_code) == ("990205", "990101")


def test_one_communitys_people_are_not_anothers(records: Records) -> None:
    """The community stands in every query."""
    records.database._community = "another"
    assert records.population.find(IdNumber(DENG.id_number)) is None


def test_a_resident_prints_as_a_handle(records: Records) -> None:
    """Nothing of the row shows, in str and in repr."""
    resident = records.population.find(IdNumber(DENG.id_number))
    assert resident is not None
    for text in (str(resident), repr(resident), f"{resident.name} {resident.address} {resident.id_number}"):
        assert DENG.name not in text
        assert DENG.id_number not in text
        assert "灯火路" not in text


@pytest.mark.parametrize(("code", "name"), [("01", "汉"), ("56", "基诺"), ("57", "57"), ("汉", "汉"), ("", "")])
def test_a_nation_is_named_by_its_code(code: str, name: str) -> None:
    """GB/T 3304; what it does not know stays as it is."""
    assert nation_name(code) == name
