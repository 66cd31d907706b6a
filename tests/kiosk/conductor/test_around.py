"""Before and after a service: leftovers, the technician, quiet, out of service."""

from kiosk.flows import application, leftovers, maintenance, visit
from kiosk.flows.readiness import OutOfService
from kiosk.idle import IdleTimes
from tests.support.kiosk_room import Room


def test_a_card_left_behind_is_called_out_until_it_is_lifted(room: Room) -> None:
    """Then the lamp goes on."""
    room.desks.lies = True
    room.gates.hold("lift")
    room.act("begin", "service:household_certificate", "clear")
    room.await_state(leftovers.Leftover)
    room.gates.await_at("lift")
    room.gates.let_on("lift")
    room.await_state(visit.Attract)
    assert isinstance(room.here, visit.Attract)


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
