"""What somebody reads of their own flats, and what a landlord answers by a code; never who else, nor where from."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend_client.contract.base import ProblemCode
from records import contact_key
from records.errors import RefusedError
from records.messages.texts import TextKind
from records.services import messages, texting
from records.services.tenancies import ending, landlord_codes
from records.services.tenancies.code_sending import LENGTH
from records.store import consents, contacts
from records.store.consents import Purpose
from records.store.contacts import ContactRow
from tests.support.hidden import hide
from tests.support.records_client import DENG, LAN, WIFE, Card
from tests.support.tenancies import A_YEAR, DAY_S, DOOR, TODAY, Town, comer

_PHONE = "13800138000"


def _reads(town: Town, card: Card) -> dict[str, Any]:
    subject = town.kiosk.vouched(card, f"visit-{card.id_number[-4:-1]}{len(town.deeds('tenancies-read'))}")
    answer = town.kiosk.get(f"/v1/identifications/{subject}/tenancies")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


def test_a_tenant_reads_their_right_and_how_many_others(town: Town) -> None:
    """Who they are, it does not say."""
    town.lives(DENG, comer(WIFE))
    own = _reads(town, DENG)
    (right,) = own["rights"]
    assert (right["kind"], right["state"], right["others"]) == ("tenant", "active", 1)
    assert (right["ends_on"], right["grace_until"]) == (A_YEAR.isoformat(), "2027-11-29")
    assert (right["missing"], right["permit_from"], right["choosing"]) == (["filing-number"], "2027-05-22", True)
    assert right["address"] == town.flat(DOOR).address
    assert WIFE.name not in str(own)
    assert town.deeds("tenancies-read") == [("tenancies-read", {})]


def test_a_landlord_reads_what_was_asked_and_what_is_let(town: Town) -> None:
    """Masked, and nothing of how anybody comes and goes."""
    town.owns()
    town.rents()
    (ask,) = _reads(town, LAN)["asks"]
    assert (ask["kind"], ask["name"], ask["goes_on"]) == ("tenancy", "张**", False)
    town.answers(LAN)
    own = _reads(town, LAN)
    (let,) = own["let"]
    assert (let["tenant"], let["people"], let["state"], own["asks"]) == ("张**", 1, "active", [])
    assert "ways" not in let
    assert DENG.name not in str(own)


def test_a_tenant_who_is_hidden_is_named_to_nobody(town: Town) -> None:
    town.lives()
    hide(town.records, DENG)
    assert _reads(town, LAN)["let"][0]["tenant"] == ""


def test_a_renewal_that_waits_says_until_when(town: Town) -> None:
    town.lives()
    town.renews(A_YEAR.replace(year=2028))
    (right,) = _reads(town, DENG)["rights"]
    assert (right["state"], right["renewal_until"], right["missing"][0]) == ("active", "2028-11-22", "landlord")
    assert right["goes_on_at"].startswith("2026-11-25")


def test_without_a_proof_nothing_is_read(town: Town) -> None:
    subject = str(town.kiosk.identify(DENG)["subject"])
    answer = town.kiosk.get(f"/v1/identifications/{subject}/tenancies")
    assert answer.json()["code"] == "identity-not-proven"


def test_a_face_is_consented_to_and_withdrawn_by_itself(town: Town) -> None:
    town.lives()
    town.chooses(DENG, face=True, notice="2026-11")
    assert [each.notice for each in _consents(town)] == ["2026-11"]
    town.chooses(DENG, face=True, notice="2026-11")
    assert len(_consents(town)) == 1
    town.chooses(DENG, face=False)
    assert _consents(town) == ()
    actions = [action for action, _ in town.deeds("consent-given", "consent-withdrawn")]
    assert actions == ["consent-given", "consent-given", "consent-withdrawn"]


@pytest.mark.parametrize("days", [12, 20])
def test_a_face_is_withdrawn_in_grace_and_after_the_end_as_long_as_the_consent_stands(town: Town, days: int) -> None:
    """Nothing else is chosen by a right that is over."""
    town.owns()
    town.rents(ends_on=(TODAY + timedelta(days=10)).isoformat())
    town.answers(LAN)
    town.chooses(DENG, face=True, notice="2026-11")
    town.clock.pass_by(days * DAY_S)
    ending.note_lapsed(town.records)
    (right,) = _reads(town, DENG)["rights"]
    assert ([each["kind"] for each in right["ways"]], right["choosing"]) == (["face"], days == 12)
    assert town.at(town.chooses(DENG, face=False)) == ("accepted", "by-rule")
    assert (_consents(town), _reads(town, DENG)["rights"][0]["ways"]) == ((), [])
    again = town.at(town.chooses(DENG, face=True, notice="2026-11"))
    assert (again == ("refused", "not-theirs")) == (days == 20)


def _consents(town: Town) -> tuple[consents.ConsentRow, ...]:
    with town.records.database.reading() as transaction:
        return consents.standing(transaction, town.person(DENG), Purpose.GATE_FACE)


# --- by a code -------------------------------------------------------------------------------------------------------


class _Heard:
    """A gateway that keeps what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, number: str, text: str, text_id: str) -> str:
        assert (number, bool(text_id)) == (_PHONE, True)
        self.texts.append(text)
        return "taken"


