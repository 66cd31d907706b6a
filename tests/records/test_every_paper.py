"""What each kind of paper says, and who gets none."""

import base64
import io
import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import tomli_w
from PIL import Image

from forms.code import open_code
from records.context import Records
from records.population import named
from records.sections import PolicySettings
from records.services import policy
from records.store.tables.register import residents
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, LAN, KioskClient, travel, typed
from tests.support.records_server import rules_with


def _paper(kiosk: KioskClient, subject: str, **asked: Any) -> dict[str, Any]:
    answer = kiosk.reserve(subject, **asked)
    assert answer.status_code == 201, answer.text
    paper: dict[str, Any] = answer.json()["paper"]
    return paper


def _refusal(kiosk: KioskClient, subject: str, **asked: Any) -> str:
    answer = kiosk.reserve(subject, **asked)
    assert answer.is_error, answer.text
    return str(answer.json()["code"])


# --- the temporary ID proof ---


@pytest.mark.parametrize(("purpose", "ends"), [("rail", "11-23"), ("hotel", "11-25"), ("exam", "11-29")])
def test_a_temporary_proof_is_good_for_its_purposes_hours(kiosk: KioskClient, purpose: str, ends: str) -> None:
    """To the minute, from the one in which it is made (公通字〔2016〕21号: the validity is written on it)."""
    paper = _paper(kiosk, kiosk.prove(), kind="temporary_id_proof", purpose=purpose)
    assert paper["valid_from"] == "2026-11-22T23:05:00+08:00"
    assert paper["valid_until"] == f"2026-{ends}T23:05:00+08:00"


@pytest.mark.parametrize(("days", "ends"), [(7, "2026-11-29"), (90, "2026-12-22")])
def test_without_hours_of_its_own_it_is_good_for_thirty_days_at_most(records: Records, days: int, ends: str) -> None:
    """Whatever a bureau's policy says."""
    text = (
        rules_with(answer_s=0)
        .replace("validity_hours = 168\n", "")
        .replace("validity_days = 7 ", f"validity_days = {days} ")
    )
    (records.folder / "other.toml").write_text(text, "utf-8")
    chosen = records.settings.model_copy(update={"policy": PolicySettings(file="other.toml")})
    other = replace(records, settings=chosen)
    policy.issue(other)
    kiosk = KioskClient(other)
    paper = _paper(kiosk, kiosk.prove(), kind="temporary_id_proof", purpose="exam")
    assert paper["valid_until"] == f"{ends}T23:05:00+08:00"


def test_its_seconds_are_cut_off(kiosk: KioskClient, clock: StillClock) -> None:
    clock.pass_by(42.7)
    paper = _paper(kiosk, kiosk.prove(), kind="temporary_id_proof", purpose="rail")
    assert (paper["issued_at"], paper["valid_from"]) == ("2026-11-22T23:05:42+08:00", "2026-11-22T23:05:00+08:00")


def test_it_shows_the_registers_own_photograph(kiosk: KioskClient) -> None:
    """JPEG, 358x441, and not as the kiosk was given it for comparing."""
    paper = _paper(kiosk, kiosk.prove(), kind="temporary_id_proof", purpose="rail")
    with Image.open(io.BytesIO(base64.b64decode(paper["portrait"]))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (358, 441))


def test_it_lists_every_purpose_and_ticks_one(kiosk: KioskClient) -> None:
    paper = _paper(kiosk, kiosk.prove(), kind="temporary_id_proof", purpose="hotel")
    assert len(paper["purposes"]) == 5
    assert paper["purpose"] == "住宿旅馆"
    assert paper["purpose"] in paper["purposes"]
    assert not any("结婚" in each or "婚姻" in each for each in paper["purposes"])


def test_its_photograph_is_forgotten_with_the_rest(kiosk: KioskClient, records: Records) -> None:
    answer = kiosk.reserve(kiosk.prove(), kind="temporary_id_proof", purpose="rail").json()
    kiosk.seal(answer["serial"])
    kiosk.delivered(answer["serial"])
    with records.database.reading() as transaction:
        assert transaction.connection.execute(sa.text("SELECT count(*) FROM paper_contents")).scalar_one() == 0


