"""Who is hidden is nobody to others, and themselves to themselves."""

import re
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from civic.id_number import IdNumber
from records import applications_cli, population
from records.context import Records
from records.rules.periods import bureau_time
from records.store import protection
from records.store.tables.register import residents
from tests.support.clocks import StillClock
from tests.support.hidden import hide, not_registered_yet, registered, whose
from tests.support.records_client import DAUGHTER, DENG, MOTHER, NOBODYS_NUMBER, WIFE, KioskClient, typed

A_DAY = 24 * 3600


def _relations(kiosk: KioskClient, subject: str) -> list[str]:
    return [each["relation"] for each in kiosk.record(subject)["members"]]


def test_who_is_hidden_is_in_no_list_of_the_household(kiosk: KioskClient, records: Records) -> None:
    """Neither the wife nor the child whose guardian one is; the others are as they were."""
    hide(records, WIFE)
    hide(records, DAUGHTER)
    own = kiosk.record(kiosk.prove())
    assert [each["relation"] for each in own["members"]] == ["母"]
    assert own["children"] == []


def test_who_is_hidden_goes_on_with_their_own_card(kiosk: KioskClient, records: Records) -> None:
    """The row, the household, the paper; and the child that is hidden under the same ticket."""
    hide(records, WIFE)
    hide(records, DAUGHTER)
    subject = kiosk.vouched(WIFE)
    own = kiosk.record(subject)
    assert own["name"] == WIFE.name
    assert [each["name"] for each in own["children"]] == [DAUGHTER.name]
    assert kiosk.reserve(subject).status_code == 201


def test_a_child_whose_guardianship_is_disputed_is_hidden_from_both(kiosk: KioskClient, records: Records) -> None:
    """It is nobody's while that lasts."""
    hide(records, DAUGHTER, ticket="JH-0001", basis=protection.Basis.DISPUTED_GUARDIANSHIP)
    hide(records, WIFE)  # under another ticket
    assert kiosk.record(kiosk.prove())["children"] == []
    assert kiosk.record(kiosk.vouched(WIFE, "visit-0002"))["children"] == []


def test_a_handle_from_before_leads_nowhere(kiosk: KioskClient, records: Records) -> None:
    """As one that was made up."""
    subject = kiosk.prove()
    (child,) = kiosk.record(subject)["children"]
    wife = next(each for each in kiosk.record(subject)["members"] if each["relation"] == "妻")
    hide(records, WIFE)
    hide(records, DAUGHTER)
    for handle in (child["handle"], "0" * 32):
        answer = kiosk.post(f"/v1/identifications/{subject}/record", {"person": handle})
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
    refused = kiosk.reserve(subject, purpose="household_members", members=[wife["handle"]])
    assert refused.json()["code"] == "not-permitted"


def test_her_card_beside_his_is_a_strangers(kiosk: KioskClient, records: Records) -> None:
    subject = kiosk.prove()
    hide(records, WIFE)
    answer = kiosk.post(f"/v1/identifications/{subject}/companions", WIFE.evidence())
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


def test_a_typed_number_of_who_is_hidden_is_nobodys(kiosk: KioskClient, records: Records) -> None:
    """The visit knows nobody: neither does the officer who is asked about it."""
    hide(records, DENG)
    kiosk.identified(typed())
    with records.database.reading() as transaction:
        (row,) = transaction.connection.exec_driver_sql("SELECT person_id, doubt, portrait_of FROM visits").all()
    assert (row.person_id, row.doubt) == ("", "unknown")
    assert row.portrait_of.startswith("nobody-")


