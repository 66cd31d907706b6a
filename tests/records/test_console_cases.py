"""A case at the console: what the officer is shown, how it may be decided, and that nothing of it stays."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from records.context import Records
from records.rules.decisions import Basis, Confirmed, Declined, How
from records.rules.roles import Role
from records.services import cases, sessions
from records.services.refusals import CaseOverError
from tests.support.clocks import StillClock
from tests.support.console import Account, Browser, Page, hire
from tests.support.records_client import DENG, EXPIRED, RARE, UNCLEAR, Card, KioskClient

MINUTE = 60
REASON = "card lost, desk book 2026-117"
CONFIRMED = {"basis": "portrait-compared", "reason": REASON}


@pytest.fixture
def officer(records: Records) -> Account:
    return hire(records)


@pytest.fixture
def desk(records: Records, clock: StillClock, officer: Account) -> Browser:
    """Return an officer's browser, on duty."""
    return Browser(records, clock).on_duty(officer)


def _asked(kiosk: KioskClient, evidence: dict[str, Any]) -> tuple[str, str]:
    """The subject of a visit that asks for an officer, and its code."""
    subject = str(kiosk.identified(evidence)["subject"])
    return subject, str(kiosk.post(f"/v1/identifications/{subject}/confirmation").json()["code"])


def _typed(number: str) -> dict[str, Any]:
    return {"kind": "number", "visit": "visit-0001", "id_number": number}


def _state(kiosk: KioskClient, subject: str) -> str:
    return str(kiosk.get(f"/v1/identifications/{subject}/confirmation").json()["state"])


def test_a_clear_case_is_shown_masked(kiosk: KioskClient, desk: Browser) -> None:
    """Which kiosk, since when, which document; name and number without their middle, and nothing else of the row."""
    _, code = _asked(kiosk, DENG.evidence())
    page = desk.open_case(code)
    for shown in ("here", "23:05", "居民身份证", "张**", "9901**********0019", "证件与登记一致"):
        assert shown in page.text
    for hidden in (DENG.name, DENG.id_number, "灯火路"):
        assert hidden not in page.answer.text
    assert "1986" not in page.text  # four digits may well stand in a form's token


@pytest.mark.parametrize(
    ("evidence", "doubt"),
    [
        (UNCLEAR.evidence(), "登记本身注明：须由民警处理"),
        (EXPIRED.evidence(), "证件已过有效期"),
        (replace(DENG, name="张明登").evidence(), "姓名或出生日期与登记不一致"),
        (replace(DENG, id_number="99010119700101001X").evidence(), "本库没有这个号码的登记"),
        (_typed("99010119700101001X"), "本库没有这个号码的登记"),
    ],
    ids=["awaits", "expired", "disagrees", "unknown card", "unknown number"],
)
def test_the_reason_of_a_doubt_is_the_officers_to_know(
    kiosk: KioskClient, desk: Browser, evidence: dict[str, Any], doubt: str
) -> None:
    """The only thing to do is to await the person; the kiosk hears no more than that."""
    subject, code = _asked(kiosk, evidence)
    page = desk.open_case(code)
    assert doubt in page.text
    assert [form.action for form in page.forms[2:]] == [f"{page.path}/seen"]
    page = desk.send(f"{page.path}/seen")
    assert page.title == "已知悉"
    told = kiosk.get(f"/v1/identifications/{subject}/confirmation").json()
    heard = "declined" if evidence["kind"] == "number" else "seen"  # else a kiosk were a directory
    assert (told["state"], told["proof"]) == (heard, None)
    assert kiosk.post(f"/v1/identifications/{subject}/record").status_code in {403, 409}


def test_a_death_in_the_record_is_told_to_the_officer(kiosk: KioskClient, desk: Browser, records: Records) -> None:
    """And to nobody else."""
    with records.database.writing() as transaction:
        died = sa.text("UPDATE residents SET deceased = 1 WHERE id_number = :number")
        transaction.connection.execute(died, {"number": DENG.id_number})
    _, code = _asked(kiosk, DENG.evidence())
    assert "登记显示：此人已去世" in desk.open_case(code).text


