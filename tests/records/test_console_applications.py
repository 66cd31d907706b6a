"""待核查 at the console: what waits, what was found only for a reason, and how it ends."""

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from civic.id_number import IdNumber
from records import applications_cli
from records.console.visitor import COOKIE
from records.context import Records
from records.rules.roles import Role
from records.services import sessions, settling
from records.services.refusals import UnopenedError
from records.store import applications, criminal
from records.store.applications import ApplicationState
from tests.support.clocks import StillClock
from tests.support.console import Browser, Page, hire
from tests.support.hidden import hide
from tests.support.records_client import DENG, LAN, NOBODYS_NUMBER, KioskClient

LIST = "/console/applications"
REASON = "holder at the window, desk book 2026-31"
FOUND = "查到犯罪记录"


@pytest.fixture
def serial(kiosk: KioskClient, records: Records) -> str:
    """Return the receipt of somebody of whom something was found."""
    person = records.population.find(IdNumber(DENG.id_number))
    assert person is not None
    with records.database.writing() as transaction:
        criminal.put(transaction, person.person_id, "found")
    return _receipt(kiosk, kiosk.prove())


def _receipt(kiosk: KioskClient, subject: str, **changes: Any) -> str:
    answer = kiosk.reserve(subject, **{"kind": "no_criminal_record", "purpose": "job", **changes})
    return str(answer.json()["serial"])


def _deeds(records: Records) -> list[tuple[str, dict[str, Any]]]:
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT action, facts FROM audit ORDER BY seq")).all()
    return [(row.action, json.loads(row.facts)) for row in rows if row.action.startswith("application-")]


def _state(records: Records, serial: str) -> ApplicationState:
    with records.database.reading() as transaction:
        row = applications.find(transaction, serial)
    assert row is not None
    return row.state


def test_the_list_says_what_a_receipt_says_and_no_more(desk: Browser, serial: str) -> None:
    """Its number, the service and the day; neither whose it is nor what was found."""
    page = desk.get(LIST)
    assert page.title == "待核查"
    for shown in (serial, "无犯罪记录证明", "2026-11-25", "待核查"):
        assert shown in page.text
    for hidden in (FOUND, "张", DENG.id_number, "found"):
        assert hidden not in page.answer.text


def test_a_further_receipt_leads_to_the_same_application(
    desk: Browser, kiosk: KioskClient, records: Records, serial: str
) -> None:
    """Whichever of them the holder brings."""
    second = _receipt(kiosk, kiosk.prove(visit="visit-0002"))
    page = desk.get(LIST)
    assert f"另有回执：{second}" in page.text
    assert f"回执 {serial}" in page.text
    with records.database.reading() as transaction:
        assert len(applications.every(transaction)) == 1


def test_what_was_found_is_shown_for_a_reason_alone(desk: Browser, records: Records, serial: str) -> None:
    """Looking at the address shows the form; the reason opens it, masked, and stands in the audit."""
    asked = desk.get(f"{LIST}/{serial}")
    assert FOUND not in asked.answer.text
    opened = desk.send(f"{LIST}/{serial}", reason=REASON)
    assert opened.status == 200
    for shown in (FOUND, "张**", "9901**********0019"):
        assert shown in opened.text
    for hidden in (DENG.name, DENG.id_number):
        assert hidden not in opened.answer.text
    assert _deeds(records) == [("application-opened", {"officer": "chen", "serial": serial, "reason": REASON})]


@pytest.mark.parametrize(
    ("reason", "problem"),
    [("", "请写明"), ("somebody asked", "编号"), (f"{DENG.name} 2026-31", "不要"), ("1" * 101, "")],
)
def test_a_reason_that_will_not_do_opens_nothing(
    desk: Browser, records: Records, serial: str, reason: str, problem: str
) -> None:
    desk.get(f"{LIST}/{serial}")
    page = desk.send(f"{LIST}/{serial}", reason=reason)
    assert page.status == 422
    assert FOUND not in page.answer.text
    assert problem in page.text
    assert _deeds(records) == []


