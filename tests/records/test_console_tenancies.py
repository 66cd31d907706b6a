"""租住登记 at the console: a queue for each reason, what a decision needs, a document where two disagree."""

from datetime import timedelta

import pytest

from backend_client.contract.intakes import WaysContent
from backend_client.contract.tenancies import AskKind, RightKind, RightState, WayKind
from civic.document import DocumentKind
from records.console.texts import LANGUAGES, words
from records.context import Records
from records.rules.tenancies import DISPUTES, QueueKind
from records.services import devices
from records.services.tenancies import desk as queues
from records.services.tenancies import silence
from records.store.asks import Answer
from tests.support import at_gates
from tests.support.clocks import StillClock
from tests.support.console import Browser, Page, hire
from tests.support.hidden import hide
from tests.support.intakes_desk import REASON, deeds
from tests.support.records_client import DENG, GUEST, LAN, MOTHER, RARE, WIFE, KioskClient
from tests.support.tenancies import A_YEAR, DAY_S, TODAY, Town, comer, who

HERE = "/console/tenancies"
INTAKES = "/console/intakes"
DOCUMENT = "TJ-2026-0042"


@pytest.fixture
def town(records: Records, kiosk: KioskClient, clock: StillClock) -> Town:
    return Town(records, kiosk, clock)


def _opened(browser: Browser, number: str) -> Page:
    browser.get(f"{INTAKES}/{number}")
    return browser.send(f"{INTAKES}/{number}", reason=REASON)


def _decided(browser: Browser, number: str, decision: str, **more: str) -> Page:
    _opened(browser, number)
    return browser.send(f"{INTAKES}/{number}/decide", decision=decision, **more)


def _count(browser: Browser, queue: QueueKind) -> str:
    page = browser.get(HERE)
    title = words("zh")(f"tenancy_queue.{queue}")
    return next(each for each in page.words if each.startswith(f"{title}：")).partition("：")[2]


def test_each_reason_has_its_queue_and_the_menu_counts_them(town: Town, desk: Browser) -> None:
    """With nobody's name but a mask; what was handed in about flats is not among the other things."""
    number = town.rents()
    assert (_count(desk, QueueKind.NEW_WITHOUT_LANDLORD), _count(desk, QueueKind.OVERLAP)) == ("1", "0")
    page = desk.get(f"{HERE}/new-without-landlord")
    assert "租住登记、续租 · 张**" in page.text
    assert DENG.name not in page.answer.text
    assert DENG.id_number not in page.answer.text
    assert 'data-waits="tenancies">1<' in page.answer.text
    assert 'data-waits="intakes"><' in page.answer.text
    assert number not in desk.get(INTAKES).answer.text
    assert desk.get(f"{HERE}/nothing-of-the-kind").status == 400


def test_it_is_opened_for_a_reason_and_an_officers_yes_stands_for_the_landlords(town: Town, desk: Browser) -> None:
    number = town.rents(DENG, comers=(comer(WIFE),))
    assert "5 栋" not in desk.get(f"{INTAKES}/{number}").text
    page = _opened(desk, number)
    for said in (DENG.name, DENG.id_number, town.flat().address, f"{TODAY} 至 {A_YEAR}", "没有填写", "产权证明"):
        assert said in page.text
    assert WIFE.name not in page.text  # how many come along matters here, and not who
    assert desk.send(f"{INTAKES}/{number}/decide", decision="accepted/papers-seen").path == HERE
    assert (town.state(DENG), town.state(WIFE)) == ("active", "active")
    assert [facts["reason"] for action, facts in deeds(town.records) if action == "intake-opened"] == [REASON]


def test_an_overlap_shows_the_others_days_and_not_who(town: Town, desk: Browser) -> None:
    """Of who is hidden not even the days, nor that a filing number is missing."""
    town.lives(DENG)
    number = town.rents(GUEST)
    assert town.at(number) == ("waiting", "overlap")
    page = _opened(desk, number)
    assert f"其他人的租期 {TODAY} 至 {A_YEAR}" in page.text
    assert DENG.name not in page.text
    assert DENG.name[0] + "**" not in page.text
    assert _count(desk, QueueKind.MISSING_FILING) == "1"
    hide(town.records, DENG)
    assert "其他人的租期" not in _opened(desk, number).text
    assert _count(desk, QueueKind.MISSING_FILING) == "0"


def test_people_are_named_where_the_decision_is_about_them(town: Town, desk: Browser) -> None:
    """A child of others, and a foreign national with the day from which twenty-four hours count."""
    town.lives(DENG)
    child = town.brings(DENG, comer(RARE, birth_date=TODAY - timedelta(days=900), guardian=True, number="A1234567",
                                    document=DocumentKind.PASSPORT, issuing_state="UTO",
                                    arrived_on=TODAY.isoformat()))  # fmt: skip
    assert town.at(child) == ("waiting", "foreign")
    page = _opened(desk, child)
    for said in (RARE.name, "A1234567", f"{TODAY} 入境", "二十四小时", "监护人带来的孩子"):
        assert said in page.text