def test_an_unclear_case_can_be_neither_confirmed_nor_declined(kiosk: KioskClient, desk: Browser) -> None:
    """Not by a form that was never offered either."""
    subject, code = _asked(kiosk, UNCLEAR.evidence())
    case = desk.open_case(code)
    for what in ("confirm/in-person", "confirm/by-phone", "decline"):
        assert desk.get(f"{case.path}/{what}").status == 409
        page = _sent_unseen(desk, f"{case.path}/{what}", basis="known-to-officer", reason=REASON)
        assert (page.status, page.title) == (409, "这一件只能请本人到窗口")
    assert desk.get(f"{case.path}/portrait").status == 404
    assert _state(kiosk, subject) == "opened"


def test_nobody_is_shown_the_portrait_of_whom_a_doubtful_card_names(
    kiosk: KioskClient, desk: Browser, records: Records
) -> None:
    """Records have one; it is for comparing, and there is nothing to compare."""
    _, code = _asked(kiosk, replace(DENG, name="张明登").evidence())
    case = desk.open_case(code)
    assert desk.get(f"{case.path}/portrait").status == 404
    assert _audited(records, "portrait-read") == []


def _sent_unseen(desk: Browser, action: str, **fields: str) -> Page:
    """A form that no page offered, with the token it would have had."""
    cookie = desk.http.cookies["__Host-lamplight-console"]
    token = desk.records.keyed_hash("console-form", cookie, action)
    return Page(desk.http.post(action, data={**fields, "form_token": token}))


@pytest.mark.parametrize(
    ("how", "basis"),
    [
        ("in-person", "portrait-compared"),
        ("in-person", "document-seen"),
        ("in-person", "known-to-officer"),
        ("by-phone", "called-back"),
        ("by-phone", "questions-answered"),
        ("by-phone", "known-to-officer"),
    ],
)
def test_a_confirmation_says_how_and_why(
    kiosk: KioskClient, desk: Browser, records: Records, how: str, basis: str
) -> None:
    """In person and by phone each have their grounds; both are in the audit, with officer, visit and reason."""
    subject, code = _asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    desk.get(f"{case.path}/confirm/{how}")
    page = desk.send(f"{case.path}/confirm/{how}", basis=basis, reason=f"  {REASON}\t")
    assert (page.path, page.title) == (case.path, "已确认")
    assert _state(kiosk, subject) == "confirmed"
    (row,) = _audited(records, "case-confirmed")
    assert json.loads(row["facts"]) == {"officer": "chen", "how": how, "basis": basis, "reason": REASON}
    assert (row["device_id"], row["visit"]) == (kiosk.device_id, "visit-0001")
    assert row["subject"] == _audited(records, "identified")[0]["subject"] != ""


@pytest.mark.parametrize(
    ("how", "fields", "words"),
    [
        ("in-person", {"basis": "", "reason": REASON}, "请选择您凭什么确认"),
        ("by-phone", {"basis": "portrait-compared", "reason": REASON}, "请选择您凭什么确认"),
        ("in-person", {"basis": "made-up", "reason": REASON}, "请选择您凭什么确认"),
        ("in-person", {"basis": "document-seen", "reason": "  "}, "请写明事由"),
        ("in-person", {"basis": "document-seen", "reason": "card lost"}, "登记簿或工单的编号"),
        ("in-person", {"basis": "document-seen", "reason": "7" + "x" * 100}, "最多 100 个字"),
        ("in-person", {"basis": "document-seen", "reason": "张明灯 2026-117"}, "不要写姓名或身份号码"),
        ("in-person", {"basis": "document-seen", "reason": "no. 990101 19860314 0019"}, "不要写姓名或身份号码"),
        ("in-person", {"basis": "document-seen", "reason": "x99010119910923002X1"}, None),
    ],
)
def test_a_confirmation_without_grounds_is_refused_in_words(
    kiosk: KioskClient, desk: Browser, how: str, fields: dict[str, str], words: str | None
) -> None:
    """What was typed comes back, to be mended; a long ticket number is no citizen number."""
    subject, code = _asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    desk.get(f"{case.path}/confirm/{how}")
    page = desk.send(f"{case.path}/confirm/{how}", **fields)
    if words is None:
        assert _state(kiosk, subject) == "confirmed"
    else:
        assert page.status == 422
        assert words in page.text
        assert page.form(f"{case.path}/confirm/{how}").fields["reason"] == fields["reason"]
        assert _state(kiosk, subject) == "opened"