def test_a_protection_ends_with_its_last_day_or_when_it_is_ended(records: Records, clock: StillClock) -> None:
    """The last day counts whole, on the bureau's calendar."""
    today = bureau_time(clock.now()).date()
    hide(records, WIFE, until=today + timedelta(days=1))
    hide(records, MOTHER)
    clock.pass_by(A_DAY)
    assert records.population.find(IdNumber(WIFE.id_number)) is None
    clock.pass_by(A_DAY)
    assert records.population.find(IdNumber(WIFE.id_number)) is not None
    mother = registered(records, MOTHER)
    assert records.population.resident(mother.person_id) is None
    with records.database.writing() as transaction:
        protection.end(transaction, whose(records, MOTHER), "li", clock.now())
    assert records.population.resident(mother.person_id) is not None


def test_nothing_of_who_is_hidden_is_found_by_any_question(records: Records) -> None:
    """Whatever the port can be asked."""
    person = registered(records, DENG)
    assert records.population.has_portrait(person.person_id)
    hide(records, DENG)
    others = records.population
    assert others.resident(person.person_id) is None
    assert others.portrait(person.person_id) is None
    assert not others.has_portrait(person.person_id)
    for guardian in (registered(records, WIFE), registered(records, MOTHER)):
        assert DENG.name not in [each.name.reveal() for each in others.household(guardian.person_id)]


def test_hidden_before_they_are_registered_they_see_each_other(kiosk: KioskClient, records: Records) -> None:
    """A mother and her child, by their numbers; the father sees neither, nor an officer what she applied for."""
    with not_registered_yet(records, WIFE), not_registered_yet(records, DAUGHTER):
        hide(records, WIFE)
        hide(records, DAUGHTER)
    assert [each["relation"] for each in kiosk.record(kiosk.prove())["members"]] == ["母"]
    hers = kiosk.vouched(WIFE, "visit-0002")
    assert [each["name"] for each in kiosk.record(hers)["children"]] == [DAUGHTER.name]
    later = {"kind": "no_criminal_record", "purpose": "job", "when": "later"}
    assert kiosk.reserve(hers, **later).status_code == 201
    assert applications_cli.lines(records) == []
    assert not records.population.has_portrait(registered(records, WIFE).person_id)


def test_whose_number_changes_stays_hidden(records: Records) -> None:
    """By the person whom the register had."""
    hide(records, WIFE)
    with records.database.writing() as transaction:
        other = sa.update(residents).where(residents.c.id_number == WIFE.id_number).values(id_number=NOBODYS_NUMBER)
        transaction.connection.execute(other)
    assert records.register.find(IdNumber(NOBODYS_NUMBER)) is not None
    assert records.population.find(IdNumber(NOBODYS_NUMBER)) is None


OWN_VISIT = {
    "installation.py": "puts both together",
    "services/asking.py": "the applicant's own row, for their own paper",
    "services/cases.py": "an officer whom the person at the kiosk gave their visit code",
    "services/evidence.py": "whose document lies on the reader",
    "services/gates/slips.py": "the own name, masked, on the own move-in slip",
    "services/hiding.py": "the number of somebody who is hidden, to hide them by it",
    "services/identification.py": "the characters of the own row",
    "services/life_events/numbers.py": "of whom an event is written down, whose intake was opened: shows nothing",
    "services/making/temporary.py": "the own photograph, for the own paper",
    "services/portrait.py": "the portrait that the live face is compared with",
    "services/reading.py": "who is hidden hears that somebody looked; nothing of them is shown",
    "services/record.py": "the own row, for the own eyes",
    "services/settling.py": "an application that the list has, or whose holder stands there with its receipt",
    "services/residences.py": "that a reason does not name the person",
    "services/tenancies/understanding.py": "what they hand in, and whose document lay beside theirs",
}


def test_the_register_itself_is_asked_in_a_persons_own_visit_alone() -> None:
    """A new place where others' eyes go by the register would find whoever is hidden: it must say here why it may."""
    root = Path(population.__file__).parent.parent
    asks = re.compile(r"records\.register\b|\bregister=")
    found = {path.relative_to(root).as_posix() for path in root.rglob("*.py") if asks.search(path.read_text("utf-8"))}
    assert found == set(OWN_VISIT)
