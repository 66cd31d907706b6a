"""The conductor: what belongs to one visit never reaches the next, and nothing of it stays."""

import gc
import logging
import weakref
from collections.abc import Iterator
from functools import partial
from threading import Event

import pytest

from kiosk.flows import application, claim, details, issuing, leftovers, maintenance, proof, visit
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event as Happening
from kiosk.flows.readiness import OutOfService
from kiosk.idle import IdleTimes
from terminal.store.audit import AuditKind
from tests.support.kiosk_room import (
    CHILD,
    NAME,
    NUMBER,
    PATIENCE_S,
    SERIAL,
    SPOUSE,
    Room,
    card,
    own_data,
    personal_among,
    picture,
    reachable,
)

TO_CARD = ("begin", "service:household_certificate", "purpose:move", "agree", "way:card")
STAGES: dict[str, type] = {
    "read": claim.AwaitingCard,
    "identify": claim.Identifying,
    "face": proof.FacingCamera,
    "record": application.OpeningRecord,
    "make": issuing.Issuing,
}
"""The gates in a visit's order, and the state in which the resident waits before each."""


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def walk_to(room: Room, gate: str) -> None:
    """A resident comes and gets as far as a held gate."""
    room.act(*TO_CARD)
    if gate not in ("read", "identify"):
        room.await_state(proof.ChoosingProof)
        room.act("face")
    if gate == "make":
        room.await_state(application.ConfirmingData)
        room.act("issue")
    room.await_state(STAGES[gate])


def leave(room: Room) -> None:
    """Clear the screen and wait for the lamp."""
    room.act("clear")
    room.await_state(visit.Attract)


# --- what comes late ---


@pytest.mark.parametrize("gate", STAGES)
def test_what_comes_late_for_one_resident_never_reaches_the_next(room: Room, gate: str) -> None:
    """B stands on the very screen that A's answer was for."""
    room.gates.hold(gate)
    walk_to(room, gate)
    room.gates.await_at(gate, 1)
    leave(room)
    walk_to(room, gate)
    room.gates.await_at(gate, 2)
    room.conductor.drain()
    before, shown = room.conductor.visit, room.screen.view
    room.gates.let_on(gate, 0)
    room.settle()
    assert room.conductor.visit == before
    assert room.screen.view == shown
    room.gates.let_on(gate, 1)
    room.until(lambda: room.conductor.visit != before)


def test_a_card_read_late_is_kept_by_no_memory(room: Room) -> None:
    """Neither by the next visit's, nor by that of the visit it was read for."""
    room.gates.hold("read")
    walk_to(room, "read")
    room.gates.await_at("read")
    leave(room)
    room.gates.let_on("read")
    room.settle()
    old = room.desks.memories[0]
    assert old.card is None
    assert room.conductor._memory.card is None
    assert old is not room.conductor._memory


def test_a_picture_put_after_the_wipe_is_shown_to_nobody(room: Room) -> None:
    """Not to the lamp, and not to the next resident before the camera."""
    room.gates.hold("face")
    walk_to(room, "face")
    room.gates.await_at("face", 1)
    room.until(lambda: room.screen.frame is not None)
    leave(room)
    late = picture()
    room.desks.see[0](late)
    room.conductor.drain()
    assert room.screen.frame is None
    walk_to(room, "face")
    room.gates.await_at("face", 2)
    room.desks.see[0](late)
    room.until(lambda: room.screen.frame is not None)
    assert room.screen.frame is not late


def test_the_camera_goes_dark_when_the_resident_would_rather_not(room: Room) -> None:
    """The picture that nobody took yet is let go with it."""
    room.gates.hold("face")
    walk_to(room, "face")
    room.gates.await_at("face")
    room.desks.see[0](picture())
    room.act("officer")
    room.conductor.drain()
    assert isinstance(room.here, proof.ChoosingProof)
    assert room.screen.frame is None


