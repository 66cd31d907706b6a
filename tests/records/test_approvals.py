"""What takes two accounts: hiding a person, and ending that. The second types the number from the ticket's file."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from civic.id_number import IdNumber
from records.context import Records
from records.services import approvals, officers, protection, retention, sessions
from records.services.refusals import ApprovalOverError
from records.services.sessions import Session
from records.store import approvals as store
from records.store.approvals import Matter
from records.store.protection import Basis
from tests.support.clocks import StillClock
from tests.support.console import Browser, Page, hire
from tests.support.hidden import hide, not_registered_yet, registered
from tests.support.lives import NEW_NUMBER, happen
from tests.support.records_client import DENG, LAN, NOBODYS_NUMBER, WIFE, Card
from tests.support.records_server import BOTH

ASK, END, LIST = "/console/protection", "/console/protection/end", "/console/approvals"
TICKET = "BH-2026-0007"


@pytest.fixture
def second(records: Records, clock: StillClock) -> Browser:
    return Browser(records, clock).on_duty(hire(records, "li"))


def _ask(desk: Browser, number: str = WIFE.id_number, **changes: str) -> Page:
    desk.get(ASK)
    return desk.send(ASK, **{"number": number, "basis": "protection-order", "until": "", "ticket": TICKET, **changes})


def _end(desk: Browser, number: str = WIFE.id_number) -> Page:
    desk.get(ASK)
    return desk.send(END, number=number, ticket=TICKET)


def _read(browser: Browser, number: str = WIFE.id_number) -> Page:
    page = browser.get(LIST)
    return browser.send(next(form.action for form in page.forms if form.action.endswith("/read")), number=number)


def _approve(browser: Browser, number: str = WIFE.id_number) -> Page:
    page = _read(browser, number)
    after = [form.action for form in page.forms if form.action.endswith("/approve")]
    return browser.send(*after) if after else page


def _refuse(browser: Browser) -> Page:
    page = browser.get(LIST)
    question = next(told["href"] for tag, told in page.tags if tag == "a" and (told["href"] or "").endswith("/refuse"))
    assert question is not None
    browser.get(question)
    return browser.send(question)


def _found(records: Records, card: Card = WIFE) -> bool:
    return records.population.find(IdNumber(card.id_number)) is not None


def _deeds(records: Records) -> list[tuple[str, dict[str, Any]]]:
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT action, facts FROM audit ORDER BY seq")).all()
    wanted = ("approval", "protection")
    return [(row.action, json.loads(row.facts)) for row in rows if row.action.startswith(wanted)]


def test_two_accounts_hide_a_person_and_two_end_it(desk: Browser, second: Browser, records: Records) -> None:
    """Nothing happens before the second; each step is a deed."""
    page = _ask(desk)
    assert (page.path, "已提出，等另一位复核" in page.text) == (LIST, True)
    assert _found(records)
    page = _approve(second)
    assert (page.status, "已同意，现在生效" in page.text) == (200, True)
    assert "已同意" not in second.get(LIST).text
    assert not _found(records)
    _end(desk)
    assert not _found(records)
    _approve(second)
    assert _found(records)
    assert [action for action, _ in _deeds(records)] == [
        "approval-asked",
        "approval-read",
        "protection-begun",
        "approval-given",
        "approval-asked",
        "approval-read",
        "protection-ended",
        "approval-given",
    ]


@pytest.mark.parametrize(("until", "last"), [("2027-05-21", "2027-05-21"), ("", "到解除为止")])
def test_the_second_reads_basis_and_last_day_and_agrees_to_exactly_that(
    desk: Browser, second: Browser, records: Records, until: str, last: str
) -> None:
    """As the first wrote them, and nothing of whom it is about. The number alone does nothing."""
    _ask(desk, basis="disputed-guardianship", until=until)
    page = _read(second)
    assert [each for each in ("监护权争议", last, TICKET, "不再显示") if each not in page.text] == []
    assert [each for each in (WIFE.id_number, WIFE.name) if each in page.answer.text] == []
    action = next(form.action for form in page.forms if form.action.endswith("/approve"))
    sent = page.form(action).fields
    for proof in (WIFE.id_number, ""):
        assert second.http.post(action, data={**sent, "read": proof}).status_code == 422
    assert _found(records)
    second.send(action)
    with records.database.reading() as transaction:
        row = transaction.connection.exec_driver_sql("SELECT basis, until FROM protections").one()
    assert (row.basis, str(row.until or "")) == ("disputed-guardianship", until)


def test_who_ends_it_is_told_what_that_does_and_not_whether_anybody_is_hidden(
    desk: Browser, second: Browser, records: Records
) -> None:
    """The same page for who is hidden and for who is not."""
    pages = []
    for hidden in (False, True):
        if hidden:
            hide(records, WIFE, basis=Basis.DISPUTED_GUARDIANSHIP)
        _end(desk)
        page = _read(second)
        assert ("重新显示" in page.text, "监护权争议" in page.text) == (True, False)
        pages.append(page.text)
        _refuse(second)
    assert pages[0] == pages[1]


def test_a_number_that_nobody_has_yet_is_hidden_when_its_person_comes(
    desk: Browser, second: Browser, records: Records
) -> None:
    """Whoever fled here: the order is there first. It is ended by the same number."""
    with not_registered_yet(records, WIFE):
        _ask(desk)
        _approve(second)
    assert not _found(records)
    _end(desk)
    _approve(second)
    assert _found(records)


@pytest.mark.parametrize("asked", [WIFE.id_number, NEW_NUMBER])
def test_by_a_former_number_a_person_is_hidden_and_hidden_no_longer(
    desk: Browser, second: Browser, records: Records, asked: str
) -> None:
    """A court's order may state it for years."""
    told = {"person": registered(records, WIFE).person_id, "since": "2026-11-20", "basis": "x", "document": "7"}
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.NUMBER_CHANGE, {**told, "new_number": NEW_NUMBER})
    _ask(desk, asked)
    _approve(second, asked)
    assert records.population.resident(told["person"]) is None
    _end(desk, WIFE.id_number)
    _approve(second, WIFE.id_number)
    assert records.population.resident(told["person"]) is not None


