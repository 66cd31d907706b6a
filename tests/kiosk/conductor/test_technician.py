"""A technician tries the alarm: it is rung as a test, and the page says what becomes of it."""

from dataclasses import replace

from kiosk.flows import maintenance
from kiosk.services.alarm import AWAY, CALLING, SEEN, Tell
from tests.support.kiosk_room import Room


class Bell:
    """Remembers how it was rung, and whom to tell."""

    def __init__(self) -> None:
        self.rung: list[bool] = []
        self.tell: Tell | None = None

    def ring(self, tell: Tell, *, test: bool = False) -> None:
        self.rung.append(test)
        self.tell = tell

    def left(self) -> None:
        self.tell = None


def test_a_test_alarm_is_rung_as_one_and_what_becomes_of_it_is_said_until_something_else_is_done(room: Room) -> None:
    """Audited; it sounds nothing. What comes in later does not wipe what another action came to."""
    bell = Bell()
    room.conductor._desks = replace(room.conductor._desks, bell=bell)
    room.act("corner", *(f"digit-{digit}" for digit in "271828"), "enter")
    room.await_state(maintenance.Page)
    room.act("tests", "test-alarm")
    assert (bell.rung, room.here) == ([True], maintenance.Page(None, "alarm-ringing"))
    assert "alarm" not in room.speaker.said
    tell = bell.tell
    assert tell is not None
    for reached in (AWAY, CALLING, SEEN):
        tell(reached)
        room.settle()
        assert room.here == maintenance.Page(None, f"alarm-{reached}")
    room.act("close", "leave")
    tell(CALLING)
    room.settle()
    assert room.here == maintenance.Page(None)
    room.act("leave")
    assert bell.tell is None
