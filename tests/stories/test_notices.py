"""我的通知 from end to end: a number is given at the screen, the gateway gets its code; what was handed in without a
link is decided and told, and so is who looked."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import pytest

from kiosk.flows import declaration, hand_in, notices, parting, phone
from kiosk.flows import visit as flow
from kiosk.flows.readiness import NOTICES
from records.console import paths
from simulators.house import House
from simulators.message_gateway import end as gateway
from terminal.views import NoticeView
from tests.support.officer import Officer, on_staff
from tests.support.records_client import DENG
from tests.support.records_server import command
from tests.support.residents import DOOR
from tests.support.story import shown

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

PERSON, NUMBER = "deng", "13800001234"
TICKET = "JQ-2026-0311"
SECONDS = 60.0


@pytest.fixture(scope="module")
def officer(shared_house: House) -> Iterator[Officer]:
    url = f"https://localhost:{shared_house.records_port}"
    hired = on_staff(
        partial(command, shared_house.folder / "records"), url, shared_house.trust / "root.pem", "notices-officer"
    )
    yield hired
    hired.close()


def come(walker: "Walker") -> notices.Listing:
    """From the lamp to the list, proven by a face."""
    walker.go_home()
    assert walker.driver.wait_until(lambda: not walker.visit.readiness.reasons(NOTICES), SECONDS)
    walker.driver.tap("notices")
    walker.await_screen(notices.ReadingNotice)
    walker.driver.tap("agree")
    walker.lay_card(PERSON)
    walker.look_into_camera(f"live:{PERSON}")
    listing = walker.await_screen(notices.Listing, seconds=SECONDS)
    assert isinstance(listing, notices.Listing)
    walker.note("notices")
    return listing


def leave(walker: "Walker") -> None:
    """Finish, take the card, and the lamp is on again."""
    walker.driver.tap("back")
    walker.await_screen(parting.TakingCard, flow.SayingGoodbye)
    go(walker)


def go(walker: "Walker") -> None:
    """Take the card, and the lamp is on again."""
    walker.state.set("id_card", card="none")
    walker.state.set("camera", subject="nobody", pose="front")
    walker.await_screen(flow.SayingGoodbye)
    walker.driver.tap("goodbye")
    walker.await_screen(flow.Attract)


def ask_for_code(walker: "Walker") -> None:
    """As far as a whole number."""
    walker.driver.tap("phone")
    walker.await_screen(phone.ShowingPhone)
    walker.driver.tap("phone-change")
    walker.await_screen(phone.EnteringPhone)
    walker.type_keys(NUMBER)


def changed(walker: "Walker") -> phone.Change:
    """What became of the number, once the screen says so."""
    shown_phone = walker.await_screen(phone.ShowingPhone)
    assert isinstance(shown_phone, phone.ShowingPhone)
    return shown_phone.changed


def test_a_number_is_verified_by_the_code_that_the_gateway_got_and_removed_again(
    walker: "Walker", house: House
) -> None:
    """The text holds a code and nothing of anybody; the number that counts no more hears that something has changed."""
    come(walker)
    ask_for_code(walker)
    walker.await_screen(phone.EnteringCode)
    text = gateway.texts(house.state.folder)[-1]
    assert text.number == NUMBER
    assert not any(part in text.text for part in (DENG.name, DENG.id_number))
    walker.type_keys("".join(each for each in text.text if each.isdigit())[:6])
    assert changed(walker) is phone.Change.VERIFIED
    walker.note("verified")
    walker.driver.tap("phone-remove")
    walker.await_screen(phone.ConfirmingRemoval)
    walker.driver.tap("phone-remove")
    assert changed(walker) is phone.Change.REMOVED
    heard = walker.driver.wait_until(lambda: "有变动" in gateway.texts(house.state.folder)[-1].text, SECONDS)
    assert heard
    walker.driver.tap("back")
    leave(walker)


def hand_in_without_link(walker: "Walker") -> hand_in.Received:
    """Card, door, since when; the number is on the screen, and the slip comes out."""
    assert walker.driver.wait_until(lambda: walker.visit.readiness.declaration() == (), SECONDS)
    walker.go_home()
    walker.note("home-without-link")
    walker.driver.tap("declare")
    walker.await_screen(declaration.ReadingNotice)
    walker.driver.tap("agree")
    walker.lay_card(PERSON)
    walker.await_screen(declaration.EnteringDoor)
    for part in DOOR:
        walker.type_keys(part)
    walker.await_screen(declaration.EnteringDay)
    walker.type_keys("20260501")
    walker.await_screen(declaration.ReadingOver)
    walker.note("read-over")
    walker.driver.tap("issue")
    walker.await_screen(hand_in.Received)
    walker.driver.wait_until(lambda: getattr(walker.here, "slip", "") is not hand_in.Slip.PRINTING, SECONDS)
    walker.note("received")
    received = walker.here
    assert isinstance(received, hand_in.Received)
    walker.driver.tap("on")
    walker.await_screen(parting.TakingCard, flow.SayingGoodbye)
    go(walker)
    return received


@pytest.mark.timeout(300)
def test_what_was_handed_in_without_a_link_is_decided_and_told_with_who_looked(
    walker: "Walker", officer: Officer, house: House
) -> None:
    """By the number on the slip. Of who looked: their role, what for, and the ticket; the officer's name is nowhere."""
    house.stop_records()
    received = hand_in_without_link(walker)
    assert received.slip is not hand_in.Slip.NONE
    house.start_records()
    officer.accept_intake(received.receipt.number)
    officer.look(paths.PERSONS)
    officer.send(paths.PERSONS, number=DENG.id_number, purpose="report-received", ticket=TICKET)
    listing = come(walker)
    told = [each for each in listing.opened.notices if each.kind == "intake-decided"]
    assert [(each.ref, each.state) for each in told] == [(received.receipt.number, "accepted")]
    walker.driver.tap("looks")
    walker.await_screen(notices.ShowingLooks)
    walker.note("looks")
    view = shown(walker)
    assert isinstance(view, NoticeView)
    looked = "\n".join(body for _, body in view.paragraphs)
    assert all(part in looked for part in ("民警", "接报警", TICKET))
    assert officer.name not in looked
    walker.driver.tap("back")
    walker.await_screen(notices.Listing)
    leave(walker)


def test_without_a_gateway_it_is_said_and_nothing_is_kept(walker: "Walker", house: House) -> None:
    come(walker)
    house.state.set(gateway.DEVICE, "down")
    ask_for_code(walker)
    failed = walker.await_screen(phone.EnteringPhone, seconds=SECONDS)
    assert walker.driver.wait_until(lambda: getattr(walker.here, "problem", "") == "no-texts", SECONDS), failed
    walker.note("no-texts")
    walker.driver.tap("back")
    shown_phone = walker.await_screen(phone.ShowingPhone)
    assert isinstance(shown_phone, phone.ShowingPhone)
    assert shown_phone.opened.phone.masked == ""
    walker.driver.tap("back")
    leave(walker)
