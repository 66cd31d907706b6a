"""Typing a door: building, unit, room."""

from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry


def typed(entry: DwellingEntry, text: str) -> DwellingEntry:
    for key in text:
        entry = entry.press(key)
    return entry


def test_what_can_not_stand_on_a_door_is_not_taken() -> None:
    assert typed(DwellingEntry(), "1b-２ A栋").text == "1A"


def test_no_part_grows_longer_than_records_take() -> None:
    assert typed(DwellingEntry(), "123456789").text == "12345678"


def test_a_door_is_whole_when_its_three_parts_are() -> None:
    entry = typed(typed(DwellingEntry(), "5").next_part(), "1").next_part()
    assert entry.part is DoorPart.ROOM
    assert not entry.whole
    assert typed(entry, "1203").whole
    assert typed(entry, "1203").erase().texts == ("5", "1", "120")


def test_an_entry_masks_itself() -> None:
    assert "1203" not in repr(DwellingEntry(DoorPart.ROOM, ("5", "1", "1203")))
