"""A landlord answers on the public page: flat and days, nobody's name, each code once, and guessing is slow."""

import re
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.testclient import TestClient

from records.app import application
from records.console.headers import HEADERS
from records.context import Records
from records.services.tenancies.code_sending import hashed
from records.store import landlord_codes
from records.store.landlord_codes import CodeRow
from tests.support.clocks import StillClock
from tests.support.public_pages import anyone_at
from tests.support.records_client import DENG, LAN, KioskClient
from tests.support.tenancies import A_YEAR, Town

CODE = "ABCDE23456"
FREE_TRIES = 11


@pytest.fixture
def town(records: Records, kiosk: KioskClient, clock: StillClock) -> Town:
    """Somebody wants to rent LAN's flat, and LAN has a code."""
    made = Town(records, kiosk, clock)
    made.owns()
    made.rents()
    (ask,) = made.asked(LAN)
    with records.database.writing() as transaction:
        landlord_codes.add(transaction, CodeRow(hashed(records, CODE), ask.ask_id, clock.now(), ask.until))
    return made


@pytest.fixture
def landlord(records: Records) -> TestClient:
    return anyone_at(application(records))


def _post(landlord: TestClient, path: str, **form: str) -> httpx2.Response:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return landlord.post(f"/answer/{path}?language=en", content=urlencode(form), headers=kind)


def _looks(landlord: TestClient, code: str = CODE) -> httpx2.Response:
    return _post(landlord, "", code=code)


def _answers(landlord: TestClient, said: str, code: str = CODE) -> httpx2.Response:
    return _post(landlord, "given", code=code, said=said)


def test_a_code_shows_the_flat_and_the_days_and_nobody(town: Town, landlord: TestClient) -> None:
    """However it was typed. Looking answers nothing."""
    page = _looks(landlord, f" {CODE[:5].lower()}-{CODE[5:]} ")
    assert page.status_code == 200
    assert town.flat().address in page.text
    assert A_YEAR.isoformat() in page.text
    for secret in (DENG.name, DENG.id_number, LAN.name):
        assert secret not in page.text
    assert len(town.asked(LAN)) == 1


@pytest.mark.parametrize(("said", "state"), [("yes", "active"), ("no", "pending")])
def test_an_answer_counts_once(town: Town, landlord: TestClient, said: str, state: str) -> None:
    """Yes and no are two buttons of one look, and neither was chosen before."""
    buttons = re.findall(r"<button([^>]*)name=\"said\" value=\"(yes|no)\"([^>]*)>", _looks(landlord).text)
    assert [(before.strip(), value, after) for before, value, after in buttons] == [("", "yes", ""), ("", "no", "")]
    done = _answers(landlord, said)
    assert (done.status_code, f"You answered: {said}." in done.text) == (200, True)
    assert (town.state(DENG), town.asked(LAN)) == (state, ())
    assert [_answers(landlord, said).status_code, _looks(landlord).status_code] == [404, 404]


def test_a_wrong_code_an_old_one_and_a_used_one_are_told_alike(
    town: Town, landlord: TestClient, clock: StillClock
) -> None:
    wrong = _looks(landlord, "2222222222").text
    _answers(landlord, "yes")
    assert _looks(landlord).text == wrong
    clock.pass_by(400 * 24 * 3600)
    assert _looks(landlord).text == wrong
    assert town.flat().address not in wrong


def test_who_guesses_waits_and_the_landlord_elsewhere_does_not(town: Town, landlord: TestClient) -> None:
    """Answering is no way around it. A household's many addresses of IPv6 are one."""
    app = application(town.records)
    neighbours = [anyone_at(app, f"2001:db8::{number}") for number in range(1, FREE_TRIES + 1)]
    assert {_answers(each, "no", "2222222222").status_code for each in neighbours} == {404}
    slowed = _looks(anyone_at(app, "2001:db8::ffff"))
    assert slowed.status_code == 429
    assert re.search(r"Wait \d+ seconds", slowed.text)
    assert _looks(landlord).status_code == 200


def test_another_sites_form_answers_nothing(town: Town, landlord: TestClient) -> None:
    landlord.headers["Sec-Fetch-Site"] = "cross-site"
    assert _answers(landlord, "yes").status_code == 400
    assert len(town.asked(LAN)) == 1


@pytest.mark.parametrize("said", ["", "maybe"])
def test_without_a_choice_nothing_is_answered(town: Town, landlord: TestClient, said: str) -> None:
    page = _answers(landlord, said)
    assert (page.status_code, "the code is not used up" in page.text) == (400, True)
    assert len(town.asked(LAN)) == 1


def test_the_page_needs_no_script_and_no_cookie(landlord: TestClient) -> None:
    """And what can't be read is a form that says so."""
    page, empty = landlord.get("/answer/"), _looks(landlord, "")
    for each in (page, empty, landlord.get("/answer/nothing"), landlord.post("/answer/", content=b"\xff\xfe")):
        assert "<script" not in each.text
        assert "set-cookie" not in each.headers
        for name, value in HEADERS.items():
            assert each.headers[name] == value
    assert "Type the code of the text first" in empty.text
    assert 'lang="zh-CN"' in page.text


def test_what_was_typed_comes_back_as_text(town: Town, landlord: TestClient) -> None:
    """As the code to go on with; it is no markup."""
    page = _looks(landlord, f'{CODE}"><b>')
    assert page.status_code in (200, 404)
    assert "<b>" not in page.text
    assert town.asked(LAN)
