"""居民提交 at the console: what waits, what it says only for a reason, and how it is decided, once."""

from dataclasses import asdict, replace
from uuid import UUID

import pytest
import sqlalchemy as sa

from backend_client.contract.changes import Topic
from backend_client.contract.intakes import IntakeKind
from backend_client.seals import seal_file
from civic.id_number import IdNumber
from civic.slip_number import slip_number
from records.console.texts import LANGUAGES, words
from records.console.visitor import COOKIE
from records.context import Records
from records.errors import IntakeUnreadableError
from records.rules.entitlement import Residence
from records.rules.intakes import REASONS, IntakeState
from records.rules.roles import Right, Role, may
from records.services import (
    devices,
    intake_clearing,
    intake_deciding,
    intake_files,
    intake_lapsing,
    intake_opening,
    sessions,
)
from records.services.intake_deciding import Decision
from records.services.refusals import StaleError, TakenUpError, UnopenedError
from records.store import changes, dwellings, intakes, messages
from records.store.approvals import Matter
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.hidden import registered, whose
from tests.support.intakes import Outbox, correction, put, residence, send
from tests.support.intakes_desk import LIST, REASON, decided, deeds, handed_in, hide_for, opened, row_of
from tests.support.lives import NEW_NUMBER, TICKET, happen
from tests.support.records_client import DENG, LAN, WIFE, KioskClient

STRANGER = "110101199003070038"
SAID = (DENG.name, DENG.id_number)


@pytest.mark.usefixtures("number")
def test_the_list_shows_what_waits_and_nobodys_name(desk: Browser) -> None:
    """What, by whom (masked), when, where; neither number nor home."""
    page = desk.get(LIST)
    assert page.title == "居民提交"
    for shown in ("居住登记", "张**", "待处理", "here · kiosk-0001"):
        assert shown in page.text
    assert not any(hidden in page.answer.text for hidden in SAID)


def test_what_it_says_is_shown_for_a_reason_alone(desk: Browser, records: Records, number: str) -> None:
    """In answer to the form; the reason stands in the audit, and the page is kept by no cache."""
    asked = desk.get(f"{LIST}/{number}")
    assert not any(hidden in asked.answer.text for hidden in SAID)
    page = desk.send(f"{LIST}/{number}", reason=REASON)
    assert all(said in page.text for said in (*SAID, "2026-10-01"))
    assert "no-store" in page.answer.headers["cache-control"]
    assert deeds(records) == [
        ("intake-opened", {"officer": "chen", "intake": number, "kind": "residence", "reason": REASON})
    ]


@pytest.mark.parametrize("reason", ["", "somebody asked", f"{DENG.name} 2026-31", f"see {DENG.id_number}", "1" * 101])
def test_a_reason_that_will_not_do_opens_nothing(desk: Browser, records: Records, number: str, reason: str) -> None:
    desk.get(f"{LIST}/{number}")
    page = desk.send(f"{LIST}/{number}", reason=reason)
    assert page.status == 422
    assert DENG.id_number not in page.text
    assert deeds(records) == []


def test_an_accepted_residence_is_declared_and_confirmed(
    desk: Browser, records: Records, number: str, kiosk: KioskClient
) -> None:
    """As from the day on which it was handed in; the kiosk that sent it hears of it, and nobody else."""
    assert decided(desk, number, "accepted/papers-seen").path == LIST
    row, person = row_of(records, number), records.population.find(IdNumber(DENG.id_number))
    assert person is not None
    assert (row.state, row.reason, row.decided_by) == (IntakeState.ACCEPTED, "papers-seen", "chen")
    with records.database.reading() as transaction:
        assert dwellings.residence_of(transaction, person.person_id) is Residence.CONFIRMED
        told = changes.after(transaction, 0, 100, [Topic.INTAKE], kiosk.device_id)
        assert changes.after(transaction, 0, 100, [Topic.INTAKE], "kiosk-9999") == []
    assert [(each.ref, each.body) for each in told] == [(number, {"state": "accepted", "reason": "papers-seen"})]
    assert desk.get(f"{LIST}/{number}").status == 404
    assert number not in desk.get(LIST).answer.text


