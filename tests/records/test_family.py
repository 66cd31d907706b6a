"""A guardian for a child, and others of the household where the purpose needs them: by handles of one visit."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from records.context import Records
from records.store.tables.register import residents
from records.store.tables.visiting import companions
from tests.support.clocks import StillClock
from tests.support.records_client import DAUGHTER, DENG, EXPIRED, LAN, MOTHER, WIFE, Card, KioskClient

MEMBERS = {"purpose": "household_members"}
A_DAY = 24 * 3600


def _child(kiosk: KioskClient, subject: str) -> str:
    (found,) = kiosk.record(subject)["children"]
    return str(found["handle"])


def _handles(record: dict[str, Any]) -> dict[str, str]:
    return {each["relation"]: each["handle"] for each in record["members"]}


def _companion(kiosk: KioskClient, subject: str, card: Card, visit: str = "visit-0001") -> Any:
    return kiosk.post(f"/v1/identifications/{subject}/companions", card.evidence(visit))


def _refused(answer: Any) -> str:
    assert answer.is_error, answer.text
    return str(answer.json()["code"])


# --- a child ---


def test_a_guardian_sees_the_childs_row(kiosk: KioskClient) -> None:
    """The child by name in their own record, and the child's own row by its handle."""
    subject = kiosk.prove()
    (child,) = kiosk.record(subject)["children"]
    assert (child["name"], child["birth_date"]) == (DAUGHTER.name, "2016-09-08")
    row = kiosk.record(subject, child["handle"])
    assert (row["id_number"], row["relation"], row["householder"]) == (DAUGHTER.id_number, "女", DENG.name)
    assert (row["children"], row["reissues"]) == ([], [])


def test_a_childs_certificate_names_who_asked_for_it(kiosk: KioskClient) -> None:
    subject = kiosk.prove()
    paper = kiosk.reserve(subject, person=_child(kiosk, subject)).json()["paper"]
    assert (paper["name"], paper["applicant"]) == (DAUGHTER.name, "张明灯（监护人）")


def test_ones_own_certificate_names_no_applicant(kiosk: KioskClient) -> None:
    assert kiosk.reserved()["paper"]["applicant"] == ""


def test_both_guardians_may_ask(kiosk: KioskClient) -> None:
    subject = kiosk.vouched(WIFE)
    paper = kiosk.reserve(subject, person=_child(kiosk, subject)).json()["paper"]
    assert paper["applicant"].startswith(WIFE.name)


def test_who_is_no_recorded_guardian_is_told_of_no_child(kiosk: KioskClient) -> None:
    """Of the same household or not: the register decides, and nothing shows that there is a child."""
    grandmother = kiosk.record(kiosk.vouched(MOTHER))
    assert grandmother["children"] == []
    assert "女" not in _handles(grandmother)
    assert kiosk.record(kiosk.prove(LAN, "visit-0002"))["children"] == []


def test_from_sixteen_on_a_child_asks_for_itself(kiosk: KioskClient, records: Records) -> None:
    """The policy's age, on the bureau's day."""
    subject = kiosk.prove()
    handle = _child(kiosk, subject)
    sixteen = records.clock.now().date() - timedelta(days=16 * 366)
    with records.database.writing() as transaction:
        mine = residents.c.id_number == DAUGHTER.id_number
        transaction.connection.execute(sa.update(residents).where(mine).values(birth_date=sixteen))
    assert kiosk.record(subject)["children"] == []
    assert _refused(kiosk.reserve(subject, person=handle)) == "not-permitted"


@pytest.mark.parametrize("kind", ["temporary_id_proof", "no_criminal_record"])
def test_a_guardian_has_only_what_the_policy_says_for_the_child(kiosk: KioskClient, kind: str) -> None:
    subject = kiosk.prove()
    purpose = {"temporary_id_proof": "rail", "no_criminal_record": "job"}[kind]
    answer = kiosk.reserve(subject, kind=kind, purpose=purpose, person=_child(kiosk, subject))
    assert _refused(answer) == "not-permitted"


def test_a_handle_is_good_for_its_visit_alone(kiosk: KioskClient) -> None:
    """Nothing can be carried from one visit to the next, nor made up."""
    first, second = kiosk.prove(), kiosk.prove(visit="visit-0002")
    handle = _child(kiosk, first)
    assert handle != _child(kiosk, second)
    for wrong in (handle, "0" * 32):
        assert _refused(kiosk.reserve(second, person=wrong)) == "not-permitted"
        answer = kiosk.post(f"/v1/identifications/{second}/record", {"person": wrong})
        assert _refused(answer) == "not-permitted"