def test_its_photograph_is_forgotten_where_its_kiosk_never_says_what_became_of_it(
    kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """A day later, with the next paper of whichever kiosk; the serial still waits to be decided."""
    serial = kiosk.reserve(kiosk.prove(), kind="temporary_id_proof", purpose="rail").json()["serial"]
    clock.pass_by(24 * 3600 + 1)
    other = KioskClient(records).reserved(LAN, "visit-0002")["serial"]
    with records.database.reading() as transaction:
        kept = transaction.connection.execute(sa.text("SELECT serial FROM paper_contents")).scalars().all()
    assert kept == [other]
    kiosk.seal(serial)
    assert kiosk.delivered(serial).json()["state"] == "delivered"


# --- the no-criminal-record certificate ---


def test_nothing_found_is_certified_from_birth_to_today(kiosk: KioskClient, records: Records) -> None:
    answer = kiosk.reserve(kiosk.prove(), kind="no_criminal_record", purpose="job").json()
    paper = answer["paper"]
    assert (paper["kind"], paper["purpose"]) == ("no_criminal_record", "求职、入职")
    assert (paper["queried_from"], paper["queried_until"]) == (None, "2026-11-22")
    assert (paper["nationality"], paper["document"]) == ("中国", "居民身份证")
    assert paper["document_number"] == DENG.id_number
    assert paper["valid_until"] == "2027-02-19"
    assert open_code(answer["code"], records.trust).kind == "no_criminal_record"


def test_the_third_application_of_a_year_needs_a_reason(kiosk: KioskClient, clock: StillClock) -> None:
    """Told beforehand, by the same rule; the next year it begins anew. What was voided does not count."""
    subject = kiosk.prove()
    void = kiosk.reserve(subject, kind="no_criminal_record", purpose="job").json()["serial"]
    kiosk.void(void)
    for _ in range(2):
        _paper(kiosk, subject, kind="no_criminal_record", purpose="job")
    assert _closed(kiosk, subject) == {"no_criminal_record": "yearly-limit"}
    assert _refusal(kiosk, subject, kind="no_criminal_record", purpose="job") == "yearly-limit"
    clock.pass_by(40 * 24 * 3600)
    assert _closed(kiosk, kiosk.prove(visit="visit-2027")) == {}


def test_a_year_counts_what_is_about_somebody_whoever_asked(records: Records) -> None:
    """What a guardian asks for a child is the child's, and takes nothing from their own."""
    rules = tomllib.loads(rules_with(answer_s=0))
    next(each for each in rules["papers"] if each["kind"] == "no_criminal_record")["guardian_below"] = 16
    (records.folder / "other.toml").write_text(tomli_w.dumps(rules), "utf-8")
    chosen = records.settings.model_copy(update={"policy": PolicySettings(file="other.toml")})
    other = replace(records, settings=chosen)
    policy.issue(other)
    kiosk = KioskClient(other)
    subject = kiosk.prove()
    (child,) = (each["handle"] for each in kiosk.record(subject)["children"])
    asked = {"kind": "no_criminal_record", "purpose": "school"}
    for _ in range(2):
        _paper(kiosk, subject, person=child, **asked)
    assert _refusal(kiosk, subject, person=child, **asked) == "yearly-limit"
    assert {"kind": "no_criminal_record", "why": "yearly-limit"} in kiosk.record(subject, child)["closed"]
    assert _closed(kiosk, subject) == {}
    _paper(kiosk, subject, **asked)


def test_a_typed_number_is_not_enough_for_it(kiosk: KioskClient) -> None:
    """The law asks for the card; foreigners and people of Hong Kong, Macao and Taiwan are served at an office."""
    for evidence in (typed(), travel()):
        subject = str(kiosk.identified(evidence)["subject"])
        assert _refusal(kiosk, subject, kind="no_criminal_record", purpose="job") == "identity-not-proven"


# --- the residence receipt ---


def test_a_residence_receipt_says_where_since_when_and_what_then(kiosk: KioskClient) -> None:
    """居住证暂行条例 art. 2: half a year later a permit may be asked for."""
    paper = _paper(kiosk, kiosk.prove(), kind="residence_receipt", purpose="declare", dwelling=_flat(kiosk))
    assert paper["address"] == "示例省示例市平安区灯火路12号3幢2单元501室"
    assert (paper["declared_on"], paper["permit_from"]) == ("2026-11-22", "2027-05-22")
    assert paper["id_number"] == "9901**********0019"


def test_declaring_again_changes_no_day(kiosk: KioskClient, clock: StillClock) -> None:
    """Half a year counts from the first time; elsewhere it begins anew, and so it does after coming back."""
    here, there = _flat(kiosk), _flat(kiosk, room="502")

    def declared(flat: str, visit: str) -> str:
        subject = kiosk.prove(visit=visit)
        return str(_paper(kiosk, subject, kind="residence_receipt", purpose="declare", dwelling=flat)["declared_on"])

    days = []
    for number, flat in enumerate((here, here, there, here)):
        days.append(declared(flat, f"visit-300{number}"))
        clock.pass_by(24 * 3600)
    assert days == ["2026-11-22", "2026-11-22", "2026-11-24", "2026-11-25"]


def test_a_flat_that_is_not_here_is_refused(kiosk: KioskClient) -> None:
    subject = kiosk.prove()
    for flat in ("", "0123456789abcdef"):
        code = _refusal(kiosk, subject, kind="residence_receipt", purpose="declare", dwelling=flat)
        assert code == "dwelling-unknown"


def test_two_people_may_live_in_one_flat(kiosk: KioskClient) -> None:
    """Nothing is told of who else does."""
    flat = _flat(kiosk)
    first, second = (
        _paper(kiosk, kiosk.prove(card, visit), kind="residence_receipt", purpose="declare", dwelling=flat)
        for card, visit in ((DENG, "visit-0001"), (LAN, "visit-0002"))
    )
    assert first["address"] == second["address"]


# --- what is refused for each of them ---


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        ("temporary_id_proof", "marriage"),
        ("temporary_id_proof", "job"),
        ("no_criminal_record", "declare"),
        ("later_receipt", "job"),
        ("household_certificate", "rail"),
    ],
)
def test_what_the_policy_does_not_offer_is_refused(kiosk: KioskClient, kind: str, purpose: str) -> None:
    assert _refusal(kiosk, kiosk.prove(), kind=kind, purpose=purpose) == "purpose-not-offered"