def test_under_a_number_that_was_changed_meanwhile_it_is_its_persons(
    desk: Browser, records: Records, number: str
) -> None:
    """Whoever handed it in has another number by now."""
    person = registered(records, DENG).person_id
    changed = {"person": person, "new_number": NEW_NUMBER, "since": "2026-11-20", "basis": "b", "document": "7"}
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.NUMBER_CHANGE, changed)
    decided(desk, number, "accepted/papers-seen")
    assert (row_of(records, number).state, row_of(records, number).person_id) == (IntakeState.ACCEPTED, person)


def test_under_a_number_that_was_taken_back_it_waits_for_whose_it_is(
    desk: Browser, records: Records, kiosk: KioskClient, outbox: Outbox
) -> None:
    """It is not accepted for the one who never had it."""
    number = handed_in(kiosk, outbox, correction(replace(WIFE, id_number=NEW_NUMBER)))
    people = [registered(records, each).person_id for each in (DENG, WIFE)]
    changes = [{"person": each, "since": "2026-11-20", "basis": "b", "document": "7"} for each in people]
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.NUMBER_CHANGE, {**changes[0], "new_number": NEW_NUMBER})
        happen(records, transaction, Matter.LIFE_TAKEN_BACK, {"person": people[0], "of_ticket": TICKET})
    assert "没有这个号码" in opened(desk, number).text
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.NUMBER_CHANGE, {**changes[1], "new_number": NEW_NUMBER})
    decided(desk, number, "accepted/papers-seen")
    assert (row_of(records, number).state, row_of(records, number).person_id) == (IntakeState.ACCEPTED, people[1])


@pytest.mark.parametrize(
    "decision",
    [
        f"{state}/{reason}"
        for state, listed in REASONS[IntakeKind.RESIDENCE].items()
        for reason in listed
        if state is not IntakeState.ACCEPTED
    ],
)
def test_a_decision_has_a_listed_reason(desk: Browser, records: Records, number: str, decision: str) -> None:
    """More papers: it stays on the list, with what is to be brought; refused: it is over."""
    decided(desk, number, decision)
    row = row_of(records, number)
    assert f"{row.state.value}/{row.reason}" == decision
    assert (number in desk.get(LIST).answer.text) is (row.state is IntakeState.MORE_PAPERS)


@pytest.mark.parametrize(
    "decision",
    ["", "accepted", "accepted/", "accepted/lease", "waiting/", "waiting/lease", "x/y", "accepted/clerical-error"],
)
def test_what_is_on_no_list_decides_nothing(desk: Browser, records: Records, number: str, decision: str) -> None:
    page = decided(desk, number, decision)
    assert page.status in {400, 409, 422}
    assert row_of(records, number).state is IntakeState.WAITING


def test_after_more_papers_it_is_decided(desk: Browser, records: Records, number: str) -> None:
    decided(desk, number, "more-papers/lease")
    assert "租赁合同" in desk.get(LIST).text
    decided(desk, number, "accepted/papers-seen")
    assert row_of(records, number).state is IntakeState.ACCEPTED
    assert [facts["state"] for action, facts in deeds(records) if action == "intake-decided"] == [
        "more-papers",
        "accepted",
    ]


def test_of_two_officers_the_one_who_opened_it_last_decides(
    desk: Browser, records: Records, number: str, clock: StillClock
) -> None:
    """The first one's page is refused in words, and nothing changes by it."""
    other = Browser(records, clock, "10.0.0.8").on_duty(hire(records, "wang"))
    opened(desk, number)
    opened(other, number)
    refused = desk.send(f"{LIST}/{number}/decide", decision="refused/withdrawn")
    assert refused.status == 409
    assert row_of(records, number).state is IntakeState.WAITING
    other.send(f"{LIST}/{number}/decide", decision="accepted/papers-seen")
    assert row_of(records, number).decided_by == "wang"
    assert desk.get(f"{LIST}/{number}").status == 404