def test_declined_means_the_window(kiosk: KioskClient, desk: Browser, records: Records) -> None:
    """The reason is the audit's; the kiosk hears the state alone, and may ask again."""
    subject, code = _asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    desk.get(f"{case.path}/decline")
    assert desk.send(f"{case.path}/decline", reason="").status == 422
    assert desk.send(f"{case.path}/decline", reason="not reached, desk book 12").title == "已告知改到窗口"
    told = kiosk.get(f"/v1/identifications/{subject}/confirmation").json()
    assert told == {"server_time": told["server_time"], "state": "declined", "proof": None}
    (row,) = _audited(records, "case-declined")
    assert json.loads(row["facts"]) == {"officer": "chen", "reason": "not reached, desk book 12"}
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["code"] == "identity-not-proven"
    assert kiosk.post(f"/v1/identifications/{subject}/confirmation").json()["code"] != code


def test_the_portrait_is_shown_for_comparing_only(kiosk: KioskClient, desk: Browser, records: Records) -> None:
    """In person, while the case is open; each look is audited and kept nowhere."""
    _, code = _asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    portrait = f"{case.path}/portrait"
    assert portrait not in case.answer.text + desk.get(f"{case.path}/confirm/by-phone").answer.text
    assert portrait in desk.get(f"{case.path}/confirm/in-person").answer.text
    answer = desk.http.get(portrait)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert answer.content[:2] == b"\xff\xd8"
    (row,) = _audited(records, "portrait-read")
    assert (json.loads(row["facts"]), row["visit"]) == ({"officer": "chen"}, "visit-0001")
    desk.get(f"{case.path}/confirm/in-person")
    desk.send(f"{case.path}/confirm/in-person", **CONFIRMED)
    assert desk.http.get(portrait).status_code == 409
    assert len(_audited(records, "portrait-read")) == 1


def test_without_a_portrait_there_is_none_to_compare_with(kiosk: KioskClient, desk: Browser) -> None:
    """So that ground is not offered."""
    _, code = _asked(kiosk, RARE.evidence())
    case = desk.open_case(code)
    page = desk.get(f"{case.path}/confirm/in-person")
    assert "登记中没有照片" in page.text
    assert page.form(f"{case.path}/confirm/in-person").choices["basis"] == ["document-seen", "known-to-officer"]


def test_the_first_of_two_officers_decides(
    kiosk: KioskClient, desk: Browser, records: Records, clock: StillClock
) -> None:
    """Both may look; the other one is told what was decided, and nothing of theirs is done."""
    other = Browser(records, clock, "10.0.0.8")
    other.sign_in(hire(records, "wang", Role.AUXILIARY))
    subject, code = _asked(kiosk, DENG.evidence())
    mine, theirs = desk.open_case(code), other.open_case(code)
    assert mine.path != theirs.path
    other.get(f"{theirs.path}/decline")
    desk.get(f"{mine.path}/confirm/in-person")
    desk.send(f"{mine.path}/confirm/in-person", **CONFIRMED)
    page = other.send(f"{theirs.path}/decline", reason=REASON)
    assert (page.status, page.title) == (409, "另一位民警已经确认")
    assert _state(kiosk, subject) == "confirmed"
    assert [len(_audited(records, each)) for each in ("case-confirmed", "case-declined")] == [1, 0]
    assert "张" not in other.get(theirs.path).text