@pytest.mark.parametrize("kind", ["household_certificate", "temporary_id_proof", "residence_receipt"])
def test_only_what_may_wait_can_be_collected_later(kiosk: KioskClient, kind: str) -> None:
    purpose = {"household_certificate": "move_hukou", "temporary_id_proof": "rail", "residence_receipt": "declare"}[
        kind
    ]
    asked = {"kind": kind, "purpose": purpose, "when": "later", "dwelling": _flat(kiosk)}
    assert _refusal(kiosk, kiosk.prove(), **asked) == "purpose-not-offered"


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [("temporary_id_proof", "rail"), ("no_criminal_record", "job"), ("residence_receipt", "declare")],
)
def test_every_kind_that_failed_to_print_is_offered_again(kiosk: KioskClient, kind: str, purpose: str) -> None:
    """Once, under a new serial, and with the terms of the first."""
    subject = kiosk.prove()
    first = kiosk.reserve(subject, kind=kind, purpose=purpose, dwelling=_flat(kiosk)).json()
    kiosk.void(first["serial"])
    (offer,) = kiosk.record(subject)["reissues"]
    assert (offer["kind"], offer["purpose"], offer["serial"]) == (kind, purpose, first["serial"])
    again = _paper(kiosk, subject, kind=kind, purpose=purpose, replaces=offer["serial"])
    differs = {name for name, value in again.items() if value != first["paper"][name]}
    assert differs == {"serial"}


def test_who_names_another_flat_when_a_receipt_is_made_again_lives_there(kiosk: KioskClient) -> None:
    """The paper says what they said last, and not where they lived before."""
    asked = {"kind": "residence_receipt", "purpose": "declare"}
    first = kiosk.reserve(kiosk.prove(), dwelling=_flat(kiosk), **asked).json()["serial"]
    kiosk.void(first)
    later = kiosk.prove(visit="visit-0002")
    paper = _paper(kiosk, later, dwelling=_flat(kiosk, "502"), replaces=first, **asked)
    assert paper["address"].endswith("502室")


def test_the_demonstrations_family_is_one_household(checkout_people: dict[str, Any]) -> None:
    """A child below sixteen with two guardians, a spouse, and another adult."""
    household = {each.person.relation: each for each in checkout_people.values() if "0019" in each.person.household}
    assert set(household) == {"户主", "妻", "女", "母"}
    assert len(household["女"].guardians) == 2
    assert household["女"].person.birth_date > date(2011, 1, 1)


@pytest.fixture
def checkout_people(checkout: Any) -> dict[str, Any]:
    people = named.read(checkout / "assets" / "demo" / "residents.toml")
    return {each.person.name: each for each in people}


def _closed(kiosk: KioskClient, subject: str) -> dict[str, str]:
    return {each["kind"]: each["why"] for each in kiosk.record(subject)["closed"]}


def _flat(kiosk: KioskClient, room: str = "501") -> str:
    answer = kiosk.post("/v1/dwellings", {"building": "3", "unit": "2", "room": room})
    return str(answer.json()["id"])


def test_whose_row_became_unclear_gets_no_paper_of_any_kind(kiosk: KioskClient, records: Records) -> None:
    subject, flat = kiosk.prove(), _flat(kiosk)
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.update(residents).values(unclear=True))
    for kind, purpose in (
        ("temporary_id_proof", "rail"),
        ("no_criminal_record", "job"),
        ("residence_receipt", "declare"),
    ):
        assert _refusal(kiosk, subject, kind=kind, purpose=purpose, dwelling=flat) == "record-unclear"