def test_an_application_is_made_ready_and_handed_over(desk: Browser, records: Records, serial: str) -> None:
    """Then it is no longer on the list; each step names its officer."""
    for state, left in ((ApplicationState.READY, True), (ApplicationState.HANDED_OVER, False)):
        desk.get(f"{LIST}/{serial}")
        desk.send(f"{LIST}/{serial}", reason=REASON)
        page = desk.send(f"{LIST}/{serial}/settle", state=state.value)
        assert page.path == LIST
        assert (serial in page.text) is left
        assert _state(records, serial) is state
    with records.database.reading() as transaction:
        assert [each.outcome for each in applications.every(transaction)] == [""]  # nobody needs it any more
    told = [facts for action, facts in _deeds(records) if action == "application-settled"]
    assert [(each["officer"], each["state"]) for each in told] == [("chen", "ready"), ("chen", "handed-over")]
    assert desk.get(f"{LIST}/{serial}").status == 404


def test_what_was_handed_over_is_never_ready_again(desk: Browser, records: Records, serial: str) -> None:
    """A second officer's page was open meanwhile."""
    session = _session(desk)
    found = settling.find(records, session, serial)
    assert found is not None
    settling.opened(records, session, found.row, REASON)
    for state in (ApplicationState.HANDED_OVER, ApplicationState.READY, ApplicationState.WAITING):
        settling.settle(records, session, found.row, state)
    assert _state(records, serial) is ApplicationState.HANDED_OVER
    assert [action for action, _ in _deeds(records)] == ["application-opened", "application-settled"]


def test_who_has_not_opened_it_settles_nothing(desk: Browser, records: Records, clock: StillClock, serial: str) -> None:
    """Nobody has; or a colleague did later, who is named as what they are: what was found the first has seen."""
    session, colleague = _session(desk), Browser(records, clock).on_duty(hire(records, "wang"))
    found = settling.find(records, session, serial)
    assert found is not None
    with pytest.raises(UnopenedError):
        settling.settle(records, session, found.row, ApplicationState.READY)
    for browser in (desk, colleague):
        browser.get(f"{LIST}/{serial}")
        browser.send(f"{LIST}/{serial}", reason=REASON)
    page = desk.send(f"{LIST}/{serial}/settle", state="handed-over")
    assert (page.status, page.title) == (409, "这份申请已由同事接手")
    assert "看过" not in page.text
    assert _state(records, serial) is ApplicationState.WAITING
    assert [action for action, _ in _deeds(records)] == ["application-opened"] * 2


def test_what_is_found_anew_must_be_seen_anew(desk: Browser, kiosk: KioskClient, records: Records, serial: str) -> None:
    """Asked again at the kiosk between an officer's look and their word."""
    desk.get(f"{LIST}/{serial}")
    desk.send(f"{LIST}/{serial}", reason=REASON)
    _found_now(kiosk, records, "unclear")
    page = desk.send(f"{LIST}/{serial}/settle", state="ready")
    assert (page.status, page.title) == (409, "请先打开这份申请")
    assert _state(records, serial) is ApplicationState.WAITING
    desk.get(f"{LIST}/{serial}")
    assert "可能有同名同号的人" in desk.send(f"{LIST}/{serial}", reason=REASON).text
    desk.send(f"{LIST}/{serial}/settle", state="ready")
    assert _state(records, serial) is ApplicationState.READY


def test_what_is_found_anew_takes_no_ready_answer_back(
    desk: Browser, kiosk: KioskClient, records: Records, serial: str
) -> None:
    """The answer lies at the window; the resident gets the same receipt, and the officer's word stands."""
    desk.get(f"{LIST}/{serial}")
    desk.send(f"{LIST}/{serial}", reason=REASON)
    desk.send(f"{LIST}/{serial}/settle", state="ready")
    _found_now(kiosk, records, "clean")
    with records.database.reading() as transaction:
        (row,) = applications.every(transaction)
    assert (row.state, row.outcome) == (ApplicationState.READY, "found")
    assert "待领取" in desk.get(LIST).text


def _found_now(kiosk: KioskClient, records: Records, outcome: str) -> None:
    """The resident asks again; the source says something else."""
    person = records.population.find(IdNumber(DENG.id_number))
    assert person is not None
    with records.database.writing() as transaction:
        criminal.put(transaction, person.person_id, outcome)
    _receipt(kiosk, kiosk.prove(visit="visit-0009"))


