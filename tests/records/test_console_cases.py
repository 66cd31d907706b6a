"""A case at the console: what the officer is shown, and how it may be decided."""

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from records.context import Records
from tests.support.cases import CONFIRMED, REASON, asked, audited, state_of
from tests.support.console import Browser, Page
from tests.support.records_client import DENG, EXPIRED, RARE, UNCLEAR, KioskClient, typed


def test_a_clear_case_is_shown_masked(kiosk: KioskClient, desk: Browser) -> None:
    """Which kiosk, since when, which document; name and number without their middle, and nothing else of the row."""
    _, code = asked(kiosk, DENG.evidence())
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
        (typed("99010119700101001X"), "本库没有这个号码的登记"),
    ],
    ids=["awaits", "expired", "disagrees", "unknown card", "unknown number"],
)
def test_the_reason_of_a_doubt_is_the_officers_to_know(
    kiosk: KioskClient, desk: Browser, evidence: dict[str, Any], doubt: str
) -> None:
    """The only thing to do is to await the person; the kiosk hears no more than that."""
    subject, code = asked(kiosk, evidence)
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
        died = sa.text("UPDATE residents SET deceased = true WHERE id_number = :number")
        transaction.connection.execute(died, {"number": DENG.id_number})
    _, code = asked(kiosk, DENG.evidence())
    assert "登记显示：此人已去世" in desk.open_case(code).text


def test_an_unclear_case_can_be_neither_confirmed_nor_declined(kiosk: KioskClient, desk: Browser) -> None:
    """Not by a form that was never offered either."""
    subject, code = asked(kiosk, UNCLEAR.evidence())
    case = desk.open_case(code)
    for what in ("confirm/in-person", "confirm/by-phone", "decline"):
        assert desk.get(f"{case.path}/{what}").status == 409
        page = _sent_unseen(desk, f"{case.path}/{what}", basis="known-to-officer", reason=REASON)
        assert (page.status, page.title) == (409, "这一件只能请本人到窗口")
    assert desk.get(f"{case.path}/portrait").status == 404
    assert state_of(kiosk, subject) == "opened"


def test_nobody_is_shown_the_portrait_of_whom_a_doubtful_card_names(
    kiosk: KioskClient, desk: Browser, records: Records
) -> None:
    """Records have one; it is for comparing, and there is nothing to compare."""
    _, code = asked(kiosk, replace(DENG, name="张明登").evidence())
    case = desk.open_case(code)
    assert desk.get(f"{case.path}/portrait").status == 404
    assert audited(records, "portrait-read") == []


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
    subject, code = asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    desk.get(f"{case.path}/confirm/{how}")
    page = desk.send(f"{case.path}/confirm/{how}", basis=basis, reason=f"  {REASON}\t")
    assert (page.path, page.title) == (case.path, "已确认")
    assert state_of(kiosk, subject) == "confirmed"
    (row,) = audited(records, "case-confirmed")
    assert json.loads(row["facts"]) == {"officer": "chen", "how": how, "basis": basis, "reason": REASON}
    assert (row["device_id"], row["visit"]) == (kiosk.device_id, "visit-0001")
    assert row["subject"] == audited(records, "identified")[0]["subject"] != ""


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
    subject, code = asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    desk.get(f"{case.path}/confirm/{how}")
    page = desk.send(f"{case.path}/confirm/{how}", **fields)
    if words is None:
        assert state_of(kiosk, subject) == "confirmed"
    else:
        assert page.status == 422
        assert words in page.text
        assert page.form(f"{case.path}/confirm/{how}").fields["reason"] == fields["reason"]
        assert state_of(kiosk, subject) == "opened"


def test_declined_means_the_window(kiosk: KioskClient, desk: Browser, records: Records) -> None:
    """The reason is the audit's; the kiosk hears the state alone, and may ask again."""
    subject, code = asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    desk.get(f"{case.path}/decline")
    assert desk.send(f"{case.path}/decline", reason="").status == 422
    assert desk.send(f"{case.path}/decline", reason="not reached, desk book 12").title == "已告知改到窗口"
    told = kiosk.get(f"/v1/identifications/{subject}/confirmation").json()
    assert told == {"server_time": told["server_time"], "state": "declined", "proof": None}
    (row,) = audited(records, "case-declined")
    assert json.loads(row["facts"]) == {"officer": "chen", "reason": "not reached, desk book 12"}
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["code"] == "identity-not-proven"
    assert kiosk.post(f"/v1/identifications/{subject}/confirmation").json()["code"] != code


def test_the_portrait_is_shown_for_comparing_only(kiosk: KioskClient, desk: Browser, records: Records) -> None:
    """In person, while the case is open; each look is audited and kept nowhere."""
    _, code = asked(kiosk, DENG.evidence())
    case = desk.open_case(code)
    portrait = f"{case.path}/portrait"
    assert portrait not in case.answer.text + desk.get(f"{case.path}/confirm/by-phone").answer.text
    assert portrait in desk.get(f"{case.path}/confirm/in-person").answer.text
    answer = desk.http.get(portrait)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert answer.content[:2] == b"\xff\xd8"
    (row,) = audited(records, "portrait-read")
    assert (json.loads(row["facts"]), row["visit"]) == ({"officer": "chen"}, "visit-0001")
    desk.get(f"{case.path}/confirm/in-person")
    desk.send(f"{case.path}/confirm/in-person", **CONFIRMED)
    assert desk.http.get(portrait).status_code == 409
    assert len(audited(records, "portrait-read")) == 1


def test_without_a_portrait_there_is_none_to_compare_with(kiosk: KioskClient, desk: Browser) -> None:
    """So that ground is not offered."""
    _, code = asked(kiosk, RARE.evidence())
    case = desk.open_case(code)
    page = desk.get(f"{case.path}/confirm/in-person")
    assert "登记中没有照片" in page.text
    assert page.form(f"{case.path}/confirm/in-person").choices["basis"] == ["document-seen", "known-to-officer"]