def test_the_list_names_the_ticket_and_nobody(desk: Browser, second: Browser) -> None:
    """Neither number nor name; who asked sees their own, without a way to agree."""
    _ask(desk)
    for browser in (desk, second):
        page = browser.get(LIST)
        assert "保护一个人的资料" in page.text
        assert TICKET in page.text
        for hidden in (WIFE.id_number, WIFE.id_number[:4], WIFE.name, "许"):
            assert hidden not in page.text
    assert [form.action for form in desk.get(LIST).forms if form.action.endswith("/approve")] == []


def test_who_asked_cannot_agree(desk: Browser, records: Records) -> None:
    """Not by sending the form that the page does not have either."""
    _ask(desk)
    with records.database.reading() as transaction:
        (row,) = store.list_open(transaction, records.clock.now())
    cookie = desk.http.cookies["__Host-lamplight-console"]
    for what in ("read", "approve"):
        action = f"{LIST}/{row.approval_id}/{what}"
        token = records.keyed_hash("console-form", cookie, action)
        page = Page(desk.http.post(action, data={"form_token": token, "number": WIFE.id_number}))
        assert (page.status, "提出的人不能自己复核" in page.text) == (409, True)
    assert _found(records)


def test_the_second_must_know_whom_they_agree_to(desk: Browser, second: Browser, records: Records) -> None:
    """Another number does nothing, is audited, and is slowed like any guessing."""
    _ask(desk, DENG.id_number, ticket="BH-2026-0001")
    _ask(desk)
    page = _approve(second, LAN.id_number)
    assert (page.status, "与提出时的不一致" in page.text) == (422, True)
    first, other = (told for tag, told in page.tags if tag == "input" and told.get("name") == "number")
    assert ("aria-invalid" in first, "aria-invalid" in other) == (True, False)
    assert f"{first['id']}-slip" in (first["aria-describedby"] or "")
    assert _found(records)
    for _ in range(5):
        _approve(second, LAN.id_number)
    assert "请等" in _approve(second, LAN.id_number).text
    assert "approval-check-failed" in [action for action, _ in _deeds(records)]


