"""Looking at a named person at the console: a purpose, a ticket, a limit, and the person hears of it."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from records.context import Records
from records.rules.purposes import OPENS, Purpose, View
from records.rules.roles import Role
from records.services import looking, reading, sessions
from records.services.refusals import ReadingLimitError
from records.services.sessions import Session
from records.store import alerts, dwellings
from records.store.alerts import AlertKind
from tests.support.clocks import StillClock
from tests.support.console import Account, Browser, Page, hire
from tests.support.hidden import hide, registered
from tests.support.records_client import DAUGHTER, DENG, MOTHER, NOBODYS_NUMBER, WIFE, Card, KioskClient
from tests.support.records_server import BOTH

FIND = "/console/persons"
TICKET = "JJ-2026-0117"
NOTHING = "没有可以显示的资料"


def _look(desk: Browser, card: Card | str = DENG, purpose: str = "case-handling", ticket: str = TICKET) -> Page:
    desk.get(FIND)
    number = card if isinstance(card, str) else card.id_number
    return desk.send(FIND, number=number, purpose=purpose, ticket=ticket)


def _deeds(records: Records) -> list[tuple[str, str, dict[str, Any]]]:
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT action, subject, facts FROM audit ORDER BY seq")).all()
    return [(row.action, row.subject, json.loads(row.facts)) for row in rows if "read" in row.action]


def _heard(records: Records, card: Card) -> tuple[reading.Seen, ...]:
    with records.database.reading() as transaction:
        return reading.reads_of(records, transaction, registered(records, card).person_id)


def test_one_person_is_shown_for_a_purpose_and_a_ticket(desk: Browser, records: Records) -> None:
    """Their own row in full, their household masked, where they live, their papers; and it is written down."""
    page = _look(desk)
    assert (page.status, page.title) == (200, "人员资料")
    for shown in (DENG.name, DENG.id_number, "许**", "张**", "林**", "办理案件", TICKET):
        assert shown in page.text
    for masked in (WIFE.name, DAUGHTER.name, MOTHER.name, WIFE.id_number):
        assert masked not in page.text
    ((action, subject, facts),) = _deeds(records)
    assert (action, subject) == ("person-read", records.keyed_hash("person", registered(records, DENG).person_id))
    told = {"officer": "chen", "role": "officer", "purpose": "case-handling", "ticket": TICKET, "found": True}
    assert facts == told


def test_the_address_holds_no_number_and_shows_the_form_alone(desk: Browser) -> None:
    """What was found stands in the answer to the form; going there again finds nothing."""
    page = _look(desk)
    assert DENG.id_number not in str(page.answer.url)
    again = desk.get(page.path)
    assert again.title == "查阅人员资料"
    assert DENG.id_number not in again.answer.text


@pytest.mark.parametrize("purpose", Purpose)
def test_a_purpose_opens_what_the_table_says(desk: Browser, purpose: Purpose) -> None:
    """And not a heading more. Of ways in and passes the page has the question alone."""
    headings = {words for level, words in _look(desk, purpose=purpose.value).headings if level == "h2"}
    words = {
        View.IDENTITY: "本人登记",
        View.HOUSEHOLD: "同户人员",
        View.DWELLING: "居住地",
        View.PAPERS: "已出具的证明",
        View.WAYS: "挂失通行方式",
        View.PASSES: "通行记录",
    }
    assert headings == {words[view] for view in OPENS[purpose]}


BAD = [
    ({"purpose": ""}, "请选择用途"),
    ({"purpose": "curiosity"}, "请选择用途"),
    ({"ticket": ""}, "请写明工单编号"),
    ({"ticket": "abc"}, "4 到 32 位"),
    ({"ticket": "ticket 17"}, "4 到 32 位"),
    ({"ticket": "x" * 33}, "4 到 32 位"),
    ({"ticket": DENG.id_number}, "不要写身份号码"),
    ({"ticket": f"JJ-{DENG.id_number[:6]}-{DENG.id_number[6:]}"}, "不要写身份号码"),
    ({"number": DENG.id_number[:17]}, "号码不完整或有误"),
    ({"number": "990101198603140018"}, "号码不完整或有误"),
    ({"number": DENG.name}, "号码不完整或有误"),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_without_purpose_ticket_or_whole_number_nothing_is_looked_up(
    desk: Browser, records: Records, change: dict[str, str], said: str
) -> None:
    """The form comes back with a sentence, and without the number."""
    desk.get(FIND)
    whole = {"number": DENG.id_number, "purpose": "case-handling", "ticket": TICKET}
    page = desk.send(FIND, **{**whole, **change})
    assert (page.status, page.title) == (422, "查阅人员资料")
    assert said in page.text
    (name,) = change
    assert any(told.get("id") == f"{name}-slip" for _, told in page.tags)
    assert page.form(FIND).fields["number"] == ""
    assert ("请重新输入" in page.text, DENG.id_number in page.answer.text) == (True, False)
    assert _deeds(records) == []


def test_nobody_and_who_is_hidden_get_the_same_page(desk: Browser, records: Records) -> None:
    """To the byte, but for the form's token; the audit's facts too."""
    pages = [_look(desk, NOBODYS_NUMBER)]
    hide(records, DENG)
    pages.append(_look(desk))
    nobody, hidden = pages
    assert (nobody.status, nobody.title) == (404, NOTHING)
    assert hidden.answer.content == nobody.answer.content
    (_, _, first), (_, _, second) = _deeds(records)
    assert first == second
    assert not first["found"]


def test_whoever_asks_is_told_who_looked_by_role_never_by_name(desk: Browser, records: Records) -> None:
    """Also of looks that found nothing because they are hidden."""
    _look(desk, purpose="report-received")
    hide(records, DENG)
    _look(desk, ticket="JJ-0002")
    newest, first = _heard(records, DENG)
    assert (first.role, first.purpose, first.ticket, first.shown) == (
        Role.OFFICER,
        Purpose.REPORT_RECEIVED,
        TICKET,
        True,
    )
    assert (newest.ticket, newest.shown) == ("JJ-0002", False)
    assert "chen" not in repr((newest, first))
    assert _heard(records, WIFE) == ()


def test_the_language_is_changed_on_a_page_that_only_a_form_leads_to(desk: Browser) -> None:
    """The way back is the form: what was found is not shown again."""
    _look(desk)
    desk.send(f"{FIND}/member")
    page = desk.send("/console/language", language="en")
    assert (page.path, page.title) == (FIND, "Look at a person")


def test_another_of_the_household_is_a_look_of_its_own(desk: Browser, records: Records) -> None:
    """From the page, under its purpose and ticket; the handle says nothing, and is no address."""
    page = _look(desk)
    button = next(form for form in page.forms if form.action == f"{FIND}/member")
    assert WIFE.id_number not in button.fields["handle"]
    shown = desk.send(f"{FIND}/member")
    assert WIFE.id_number in shown.text
    assert [each.ticket for each in _heard(records, WIFE)] == [TICKET]


def test_a_handle_serves_one_session_and_a_quarter_of_an_hour(
    desk: Browser, records: Records, clock: StillClock, officer: Account
) -> None:
    """Made up, from another session, or too old: the form again."""
    handle = next(form for form in _look(desk).forms if form.action == f"{FIND}/member").fields["handle"]
    other = Browser(records, clock).on_duty(hire(records, "li"))
    for browser, sent in ((desk, "x" * 60), (desk, handle[:-4] + "AAAA"), (desk, "汉"), (other, handle)):
        _look(browser)
        page = browser.send(f"{FIND}/member", handle=sent)
        assert (page.status, page.title) == (409, "查阅人员资料")
    session = _session(records, desk)
    clock.pass_by(looking.LIFE_S)
    assert looking.unseal(records, session, handle) is None
    del officer


def _session(records: Records, browser: Browser) -> Session:
    session = sessions.resume(records, browser.http.cookies["__Host-lamplight-console"])
    assert session is not None
    return session


@pytest.fixture
def strict(records: Records) -> Records:
    """Records that allow two looks an hour."""
    few = records.settings.reading.model_copy(update={"per_hour": 2})
    return replace(records, settings=records.settings.model_copy(update={"reading": few}))


def test_an_account_has_so_many_looks_an_hour(strict: Records, clock: StillClock) -> None:
    """Whatever they find, nobody among them; the refusal is audited, and the third of a day is an alert."""
    desk = Browser(strict, clock).on_duty(hire(strict))
    assert [_look(desk, card).status for card in (DENG, NOBODYS_NUMBER)] == [200, 404]
    for tried in range(1, 4):
        page = _look(desk, WIFE)
        assert (page.status, page.title) == (429, "查阅人员资料")
        assert "60 分钟后再试" in page.text
        with strict.database.reading() as transaction:
            raised = [each.kind for each in alerts.list_open(transaction)]
        assert raised == ([AlertKind.READS_LIMIT] if tried == 3 else [])
    assert [action for action, _, _ in _deeds(strict)] == ["person-read"] * 2 + ["read-refused"] * 3
    assert _heard(strict, WIFE) == ()
    assert "超过查阅上限" in desk.get("/console/alerts").text


@pytest.mark.parametrize("kind", BOTH)
def test_looks_at_once_are_no_way_around_the_limit(strict: Records, clock: StillClock) -> None:
    """Each is counted before the next one is let through, on either database."""
    session = _session(strict, Browser(strict, clock).on_duty(hire(strict)))
    given = looking.Why(Purpose.CASE_HANDLING, TICKET)

    def tried(card: Card) -> bool:
        try:
            return reading.by_number(strict, session, card.id_number, given) is not None
        except ReadingLimitError:
            return False

    with ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(tried, [DENG, WIFE, DAUGHTER, MOTHER] * 2))
    assert sum(shown) == 2
    with strict.database.reading() as transaction:
        query = sa.text("SELECT count(*) FROM reads WHERE outcome = 'limit'")
        assert transaction.connection.execute(query).scalar_one() == 6


def test_the_limit_ends_after_an_hour_and_is_each_accounts_own(strict: Records, clock: StillClock) -> None:
    """The oldest look of the hour decides how long to wait."""
    desk, other = (Browser(strict, clock).on_duty(hire(strict, name)) for name in ("chen", "li"))
    _look(desk)
    clock.pass_by(14 * 60)
    _look(desk)
    assert "46 分钟后再试" in _look(desk).text
    assert _look(other).status == 200
    for _ in range(4):
        clock.pass_by(14 * 60)
        desk.get("/console/")
    assert _look(desk).status == 200


def test_where_somebody_lives_and_their_papers_are_shown(desk: Browser, kiosk: KioskClient) -> None:
    """The flat that they declared, unconfirmed; serials with their states."""
    subject = kiosk.prove()
    flat = kiosk.post("/v1/dwellings", {"building": "5", "unit": "1", "room": "602"}).json()
    paper = kiosk.reserve(subject, kind="residence_receipt", purpose="declare", dwelling=flat["id"])
    assert paper.status_code == 201, paper.text
    page = _look(desk)
    assert flat["address"] in page.text
    assert "尚未核实" in page.text
    assert f"{paper.json()['serial']} · 居住登记凭证 · 办理中" in page.text
    inspected = _look(desk, purpose="rental-inspection")
    assert flat["address"] in inspected.text
    assert paper.json()["serial"] not in inspected.text


def test_a_paper_that_somebody_hidden_asked_for_is_not_shown_with_the_child(
    desk: Browser, kiosk: KioskClient, records: Records
) -> None:
    """Its serial would name the kiosk where they were."""
    subject = kiosk.vouched(WIFE)
    (child,) = kiosk.record(subject)["children"]
    serial = kiosk.reserve(subject, person=child["handle"]).json()["serial"]
    assert serial in _look(desk, DAUGHTER).text
    hide(records, WIFE)
    assert serial not in _look(desk, DAUGHTER).text


# --- houses ---


def _lives(records: Records, card: Card, room: str = "602") -> str:
    with records.database.writing() as transaction:
        flat = dwellings.by_door(transaction, "5", "1", room)
        assert flat is not None
        day = records.clock.now().date()
        dwellings.declare(transaction, registered(records, card).person_id, flat.dwelling_id, day)
    return f"/console/flats/{flat.dwelling_id}"


def test_from_the_community_to_a_flat_there_are_counts_alone(desk: Browser, records: Records) -> None:
    """Buildings, floors, flats, in the order of somebody who walks."""
    path = _lives(records, DENG)
    page = desk.get("/console/houses")
    assert "5 幢（54 套）" in page.text
    page = desk.get("/console/houses/5")
    assert [told["href"] for tag, told in page.tags if tag == "a" and "houses/5/" in (told.get("href") or "")] == [
        f"/console/houses/5/{floor}" for floor in range(1, 7)
    ]
    page = desk.get("/console/houses/5/6")
    assert "1 单元 602 室" in page.text
    assert path in [told.get("href") for tag, told in page.tags if tag == "a"]
    for wrong in ("/console/houses/99", "/console/houses/5/99", "/console/flats/0000"):
        assert desk.get(wrong).status == 404


def test_a_flat_tells_of_nobody_before_purpose_and_ticket(desk: Browser, records: Records) -> None:
    """A flat where somebody lives and one where nobody does have the same form, to the byte but for the door."""
    lived = desk.get(_lives(records, DENG))
    with records.database.reading() as transaction:
        flat = dwellings.by_door(transaction, "5", "1", "601")
    assert flat is not None
    empty = desk.get(f"/console/flats/{flat.dwelling_id}")
    plain = [words.replace("602", "601") for words in lived.words]
    assert plain == empty.words
    assert desk.send(empty.path, purpose="case-handling", ticket="").status == 422
    assert desk.send(empty.path, purpose="register-correction", ticket=TICKET).status == 422


def test_who_lives_in_a_flat_is_masked_and_hears_of_it(desk: Browser, records: Records) -> None:
    """The flat is one look, each of its people another when opened; the hidden one is not there, and hears of it."""
    _lives(records, DENG)
    path = _lives(records, WIFE)
    hide(records, WIFE)
    desk.get(path)
    page = desk.send(path, purpose="rental-inspection", ticket=TICKET)
    assert page.status == 200
    assert "张**" in page.text
    assert "许" not in page.text
    assert DENG.name not in page.text
    assert [each.shown for each in _heard(records, DENG)] == [True]
    assert [each.shown for each in _heard(records, WIFE)] == [False]
    assert [action for action, _, _ in _deeds(records)] == ["flat-read", "person-read"]
    opened = desk.send("/console/persons/member")
    assert DENG.id_number in opened.text
    assert len(_heard(records, DENG)) == 2


def test_a_flat_of_many_counts_as_one_look(strict: Records, clock: StillClock) -> None:
    """Else the limit would tell how many live there, the hidden among them."""
    desk = Browser(strict, clock).on_duty(hire(strict))
    for card in (DENG, WIFE):
        _lives(strict, card)
    path = _lives(strict, MOTHER)
    for expected in (200, 200, 429):
        desk.get(path)
        assert desk.send(path, purpose="case-handling", ticket=TICKET).status == expected
