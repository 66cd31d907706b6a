"""Whoever wants into a flat that is not theirs, or somebody out of one: each ends as it should."""

import sqlalchemy as sa

from backend_client.contract.intakes import AnswerContent, DepartureContent, OccupantContent, TenancyContent
from backend_client.contract.messages import MessageKind
from backend_client.contract.persons import DwellingRequest
from records.services.tenancies import silence
from tests.support.intakes import PATH, Outbox, rules_of
from tests.support.records_client import DENG, GUEST, LAN, MOTHER, WIFE
from tests.support.tenancies import A_YEAR, DAY_S, DOOR, OTHER_DOOR, TODAY, Town, comer, who


def test_a_forged_contract_asks_the_owner_whom_records_know(town: Town) -> None:
    """It names no landlord: no field takes one, nor a number to reach them by. Silence grants nothing, and who asks in
    their own name is nobody's landlord."""
    fields = set(TenancyContent.model_fields)
    assert fields == {
        "who", "door", "right", "starts_on", "ends_on", "filing_number", "comers", "ways", "notice", "files"
    }  # fmt: skip
    town.owns(LAN)
    number = town.rents(GUEST)
    ((ask,), others) = town.asked(LAN), town.asked(GUEST)
    assert (ask.asked_by, others) == (town.person(GUEST), ())
    assert town.at(town.hands_in(AnswerContent(who=who(GUEST), ask=ask.ask_id, yes=True))) == ("refused", "not-theirs")
    town.clock.pass_by(4 * DAY_S)
    silence.note_over(town.records)
    assert (town.state(GUEST), town.at(number)) == ("pending", ("waiting", "new-without-landlord"))


def test_an_ex_partner_does_not_add_himself(town: Town) -> None:
    """Neither by a right that he knows the reference of, nor by one of his own elsewhere, nor by his document alone."""
    contract = town.lives(WIFE)
    hers = town.right(WIFE).right_id
    himself = (comer(DENG),)
    assert town.at(town.hands_in(OccupantContent(who=who(DENG), right=hers, comers=himself))) == (
        "refused",
        "not-theirs",
    )
    days = {"starts_on": TODAY.isoformat(), "ends_on": A_YEAR.isoformat()}
    by_right = TenancyContent(who=who(DENG), right=hers, **days)
    assert town.at(town.hands_in(by_right)) == ("refused", "not-theirs")
    assert town.at(town.rents(DENG)) == ("waiting", "overlap")
    assert (town.state(DENG), town.state(WIFE)) == ("pending", "active")
    assert town.contract(contract.tenancy_id).tenant_id == town.person(WIFE)


def test_an_ex_partner_who_went_does_not_come_back(town: Town) -> None:
    town.lives(WIFE, comer(DENG))
    right = town.right(DENG).right_id
    town.leaves(DENG)
    assert town.at(town.hands_in(OccupantContent(who=who(DENG), right=right, comers=(comer(DENG),))))[1] == "not-theirs"
    assert town.state(DENG) == "ended"


def test_a_landlord_ends_nothing_early_by_silence(town: Town) -> None:
    """Nor by answering for others, nor by ending their right as if it were theirs."""
    contract = town.lives(DENG, comer(WIFE))
    number = town.asks_for_the_end(contract.tenancy_id)
    (ask,) = town.asked(DENG)
    for_them = AnswerContent(who=who(LAN), ask=ask.ask_id, yes=True)
    assert town.at(town.hands_in(for_them)) == ("refused", "not-theirs")
    theirs = DepartureContent(who=who(LAN), day=TODAY.isoformat(), right=town.right(DENG).right_id)
    assert town.at(town.hands_in(theirs)) == ("refused", "not-theirs")
    town.clock.pass_by(3 * DAY_S)
    silence.note_over(town.records)
    assert town.at(number) == ("waiting", "early-end")
    assert (town.state(DENG), town.state(WIFE), town.right(DENG).ends_on) == ("active", "active", A_YEAR)


def test_who_owns_another_flat_may_not_ask_for_this_ones_end(town: Town) -> None:
    contract = town.lives()
    town.owns(MOTHER, OTHER_DOOR)
    assert town.at(town.asks_for_the_end(contract.tenancy_id, MOTHER)) == ("refused", "not-theirs")


def test_a_guessed_flat_answers_alike_whether_it_is_let_or_not(town: Town) -> None:
    """The kiosk's answer byte by byte, what the feed says to it, and what the guesser reads of their own afterwards:
    let to somebody, empty and owned, owned by nobody whom records know."""
    town.lives(DENG, comer(WIFE))
    town.owns(LAN, OTHER_DOOR)
    seen = [_guessed(town, door) for door in (DOOR, OTHER_DOOR, ("5", "1", "602"))]
    assert seen[0] == seen[1] == seen[2]
    assert {kind for kind, _ in town.told(GUEST)} == set()
    assert MessageKind.FLAT_TOLD in {kind for kind, _ in town.told(DENG)}


def _guessed(town: Town, door: tuple[str, str, str]) -> tuple[bytes, int, object]:
    """All that a guesser sees, but for the number of what they handed in and the address that they gave."""
    building, unit, room = door
    before = _feed(town)
    days = {"starts_on": TODAY.isoformat(), "ends_on": A_YEAR.isoformat()}
    content = TenancyContent(who=who(GUEST), door=DwellingRequest(building=building, unit=unit, room=room), **days)
    item = Outbox(rules_of(town.records), town.clock.now()).item(content)
    answer = town.kiosk.post(PATH, {"items": [item]})
    subject = town.kiosk.vouched(GUEST, f"visit-{room}{building}")
    own = town.kiosk.get(f"/v1/identifications/{subject}/tenancies").json()
    (right,) = (each for each in own["rights"] if each["address"] == town.flat(door).address)
    told = {name: value for name, value in right.items() if name not in ("ref", "address")}
    return answer.content.replace(item["id"].encode(), b""), _feed(town) - before, told


def _feed(town: Town) -> int:
    """How much the kiosk was ever told."""
    with town.records.database.reading() as transaction:
        mine = 'SELECT COUNT(*) FROM changes WHERE "only" = :device'
        return int(transaction.connection.execute(sa.text(mine), {"device": town.kiosk.device_id}).scalar_one())