def test_an_old_page_decides_nothing(desk: Browser, records: Records, number: str) -> None:
    """Of the same officer too: it was opened again since, and may say something else."""
    page = opened(desk, number)
    old = page.form(f"{LIST}/{number}/decide").fields["revision"]
    opened(desk, number)
    refused = desk.send(f"{LIST}/{number}/decide", decision="refused/withdrawn", revision=old)
    assert (refused.status, refused.title) == (409, "刚才已有变化")
    assert row_of(records, number).state is IntakeState.WAITING


def test_nobody_decides_what_nobody_has_opened(desk: Browser, records: Records, number: str) -> None:
    desk.get(f"{LIST}/{number}")
    action = f"{LIST}/{number}/decide"
    token = sessions.resume(records, desk.http.cookies[COOKIE])
    assert token is not None
    with pytest.raises(Exception, match="unopened"):
        intake_deciding.decide(records, token, row_of(records, number), 1, Decision(IntakeState.REFUSED, "withdrawn"))
    assert action not in [form.action for form in desk.get(f"{LIST}/{number}").forms]


def test_what_is_decided_stays_decided(desk: Browser, records: Records, number: str) -> None:
    session = sessions.resume(records, desk.http.cookies[COOKIE])
    assert session is not None
    decided(desk, number, "refused/withdrawn")
    row = row_of(records, number)
    with pytest.raises(StaleError):
        intake_deciding.decide(records, session, row, row.revision, Decision(IntakeState.ACCEPTED, "papers-seen"))
    assert row_of(records, number).state is IntakeState.REFUSED


def test_of_a_stranger_or_of_no_flat_nothing_is_accepted(
    desk: Browser, kiosk: KioskClient, outbox: Outbox, door: tuple[str, str, str], records: Records
) -> None:
    """The page says why; papers may be asked for."""
    content = residence(door=door)
    stranger = content.model_copy(update={"who": content.who.model_copy(update={"id_number": STRANGER})})
    for each, why in ((stranger, "没有这个号码"), (residence(door=("99", "9", "9999")), "没有这套房屋")):
        number = handed_in(kiosk, outbox, each)
        page = opened(desk, number)
        assert why in page.text
        choices = page.form(f"{LIST}/{number}/decide").choices["decision"]
        assert not [choice for choice in choices if choice.startswith("accepted")]
        assert desk.send(f"{LIST}/{number}/decide", decision="accepted/papers-seen").status == 409
        assert row_of(records, number).state is IntakeState.WAITING


@pytest.mark.parametrize("opened_before", [False, True])
def test_of_the_dead_nothing_is_accepted(desk: Browser, records: Records, number: str, *, opened_before: bool) -> None:
    """They would live in the flat again, of which the death has ended it. Nor when they die after it was opened."""
    page = opened(desk, number) if opened_before else None
    told = {"person": registered(records, DENG).person_id, "since": "2026-11-20", "basis": "x", "document": "7"}
    with records.database.writing() as transaction:
        happen(records, transaction, Matter.DEATH, told)
    desk.page = page or opened(desk, number)
    assert ("已经去世" in desk.page.text) != opened_before
    assert desk.send(f"{LIST}/{number}/decide", decision="accepted/papers-seen").status == 409
    with records.database.reading() as transaction:
        assert dwellings.residence_of(transaction, told["person"]) is Residence.NONE
    assert decided(desk, number, "refused/withdrawn").status == 200


def test_a_correction_is_accepted_and_changes_no_register_by_itself(
    desk: Browser, kiosk: KioskClient, outbox: Outbox, records: Records
) -> None:
    """What is right, the papers say, not what was ticked at a kiosk."""
    number = handed_in(kiosk, outbox, correction(DENG, "name", "birth_date", "shoe_size"))
    before = records.population.find(IdNumber(DENG.id_number))
    page = opened(desk, number)
    assert "姓名、出生日期、shoe_size" in page.text
    desk.send(f"{LIST}/{number}/decide", decision="accepted/papers-seen")
    assert row_of(records, number).state is IntakeState.ACCEPTED
    assert records.population.find(IdNumber(DENG.id_number)) == before


