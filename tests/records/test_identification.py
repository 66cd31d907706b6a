"""Who stands at the kiosk: evidence against record, one portrait, and the own row once it is proven."""

import io
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from backend_client.contract.devices import DeviceKind
from backend_client.statement import subject_hash
from civic.document import DocumentKind
from records.context import Records
from records.rules.eligibility import Doubt
from records.store import residents, visits
from tests.support.clocks import StillClock
from tests.support.records_client import (
    CHANGED,
    DENG,
    EXPIRED,
    LAN,
    LATE,
    NOBODYS_NUMBER,
    RARE,
    UNCLEAR,
    Card,
    KioskClient,
    new_key,
    travel,
)

AN_HOUR = 3600
A_VISIT = 15 * 60


def test_card_and_record_of_one_person_are_clear(kiosk: KioskClient) -> None:
    """The subject lasts a quarter of an hour, and says that a portrait is there."""
    found = kiosk.identify(DENG)
    assert (found["state"], found["has_portrait"]) == ("clear", True)
    assert found["expires_at"] == "2026-11-22T15:20:00Z"


def test_a_name_of_rare_characters_is_like_any_other(kiosk: KioskClient) -> None:
    """Compared code point by code point. The kiosk hears which characters a font may lack, each once, and no others."""
    found = kiosk.identify(RARE)
    assert (found["state"], found["rare"]) == ("clear", "䶮𫖳")
    assert kiosk.identify(DENG)["rare"] == ""


@pytest.mark.parametrize(
    "card",
    [
        replace(DENG, name="张明登"),
        replace(DENG, birth_date=date(1986, 3, 15)),
        replace(DENG, id_number="99010119860314001X"),
        replace(DENG, id_number=NOBODYS_NUMBER),
        replace(DENG, name="\N{SNOWMAN}"),
        EXPIRED,
        UNCLEAR,
        LATE,
        CHANGED,
    ],
    ids=[
        "other name",
        "other birth date",
        "no number",
        "unknown number",
        "no name",
        "expired card",
        "officer waits",
        "deceased",
        "changed name",
    ],
)
def test_every_doubt_is_answered_alike(kiosk: KioskClient, card: Card) -> None:
    """Whether the person is unknown, has died, or the card disagrees is not the kiosk's to learn."""
    found = kiosk.identify(card)
    doubtful = {"state": "unclear", "has_portrait": False, "rare": ""}
    assert doubtful.items() <= found.items()
    assert (found["state"], found["has_portrait"]) == ("unclear", False)
    answer = kiosk.portrait(found["subject"])
    assert answer.json()["code"] == "record-unclear"


@pytest.mark.parametrize(
    "evidence",
    [
        travel(),
        travel("C00000027", kind="travel_permit"),
        travel("ea 0000014<", issuing_state="chn"),
        travel(name="ZHANG  MINGDENG"),
        travel(name="Zhang, Ming-Deng"),
        travel(name="张明灯"),
        travel("EA0000032", name="ANY NAME", birth_date="1991-09-23"),
    ],
    ids=["passport", "permit", "written otherwise", "spaces", "marks", "Chinese name", "no Latin name in the register"],
)
def test_a_travel_document_finds_the_citizen_who_holds_it(kiosk: KioskClient, evidence: dict[str, str]) -> None:
    """By kind, state and number; the Latin name counts where the register has one, else birth date and number."""
    found = kiosk.identified(evidence)
    assert (found["state"], found["has_portrait"]) == ("clear", True)


@pytest.mark.parametrize(
    "evidence",
    [
        travel("EA0000015"),
        travel(kind="travel_permit"),
        travel(issuing_state="UTO"),
        travel(name="LI RUOLAN"),
        travel(birth_date="1986-03-15"),
        travel("EA0000032", name="ANY NAME"),
        travel(valid_until="2026-11-21"),
        travel(name="<<<"),
    ],
    ids=["number", "kind", "state", "name", "birth date", "other's number", "expired", "no name"],
)
def test_a_travel_document_that_disagrees_is_unclear(kiosk: KioskClient, evidence: dict[str, str]) -> None:
    found = kiosk.identified(evidence)
    assert (found["state"], found["has_portrait"], found["rare"]) == ("unclear", False, "")


def test_a_foreigners_card_of_2017_is_known_by_its_own_number(kiosk: KioskClient, records: Records) -> None:
    """Fifteen characters, kept beside the eighteen that replaced them; its name is the register's Latin one."""
    with records.database.writing() as transaction:
        person = residents.by_number(transaction, RARE.id_number)
        assert person is not None
        number = residents.DocumentRow(DocumentKind.FOREIGNER_CARD_2017, "CHN", "UTO790991120503", person.person_id)
        residents.add_document(transaction, number)
    card = {**RARE.evidence(), "kind": "foreigner_card_2017"}
    assert kiosk.identified({**card, "id_number": "UTO790991120503"})["state"] == "clear"
    assert kiosk.identified({**card, "id_number": "UTO790991120504"})["state"] == "unclear"


