"""The other way, equal in rank: an officer at the real console, a resident at the real screen, a code between them."""

import json
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from kiosk.flows import claim, correction, hand_in, parting, proof
from kiosk.flows import visit as flow
from records.console.texts import words
from records.rules.eligibility import Doubt
from simulators.house import House
from terminal.views import ChoiceView, CodeView, MessageView, View
from tests.support.officer import Officer, on_staff
from tests.support.records_client import DENG
from tests.support.records_server import beside, command
from tests.support.story import shown, unpictured

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

PERSON = "deng"
BEAT_S = 10.0  # a kiosk hears within 2.5 s whether somebody is on duty
DOUBTS = {"late": Doubt.DECEASED, "changed": Doubt.DISAGREES}


@pytest.fixture(scope="module")
def officer(shared_house: House) -> Iterator[Officer]:
    """Chen, whose account was made an hour ago."""
    url = f"https://localhost:{shared_house.records_port}"
    hired = on_staff(
        partial(command, shared_house.folder / "records"), url, shared_house.trust / "root.pem", "story-officer"
    )
    yield hired
    hired.duty(on=False)
    hired.close()


def duty(walker: "Walker", officer: Officer, *, on: bool) -> None:
    """The officer says so at the console, and the kiosk has heard it."""
    officer.duty(on=on)
    assert walker.driver.wait_until(lambda: walker.visit.readiness.officer is on, BEAT_S)


def arrive(walker: "Walker", card: str = PERSON) -> proof.ChoosingProof:
    """As far as the question how to show that it is them."""
    with unpictured(walker):
        walker.go_home()
        walker.choose()
        walker.lay_card(card)
    here = walker.await_screen(proof.ChoosingProof)
    assert isinstance(here, proof.ChoosingProof)
    walker.note(f"face-or-officer-{card}")
    return here


def ask(walker: "Walker") -> str:
    """Choose the officer; the code on the screen."""
    walker.driver.tap("officer")
    walker.await_screen(proof.WithOfficer)
    view = shown(walker)
    assert isinstance(view, CodeView)
    walker.note("code")
    return "".join(view.code)


def to_the_window(walker: "Walker", because: str, name: str) -> MessageView:
    """The window, where and when; then take the card and go."""
    here = walker.await_screen(proof.AtWindow)
    assert isinstance(here, proof.AtWindow)
    assert here.because == because
    walker.note(name)
    view = shown(walker)
    assert isinstance(view, MessageView)
    assert all(word in view.you_can for word in ("窗口", "9:00", "电话")), "where, when, and whom to call"
    assert not walker.driver.shows("face")
    walker.driver.tap("on")
    walker.await_screen(parting.TakingCard)
    walker.state.set("id_card", card="none")
    walker.await_screen(flow.SayingGoodbye)
    return view


def consents(walker: "Walker") -> list[bool]:
    """What was said to the camera, as the kiosk's own audit has it."""
    assert walker.application.kiosk is not None
    query = "SELECT fields FROM audit WHERE kind = 'consent' ORDER BY seq"
    return [json.loads(str(row[0]))["passed"] for row in walker.application.kiosk.audit._database.query(query)]


def test_nobody_on_duty_is_said_before_anything_is_given_and_the_window_stays(
    walker: "Walker", officer: Officer
) -> None:
    """With where and when; who chooses the officer all the same is not left waiting."""
    duty(walker, officer, on=False)
    walker.go_home()
    walker.choose()
    walker.await_screen(claim.ChoosingWay)
    walker.note("nobody-on-duty")
    view = shown(walker)
    assert isinstance(view, ChoiceView)
    assert "没有民警值班" in view.paragraph
    assert "平安灯" in view.paragraph, "where it is open, and when"
    walker.lay_card(PERSON)
    walker.await_screen(proof.ChoosingProof)
    view = shown(walker)
    assert isinstance(view, ChoiceView)
    assert "没人值班" in next(each.note for each in view.choices if each.action == "officer")
    walker.driver.tap("officer")
    assert "没有民警值班" in to_the_window(walker, "nobody", "window-nobody").true_now