def test_a_long_queue_comes_in_pages(desk: Browser, kiosk: KioskClient, outbox: Outbox) -> None:
    """Each once, the oldest first."""
    items = [outbox.item(correction()) for _ in range(intake_deciding.PAGE + 3)]
    send(kiosk, items)
    first = desk.get(LIST)
    links = [told["href"] for tag, told in first.tags if tag == "a" and f"{LIST}/" in str(told.get("href"))]
    rest = [str(told["href"]) for tag, told in first.tags if tag == "a" and "behind=" in str(told.get("href"))]
    second = desk.get(rest[0])
    more = [told["href"] for tag, told in second.tags if tag == "a" and f"{LIST}/" in str(told.get("href"))]
    assert (len(links), len(more)) == (intake_deciding.PAGE, 3)
    assert {str(each).rpartition("/")[2] for each in (*links, *more)} == {each["id"] for each in items}


def test_by_the_number_of_a_slip_it_is_found_decided_or_not(desk: Browser, records: Records, number: str) -> None:
    """However it is typed, and in no address; of a slip of the finger, and of who is hidden, the same is said."""
    slip = slip_number(UUID(number))
    desk.get(LIST)
    assert desk.send(LIST, slip=f" {slip.replace('-', '')} ").path == f"{LIST}/{number}"
    decided(desk, number, "refused/withdrawn")
    page = desk.send(LIST, slip=slip)
    assert (page.status, page.path, "已退回" in page.text, "本人撤回" in page.text) == (200, LIST, True, True)
    assert not any(hidden in page.answer.text for hidden in SAID)
    wrong = f"{slip[:-1]}{(int(slip[-1]) + 1) % 10}"
    unknown = desk.send(LIST, slip=wrong)
    hide_for(records, "wang")
    hidden = desk.send(LIST, slip=slip)
    assert [each.status for each in (unknown, hidden)] == [404, 404]
    assert unknown.text == hidden.text
    assert "没有这个编号" in hidden.text


def test_what_a_revoked_kiosk_sent_is_refused_as_one(
    desk: Browser, records: Records, kiosk: KioskClient, outbox: Outbox
) -> None:
    """All that this officer sees, with one reason, each written down and told; of an honest kiosk nothing is."""
    made_up = [outbox.item(correction(card)) for card in (DENG, WIFE, *[LAN] * intake_deciding.PAGE)]
    send(kiosk, made_up)
    other = KioskClient(records)
    honest = handed_in(other, outbox, correction())
    assert "已停用自助机" not in desk.get(LIST).text
    devices.revoke(records, kiosk.device_id)
    hide_for(records, "wang", **asdict(whose(records, WIFE)))
    action = f"{LIST}/revoked"
    desk.get(LIST)
    assert desk.send(action, device=kiosk.device_id, reason="stolen").status == 422
    page = desk.send(action, device=kiosk.device_id, reason=REASON)
    assert (page.path, "已停用自助机" in page.text, honest in page.answer.text) == (LIST, False, True)
    rows = [row_of(records, each["id"]) for each in made_up]
    assert {(row.state, row.reason) for row in rows if row != rows[1]} == {(IntakeState.REFUSED, "device-revoked")}
    assert (rows[1].state, row_of(records, honest).state) == (IntakeState.WAITING, IntakeState.WAITING)
    done = [action for action, _ in deeds(records)]
    assert done == ["intakes-cleared", *["intake-decided"] * (len(rows) - 1)]
    with records.database.reading() as transaction:
        assert intakes.open_of(transaction, kiosk.device_id) == 1
        assert [each.state for each in messages.newest(transaction, rows[0].person_id, 9)] == ["refused"]


