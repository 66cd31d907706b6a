"""A call for help is kept once, answered truthfully, and stands on every page until an officer has seen it."""

from typing import Any
from uuid import uuid4

import pytest

from records.context import Records
from records.rules.roles import Role
from records.services.duty import SEEN_WITHIN
from records.store import audit
from tests.support.clocks import StillClock
from tests.support.console import Account, Browser, hire
from tests.support.records_client import KioskClient


def _call(kiosk: KioskClient, number: str = "", *, test: bool = False) -> dict[str, Any]:
    body = {"id": number or str(uuid4()), "at": "2026-11-22T15:05:00Z", "test": test}
    answer = kiosk.post("/v1/alarms", body)
    assert answer.status_code == 201, answer.text
    state: dict[str, Any] = answer.json()
    return state


def _state(kiosk: KioskClient, number: str) -> dict[str, Any]:
    state: dict[str, Any] = kiosk.get(f"/v1/alarms/{number}").json()
    return state


def _deeds(records: Records) -> list[str]:
    with records.database.reading() as transaction:
        return [str(row["action"]) for row in audit.latest(transaction, 50) if "alarm" in str(row["action"])]


def test_who_calls_is_told_whether_anybody_watches(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    """Nobody; then an officer on duty; then their page was closed."""
    number = str(uuid4())
    assert not _call(kiosk, number)["watched"]
    Browser(records, clock).on_duty(hire(records))
    assert _state(kiosk, number)["watched"]
    clock.pass_by(SEEN_WITHIN.total_seconds() + 1)
    assert not _state(kiosk, number)["watched"]


def test_the_same_number_is_the_same_alarm(records: Records, kiosk: KioskClient) -> None:
    """However often a kiosk sends it; audited once."""
    number = str(uuid4())
    assert {_call(kiosk, number)["id"] for _ in range(3)} == {number}
    assert _deeds(records) == ["alarm-raised"]


def test_another_kiosk_learns_and_changes_nothing(records: Records, kiosk: KioskClient) -> None:
    other, number = KioskClient(records), str(uuid4())
    _call(kiosk, number)
    body = {"id": number, "at": "2026-11-22T15:05:00Z"}
    assert other.post("/v1/alarms", body).json()["code"] == "not-permitted"
    assert other.get(f"/v1/alarms/{number}").json()["code"] == "not-found"


def test_an_alarm_stands_on_every_page_until_it_is_seen(
    records: Records, kiosk: KioskClient, desk: Browser, officer: Account
) -> None:
    """With the kiosk's name; the kiosk hears of the moment in which it was seen."""
    number = _call(kiosk)["id"]
    for path in ("/console/", "/console/code", "/console/alarms/strip"):
        page = desk.get(path)
        assert "有人报警！" in page.text
        assert "here" in page.text  # the kiosk's name
    assert _state(kiosk, number)["seen_at"] is None
    seen = desk.send(f"/console/alarms/{number}/seen")
    assert (seen.path, "有人报警！" in seen.text, officer.name in seen.text) == ("/console/alarms", False, True)
    assert _state(kiosk, number)["seen_at"] is not None
    assert _deeds(records) == ["alarm-raised", "alarm-seen"]


def test_the_first_who_saw_it_is_named(records: Records, kiosk: KioskClient, desk: Browser, clock: StillClock) -> None:
    """A colleague who presses a moment later changes neither name nor time."""
    other = Browser(records, clock).on_duty(hire(records, "wang"))
    number = _call(kiosk)["id"]
    for browser in (desk, other):
        browser.get("/console/")
    desk.send(f"/console/alarms/{number}/seen")
    first = _state(kiosk, number)["seen_at"]
    clock.pass_by(30)
    other.send(f"/console/alarms/{number}/seen")
    assert _state(kiosk, number)["seen_at"] == first
    assert _deeds(records) == ["alarm-raised", "alarm-seen"]


def test_a_test_is_marked_as_one(kiosk: KioskClient, desk: Browser) -> None:
    """On the strip and in the list."""
    _call(kiosk, test=True)
    strip, listed = desk.get("/console/alarms/strip"), desk.get("/console/alarms")
    assert "测试" in strip.text
    assert "有人报警！" not in strip.text
    assert "测试" in listed.text


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.AUDITOR, Role.ADMINISTRATOR, Role.PROPERTY_DESK])
def test_who_can_not_be_on_duty_sees_no_alarm(
    records: Records, kiosk: KioskClient, clock: StillClock, role: Role
) -> None:
    """No strip, no script, no list."""
    _call(kiosk)
    browser = Browser(records, clock)
    page = browser.sign_in(hire(records, "zhao", role))
    assert "有人报警！" not in page.text
    assert [tag for tag, _ in page.tags if tag == "script"] == []
    assert browser.get("/console/alarms/strip").status == 403


def test_the_strip_of_a_locked_console_still_shows_the_alarm(
    kiosk: KioskClient, desk: Browser, clock: StillClock
) -> None:
    """But only somebody who unlocks it may say that they see to it."""
    for _ in range(30):  # the page asks by itself, which is no act of the officer's
        clock.pass_by(60)
        desk.get("/console/alarms/strip")
    _call(kiosk)
    assert "有人报警！" in desk.get("/console/alarms/strip").text
    assert desk.get("/console/alarms").path == "/console/unlock"


def test_an_alarm_needs_its_form(kiosk: KioskClient, desk: Browser) -> None:
    """A page from elsewhere can't answer in an officer's name."""
    number = _call(kiosk)["id"]
    page = desk.get("/console/")
    page.form(f"/console/alarms/{number}/seen").fields["form_token"] = "0" * 64
    assert desk.send(f"/console/alarms/{number}/seen").status == 403
    assert _state(kiosk, number)["seen_at"] is None