def test_a_state_that_there_is_not_settles_nothing(desk: Browser, records: Records, serial: str) -> None:
    desk.get(f"{LIST}/{serial}")
    desk.send(f"{LIST}/{serial}", reason=REASON)
    desk.send(f"{LIST}/{serial}/settle", state="burnt")
    assert _state(records, serial) is ApplicationState.WAITING


def test_nothing_waits_in_an_empty_list(desk: Browser) -> None:
    assert "现在没有待核查的申请" in desk.get(LIST).text


@pytest.mark.parametrize("role", [Role.AUXILIARY, Role.ADMINISTRATOR])
def test_only_officers_see_applications(records: Records, clock: StillClock, serial: str, role: Role) -> None:
    browser = Browser(records, clock)
    browser.sign_in(hire(records, "wang", role))
    assert browser.get(LIST).status == 403
    assert browser.get(f"{LIST}/{serial}").status == 403


def test_the_command_lists_them_masked(kiosk: KioskClient, records: Records, serial: str) -> None:
    """As a receipt shows its holder; nothing of what was found."""
    _receipt(kiosk, kiosk.prove(LAN, "visit-0002"), when="later")
    lines = applications_cli.lines(records)
    assert len(lines) == 2
    assert lines[0].startswith(f"{serial}  no_criminal_record  waiting")
    assert "张*灯 **************0019" in lines[0]
    assert not any(word in line for line in lines for word in ("found", "clean", DENG.name, LAN.name, DENG.id_number))


def _session(desk: Browser) -> Any:
    return sessions.resume(desk.records, str(desk.http.cookies[COOKIE]))


# --- whoever is hidden ---


def test_the_application_of_who_is_hidden_is_opened_by_receipt_and_number(
    desk: Browser, records: Records, clock: StillClock, serial: str
) -> None:
    """The list has it not, nor its address; whoever has both numbers goes on, and a colleague still sees nothing."""
    hide(records, DENG)
    assert applications_cli.lines(records) == []
    assert serial not in desk.get(LIST).text
    assert desk.get(f"{LIST}/{serial}").status == 404
    page = _with_receipt(desk, serial, DENG.id_number)
    assert (page.status, FOUND in page.text) == (200, True)
    colleague = Browser(records, clock).on_duty(hire(records, "li"))
    assert serial not in colleague.get(LIST).text
    desk.page = page
    desk.send(f"{LIST}/{serial}/settle", state="ready")
    assert _state(records, serial) is ApplicationState.READY


def _with_receipt(desk: Browser, receipt: str, number: str) -> Page:
    desk.get(LIST)
    return desk.send(f"{LIST}/receipt", receipt=receipt, number=number)


def test_a_receipt_and_a_number_that_are_not_one_persons_open_nothing(
    desk: Browser, records: Records, serial: str
) -> None:
    """No such receipt, another's number, nobody's: one answer, whoever is hidden; each counts as a look."""
    answers = [_with_receipt(desk, serial, number) for number in (LAN.id_number, NOBODYS_NUMBER)]
    hide(records, LAN)
    answers.append(_with_receipt(desk, serial, LAN.id_number))
    answers.append(_with_receipt(desk, "2026-0001-000099-79", DENG.id_number))
    assert {each.status for each in answers} == {422}
    assert len({each.answer.content for each in answers}) == 1
    assert _with_receipt(desk, serial, "123").status == 422
    with records.database.reading() as transaction:
        looks = transaction.connection.execute(sa.text("SELECT outcome, ticket FROM reads")).all()
    assert [look.outcome for look in looks] == ["nothing"] * 4


def test_looking_by_receipt_is_limited_like_any_look(records: Records, clock: StillClock, serial: str) -> None:
    few = records.settings.reading.model_copy(update={"per_hour": 1})
    strict = replace(records, settings=records.settings.model_copy(update={"reading": few}))
    desk = Browser(strict, clock).on_duty(hire(strict, "wu"))
    assert [_with_receipt(desk, serial, DENG.id_number).status for _ in range(2)] == [200, 429]