def test_an_officer_confirms_by_phone_and_the_paper_comes(walker: "Walker", officer: Officer, house: House) -> None:
    """Duty is seen before anything is laid; the kiosk says when the officer looks; nobody stood before the camera."""
    sheets = len(list(house.tray.glob("*.pdf")))
    duty(walker, officer, on=True)
    with unpictured(walker):
        walker.go_home()
        walker.choose()
    walker.await_screen(claim.ChoosingWay)
    walker.note("officer-on-duty")
    view = shown(walker)
    assert isinstance(view, ChoiceView)
    assert "有民警值班" in view.paragraph
    walker.lay_card(PERSON)
    walker.await_screen(proof.ChoosingProof)
    code = ask(walker)
    assert "demo" in officer.look("/console/waiting").text, "the kiosk's name on the officer's list of who waits"
    case = officer.open_case(code)
    assert case.status == 200
    assert walker.driver.wait_until(lambda: getattr(walker.here, "opened", False), BEAT_S)
    walker.note("officer-looks")
    assert officer.confirm().status == 200
    walker.confirm_data()
    walker.take_paper()
    walker.leave()
    assert len(list(house.tray.glob("*.pdf"))) == sheets + 1
    assert consents(walker)[-1] is False, "the camera was said no to"


def test_of_a_confirmed_case_records_keep_deeds_and_for_a_day_a_row_without_name_and_code(
    walker: "Walker", officer: Officer, house: House
) -> None:
    """Whatever table changed: the audit says who confirmed, how and why; nothing else tells of whom."""
    duty(walker, officer, on=True)
    arrive(walker)
    before = rows(house)
    code = ask(walker)
    officer.open_case(code)
    officer.confirm()
    walker.reach_own_data()
    added = {table: found - before[table] for table, found in rows(house).items() if found - before[table]}
    assert {"audit", "confirmations"} <= set(added)
    assert len(added["confirmations"]) == 1
    assert "confirmed" in repr(added["confirmations"])
    told = repr({table: [row for row in found if table != "devices"] for table, found in added.items()})
    assert all(part not in told for part in (DENG.name, DENG.id_number, DENG.id_number[6:14], f"'{code}'"))
    deeds = "".join(map(repr, added["audit"]))
    assert deeds.count("case-confirmed") == 1
    assert "called-back" in deeds
    assert officer.open_case(code).status == 404, "a code serves once"


def rows(house: House) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every table of records."""
    with beside(house.folder / "records") as records:
        tables = sa.inspect(records).get_table_names()
        return {each: set(map(tuple, records.execute(sa.select("*").select_from(sa.table(each))))) for each in tables}


def test_a_declined_request_ends_at_the_window_without_blame(walker: "Walker", officer: Officer) -> None:
    """Why, stays with the officer and the audit."""
    duty(walker, officer, on=True)
    arrive(walker)
    officer.open_case(ask(walker))
    officer.decline("没接电话，值班簿 18 号")
    view = to_the_window(walker, "declined", "declined")
    assert "没接电话" not in repr(view)


def test_a_code_that_runs_out_opens_nothing_and_nobody_waits_for_ever(
    walker: "Walker", officer: Officer, house: House
) -> None:
    """Five minutes pass in records' own row; the kiosk hears of it at its next question."""
    duty(walker, officer, on=True)
    arrive(walker)
    code = ask(walker)
    with beside(house.folder / "records") as records, records.begin():
        past = sa.text("UPDATE confirmations SET expires_at = asked_at WHERE code = :code RETURNING code")
        assert len(records.execute(past, {"code": code}).all()) == 1
    to_the_window(walker, "no-answer", "code-ran-out")
    assert officer.open_case(code).status == 404


def test_a_child_is_offered_an_officer_and_no_camera(walker: "Walker", officer: Officer) -> None:
    """Not as a second choice after a camera that refused."""
    duty(walker, officer, on=True)
    assert arrive(walker, "child").case.why_no_face == "minor"
    assert not walker.driver.shows("face")
    officer.open_case(ask(walker))
    officer.confirm(reason="家长在场，值班簿 19 号")
    walker.reach_own_data()
    walker.note("own-data-of-a-child")


