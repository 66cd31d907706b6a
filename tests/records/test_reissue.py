"""A paper that did not reach its holder is printed again, for a day, a few times, and only for them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend_client.contract.papers import VoidReason
from records.context import Records
from records.services import reissue
from records.services.papers import void_by_officer
from records.store import papers
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, LAN, Card, KioskClient

A_DAY = 24 * 3600
PER_DAY = 3
THREADS = 20


def _open(kiosk: KioskClient, visit: str, card: Card = DENG) -> list[dict[str, str]]:
    found: list[dict[str, str]] = kiosk.post(f"/v1/identifications/{kiosk.prove(card, visit)}/record").json()[
        "reissues"
    ]
    return found


def _lost(kiosk: KioskClient, reason: str = "not-received", visit: str = "visit-0001") -> str:
    serial = str(kiosk.reserved(visit=visit)["serial"])
    kiosk.seal(serial)
    kiosk.void(serial, reason)
    return serial


@pytest.mark.parametrize("reason", sorted(set(VoidReason) - {VoidReason.OFFICER}))
def test_a_paper_that_never_arrived_may_be_had_again(kiosk: KioskClient, reason: str) -> None:
    """The next visit hears of it, by serial, kind and purpose."""
    serial = _lost(kiosk, reason)
    (offer,) = _open(kiosk, "visit-0002")
    assert (offer["serial"], offer["kind"], offer["purpose"]) == (serial, "household_certificate", "move_hukou")
    assert kiosk.reserve(kiosk.prove(visit="visit-0003"), replaces=serial).status_code == 201
    assert _open(kiosk, "visit-0004") == []


def test_what_an_officer_voided_is_not_offered(kiosk: KioskClient, records: Records) -> None:
    void_by_officer(records, kiosk.reserved()["serial"], VoidReason.OFFICER)
    assert _open(kiosk, "visit-0002") == []


def test_the_offer_ends_after_a_day(kiosk: KioskClient, clock: StillClock) -> None:
    serial = _lost(kiosk)
    clock.pass_by(A_DAY + 1)
    assert _open(kiosk, "visit-0002") == []
    answer = kiosk.reserve(kiosk.prove(visit="visit-0003"), replaces=serial)
    assert answer.json()["code"] == "not-permitted"


def test_a_serial_is_replaced_once(kiosk: KioskClient) -> None:
    serial = _lost(kiosk)
    subject = kiosk.prove(visit="visit-0002")
    assert kiosk.reserve(subject, replaces=serial).status_code == 201
    assert kiosk.reserve(subject, replaces=serial).json()["code"] == "not-permitted"


@pytest.mark.parametrize("seen", [True, False], ids=["seen", "unseen"])
def test_of_twenty_requests_at_once_one_replaces_it(
    kiosk: KioskClient, records: Records, monkeypatch: pytest.MonkeyPatch, *, seen: bool
) -> None:
    """The database itself allows one, where the check before it sees none of the others (unseen), as on a server
    whose transactions run side by side."""
    serial, subject = _lost(kiosk), kiosk.prove(visit="visit-0002")
    if not seen:
        monkeypatch.setattr(reissue, "allow", lambda *_: None)
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda _: kiosk.reserve(subject, replaces=serial), range(THREADS)))
    codes = sorted(each.json().get("code", "") for each in answers if each.status_code != 201)
    assert codes == ["not-permitted"] * (THREADS - 1)
    with records.database.reading() as transaction:
        assert sum(each.replaces == serial for each in papers.every(transaction)) == 1


def test_a_serial_that_still_counts_is_not_replaced(kiosk: KioskClient) -> None:
    """Two genuine papers of one application would exist."""
    serial = kiosk.reserved()["serial"]
    kiosk.seal(serial)
    kiosk.delivered(serial)
    assert kiosk.reserve(kiosk.prove(visit="visit-0002"), replaces=serial).json()["code"] == "not-permitted"


def test_another_persons_serial_does_not_exist(kiosk: KioskClient) -> None:
    serial = _lost(kiosk)
    assert _open(kiosk, "visit-0002", LAN) == []
    answer = kiosk.reserve(kiosk.prove(LAN, "visit-0003"), replaces=serial)
    assert answer.json()["code"] == "not-found"


def test_reissues_end_with_the_days_limit_and_begin_again_at_midnight(kiosk: KioskClient, clock: StillClock) -> None:
    """Three a day by the policy; at the bureau midnight comes 55 minutes later."""
    serial = _lost(kiosk)
    for number in range(PER_DAY):
        answer = kiosk.reserve(kiosk.prove(visit=f"visit-100{number}"), replaces=serial)
        serial = answer.json()["serial"]
        kiosk.void(serial, "unreadable")
    refused = kiosk.reserve(kiosk.prove(visit="visit-2000"), replaces=serial)
    assert (refused.status_code, refused.json()["code"]) == (409, "reissue-limit")
    clock.pass_by(55 * 60)
    assert kiosk.reserve(kiosk.prove(visit="visit-2001"), replaces=serial).status_code == 201


def test_a_reissue_is_for_the_same_purpose(kiosk: KioskClient) -> None:
    """It prints an application again; another purpose is another application."""
    serial, subject = _lost(kiosk), kiosk.prove(visit="visit-0002")
    answer = kiosk.reserve(subject, replaces=serial, purpose="school")
    assert answer.json()["code"] == "not-permitted"
    assert kiosk.reserve(subject, replaces=serial).status_code == 201