def test_of_a_kiosk_that_is_not_revoked_nothing_is_refused(desk: Browser, records: Records, number: str) -> None:
    session = sessions.resume(records, desk.http.cookies[COOKIE])
    assert session is not None
    with pytest.raises(StaleError):
        intake_clearing.refuse_all(records, session, "kiosk-0001", REASON)
    assert row_of(records, number).state is IntakeState.WAITING


PICTURE = b"\xff\xd8\xff\xe0 a lease"


def test_a_file_is_read_by_who_has_opened_its_intake_and_by_nobody_else(
    desk: Browser, records: Records, kiosk: KioskClient, outbox: Outbox, clock: StillClock
) -> None:
    """In answer to a form, as a picture and nothing that runs; each time written down."""
    sealed = [seal_file(each) for each in (PICTURE, b"<script>")]
    for sent, file in sealed:
        put(kiosk, file.sha256, sent)
    content = correction().model_copy(update={"files": tuple(file for _, file in sealed)})
    lost = "ab" * 32
    item = outbox.item(content, [file.sha256 for _, file in sealed])
    assert send(kiosk, [item]) == [("accepted", None)]
    number = str(item["id"])
    session = sessions.resume(records, desk.http.cookies[COOKIE])
    assert session is not None
    with pytest.raises(UnopenedError):
        intake_files.read(records, session, number, sealed[0][1].sha256)
    page = opened(desk, number)
    links = [form.action for form in page.forms if "/files/" in form.action]
    answers = []
    for each in links:
        desk.page = page
        answers.append(desk.send(each).answer)
    assert [each.content for each in answers] == [PICTURE, b"<script>"]
    assert [each.headers["content-type"] for each in answers] == ["image/jpeg", "application/octet-stream"]
    assert answers[1].headers["content-disposition"].startswith("attachment")
    assert [action for action, _ in deeds(records)] == ["intake-opened", *["intake-file-opened"] * 2]
    assert intake_files.read(records, session, number, lost) is None
    opened(Browser(records, clock, "10.0.0.8").on_duty(hire(records, "wang")), number)
    with pytest.raises(TakenUpError):
        intake_files.read(records, session, number, sealed[0][1].sha256)
    hide_for(records, "zhou")
    assert intake_files.read(records, session, number, sealed[0][1].sha256) is None


@pytest.mark.parametrize("role", [role for role in Role if not may(role, Right.INTAKES)])
def test_other_roles_see_nothing_of_it(records: Records, clock: StillClock, number: str, role: Role) -> None:
    browser = Browser(records, clock)
    browser.sign_in(hire(records, "li", role))
    for path in (LIST, f"{LIST}/{number}"):
        page = browser.get(path)
        assert page.status == 403
        assert "张" not in page.text
    assert LIST not in browser.get("/console/").answer.text


def test_the_pages_are_in_english_too(desk: Browser, number: str) -> None:
    desk.get(LIST)
    desk.send("/console/language", language="en")
    assert desk.get(LIST).title == "Handed in by residents"
    page = opened(desk, number)
    assert "Ask for more papers" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_decision_and_reason_has_words(language: str) -> None:
    """So that no officer meets a code."""
    said = words(language)
    for kind, decisions in REASONS.items():
        assert said(f"intake_kind.{kind}")
        assert all(said(f"intake_decision.{state}") for state in decisions)
        assert all(said(f"intake_reason.{reason}") for listed in decisions.values() for reason in listed)


def test_what_can_not_be_read_is_on_no_list_and_ends_in_its_time(
    desk: Browser, records: Records, clock: StillClock, number: str
) -> None:
    """Of another release's making. The others are there as ever."""
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.text("UPDATE intakes SET content = :content"), {"content": '{"who": "许"}'})
    assert number not in desk.get("/console/intakes").text
    with pytest.raises(IntakeUnreadableError) as caught:
        intake_opening.content_of(row_of(records, number))
    assert "许" not in str(caught.value)
    clock.pass_by(records.settings.intakes.open_days * 24 * 3600 + 1)
    intake_lapsing.lapse(records)
    assert row_of(records, number).state is IntakeState.LAPSED