def test_who_needs_an_officer_stands_on_nobodys_paper(kiosk: KioskClient, records: Records) -> None:
    """Their row is in doubt: no list has them any more, and a handle from before serves nothing."""
    subject = kiosk.prove()
    handle = _handles(kiosk.record(subject))["女"]
    with records.database.writing() as transaction:
        mine = residents.c.id_number == DAUGHTER.id_number
        transaction.connection.execute(sa.update(residents).where(mine).values(unclear=True))
    assert "女" not in _handles(kiosk.record(subject))
    assert _refused(kiosk.reserve(subject, members=[handle], **MEMBERS)) == "not-permitted"


def test_a_childs_unclear_row_needs_an_officer(kiosk: KioskClient, records: Records) -> None:
    subject = kiosk.prove()
    handle = _child(kiosk, subject)
    with records.database.writing() as transaction:
        mine = residents.c.id_number == DAUGHTER.id_number
        transaction.connection.execute(sa.update(residents).where(mine).values(unclear=True))
    assert _refused(kiosk.reserve(subject, person=handle)) == "record-unclear"


def test_a_childs_paper_is_reissued_to_the_guardian_who_asked(kiosk: KioskClient) -> None:
    """For the same child, named again or not; never for anybody else."""
    subject = kiosk.prove()
    child = _child(kiosk, subject)
    for person in ("", child):
        serial = kiosk.reserve(subject, person=child).json()["serial"]
        kiosk.void(serial)
        again = kiosk.reserve(subject, replaces=serial, person=person).json()
        assert (again["paper"]["name"], again["paper"]["applicant"]) == (DAUGHTER.name, "张明灯（监护人）")
    own = kiosk.reserve(subject).json()["serial"]
    kiosk.void(own)
    assert _refused(kiosk.reserve(subject, replaces=own, person=child)) == "not-permitted"


def test_a_reissue_is_offered_with_the_row_of_whom_it_is_about(kiosk: KioskClient) -> None:
    """Who asks for their own paper afterwards is not given the child's."""
    subject = kiosk.prove()
    child = _child(kiosk, subject)
    childs, own = (kiosk.reserve(subject, person=person).json()["serial"] for person in (child, ""))
    for serial in (childs, own):
        kiosk.void(serial)
    assert [each["serial"] for each in kiosk.record(subject)["reissues"]] == [own]
    assert [each["serial"] for each in kiosk.record(subject, child)["reissues"]] == [childs]


# --- others of the household ---


def test_the_household_is_named_masked_and_in_the_registers_order(kiosk: KioskClient) -> None:
    members = kiosk.record(kiosk.prove())["members"]
    told = [(each["relation"], each["name"], each["adult"]) for each in members]
    assert told == [("妻", "许**", True), ("女", "张**", False), ("母", "林**", True)]


def test_an_adult_stands_on_a_paper_only_with_their_own_card(kiosk: KioskClient) -> None:
    subject = kiosk.prove()
    wife = _handles(kiosk.record(subject))["妻"]
    assert _refused(kiosk.reserve(subject, members=[wife], **MEMBERS)) == "not-permitted"
    answer = _companion(kiosk, subject, WIFE)
    assert (answer.status_code, answer.json()["handle"], answer.json()["name"]) == (200, wife, "许**")
    paper = kiosk.reserve(subject, members=[wife], **MEMBERS).json()["paper"]
    assert paper["members"] == [{"relation": "妻", "name": "许安宁", "id_number": "9901**********0022"}]


def test_ones_own_child_needs_no_card(kiosk: KioskClient) -> None:
    subject = kiosk.prove()
    handles = _handles(kiosk.record(subject))
    paper = kiosk.reserve(subject, members=[handles["女"]], **MEMBERS).json()["paper"]
    assert [each["name"] for each in paper["members"]] == [DAUGHTER.name]


def test_a_guardian_may_stand_on_the_childs_paper(kiosk: KioskClient) -> None:
    """Their own card, or face, was there already; they are named by the child's record."""
    subject = kiosk.prove()
    child = _child(kiosk, subject)
    father = _handles(kiosk.record(subject, child))["户主"]
    paper = kiosk.reserve(subject, person=child, members=[father], **MEMBERS).json()["paper"]
    assert [(each["relation"], each["name"]) for each in paper["members"]] == [("户主", DENG.name)]


def test_nobody_stands_on_a_paper_whose_purpose_needs_nobody(kiosk: KioskClient) -> None:
    subject = kiosk.prove()
    child = _handles(kiosk.record(subject))["女"]
    assert _refused(kiosk.reserve(subject, members=[child])) == "not-permitted"


