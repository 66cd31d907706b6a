"""Whatever is personal masks itself, wherever it is printed."""

import logging
import pickle
import traceback
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass

import pytest

from civic.id_number import IdNumber
from civic.masking import Personal, PersonalBytes, PersonalDate, PersonalText
from civic.person_name import PersonName

NAME, NUMBER, ADDRESS, PHOTO = "张明灯", "990101198603140019", "示例市平安区灯火路12号", b"\x5a\x17 a face"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the kiosk, printed by the dataclass's own repr."""

    name: PersonName
    number: IdNumber
    address: PersonalText
    photo: PersonalBytes


VISITOR = Visitor(PersonName(NAME), IdNumber(NUMBER), PersonalText(ADDRESS), PersonalBytes(PHOTO))


def _from_a_log(visitor: Visitor) -> str:
    record = logging.LogRecord("a", logging.INFO, "a.py", 1, "%s %r %s", (visitor, visitor, visitor.name), None)
    return record.getMessage()


def _from_a_traceback(visitor: Visitor) -> str:
    return "".join(traceback.format_exception(ValueError(visitor, visitor.number)))


@pytest.mark.parametrize(
    "printed",
    [
        str,
        repr,
        lambda visitor: f"{visitor} {visitor!r} {visitor.name} {visitor.number!r} {visitor.address} {visitor.photo}",
        lambda visitor: "{} {}".format(visitor.name, visitor.photo),  # noqa: UP032 - the other way to print
        lambda visitor: "%s %r" % (visitor.number, visitor.address),  # noqa: UP031 - and the oldest
        lambda visitor: str([visitor.name, {"number": visitor.number}]),
        _from_a_log,
        _from_a_traceback,
    ],
)
def test_no_way_of_printing_shows_a_person(printed: Callable[[Visitor], str]) -> None:
    """Inside a dataclass, a list, an f-string, a log line, a traceback."""
    text = printed(VISITOR)
    for secret in (NAME, NAME[1:], NUMBER, NUMBER[6:14], ADDRESS, ADDRESS[3:], "a face", r"\x5a"):
        assert secret not in text


def test_the_masks_still_tell_things_apart() -> None:
    """Enough for a resident to recognise their own row."""
    assert f"{VISITOR.name} {VISITOR.number} {VISITOR.address}" == "张** 9901**********0019 示例市******"
    assert repr(VISITOR.photo) == "PersonalBytes(9 bytes)"
    assert repr(VISITOR.name) == "PersonName(张**)"
    assert (str(Personal("42")), str(Personal("123456789"))) == ("**", "******")


def test_the_value_is_had_by_asking() -> None:
    """And only so."""
    assert VISITOR.name.reveal() == NAME
    assert VISITOR.photo.reveal() == PHOTO


def test_a_personal_value_never_changes() -> None:
    """A mask of one value over another would lie."""
    with pytest.raises(FrozenInstanceError):
        VISITOR.name._value = "李若兰"  # type: ignore[misc]


def test_kinds_of_personal_text_are_not_equal() -> None:
    """A name is no address, even when it reads the same."""
    assert len({PersonName("示例"), PersonalText("示例")}) == 2
    assert len({PersonalText("示例"), PersonalText("示例")}) == 1


@pytest.mark.parametrize("text", ["", "示", "示例市", "示例市平", ADDRESS * 5])
def test_the_mask_of_a_text_does_not_tell_its_length(text: str) -> None:
    """Three characters stay, at most six stars follow."""
    masked = PersonalText(text).masked()
    assert masked[:3] == text[:3]
    assert set(masked[3:]) <= {"*"}
    assert len(masked) <= 9


def test_a_personal_value_keeps_its_kind_between_processes() -> None:
    """A worker's answer is masked like its question."""
    copied = pickle.loads(pickle.dumps(VISITOR.number))  # noqa: S301 - our own bytes
    assert (type(copied), copied.reveal()) == (IdNumber, NUMBER)


def test_a_date_keeps_its_year_and_nothing_else() -> None:
    """As the paper writes it; what is no such date is masked whole."""
    assert str(PersonalDate("1986年3月14日")) == "1986年**月**日"
    assert "14" not in repr(PersonalDate("1986-03-14"))
