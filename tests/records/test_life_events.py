"""Writing down what happened in somebody's life: two accounts at the console, and what kiosks then know."""

from dataclasses import replace
from datetime import date

import pytest

from backend_client.contract.papers import PaperState
from civic.document import DocumentKind
from civic.id_number import IdNumber
from records.console.routes.approvals import DO, TELL
from records.console.visitor import COOKIE
from records.context import Records
from records.population import seeding
from records.rules.life_effects import EventKind
from records.services.asking import Asked
from records.services.making import paper as making
from records.store import life_events, papers, residents
from records.store.approvals import Matter
from tests.support.clocks import StillClock
from tests.support.console import Browser, Page, hire
from tests.support.hidden import hide, registered
from tests.support.lives import NEW_NUMBER, TICKET, happen
from tests.support.records_client import DAUGHTER, DENG, LAN, NOBODYS_NUMBER, WIFE, Card, KioskClient, typed

EVENTS, LIST, FIND = "/console/life-events", "/console/approvals", "/console/persons"
COMMON = {"since": "2026-11-20", "basis": "court-ruling", "document": "7"}
BASES = {"name-change": "change-approved", "number-change": "change-approved"}


@pytest.fixture
def second(records: Records, clock: StillClock) -> Browser:
    return Browser(records, clock).on_duty(hire(records, "li"))


def _write(desk: Browser, kind: str = "death", number: str = DENG.id_number, **changes: str) -> Page:
    action = f"{EVENTS}/{kind}"
    desk.get(action)
    common = {"since": "2026-11-20", "basis": BASES.get(kind, "court-ruling"), "document": "平法 2026-7"}
    return desk.send(action, **{**common, "number": number, "ticket": TICKET, **changes})


def _read(browser: Browser, number: str = DENG.id_number, **again: str) -> Page:
    page = browser.get(LIST)
    action = next(form.action for form in page.forms if form.action.endswith("/read"))
    return browser.send(action, number=number, **again)


def _agree(browser: Browser, number: str = DENG.id_number, **again: str) -> Page:
    page = _read(browser, number, **again)
    action = next((form.action for form in page.forms if form.action.endswith("/approve")), "")
    return browser.send(action) if action else page


def test_nobody_learns_of_a_death_at_a_kiosk(
    desk: Browser, second: Browser, kiosk: KioskClient, records: Records
) -> None:
    """The visit that went on is over; card and typed number are answered like anybody's whom an officer must see."""
    before = kiosk.prove()
    stranger = kiosk.identified(typed(NOBODYS_NUMBER, "visit-0008"))
    assert _write(desk).path == LIST
    assert not registered(records, DENG).deceased
    page = second.get(LIST)
    assert ("死亡" in page.text, DENG.id_number in page.text, DENG.name in page.text) == (True, False, False)
    assert _agree(second).status == 200
    assert registered(records, DENG).deceased
    assert kiosk.post(f"/v1/identifications/{before}/record").json()["code"] == "subject-expired"
    assert kiosk.identify(DENG, "visit-0009")["state"] == "unclear"
    answer = kiosk.identified(typed(DENG.id_number, "visit-0010"))
    assert {name: answer[name] for name in ("state", "has_portrait", "rare")} == {
        name: stranger[name] for name in ("state", "has_portrait", "rare")
    }


def test_an_old_number_finds_its_person_for_an_officer_alone(
    desk: Browser, second: Browser, kiosk: KioskClient, records: Records
) -> None:
    """At a kiosk the old card is unclear, the new one is not. The second account has read the new number too."""
    _write(desk, "number-change", new_number=NEW_NUMBER)
    assert _agree(second).status == 422
    _agree(second, again=NEW_NUMBER)
    assert kiosk.identify(DENG)["state"] == "unclear"
    new = Card(DENG.name, NEW_NUMBER, date(1986, 3, 15), DENG.valid_until)
    assert kiosk.identify(new, "visit-0002")["state"] == "clear"
    desk.get(FIND)
    page = desk.send(FIND, number=DENG.id_number, purpose="case-handling", ticket=TICKET)
    assert (page.status, NEW_NUMBER in page.text) == (200, True)
    with records.database.reading() as transaction:
        assert life_events.who_had(transaction, DENG.id_number) == registered(records, new).person_id


def test_what_was_made_under_a_mistake_is_void_when_it_is_taken_back(
    desk: Browser, second: Browser, kiosk: KioskClient, records: Records
) -> None:
    """By two accounts again, with the ticket under which it was written down; passports find their holder again."""
    _write(desk, "name-change", name="张长明", latin="ZHANG CHANGMING")
    _agree(second, again="张长明")
    changed = replace(DENG, name="张长明")
    serial = kiosk.reserved(changed)["serial"]
    desk.get(f"{EVENTS}/taken-back")
    desk.send(f"{EVENTS}/taken-back", number=DENG.id_number, of_ticket=TICKET, ticket="HJ-2026-0032")
    assert "姓名变更" in _read(second).text
    assert _agree(second).status == 200
    own = registered(records, DENG)
    assert (own.name.reveal(), own.former_name.reveal(), own.latin_name.reveal()) == (DENG.name, "", "ZHANG MINGDENG")
    assert own.householder.reveal() == DENG.name
    with records.database.reading() as transaction:
        paper = papers.find(transaction, serial)
    assert paper is not None
    assert paper.state is PaperState.VOID
    assert kiosk.identify(changed, "visit-0003")["state"] == "unclear"
    assert kiosk.identify(DENG, "visit-0004")["state"] == "clear"