def test_the_camera_is_opened_after_the_tap_that_agrees_and_never_after_a_no(room: Room) -> None:
    """The consent is on record before; whoever has changed their mind is not looked at again in this visit."""
    room.act(*TO_CARD)
    room.await_state(proof.ChoosingProof)
    room.settle()
    assert room.desks.cameras == []
    room.gates.hold("face")
    room.act("face")
    room.gates.await_at("face")
    assert room.desks.cameras == [[True]]
    room.act("back", "face", "officer", "face", "back", "face")
    room.gates.let_all_on()
    room.settle()
    assert room.desks.cameras == [[True]]
    assert room.desks.consents == [True, False]


def test_a_consent_that_can_t_be_written_down_opens_no_camera(room: Room) -> None:
    """On a full disk: the resident hears that the camera can't be used, and is not left waiting before it."""
    room.act(*TO_CARD)
    room.await_state(proof.ChoosingProof)
    room.desks.full = True
    room.act("face")
    ended = room.await_state(proof.FaceNotConfirmed)
    assert isinstance(ended, proof.FaceNotConfirmed)
    assert ended.result is who.FaceResult.NO_CAMERA
    assert room.desks.cameras == []


def test_a_technician_leaves_nothing_behind_on_a_full_disk(room: Room) -> None:
    """The row that says that they left can't be written; the wipe comes all the same."""
    room.act("corner", *(f"digit-{digit}" for digit in "271828"), "enter")
    room.await_state(maintenance.Page)
    room.desks.full = True
    wiped = room.screen.wiped
    room.act("clear")
    assert isinstance(room.here, visit.Attract)
    assert room.screen.wiped == wiped + 1


def test_a_picture_that_comes_late_is_shown_on_no_other_screen(room: Room) -> None:
    """The camera's last frame was on its way when the resident would rather not: nobody looks into it any more."""
    room.gates.hold("face")
    walk_to(room, "face")
    room.gates.await_at("face")
    room.act("officer")
    room.desks.see[0](picture())
    room.conductor.drain()
    assert isinstance(room.here, proof.ChoosingProof)
    assert room.screen.frame is None


def test_the_last_picture_goes_with_the_screen_it_was_on(room: Room) -> None:
    """The face is decided on; the rest of the visit needs no picture of it."""
    room.gates.hold("face")
    walk_to(room, "face")
    room.gates.await_at("face")
    room.until(lambda: room.screen.frame is not None)
    for turn in range(2):
        room.gates.await_at("face", turn + 1)
        room.gates.let_on("face", turn)
    room.await_state(application.ConfirmingData)
    assert room.screen.frame is None
    assert room.conductor._memory.seen() is None


# --- forgetting ---


@pytest.mark.parametrize("how", ["clear", "alarm", "quiet"])
def test_after_a_visit_nothing_personal_can_be_reached(room: Room, how: str) -> None:
    """From the conductor with its screen, jobs and queue, or from the memory of the visit that is over."""
    walk_to(room, "make")
    room.await_state(issuing.TakingPaper)
    old = room.conductor._memory
    assert {"str", "bytes"} <= set(personal_among(reachable(room.conductor))), "the walk would not see it anyway"
    if how == "quiet":
        room.pass_by(82)
        room.await_state(leftovers.Leftover)
    else:
        room.act(how)
        room.await_state(leftovers.Leftover, visit.Alarm)
    room.settle()
    assert personal_among(reachable(room.conductor, old, room.desks)) == []
    assert room.screen.wiped == 1


def test_what_waits_in_the_queue_at_the_wipe_is_gone_with_the_next_frame(room: Room) -> None:
    """The own row arrived, and the screen was cleared before it was shown."""
    room.gates.hold("record")
    walk_to(room, "record")
    room.gates.await_at("record")
    room.act("clear")
    room.gates.let_on("record")
    room.settle()
    room.await_state(visit.Attract)
    assert personal_among(reachable(room.conductor, *room.desks.memories)) == []


def test_a_camera_picture_is_kept_alive_by_nothing_after_the_wipe(room: Room) -> None:
    """Pictures live in memory only, and only while they are looked at."""
    walk_to(room, "record")
    shown = picture()
    room.conductor._memory.see(shown)
    room.conductor.drain()
    alive = weakref.ref(shown)
    del shown
    leave(room)
    gc.collect()
    assert alive() is None