def test_what_was_typed_right_is_no_guess_though_it_cannot_be_done(
    desk: Browser, second: Browser, records: Records
) -> None:
    """Nobody has the number: agreed to over and over, and the second account waits for nothing."""
    desk.get("/console/life-events/death")
    told = {"since": "2026-11-20", "basis": "court-ruling", "document": "7x", "ticket": TICKET}
    desk.send("/console/life-events/death", number=NOBODYS_NUMBER, **told)
    assert {_approve(second, NOBODYS_NUMBER).status for _ in range(8)} == {409}
    assert [action for action, _ in _deeds(records)] == ["approval-asked", *["approval-read", "approval-unfit"] * 8]


def test_who_was_put_out_has_no_vote(desk: Browser, second: Browser, records: Records) -> None:
    """What the account asked for is taken back with it, and nothing that slipped in beside is done."""
    _ask(desk)
    with records.database.reading() as transaction:
        (row,) = store.list_open(transaction, records.clock.now())
    officers.disable(records, "chen")
    assert TICKET not in second.get(LIST).text
    with records.database.writing() as transaction:
        store.add(transaction, replace(row, approval_id="beside"))
    assert _approve(second).status == 409
    assert _found(records)


def test_small_letters_and_spaces_are_the_same_number(desk: Browser, second: Browser, records: Records) -> None:
    _ask(desk)
    _approve(second, f" {WIFE.id_number[:6]} {WIFE.id_number[6:]} ".lower())
    assert not _found(records)


def test_refused_or_taken_back_nothing_happens(desk: Browser, second: Browser, records: Records) -> None:
    """And what it would have done is forgotten."""
    for browser, said in ((second, "已记下：不同意"), (desk, "已撤回")):
        _ask(desk)
        page = _refuse(browser)
        assert (page.path, said in page.text) == (LIST, True)
        assert "没有待复核的事项" in browser.get(LIST).text.replace("现在", "")
    assert _found(records)
    with records.database.reading() as transaction:
        rows = transaction.connection.exec_driver_sql("SELECT state, body, check_hash FROM approvals").all()
    assert sorted(tuple(row) for row in rows) == [("refused", "", ""), ("withdrawn", "", "")]


def test_after_a_week_it_is_over(desk: Browser, second: Browser, records: Records, clock: StillClock) -> None:
    """A page that was opened before serves nothing, and the next hour forgets whom it was about."""
    _ask(desk)
    page = second.get(LIST)
    action = next(form.action for form in page.forms if form.action.endswith("/read"))
    clock.pass_by(approvals.OPEN_FOR.total_seconds())
    with records.database.reading() as transaction:
        assert store.list_open(transaction, clock.now()) == []
        (handle,) = action.split("/")[3:4]
        assert store.open_one(transaction, handle, clock.now()) is None
    retention.tidy(records)
    with records.database.reading() as transaction:
        rows = transaction.connection.exec_driver_sql("SELECT body, check_hash FROM approvals").all()
    assert [tuple(row) for row in rows] == [("", "")]


def test_it_is_decided_once(desk: Browser, second: Browser, records: Records) -> None:
    """Whoever comes second is told, and nothing is done twice."""
    _ask(desk)
    page = _read(second)
    action = next(form.action for form in page.forms if form.action.endswith("/approve"))
    second.send(action)
    second.page = page
    assert second.send(action).status == 409
    with records.database.reading() as transaction:
        assert transaction.connection.exec_driver_sql("SELECT count(*) FROM protections").scalar() == 1