MOVES_IN = {"basis": "migration-certificate", "division": "990101", "householder": LAN.id_number, "relation": "外甥"}


def test_the_second_account_agrees_to_what_it_has_read_and_to_nothing_else(
    desk: Browser, second: Browser, clock: StillClock, records: Records
) -> None:
    """The address too, though no list shows it. The number alone does nothing, nor does what a third account read."""
    third = Browser(records, clock, "10.0.0.8").on_duty(hire(records, "wu"))
    for _ in range(2):  # pressed twice, it waits once
        _write(desk, "move-in", address="灯火路1号", **MOVES_IN)
    waiting = second.get(LIST)
    assert (waiting.text.count("户口迁入"), "灯火路1号" in waiting.text) == (1, False)
    assert _read(second).status == 422
    assert _read(second, DAUGHTER.id_number, again=LAN.id_number).status == 422
    read = _read(third, again=LAN.id_number)
    action = next(form.action for form in read.forms if form.action.endswith("/approve"))
    token = records.keyed_hash("console-form", second.http.cookies[COOKIE], action)
    for sent in ({"number": DENG.id_number + LAN.id_number}, read.form(action).fields, {}):
        assert second.http.post(action, data={**sent, "form_token": token}).status_code == 422
    page = _read(second, again=LAN.id_number)
    said = ("灯火路1号", "990101", "外甥", "2026-11-20", "户口迁移证", "平法 2026-7")
    assert [each for each in said if each not in page.text] == []
    before = registered(records, DENG).address.reveal()
    assert (before == "灯火路1号", before in page.text, DENG.name in page.text) == (False, False, False)
    assert second.send(action).path == LIST
    own = registered(records, DENG)
    assert (own.address.reveal(), own.relation.reveal()) == ("灯火路1号", "外甥")
    assert set(TELL) == set(DO) == set(Matter)


def test_asking_tells_nothing_of_the_number(desk: Browser, second: Browser, records: Records) -> None:
    """Registered, hidden, or nobody's: the same words. Of who is hidden it happens; of nobody it can't, and the second
    account reads one sentence for every reason."""
    hide(records, WIFE)
    for number in (DENG.id_number, WIFE.id_number, NOBODYS_NUMBER):
        page = _write(desk, number=number)
        assert (page.path, page.text.count("死亡")) == (LIST, 1)
        agreed = _agree(second, number)
        fits = number != NOBODYS_NUMBER
        assert (agreed.status, "现在不能照此办理" in agreed.text) == (200 if fits else 409, not fits)
    found = records.register.find(IdNumber(WIFE.id_number))
    assert found is not None
    assert found.deceased


BAD = [
    ("death", {"number": "123"}, "号码不完整或有误"),
    ("death", {"since": "2026-11-30"}, "不晚于今天"),
    ("death", {"since": "yesterday"}, "不晚于今天"),
    ("death", {"basis": "because"}, "请选择依据文件"),
    ("death", {"document": ""}, "请写明文件编号"),
    ("death", {"document": f"号 {WIFE.id_number}"}, "请写明文件编号"),
    ("death", {"ticket": ""}, "请写明工单编号"),
    ("name-change", {"name": "张3", "latin": ""}, "姓名里有不能登记的字符"),
    ("name-change", {"name": "张长明", "latin": "张"}, "拼音只写大写字母"),
    ("number-change", {"new_number": "99010119860315001X"}, "变更后的号码不完整或有误"),
    ("move-out", {"basis": "migration-permit", "address": "", "division": "990202"}, "请写明新的户籍地址"),
    ("move-out", {"basis": "migration-permit", "address": "远方路2号", "division": "9902"}, "六位数字"),
    ("guardian-given", {"guardian": "12"}, "监护人的号码不完整或有误"),
    ("taken-back", {"of_ticket": ""}, "工单编号须是"),
]


def test_what_is_unfit_comes_back_in_words(desk: Browser) -> None:
    """Without the number in the page; nothing is asked for by it."""
    for kind, change, said in BAD:
        page = _write(desk, kind, **change)
        assert (page.status, said in page.text) == (422, True), (kind, change)
        assert [each for each in (DENG.id_number, WIFE.id_number) if each in page.answer.text] == []
        (slip,) = {told["id"] or "" for _, told in page.tags if (told.get("id") or "").endswith("-slip")}
        assert slip.removesuffix("-slip") in change
        assert page.form(f"{EVENTS}/{kind}").fields["ticket"] == change.get("ticket", TICKET)
        assert "请重新输入" in page.text
    moved = _write(
        desk, "move-out", basis="migration-permit", address="远方路2号", division="990202", since="2026-13-45"
    )
    assert moved.form(f"{EVENTS}/move-out").fields["address"] == "远方路2号"
    assert "没有待复核" in desk.get(LIST).text.replace("现在没有", "没有")