def test_memory_once_forgotten_keeps_nothing_more(room: Room) -> None:
    """Whoever still holds it writes into the air."""
    memory = room.conductor._memory
    memory.card, memory.subject = card(), "somebody"
    memory.forget()
    memory.card, memory.subject, memory.voided = card(), "somebody", {("a", "b", ""): SERIAL}
    memory.see(picture())
    assert [memory.card, memory.subject, memory.voided, memory.seen()] == [None, "", {}, None]
    assert NAME not in repr(memory)


def test_a_new_visit_has_a_new_number_and_a_row_in_the_audit(room: Room) -> None:
    """Also the second service of somebody who went back."""
    room.act("begin")
    first = room.conductor._memory.visit
    room.act("service:household_certificate", "back")
    assert isinstance(room.here, visit.Home)
    assert room.conductor._memory.visit != first
    assert room.audit.kinds == [AuditKind.VISIT_BEGAN, AuditKind.RESIDENT_FORGOTTEN, AuditKind.VISIT_BEGAN]


# --- speech ---


def test_a_view_is_spoken_once_and_again_in_another_language(room: Room) -> None:
    """However often it is drawn."""
    room.act("begin", "speech")
    said = list(room.speaker.said)
    assert len(said) == 1
    room.conductor.dispatch(Happening())
    room.act("speech", "speech")
    assert room.speaker.said == [*said, "hush", *said]
    room.act("language")
    assert room.speaker.said[-1].startswith("en: ")


def test_speech_is_hushed_with_the_wipe_and_not_resumed(room: Room) -> None:
    """The next resident hears nothing of the last."""
    room.act("begin", "speech", "clear")
    assert room.speaker.said[-1] == "hush"
    room.act("begin")
    assert room.speaker.said[-1] == "hush"


def test_the_idle_warning_is_spoken_once_and_not_counted_aloud(room: Room) -> None:
    """Who does not see the warning hears it; the screen's own sentence comes back when they touch."""
    room.act("begin", "speech")
    question = room.speaker.said[-1]
    room.pass_by(125)
    warnings = [each for each in room.speaker.said[1:] if each != "hush"]
    assert len(warnings) == 1
    assert warnings[0] != question
    room.conductor.touch()
    assert room.speaker.said[-1] == question


# --- failures ---


