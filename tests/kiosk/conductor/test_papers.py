"""A paper is void or delivered, whoever leaves; what is asked for it is forgotten with the visit."""

from functools import partial
from threading import Event

from kiosk.flows import application, details, issuing, leftovers, proof, visit
from kiosk.flows import happenings as h
from kiosk.flows.base import Event as Happening
from tests.support.gates import PATIENCE_S
from tests.support.kiosk_room import Room
from tests.support.made_up import (
    CHILD,
    SERIAL,
    SPOUSE,
)
from tests.support.reachable import personal_among, reachable


def test_rejecting_a_paper_survives_clearing_the_screen() -> None:
    """The paper is void although its resident left before the one worker had time to see to it."""
    room = Room(workers=1)
    room.walk_to("make")
    room.await_state(issuing.TakingPaper)
    busy, go = Event(), Event()
    room.jobs.run_apart(partial(_hold, busy, go), lambda _: Happening())
    assert busy.wait(PATIENCE_S)
    room.act("paper-missing", "clear")
    go.set()
    room.await_state(visit.Attract)
    assert room.desks.papers_said == [f"reject {SERIAL} False"]
    room.close()


def test_a_rejected_paper_is_made_again_while_its_resident_waits(room: Room) -> None:
    """The answer of the rejection still reaches the visit that asked."""
    room.walk_to("make")
    room.await_state(issuing.TakingPaper)
    room.act("paper-unreadable")
    room.await_state(issuing.TakingPaper)
    assert room.desks.papers_said == [f"reject {SERIAL} True"]


def test_a_printed_paper_that_nobody_answered_for_is_confirmed_with_the_wipe(room: Room) -> None:
    """It lies in the tray and counts; the leftover screen calls it out."""
    room.walk_to("make")
    room.await_state(issuing.TakingPaper)
    room.act("clear")
    room.await_state(leftovers.Leftover)
    room.until(lambda: bool(room.desks.papers_said))
    assert room.desks.papers_said == [f"confirm {SERIAL}"]


def test_a_paper_that_is_left_lying_is_called_out_to_whoever_is_near(room: Room) -> None:
    """Aloud, though nobody asked for speech; twice, in large words; noted each time; and it can still be taken."""
    room.walk_to("make")
    room.await_state(issuing.TakingPaper)
    assert room.speaker.said == []
    room.pass_by(31)
    assert room.screen.view is not None
    assert room.screen.view.question == room.speaker.said[-1].removeprefix("zh: ")
    room.pass_by(20)
    assert [said for said in room.speaker.said if said != "hush"] == [f"zh: {room.screen.view.question}"] * 2
    assert room.desks.papers_said == [f"not taken {SERIAL}"] * 2
    room.act("paper-taken")
    room.await_state(visit.SayingGoodbye)
    assert room.speaker.said[-1] == "hush"


def come_for(room: Room, service: str, *answers: str) -> None:
    """As far as the own row, past whatever is asked before."""
    room.act("begin", f"service:{service}", *answers, "agree", "way:card")
    room.await_state(proof.ChoosingProof)
    room.act("face")


def test_now_and_later_and_whatever_is_found_pass_the_same_screens(room: Room) -> None:
    """A receipt says nothing of why it is one: the views are equal, word for word."""
    room.desks.receipt = True
    seen = []
    for answer in ("now", "later"):
        come_for(room, "no_criminal_record", "purpose:move")
        room.await_state(details.ChoosingWhen)
        room.act(answer, "issue")
        room.await_state(issuing.TakingPaper)
        seen.append(room.screen.view)
        room.act("paper-taken")
        room.await_state(visit.SayingGoodbye)
        room.act("goodbye")
    assert seen[0] == seen[1]
    assert [made.later for made in room.desks.made] == [False, True]


def test_a_child_s_certificate_and_a_spouse_s_card(room: Room) -> None:
    """The child's row is what is confirmed; the spouse's card is let go as soon as records have seen it."""
    room.desks.family = True
    come_for(room, "household_certificate", "purpose:family")
    room.await_state(details.ChoosingPerson)
    room.act("person:")
    room.await_state(details.ChoosingMembers)
    room.act(f"member:{SPOUSE}")
    room.until(lambda: isinstance(room.here, details.ChoosingMembers) and bool(room.here.case.members))
    assert room.conductor._memory.card is None
    room.act("back", f"person:{CHILD}")
    room.await_state(application.ConfirmingData)
    room.act("issue")
    room.await_state(issuing.TakingPaper)
    assert room.desks.made == [h.Application("household_certificate", "family", person=CHILD)]
    leave_and_forget(room)


def test_a_flat_is_typed_found_and_forgotten(room: Room) -> None:
    """Neither the door nor its address outlives the visit."""
    come_for(room, "residence_receipt")
    room.await_state(details.EnteringDwelling)
    for part in ("5", "1", "1203"):
        room.act(*(f"key:{key}" for key in part), "key-done")
    room.await_state(application.ConfirmingData)
    room.act("issue")
    room.await_state(issuing.TakingPaper)
    assert room.desks.made == [h.Application("residence_receipt", "move", dwelling="flat")]
    leave_and_forget(room)


def leave_and_forget(room: Room) -> None:
    """Clear the screen; nothing of anybody is left."""
    assert personal_among(reachable(room.conductor))
    room.act("clear")
    room.await_state(leftovers.Leftover)
    room.settle()
    assert personal_among(reachable(room.conductor, room.desks)) == []


def _hold(busy: Event, go: Event, _: object) -> Happening:
    busy.set()
    assert go.wait(PATIENCE_S)
    return Happening()