def test_of_many_decisions_at_once_one_counts(
    kiosk: KioskClient, desk: Browser, officer: Account, records: Records, clock: StillClock
) -> None:
    """Officers who press in the same instant are decided between under the database's lock."""
    _, code = _asked(kiosk, DENG.evidence())
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
    _, code = _asked(kiosk, DENG.evidence())
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
    _, code = _asked(kiosk, DENG.evidence())
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


def test_guessing_codes_is_slowed_and_audited(
    kiosk: KioskClient, desk: Browser, records: Records, clock: StillClock
) -> None:
    """Five are free; then each costs twice the wait of the one before, up to two minutes, for the right code too."""
    _, code = _asked(kiosk, DENG.evidence())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    desk.get("/console/code")
    answers = [desk.send("/console/code", code=wrong).status for _ in range(8)]
    assert answers == [404] * 6 + [429] * 2
    assert desk.send("/console/code", code=code).status == 429
    clock.pass_by(2)
    assert desk.send("/console/code", code=code).status == 200
    assert len(_audited(records, "visit-code-refused")) == 6


def test_a_right_code_buys_no_more_guesses(kiosk: KioskClient, desk: Browser, clock: StillClock) -> None:
    """An officer with a code of their own in hand can't guess at others' any faster."""
    _, code = _asked(kiosk, DENG.evidence())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    desk.get("/console/code")
    for _ in range(6):
        desk.send("/console/code", code=wrong)
    clock.pass_by(2)
    assert desk.send("/console/code", code=code).status == 200
    desk.get("/console/code")
    assert desk.send("/console/code", code=wrong).status == 429
    clock.pass_by(2)
    assert [desk.send("/console/code", code=wrong).status for _ in range(2)] == [404, 429]


def test_on_the_phone_nothing_is_said_of_a_typed_number(kiosk: KioskClient, desk: Browser) -> None:
    """The officer is told so, where the page says that nobody has it."""
    _, code = _asked(kiosk, _typed("99010119700101001X"))
    assert "在电话里不要说" in desk.open_case(code).text
    _, code = _asked(kiosk, UNCLEAR.evidence())
    assert "在电话里不要说" not in desk.open_case(code).text


def test_an_hour_of_guessing_is_a_few_dozen_codes(desk: Browser, clock: StillClock) -> None:
    """Of a million: under one in ten thousand per open code."""
    tried = 0
    desk.get("/console/code")
    for _ in range(60):
        page = desk.send("/console/code", code="000000")
        tried += page.status == 404
        clock.pass_by(MINUTE)
    assert tried < 50


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1} ", "full-width"])
def test_a_code_may_be_typed_as_it_is_read_aloud(kiosk: KioskClient, desk: Browser, typed: str) -> None:
    """Three and three; and as an input method may write it."""
    _, code = _asked(kiosk, DENG.evidence())
    wide = "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in code)
    assert (
        desk.open_case(wide if typed == "full-width" else typed.format(code[:3], code[3:])).title
        == "here的居民请您核验身份"
    )


@pytest.mark.parametrize("card", [DENG, UNCLEAR])
def test_nothing_of_a_case_stays_but_its_deeds(kiosk: KioskClient, desk: Browser, records: Records, card: Card) -> None:
    """No code, no name; and the audit names nobody."""
    _, code = _asked(kiosk, card.evidence())
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
    _, code = _asked(kiosk, DENG.evidence())
    clock.pass_by(2 * MINUTE)
    page = desk.get("/console/waiting")
    assert "here 已等 2 分钟" in page.text
    assert "1 人等候" in page.text
    assert code not in page.answer.text
    desk.open_case(code)
    assert "现在没有人等候" in desk.get("/console/").text


def _audited(records: Records, action: str) -> list[dict[str, Any]]:
    with records.database.reading() as transaction:
        query = sa.text("SELECT * FROM audit WHERE action = :action ORDER BY seq")
        return [dict(row) for row in transaction.connection.execute(query, {"action": action}).mappings()]