def test_the_officer_may_learn_which_doubt_it_was(kiosk: KioskClient, records: Records) -> None:
    """From the visit and from the audit, in words of a closed set."""
    expected = {"unknown": replace(DENG, id_number=NOBODYS_NUMBER), "deceased": LATE, "awaits-officer": UNCLEAR}
    expected |= {"expired": EXPIRED, "disagrees": CHANGED, "": DENG}
    for doubt, card in expected.items():
        subject = kiosk.identify(card)["subject"]
        with records.database.reading() as transaction:
            row = visits.by_subject(transaction, subject_hash(subject))
        assert row is not None
        assert (row.doubt, row.clear, bool(row.person_id)) == (doubt, doubt == "", doubt != "unknown")
    assert set(expected) == set(Doubt)


def test_the_portrait_is_an_identity_photograph(kiosk: KioskClient) -> None:
    """JPEG of 358 by 441, without metadata, never cached."""
    answer = kiosk.portrait(kiosk.identify()["subject"])
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (358, 441), 0)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", "no-store")


def test_a_resident_without_portrait_has_none_to_give(kiosk: KioskClient) -> None:
    found = kiosk.identify(RARE)
    assert found["has_portrait"] is False
    assert kiosk.portrait(found["subject"]).json()["code"] == "not-found"


def test_the_portrait_is_given_once_per_visit(kiosk: KioskClient) -> None:
    """A second subject in the same visit changes nothing; the next visit does."""
    first, second = (kiosk.identify()["subject"] for _ in range(2))
    assert kiosk.portrait(first).status_code == 200
    for subject in (first, second):
        answer = kiosk.portrait(subject)
        assert answer.json()["code"] == "portrait-already-given"
    later = kiosk.identify(visit="visit-0002")["subject"]
    assert kiosk.portrait(later).status_code == 200


def test_a_portrait_lost_on_the_way_may_be_asked_for_again(kiosk: KioskClient) -> None:
    """The same key is the same request."""
    subject, key = kiosk.identify()["subject"], new_key()
    first = kiosk.portrait(subject, key=key)
    again = kiosk.portrait(subject, key=key)
    assert first.content == again.content


def test_an_identification_lost_on_the_way_gives_the_same_subject(kiosk: KioskClient) -> None:
    """One key, one subject; another card under that key is refused."""
    key = new_key()
    assert kiosk.identify(key=key)["subject"] == kiosk.identify(key=key)["subject"]
    assert kiosk.post("/v1/identifications", LAN.evidence(), key).json()["code"] == "idempotency-key-reused"


def test_a_subject_is_nothing_to_another_device(kiosk: KioskClient, records: Records) -> None:
    """And is answered like one that never was."""
    subject = kiosk.identify()["subject"]
    other = KioskClient(records)
    stolen = other.portrait(subject).json()
    invented = other.portrait("no-such-subject").json()
    assert {**stolen, "instance": ""} == {**invented, "instance": ""}
    assert stolen["code"] == "subject-expired"


def test_a_subject_ends_with_its_time(kiosk: KioskClient, clock: StillClock) -> None:
    subject = kiosk.prove()
    clock.pass_by(A_VISIT)
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["code"] == "subject-expired"
    assert kiosk.reserve(subject).json()["code"] == "subject-expired"


def test_the_record_is_the_residents_own_row(kiosk: KioskClient) -> None:
    """The chip's codes are words here: nation 01 is 汉, sex 1 is 男."""
    row = kiosk.post(f"/v1/identifications/{kiosk.prove()}/record").json()
    assert (row["name"], row["sex"], row["nation"], row["relation"]) == ("张明灯", "男", "汉", "户主")
    assert row["reissues"] == []


def test_a_device_that_searches_is_slowed_down(records: Records, clock: StillClock) -> None:
    """More identifications an hour than residents could have come."""
    few = records.settings.model_copy(
        update={"identity": records.settings.identity.model_copy(update={"identifications_per_hour": 3})}
    )
    kiosk = KioskClient(replace(records, settings=few))
    for _ in range(3):
        kiosk.identify()
    answer = kiosk.post("/v1/identifications", DENG.evidence())
    assert (answer.status_code, answer.json()["retryable"]) == (429, True)
    assert answer.headers["retry-after"] == "60"
    clock.pass_by(AN_HOUR + 1)
    assert kiosk.identify()["state"] == "clear"


def test_a_gate_has_no_business_with_persons(records: Records) -> None:
    gate = KioskClient(records, DeviceKind.GATE)
    assert gate.post("/v1/identifications", DENG.evidence()).json()["code"] == "not-permitted"