def _code(town: Town) -> str:
    """What the landlord's phone shows."""
    heard = _Heard()
    sending = replace(town.records, gateway=heard)
    while texting.send_due(sending):
        pass
    (text,) = (each for each in heard.texts if "公示" in each)
    assert town.flat(DOOR).address not in text
    assert DENG.name not in text
    return text.split("网页输入")[1][:LENGTH]


def _reachable(town: Town) -> None:
    """The landlord has verified a number before."""
    person, folder = town.person(LAN), town.records.folder / "keys"
    sealed = contact_key.seal(folder, _PHONE, *messages.bound(town.records, person))
    with town.records.database.writing() as transaction:
        contacts.put(transaction, ContactRow(person, sealed, "zh", town.clock.now(), 1, TODAY))


def test_a_landlord_answers_by_the_code_on_their_own_phone(town: Town) -> None:
    """It says the flat and the days; small letters and dashes do no harm; it counts once."""
    town.owns()
    _reachable(town)
    town.rents()
    code = _code(town)
    about = landlord_codes.look(town.records, f"{code[:5].lower()}-{code[5:]}", "one")
    assert (about.address, about.ends_on, about.goes_on) == (town.flat(DOOR).address, A_YEAR, False)
    landlord_codes.answer(town.records, code, "one", yes=True)
    assert town.state(DENG) == "active"
    with pytest.raises(RefusedError):
        landlord_codes.look(town.records, code, "one")


def test_who_has_no_verified_number_gets_no_code(town: Town) -> None:
    """Whatever stands in a contract."""
    town.owns()
    town.rents()
    with town.records.database.reading() as transaction:
        kinds = transaction.connection.execute(sa.text("SELECT kind FROM texts")).scalars().all()
    assert TextKind.LANDLORD.value not in kinds


def test_wrong_codes_slow_down_whoever_guesses(town: Town) -> None:
    """And nobody else; a month later none counts any more."""
    town.owns()
    _reachable(town)
    town.rents()
    code, wrong = _code(town), "2222222222"
    for _ in range(11):
        with pytest.raises(RefusedError) as refused:
            landlord_codes.look(town.records, wrong, "guesser")
        assert refused.value.problem is ProblemCode.NOT_FOUND
    with pytest.raises(RefusedError) as slowed:
        landlord_codes.look(town.records, code, "guesser")
    assert slowed.value.problem is ProblemCode.TOO_MANY_REQUESTS
    assert landlord_codes.look(town.records, code, "landlord").kind.value == "tenancy"
    town.clock.pass_by(31 * DAY_S)
    with pytest.raises(RefusedError):
        landlord_codes.look(town.records, code, "landlord")