@pytest.mark.parametrize("gate", ["look", *STAGES])
def test_a_job_that_breaks_ends_in_a_sentence_and_in_a_log_without_names(
    room: Room, gate: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The resident never waits for something that has ended; the error's own words may quote them, and stay out."""
    room.gates.breaks[gate] = RuntimeError(f"{NAME} {NUMBER}")
    caplog.set_level(logging.DEBUG)
    room.act(*TO_CARD)
    if gate in ("face", "record", "make"):
        room.await_state(proof.ChoosingProof)
        room.act("face")
    if gate == "make":
        room.await_state(application.ConfirmingData)
        room.act("issue")
    room.await_state(issuing.Ended, proof.FaceNotConfirmed)
    assert room.screen.view is not None
    assert room.screen.view.question
    assert "RuntimeError at come" in caplog.text
    assert NAME not in caplog.text
    assert NUMBER not in caplog.text


def test_the_alarm_sounds_and_the_wipe_is_whole_on_a_full_disk(room: Room) -> None:
    """What can't be written down is done all the same."""
    walk_to(room, "record")
    room.await_state(application.ConfirmingData)
    room.audit.full = True
    room.act("alarm")
    room.await_state(visit.Alarm)
    room.until(lambda: room.here == visit.Alarm("nobody"))
    assert "alarm" in room.speaker.said
    assert personal_among(reachable(room.conductor)) == []


# --- papers ---


def test_rejecting_a_paper_survives_clearing_the_screen() -> None:
    """The paper is void although its resident left before the one worker had time to see to it."""
    room = Room(workers=1)
    walk_to(room, "make")
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
    walk_to(room, "make")
    room.await_state(issuing.TakingPaper)
    room.act("paper-unreadable")
    room.await_state(issuing.TakingPaper)
    assert room.desks.papers_said == [f"reject {SERIAL} True"]


def test_a_printed_paper_that_nobody_answered_for_is_confirmed_with_the_wipe(room: Room) -> None:
    """It lies in the tray and counts; the leftover screen calls it out."""
    walk_to(room, "make")
    room.await_state(issuing.TakingPaper)
    room.act("clear")
    room.await_state(leftovers.Leftover)
    room.until(lambda: bool(room.desks.papers_said))
    assert room.desks.papers_said == [f"confirm {SERIAL}"]


def test_a_paper_that_is_left_lying_is_called_out_to_whoever_is_near(room: Room) -> None:
    """Aloud, though nobody asked for speech; twice, in large words; noted each time; and it can still be taken."""
    walk_to(room, "make")
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


# --- around the visit ---


def test_a_card_left_behind_is_called_out_until_it_is_lifted(room: Room) -> None:
    """Then the lamp goes on."""
    room.desks.lies = True
    room.gates.hold("lift")
    room.act("begin", "service:household_certificate", "clear")
    room.await_state(leftovers.Leftover)
    room.gates.await_at("lift")
    room.gates.let_on("lift")
    room.await_state(visit.Attract)


def test_a_reader_that_never_answers_does_not_keep_the_lamp_off(room: Room) -> None:
    """And its late answer is nobody's."""
    room.gates.hold("look")
    room.act("begin", "service:household_certificate", "clear")
    room.gates.await_at("look")
    room.pass_by(21)
    assert isinstance(room.here, visit.Attract)
    room.desks.lies = True
    room.gates.let_on("look")
    room.settle()
    assert isinstance(room.here, visit.Attract)


def test_an_idle_technician_is_seen_out_with_a_row_in_the_audit(room: Room) -> None:
    """The page does not stay open for whoever comes next."""
    room.act("corner", *(f"digit-{digit}" for digit in "271828"), "enter")
    room.await_state(maintenance.Page)
    room.pass_by(82)
    assert isinstance(room.here, visit.Attract)
    assert room.desks.papers_said == ["technician left"]


def test_a_pin_that_is_found_right_after_its_technician_left_opens_nothing(room: Room) -> None:
    """Not for whoever taps the corner next."""
    room.gates.hold("check")
    room.act("corner", "digit-2", "enter")
    room.gates.await_at("check")
    room.act("leave", "corner")
    room.gates.let_on("check")
    room.settle()
    assert room.here == maintenance.EnteringPin()


def test_the_corner_is_reached_though_its_first_tap_woke_the_lamp(room: Room) -> None:
    """Whoever woke it is forgotten; nobody gets there from the middle of a service."""
    room.act("begin", "large_type", "corner")
    assert room.here == maintenance.EnteringPin()
    assert not room.conductor.visit.comfort.large
    assert room.screen.wiped == 1
    room.act("leave", "begin", "service:household_certificate", "corner")
    assert isinstance(room.here, application.ChoosingPurpose)


def test_a_kiosk_out_of_service_starts_out_of_service() -> None:
    """With the reason that the technician chose."""
    room = Room(closed=("repair", "tonight"))
    assert room.here == visit.Closed(OutOfService("repair", "tonight"))
    assert room.screen.view is not None
    room.act("begin")
    assert isinstance(room.here, visit.Closed)
    room.close()


def test_an_action_that_nobody_knows_changes_nothing(room: Room) -> None:
    """It counts as a touch, no more."""
    before = room.conductor.visit
    room.act("no-such-action")
    assert room.conductor.visit == before


def test_ten_extensions_are_granted(room: Room) -> None:
    """WCAG 2.2.1: at least ten times, each by one touch anywhere."""
    room.act("begin")
    for _ in range(IdleTimes().extensions):
        room.pass_by(75)
        assert room.conductor.visit.overlay == visit.Overlay.IDLE
        room.conductor.touch()
        assert not room.conductor.visit.overlay
    room.pass_by(61)
    assert isinstance(room.here, visit.Attract)


def _hold(busy: Event, go: Event, _: object) -> Happening:
    busy.set()
    assert go.wait(PATIENCE_S)
    return Happening()


def test_the_stand_ins_hold_what_the_walk_looks_for() -> None:
    """Otherwise finding nothing would prove nothing."""
    found = personal_among(reachable([card(), own_data(), picture()]))
    assert found.count("str") == 4
    assert "ndarray" in found
    assert personal_among(reachable(h.RecordOpened(own_data()))) == ["str", "str"]