@pytest.mark.parametrize("kind", BOTH)
def test_of_two_who_agree_at_once_one_does_it(desk: Browser, records: Records, clock: StillClock) -> None:
    """On either database."""
    _ask(desk)
    with records.database.reading() as transaction:
        (row,) = store.list_open(transaction, records.clock.now())
    all_have_read = Barrier(3)
    others = [_session(records, Browser(records, clock).on_duty(hire(records, name))) for name in ("li", "wu", "qian")]

    def agreed(session: Session) -> bool:
        _, proof = approvals.read(records, session, row.approval_id, WIFE.id_number)
        all_have_read.wait()
        try:
            approvals.approve(records, session, row.approval_id, protection.DO, proof)
        except ApprovalOverError:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(agreed, others)) == 1
    with records.database.reading() as transaction:
        assert transaction.connection.exec_driver_sql("SELECT count(*) FROM protections").scalar() == 1


def _session(records: Records, browser: Browser) -> Session:
    session = sessions.resume(records, browser.http.cookies["__Host-lamplight-console"])
    assert session is not None
    return session


BAD = [
    ({"number": "123"}, "号码不完整或有误"),
    ({"basis": "because"}, "请选择依据"),
    ({"basis": ""}, "请选择依据"),
    ({"until": "tomorrow"}, "日期写成"),
    ({"until": "2020-01-01"}, "日期写成"),
    ({"until": "2099-01-01"}, "日期写成"),
    ({"ticket": ""}, "请写明工单编号"),
    ({"ticket": WIFE.id_number}, "不要写身份号码"),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_what_is_unfit_comes_back_in_words(desk: Browser, change: dict[str, str], said: str) -> None:
    """At its field, with what was chosen and typed; the number is asked for again, and is not in the page."""
    page = _ask(desk, **{"until": "2027-05-21", **change})
    assert (page.status, said in page.text) == (422, True)
    assert WIFE.id_number not in page.answer.text
    ids = {told["id"] for _, told in page.tags if "id" in told}
    (name,) = change
    assert ids & {f"hide-{name}-slip", f"{name}-slip"}
    assert "hide-number-again" in ids
    kept = {"until": "2027-05-21", "ticket": TICKET, **change}
    assert page.form(ASK).fields["until"] == kept["until"]
    assert page.form(ASK).fields["ticket"] == ("" if kept["ticket"] == WIFE.id_number else kept["ticket"])
    assert "没有待复核" in desk.get(LIST).text.replace("现在没有", "没有")


def test_asking_tells_nothing_of_the_number(desk: Browser, second: Browser, records: Records) -> None:
    """Registered, hidden already, or nobody's: the same way there, the same words after."""
    hide(records, DENG)
    for number in (WIFE.id_number, DENG.id_number, NOBODYS_NUMBER):
        asked = [_ask(desk, number).answer, _end(desk, number).answer]
        assert [(answer.status_code, answer.url.path) for answer in asked] == [(200, LIST)] * 2
        agreed = [_approve(second, number).answer for _ in range(2)]
        assert [(answer.status_code, answer.url.path) for answer in agreed] == [(200, LIST)] * 2
    told = [facts for action, facts in _deeds(records) if action.startswith("protection")]
    assert len({json.dumps(facts) for facts in told}) == 1


def test_one_account_has_so_many_open(desk: Browser) -> None:
    """Of what differs; the same again is not another."""
    for number in range(approvals.MOST_OPEN):
        assert _ask(desk, ticket=f"BH-2026-{number:04}").path == LIST
    assert _ask(desk, ticket="BH-2026-0000").path == LIST
    assert "待复核的已经太多" in _ask(desk, ticket="BH-2026-0020").text