def test_whom_the_register_doubts_goes_to_an_officer_who_sees_why(walker: "Walker", officer: Officer) -> None:
    """A register that says deceased and one with another name: the resident reads the same words for both, and no
    reason; the officer reads the reason, and can only await them."""
    duty(walker, officer, on=True)
    read: dict[str, list[View]] = {}
    for card, doubt in DOUBTS.items():
        assert arrive(walker, card).case.why_no_face == "unclear"
        assert not walker.driver.shows("face")
        read[card] = [shown(walker)]
        case = officer.open_case(ask(walker))
        assert words("zh")(f"doubt.{doubt.value}") in case.text
        assert not any("/confirm/" in (told.get("href") or "") for _, told in case.tags), "nothing to confirm"
        officer.mark_seen()
        read[card].append(to_the_window(walker, "seen", f"seen-{card}"))
        walker.driver.tap("goodbye")
    assert read["late"] == read["changed"]
    assert all(word not in repr(read) for word in ("故", "去世", "死亡", "注销", "不一致"))


def test_without_a_camera_an_officer_keeps_the_service_open(walker: "Walker", officer: Officer, house: House) -> None:
    """The tile stays blue; the question names the fault, and the officer is enough."""
    duty(walker, officer, on=True)
    house.state.set("camera", "unplugged")
    assert walker.driver.wait_until(lambda: bool(walker.visit.readiness.face), BEAT_S)
    assert walker.visit.readiness.reasons("household_certificate") == ()
    assert arrive(walker).case.why_no_face == "no-camera"
    assert not walker.driver.shows("face")
    officer.open_case(ask(walker))
    officer.confirm()
    walker.reach_own_data()
    walker.note("confirmed-without-camera")
    walker.driver.tap("clear")
    house.state.set("id_card", card="none")
    house.state.set("camera", "ok")
    assert walker.driver.wait_until(lambda: not walker.visit.readiness.face, BEAT_S)


def test_a_mistake_in_the_row_is_handed_in_and_found_by_its_number(
    walker: "Walker", officer: Officer, house: House
) -> None:
    """Ticked, read over, received; no paper is made, and the officer reads which line it is."""
    duty(walker, officer, on=True)
    sheets = len(list(house.tray.glob("*.pdf"))) + len(list(house.strips.iterdir()))
    arrive(walker)
    officer.open_case(ask(walker))
    officer.confirm()
    walker.reach_own_data()
    walker.driver.tap("mistake")
    walker.await_screen(correction.ChoosingLines)
    walker.driver.tap("line:sex")
    while getattr(walker.here, "more", False):
        walker.driver.tap("on")
    walker.note("lines")
    walker.driver.tap("on")
    walker.await_screen(correction.ReadingOver)
    walker.driver.tap("issue")
    walker.await_screen(hand_in.Received)
    walker.driver.wait_until(lambda: getattr(walker.here, "slip", "") is not hand_in.Slip.PRINTING, BEAT_S)
    walker.note("received")
    received = walker.here
    assert isinstance(received, hand_in.Received)
    officer.accept_intake(received.receipt.number)
    assert len(list(house.tray.glob("*.pdf"))) + len(list(house.strips.iterdir())) <= sheets + 1, "a slip alone"
    walker.driver.tap("on")
    walker.leave()


def test_after_no_to_the_camera_nothing_asks_again_in_the_visit(
    walker: "Walker", officer: Officer, house: House
) -> None:
    """Said in front of the lens, after yes; the screens that follow have no way back to it."""
    duty(walker, officer, on=True)
    arrive(walker)
    house.state.set("camera", subject="nobody")
    walker.driver.tap("face")
    walker.await_screen(proof.FacingCamera)
    walker.driver.tap("officer")
    again = walker.await_screen(proof.ChoosingProof)
    walker.note("said-no")
    assert isinstance(again, proof.ChoosingProof)
    assert again.case.why_no_face == "chosen"
    assert not walker.driver.shows("face")
    ask(walker)
    assert not walker.driver.shows("face")
    walker.driver.tap("back")
    to_the_window(walker, "chosen", "window-chosen")
    assert consents(walker)[-2:] == [True, False]