def test_every_event_has_a_page_that_says_what_it_does(desk: Browser) -> None:
    """And what stays so, though it is taken back."""
    assert desk.get(EVENTS).title == "人口变动"
    for kind in (*EventKind, "taken-back"):
        page = desk.get(f"{EVENTS}/{kind}")
        assert page.status == 200
        stays = kind not in {EventKind.GUARDIAN_GIVEN, EventKind.GUARDIAN_DISPUTED}
        assert ("撤回也不能恢复的" in page.text) == stays
    back = desk.get(f"{EVENTS}/taken-back").answer.text
    assert back.count("<li>正在自助机上办理的业务</li>") == 2  # a death, and whatever else ends visits


def test_of_a_register_elsewhere_events_come_from_there(records: Records, clock: StillClock) -> None:
    """The page says so, has no form, and takes none."""
    own = records.settings
    elsewhere = own.model_copy(update={"population": own.population.model_copy(update={"url": "https://register/"})})
    desk = Browser(replace(records, settings=elsewhere), clock).on_duty(hire(records))
    page = desk.get(EVENTS)
    assert ("局里的户籍系统提供" in page.text, f"{EVENTS}/death" in page.answer.text) == (True, False)
    assert "这里不登记" in _write(desk).text


def _dies(records: Records) -> None:
    """As two accounts have agreed, without the pages."""
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.DEATH, {**COMMON, "person": registered(records, DENG).person_id})


def test_seeding_again_undoes_no_event(records: Records) -> None:
    """Not the old number, nor a passport in it, nor a guardianship that death ended: nobody is made a second time."""
    with records.database.reading() as transaction:
        people = residents.numbers(transaction)
    person = people[DENG.id_number]
    body = {"person": person, "since": "2026-11-20", "basis": "change-approved", "document": "7"}
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.NUMBER_CHANGE, {**body, "new_number": NEW_NUMBER})
        happen(records, transaction, Matter.DEATH, body)
        guardians = residents.guardians(transaction)
    assert seeding.seed(records.database, records.settings.population).added == 0
    with records.database.reading() as transaction:
        assert residents.by_number(transaction, DENG.id_number) is None
        assert residents.by_document(transaction, DocumentKind.PASSPORT, "CHN", "EA0000014") is None
        assert residents.guardians(transaction) == guardians


def test_what_an_event_leaves_open_is_listed_without_anybody(desk: Browser, records: Records) -> None:
    """A ticket, a day, and what is to be done."""
    _dies(records)
    page = desk.get(EVENTS)
    assert ("请联系家属办理户主变更" in page.text, TICKET in page.text, DENG.name in page.text) == (True, True, False)


@pytest.mark.parametrize(
    ("whose", "matter", "code"),
    [
        (DENG, Matter.DEATH, "subject-expired"),
        (DAUGHTER, Matter.DEATH, "not-permitted"),
        (DAUGHTER, Matter.GUARDIAN_ENDED, "not-permitted"),
    ],
)
def test_a_paper_that_was_being_asked_for_meanwhile_is_not_made(
    kiosk: KioskClient, records: Records, monkeypatch: pytest.MonkeyPatch, whose: Card, matter: Matter, code: str
) -> None:
    """What was read before the event is not printed after it, of a child as little as of who asks."""
    person = {"person": registered(records, whose).person_id, "guardian": registered(records, DENG).person_id}
    subject, read = kiosk.prove(), making.read
    (child,) = kiosk.record(subject)["children"]

    def read_while_it_happens(opened: Records, asked: Asked) -> making.Read:
        with records.database.writing() as transaction:
            happen(records, transaction, matter, {**COMMON, **person})
        return read(opened, asked)

    monkeypatch.setattr(making, "read", read_while_it_happens)
    assert kiosk.reserve(subject, person=child["handle"] if whose is DAUGHTER else "").json()["code"] == code


def test_what_is_taken_back_meanwhile_is_read_anew(
    kiosk: KioskClient, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mother's new name was a mistake: the paper says the right one, and nobody is sent away for it."""
    wife, subject, read = registered(records, WIFE), kiosk.prove(), making.read
    meanwhile = [(Matter.NAME_CHANGE, {"name": "李长明", "latin": ""}), (Matter.LIFE_TAKEN_BACK, {"of_ticket": TICKET})]

    def read_while_it_happens(opened: Records, asked: Asked) -> making.Read:
        if meanwhile:
            matter, told = meanwhile.pop(0)
            with records.database.writing() as transaction:
                happen(records, transaction, matter, {**COMMON, "person": wife.person_id, **told})
        return read(opened, asked)

    monkeypatch.setattr(making, "read", read_while_it_happens)
    assert (kiosk.reserve(subject).status_code, meanwhile) == (201, [])
