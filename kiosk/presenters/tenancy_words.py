"""What the screens of 租房与门禁 share: where one is, days and addresses in words, and a day that is typed."""

import re
from datetime import date, datetime

from civic.masking import Personal
from civic.typed_date import GROUPS
from kiosk.flows.day_entry import DayEntry
from kiosk.presenters.surroundings import Surroundings
from terminal.views import Choice, KeypadView, Keys, NoticeView, Steps

STEP = "renting"
_TAIL = 18  # characters of an address: block, unit and room as doors have them
_DOOR = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]")  # where a number begins


def steps(around: Surroundings) -> Steps:
    """At what is theirs, wherever that stands on the way."""
    return around.steps(around.route.index(STEP))


def on(day: date | None, around: Surroundings) -> str:
    """A day in words; "" for none."""
    return "" if day is None else around.day(datetime(day.year, day.month, day.day, tzinfo=around.now.tzinfo))


def span(start: date, end: date | None, around: Surroundings) -> str:
    """From when until when."""
    key = "renting.span" if end else "renting.span_open"
    return around.words(key, start=on(start, around), end=on(end, around))


def short(address: Personal) -> str:
    """Its end, from a number on: enough for who lives there, and not all for who looks over their shoulder."""
    whole = address.reveal()
    if len(whole) <= _TAIL:
        return whole
    begins = (each.start() for each in _DOOR.finditer(whole) if len(whole) - each.start() <= _TAIL)
    return f"…{whole[next(begins, -_TAIL) :]}"


def yes_or_no(around: Surroundings, yes: str, no: str) -> tuple[Choice, Choice]:
    """Two equal answers: neither has an icon, a note or a colour that the other has not."""
    return Choice("yes", around.words(yes)), Choice("no", around.words(no))


def typed_day(key: str, entry: DayEntry, around: Surroundings) -> KeypadView:
    """``key``: of the question; its ``_wrong`` says which days there are."""
    words = around.words
    line = words(f"{key}_wrong" if entry.wrong else "renting.day_line")
    return KeypadView(
        words(key),
        around.speech(words(key), line),
        words("renting.day_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("key-done", words("door.next"), enabled=entry.day is not None),
        keys=Keys.DIGITS,
        groups=entry.groups,
        sizes=GROUPS,
        line=line,
        wrong=entry.wrong,
    )


def face_notice(around: Surroundings) -> NoticeView:
    """What a face at the gate means, before it is agreed to. Two equal answers; the other ways are named beside it."""
    words = around.words
    names = ("where", "kept", "without")
    said = tuple((words(f"renting.face.{name}_title"), words(f"renting.face.{name}")) for name in names)
    question = words("renting.face.question")
    return NoticeView(
        question,
        around.speech(question, *(body for _, body in said)),
        words("renting.face.help"),
        steps=steps(around),
        back=around.back(),
        paragraphs=said,
        choices=yes_or_no(around, "renting.face.yes", "renting.face.no"),
    )