def _objected(town: Town) -> str:
    contract = town.lives(DENG)
    number = town.asks_for_the_end(contract.tenancy_id, day=TODAY + timedelta(days=9))
    town.answers(DENG, yes=False)
    assert town.at(number) == ("waiting", "objection")
    return number


def test_a_dispute_shows_both_sides_and_is_decided_by_a_document(town: Town, desk: Browser) -> None:
    """With who mediates and nobody's name; the audit has the reason and the document. To ask for papers needs none."""
    number = _objected(town)
    both = f"现有租期 {TODAY} 至 {A_YEAR}", f"要求改为 至 {TODAY + timedelta(days=9)}"
    page = _opened(desk, number)
    assert all(said in page.text for said in (*both, "不同意的人 1", "人民调解室"))
    assert DENG.name not in page.text
    for document in ("", "TJ", f"TJ-{DENG.id_number}", "调解书"):
        page = _decided(desk, number, "refused/papers-disagree", document=document)
        assert (page.status, "依据文件的编号" in page.text, town.state(DENG)) == (422, True, "disputed")
    assert _decided(desk, number, "more-papers/lease").path == HERE
    assert _decided(desk, number, "refused/papers-disagree", document=DOCUMENT).path == HERE
    assert town.state(DENG) == "active"
    (_, last) = [facts for action, facts in deeds(town.records) if action == "intake-decided"]
    assert (last["officer"], last["reason"], last["ticket"]) == ("chen", "papers-disagree", DOCUMENT)


def test_an_accepted_early_end_ends_it_on_its_day(town: Town, desk: Browser) -> None:
    number = _objected(town)
    _decided(desk, number, "accepted/papers-seen", document=DOCUMENT)
    assert town.right(DENG).ends_on == TODAY + timedelta(days=9)


def test_silence_about_an_early_end_is_told_as_that(town: Town, clock: StillClock) -> None:
    contract = town.lives(DENG)
    number = town.asks_for_the_end(contract.tenancy_id)
    clock.pass_by(3 * DAY_S)
    silence.note_over(town.records)
    assert town.at(number) == ("waiting", "early-end")
    fresh = Browser(town.records, clock).on_duty(hire(town.records))
    assert "到期没有答复的人 1" in _opened(fresh, number).text


def test_an_answer_and_a_way_say_what_they_are(town: Town, desk: Browser) -> None:
    """Read from a card alone: an officer says that it is them."""
    town.owns()
    town.rents()
    answer = town.answers(LAN, proven=False)
    page = _opened(desk, answer)
    assert "所问的事 是否同意出租" in page.text
    assert "答复 同意" in page.text
    desk.send(f"{INTAKES}/{answer}/decide", decision="accepted/papers-seen")
    assert town.state(DENG) == "active"
    way = WaysContent(who=who(DENG, proven=False), right=town.right(DENG).right_id, face=True, card=at_gates.new_card())
    chosen = town.hands_in(way)
    page = _opened(desk, chosen)
    assert "增加一张，尾号 19AF" in page.text
    assert "同意使用" in page.text


def test_what_waits_for_an_answer_is_not_before_an_officer(town: Town, desk: Browser) -> None:
    """By its number it is found, and the page says that it needs none."""
    town.owns()
    number = town.rents()
    assert town.at(number) == ("under-way", "")
    assert "还在等当事人答复" in _opened(desk, number).text
    assert _count(desk, QueueKind.NEW_WITHOUT_LANDLORD) == "0"


def test_filing_numbers_and_crowded_flats_are_listed_and_not_decided(town: Town, desk: Browser) -> None:
    town.lives(DENG, comer(WIFE), comer(MOTHER))
    page = desk.get(f"{HERE}/missing-filing")
    assert town.flat().address in page.text
    assert f"{TODAY} 至 {A_YEAR} · 有居住权利的 3 人" in page.text
    assert [form for form in page.forms if form.action.startswith(HERE)] == []
    assert "现在没有" in desk.get(f"{HERE}/too-many").text


def test_what_a_revoked_kiosk_handed_in_begins_nothing(town: Town, desk: Browser, kiosk: KioskClient) -> None:
    """Refused with all the rest of it, the right that waited goes too."""
    town.rents()
    assert town.state(DENG) == "pending"
    devices.revoke(town.records, kiosk.device_id, REASON, "zhao")
    assert desk.get(INTAKES).forms
    desk.send(f"{INTAKES}/revoked", device=kiosk.device_id, reason=REASON)
    assert town.state(DENG) == "ended"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_its_words(language: str) -> None:
    known = words(language).texts
    families = {
        "tenancy_queue": [*QueueKind],
        "tenancy_about": [*QueueKind],
        "right_kind": [*RightKind],
        "right_state": [*RightState],
        "ask_kind": [*AskKind],
        "way": [*WayKind],
        "tenancy_answer": [each or "none" for each in Answer if each is not Answer.MOOT],
    }
    assert [f"{name}.{each}" for name, some in families.items() for each in some if f"{name}.{each}" not in known] == []
    assert set(queues.DECIDED) | set(queues.LISTED) == set(QueueKind)
    assert set(queues.DECIDED) >= DISPUTES
