"""A case at the console is decided once, by who opened it, and nothing of it stays."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from records.context import Records
from records.rules.decisions import Basis, Confirmed, Declined, How
from records.rules.roles import Role
from records.services import cases, sessions
from records.services.refusals import CaseOverError
from tests.support.cases import CONFIRMED, MINUTE, REASON, asked, audited, state_of
from tests.support.clocks import StillClock
from tests.support.console import Account, Browser, hire
from tests.support.records_client import DENG, UNCLEAR, Card, KioskClient


def test_the_first_of_two_officers_decides(
    kiosk: KioskClient, desk: Browser, records: Records, clock: StillClock
) -> None:
    """Both may look; the other one is told what was decided, and nothing of theirs is done."""
    other = Browser(records, clock, "10.0.0.8")
    other.sign_in(hire(records, "wang", Role.AUXILIARY))
    subject, code = asked(kiosk, DENG.evidence())
    mine, theirs = desk.open_case(code), other.open_case(code)
    assert mine.path != theirs.path
    other.get(f"{theirs.path}/decline")
    desk.get(f"{mine.path}/confirm/in-person")
    desk.send(f"{mine.path}/confirm/in-person", **CONFIRMED)
    page = other.send(f"{theirs.path}/decline", reason=REASON)
    assert (page.status, page.title) == (409, "另一位民警已经确认")
    assert state_of(kiosk, subject) == "confirmed"
    assert [len(audited(records, each)) for each in ("case-confirmed", "case-declined")] == [1, 0]
    assert "张" not in other.get(theirs.path).text


def test_of_many_decisions_at_once_one_counts(
    kiosk: KioskClient, desk: Browser, officer: Account, records: Records, clock: StillClock
) -> None:
    """Officers who press in the same instant are decided between under the database's lock."""
    _, code = asked(kiosk, DENG.evidence())
    desks = [desk] + [Browser(records, clock) for _ in range(3)]
    for each in desks[1:]:
        each.sign_in(officer)
    found = [sessions.resume(records, each.http.cookies["__Host-lamplight-console"]) for each in desks]
    handles = [(each, cases.open_by_code(records, each, code)) for each in found if each is not None]

    def decided(which: int) -> str:
        session, handle = handles[which]
        decision = Declined(REASON) if which % 2 else Confirmed(How.IN_PERSON, Basis.DOCUMENT, REASON)
        try:
            cases.decide(records, session, handle, decision)
        except CaseOverError as error:
            return f"over: {error.detail}"
        return "counts"

    with ThreadPoolExecutor(len(handles)) as pool:
        outcomes = sorted(pool.map(decided, range(len(handles))))
    assert outcomes[0] == "counts"
    assert set(outcomes[1:]) in ({"over: confirmed"}, {"over: declined"})
    assert len(outcomes) == 4


def test_a_case_is_its_sessions_own(kiosk: KioskClient, desk: Browser, officer: Account, records: Records) -> None:
    """Its address opens nothing for another officer, nor for the same one signed in anew."""
    _, code = asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    other = Browser(records, desk.clock, "10.0.0.8")
    other.sign_in(hire(records, "wang"))
    again = Browser(records, desk.clock)
    again.sign_in(officer)
    for browser in (other, again):
        page = browser.get(case.path)
        assert page.status == 409
        assert "张" not in page.text


def test_a_visit_that_ended_can_not_be_confirmed(
    kiosk: KioskClient, desk: Browser, officer: Account, clock: StillClock
) -> None:
    """An opened case lives as long as its visit; then its page says so, and shows nobody."""
    _, code = asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    desk.get(f"{case.path}/confirm/in-person")
    form = desk.page
    clock.pass_by(14 * MINUTE)
    desk.get("/console/password")
    clock.pass_by(MINUTE)
    desk.page = form
    page = desk.send(f"{case.path}/confirm/in-person", **CONFIRMED)
    assert (page.status, page.title) == (409, "这次办理已经结束")
    page = desk.get(case.path)
    assert page.title == "这次办理已经结束"
    assert "张" not in page.text
    assert officer.name in page.text


@pytest.mark.parametrize("card", [DENG, UNCLEAR])
def test_nothing_of_a_case_stays_but_its_deeds(kiosk: KioskClient, desk: Browser, records: Records, card: Card) -> None:
    """No code, no name; and the audit names nobody."""
    _, code = asked(kiosk, card.evidence())
    case = desk.open_case(code)
    if card is DENG:
        desk.get(f"{case.path}/confirm/in-person")
        desk.send(f"{case.path}/confirm/in-person", **CONFIRMED)
    else:
        desk.send(f"{case.path}/seen")
    with records.database.reading() as transaction:
        rows = [
            dict(row)
            for table in ("confirmations", "console_sessions", "console_failures", "audit")
            for row in transaction.connection.execute(sa.text(f"SELECT * FROM {table}")).mappings()  # noqa: S608 - ours
        ]
    whole = json.dumps(rows, ensure_ascii=False, default=str)
    for personal in (card.name, card.id_number, f'"{code}"', card.birth_date.isoformat()):
        assert personal not in whole


def test_who_waits_is_shown_without_a_name(kiosk: KioskClient, desk: Browser, clock: StillClock) -> None:
    """By kiosk and minutes, until somebody opens it."""
    _, code = asked(kiosk, DENG.evidence())
    clock.pass_by(2 * MINUTE)
    page = desk.get("/console/waiting")
    assert "here 已等 2 分钟" in page.text
    assert "1 人等候" in page.text
    assert code not in page.answer.text
    desk.open_case(code)
    assert "现在没有人等候" in desk.get("/console/").text
