"""Who stands at the kiosk: card against record, one portrait, a comparison that bears itself out."""

import io
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from backend_client.contract.devices import DeviceKind
from records.context import Records
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, EXPIRED, LAN, RARE, UNCLEAR, Card, KioskClient, face, new_key

AN_HOUR = 3600
A_VISIT = 15 * 60


def test_card_and_record_of_one_person_are_clear(kiosk: KioskClient) -> None:
    """The subject lasts a quarter of an hour, and says that a portrait is there."""
    found = kiosk.identify(DENG)
    assert (found["state"], found["has_portrait"]) == ("clear", True)
    assert found["expires_at"] == "2026-11-22T15:20:00Z"


def test_a_name_of_rare_characters_is_like_any_other(kiosk: KioskClient) -> None:
    """Characters outside the basic plane are compared code point by code point."""
    assert kiosk.identify(RARE)["state"] == "clear"


@pytest.mark.parametrize(
    "card",
    [
        replace(DENG, name="张明登"),
        replace(DENG, birth_date=date(1986, 3, 15)),
        replace(DENG, id_number="99010119860314001X"),
        replace(DENG, id_number="990101197001010010"),
        replace(DENG, name="\N{SNOWMAN}"),
        EXPIRED,
        UNCLEAR,
    ],
    ids=["other name", "other birth date", "no number", "unknown number", "no name", "expired card", "officer waits"],
)
def test_every_doubt_is_answered_alike(kiosk: KioskClient, card: Card) -> None:
    """Whether the person is unknown or the card disagrees is not the kiosk's to learn."""
    found = kiosk.identify(card)
    assert (found["state"], found["has_portrait"]) == ("unclear", False)
    answer = kiosk.post(f"/v1/identifications/{found['subject']}/portrait")
    assert answer.json()["code"] == "record-unclear"


def test_the_portrait_is_an_identity_photograph(kiosk: KioskClient) -> None:
    """JPEG of 358 by 441, without metadata, never cached."""
    answer = kiosk.post(f"/v1/identifications/{kiosk.identify()['subject']}/portrait")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (358, 441), 0)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", "no-store")


def test_a_resident_without_portrait_has_none_to_give(kiosk: KioskClient) -> None:
    found = kiosk.identify(RARE)
    assert found["has_portrait"] is False
    assert kiosk.post(f"/v1/identifications/{found['subject']}/portrait").json()["code"] == "not-found"


def test_the_portrait_is_given_once_per_visit(kiosk: KioskClient) -> None:
    """A second subject in the same visit changes nothing; the next visit does."""
    first, second = (kiosk.identify()["subject"] for _ in range(2))
    assert kiosk.post(f"/v1/identifications/{first}/portrait").status_code == 200
    for subject in (first, second):
        answer = kiosk.post(f"/v1/identifications/{subject}/portrait")
        assert answer.json()["code"] == "portrait-already-given"
    later = kiosk.identify(visit="visit-0002")["subject"]
    assert kiosk.post(f"/v1/identifications/{later}/portrait").status_code == 200


def test_a_portrait_lost_on_the_way_may_be_asked_for_again(kiosk: KioskClient) -> None:
    """The same key is the same request."""
    subject, key = kiosk.identify()["subject"], new_key()
    first = kiosk.post(f"/v1/identifications/{subject}/portrait", key=key)
    again = kiosk.post(f"/v1/identifications/{subject}/portrait", key=key)
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
    stolen = other.post(f"/v1/identifications/{subject}/portrait").json()
    invented = other.post("/v1/identifications/no-such-subject/portrait").json()
    assert {**stolen, "instance": ""} == {**invented, "instance": ""}
    assert stolen["code"] == "subject-expired"


def test_a_subject_ends_with_its_time(kiosk: KioskClient, clock: StillClock) -> None:
    subject = kiosk.prove()
    clock.pass_by(A_VISIT)
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["code"] == "subject-expired"
    assert kiosk.reserve(subject).json()["code"] == "subject-expired"


@pytest.mark.parametrize(
    "outcome",
    [
        face(passed=False),
        face(score=0.39),
        face(threshold=0.37, score=0.9),
    ],
    ids=["the kiosk says no", "below its own threshold", "threshold below ours"],
)
def test_a_comparison_must_bear_itself_out(kiosk: KioskClient, outcome: dict[str, object]) -> None:
    """The kiosk's word alone proves nobody's identity."""
    subject = kiosk.identify()["subject"]
    kiosk.post(f"/v1/identifications/{subject}/portrait")
    answer = kiosk.post(f"/v1/identifications/{subject}/face", outcome)
    assert (answer.status_code, answer.json()["code"]) == (403, "identity-not-proven")
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["code"] == "identity-not-proven"


def test_without_the_portrait_nothing_was_compared(kiosk: KioskClient) -> None:
    subject = kiosk.identify()["subject"]
    assert kiosk.post(f"/v1/identifications/{subject}/face", face()).json()["code"] == "identity-not-proven"


def test_attempts_are_counted(kiosk: KioskClient) -> None:
    """The sixth comparison is refused, however good."""
    subject = kiosk.identify()["subject"]
    kiosk.post(f"/v1/identifications/{subject}/portrait")
    for _ in range(5):
        kiosk.post(f"/v1/identifications/{subject}/face", face(passed=False))
    assert kiosk.post(f"/v1/identifications/{subject}/face", face()).json()["code"] == "identity-not-proven"


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
