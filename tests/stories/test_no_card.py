"""A resident without any card: the number by touch, a live face, and the paper; and what somebody else hears."""

import json
from typing import TYPE_CHECKING

from kiosk.flows import claim, proof
from kiosk.flows import identity as who
from kiosk.flows import visit as flow
from simulators.house import House
from terminal.views import KeypadView, View
from tests.support.records_client import DENG, NOBODYS_NUMBER
from tests.support.story import shown, unpictured

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

PERSON = "deng"
STRANGER = "live:impostor_2"


def keypad(walker: "Walker") -> KeypadView:
    """The keypad, as it stands."""
    view = shown(walker)
    assert isinstance(view, KeypadView)
    return view


def come_without_card(walker: "Walker") -> None:
    """As far as the keypad."""
    walker.go_home()
    walker.choose()
    walker.bring("number")
    walker.await_screen(claim.EnteringNumber)


def face_outcomes(walker: "Walker") -> list[str]:
    """How each look into the camera went, as the kiosk's own audit has it."""
    assert walker.application.kiosk is not None
    query = "SELECT fields FROM audit WHERE kind = 'face-compared' ORDER BY seq"
    return [json.loads(str(row[0]))["outcome"] for row in walker.application.kiosk.audit._database.query(query)]


def refused(walker: "Walker", number: str) -> list[View]:
    """The screens of a stranger's visit with this number, of one whose live face was compared: a busy machine's picture
    may lag behind what is asked for, and then nothing is."""
    for _ in range(3):
        with unpictured(walker):
            come_without_card(walker)
            walker.type_keys(number)
            walker.await_screen(proof.ChoosingProof)
            views = [shown(walker)]
            here = walker.look_into_camera(STRANGER)
        walker.await_screen(proof.FaceNotConfirmed)
        assert isinstance(here, proof.FaceNotConfirmed)
        views.append(shown(walker))
        walker.driver.tap("clear")
        walker.await_screen(flow.Attract)
        if face_outcomes(walker)[-1] == "live":
            assert here.result is who.FaceResult.NOT_CONFIRMED
            return views
    raise AssertionError("never compared")


def test_another_face_and_a_number_of_nobody_end_in_the_same_words(walker: "Walker") -> None:
    """Shown and spoken; no screen on the way differs, and neither is told that it is their fault."""
    ended = [refused(walker, number) for number in (DENG.id_number, NOBODYS_NUMBER)]
    assert ended[0] == ended[1]
    assert "不是您的错" in repr(ended[0][-1])
    assert all(word not in repr(ended) for word in ("没有这个", "查无", "不存在"))


def test_the_owner_without_a_card_hears_of_the_try_and_leaves_with_the_paper(walker: "Walker", house: House) -> None:
    """A slip of the finger is said as it is typed; nothing is sent before the number is right."""
    sheets = len(list(house.tray.glob("*.pdf")))
    come_without_card(walker)
    assert keypad(walker).groups == ("", "", "")
    right, last = DENG.id_number[:-1], DENG.id_number[-1]
    slip = str((int(last) + 1) % 10)
    walker.type_keys(right + slip)
    assert isinstance(walker.here, claim.EnteringNumber)
    assert keypad(walker).wrong
    assert "核对" in keypad(walker).line
    assert not walker.driver.shows("key-done")
    walker.driver.tap("key-erase")
    assert not keypad(walker).wrong
    walker.type_keys(last)
    walker.look_into_camera(f"live:{PERSON}")
    told = walker.await_screen(proof.TellingTries)
    assert isinstance(told, proof.TellingTries)
    assert told.tries.count == 1
    walker.note("told-of-tries")
    walker.driver.tap("on")
    walker.confirm_data()
    walker.take_paper()
    walker.await_screen(flow.SayingGoodbye)
    walker.note("goodbye")
    house.state.set("camera", subject="nobody", pose="front")
    assert len(list(house.tray.glob("*.pdf"))) == sheets + 1
    assert not walker.driver.shows("face")