def test_nobody_finds_out_by_trying_who_lives_in_a_household(records: Records, clock: StillClock) -> None:
    """As many cards an hour as a kiosk may identify people, the right one among them or not."""
    identity = records.settings.identity.model_copy(update={"identifications_per_hour": 3})
    slow = replace(records, settings=records.settings.model_copy(update={"identity": identity}))
    kiosk = KioskClient(slow)
    subject = kiosk.prove()
    assert [_companion(kiosk, subject, LAN).json()["code"] for _ in range(3)] == ["not-permitted"] * 3
    late = _companion(kiosk, subject, WIFE)
    assert (late.status_code, late.json()["code"]) == (429, "too-many-requests")
    clock.pass_by(3600)
    again = kiosk.prove(visit="visit-0002")
    assert _companion(kiosk, again, WIFE, "visit-0002").status_code == 200


def test_somebody_elses_card_makes_no_companion(kiosk: KioskClient) -> None:
    """A stranger, a child, oneself; a card that has expired, disagrees with the record, or is of another visit."""
    subject = kiosk.prove()
    wrong = Card(WIFE.name + "宁", WIFE.id_number, WIFE.birth_date)
    for card in (LAN, DAUGHTER, DENG, EXPIRED, wrong):
        assert _refused(_companion(kiosk, subject, card)) == "not-permitted"
    assert _refused(_companion(kiosk, subject, WIFE, "visit-0009")) == "not-permitted"


def test_a_companion_of_one_visit_is_none_of_the_next(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    """And a day later nothing is left of it."""
    first = kiosk.prove()
    assert _companion(kiosk, first, WIFE).status_code == 200
    assert _companion(kiosk, first, WIFE).status_code == 200
    second = kiosk.prove(visit="visit-0002")
    wife = _handles(kiosk.record(second))["妻"]
    assert _refused(kiosk.reserve(second, members=[wife], **MEMBERS)) == "not-permitted"
    clock.pass_by(A_DAY + 1)
    assert _companion(kiosk, kiosk.prove(visit="visit-0003"), MOTHER, "visit-0003").status_code == 200
    with records.database.reading() as transaction:
        query = sa.select(sa.func.count()).select_from(companions)
        assert transaction.connection.execute(query).scalar_one() == 1


def test_a_reissue_has_the_members_of_the_first(kiosk: KioskClient) -> None:
    """The wife's card was there when it was asked for."""
    subject = kiosk.prove()
    wife = _handles(kiosk.record(subject))["妻"]
    _companion(kiosk, subject, WIFE)
    first = kiosk.reserve(subject, members=[wife], **MEMBERS).json()
    kiosk.void(first["serial"])
    again = kiosk.reserve(kiosk.prove(visit="visit-0002"), replaces=first["serial"], **MEMBERS).json()
    assert again["paper"]["members"] == first["paper"]["members"] != []


def test_who_names_other_members_when_a_paper_is_made_again_gets_those(kiosk: KioskClient) -> None:
    """Nobody is on it who was not chosen, and an adult's card must be there again."""
    subject = kiosk.prove()
    wife = _handles(kiosk.record(subject))["妻"]
    _companion(kiosk, subject, WIFE)
    first = kiosk.reserve(subject, members=[wife], **MEMBERS).json()["serial"]
    kiosk.void(first)
    later = kiosk.prove(visit="visit-0002")
    named = _handles(kiosk.record(later))
    for alone in ([named["妻"]], [named["女"], named["母"]]):
        assert _refused(kiosk.reserve(later, members=alone, replaces=first, **MEMBERS)) == "not-permitted"
    paper = kiosk.reserve(later, members=[named["女"]], replaces=first, **MEMBERS).json()["paper"]
    assert [each["name"] for each in paper["members"]] == [DAUGHTER.name]


def test_every_read_of_another_person_is_in_the_audit(kiosk: KioskClient, records: Records) -> None:
    """By keyed hashes: the child's row, the household, a companion's card, taken or not."""
    subject = kiosk.prove()
    kiosk.record(subject, _child(kiosk, subject))
    for card in (WIFE, LAN):
        _companion(kiosk, subject, card)
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT action, facts FROM audit ORDER BY seq")).all()
    told = [(action, facts) for action, facts in rows if action in {"record-read", "companion-read"}]
    assert [action for action, _ in told] == ["record-read", "record-read", "companion-read", "companion-read"]
    assert '"children": 1' in told[0][1]
    assert '"accepted": true' in told[2][1]
    assert '"accepted": false' in told[3][1]
    assert not any(name in facts for _, facts in told for name in (WIFE.name, DAUGHTER.name, DAUGHTER.id_number))
