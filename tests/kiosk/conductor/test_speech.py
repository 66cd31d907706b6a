"""What is said aloud, and when it is hushed."""

from kiosk.flows.base import Event as Happening
from tests.support.kiosk_room import Room


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
