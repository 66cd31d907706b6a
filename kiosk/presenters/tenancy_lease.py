"""The screens of registering and renewing a lease."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from kiosk.flows import tenancy_draft as flow
from kiosk.flows import tenancy_lease as lease
from kiosk.flows.tenancy_told import FACE, WAYS
from kiosk.presenters import details, pages, tenancy_people
from kiosk.presenters.confirmation import row
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import face_notice, on, short, steps, typed_day, yes_or_no
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, DataRow, DataView, KeypadView, Keys, MessageView, View

_PLACES = 4  # drawn before anything is typed


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.EnteringDoor(draft, problem):
            done = "door.find" if draft.case.linked else "door.next"
            return replace(details.door(draft.door, problem, around, done=done), steps=steps(around))
        case flow.FindingDwelling():
            return waiting("door.finding", around, around.route.index("renting"))
        case flow.ConfirmingDwelling(draft):
            return _dwelling(draft, around)
        case flow.ChoosingStart():
            return _start(around)
        case flow.EnteringStart(_, entry):
            return typed_day("renting.lease.start_day", entry, around)
        case flow.ChoosingEnd(draft):
            return _end(draft, around)
        case flow.EnteringEnd(_, entry):
            return typed_day("renting.lease.end_day", entry, around)
        case flow.AskingFiling():
            return _filed(around)
        case flow.EnteringFiling(draft):
            return _filing(draft, around)
        case flow.TakingPages(draft, at):
            return pages.present(at, around, filed=bool(draft.filing.text))
        case flow.Peopling(_, at):
            return tenancy_people.present(at, around)
        case flow.ChoosingWays(draft):
            return _ways(draft, around)
        case flow.ReadingFaceNotice():
            return face_notice(around)
        case flow.ReadingOver(draft):
            return _over(draft, around)
        case _:
            assert_never(state)


def _dwelling(draft: flow.Draft, around: Surroundings) -> View:
    words = around.words
    return MessageView(
        words("renting.lease.dwelling"),
        words("renting.lease.dwelling_spoken"),
        words("renting.lease.dwelling_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("on", words("renting.lease.dwelling_yes")),
        true_now=draft.dwelling.address.reveal() if draft.dwelling else "",  # they have just typed it here
        you_can=words("renting.lease.dwelling_line"),
    )


def _start(around: Surroundings) -> View:
    words = around.words
    return ChoiceView(
        words("renting.lease.start"),
        words("renting.lease.start"),
        words("renting.day_help"),
        steps=steps(around),
        back=around.back(),
        choices=(
            Choice("days:0", words("renting.today"), on(around.now.date(), around)),
            Choice("other-day", words("renting.other_day"), words("renting.lease.as_written")),
        ),
    )


def _end(draft: flow.Draft, around: Surroundings) -> View:
    words = around.words
    begins = words("renting.lease.begins", day=on(draft.begins, around))
    still = words("renting.lease.unaffected") if draft.again else ""
    offered = tuple(
        Choice(f"months:{months}", words(f"renting.lease.months_{months}"), words("renting.until", day=on(end, around)))
        for months, end in lease.offered_ends(draft)
    )
    return ChoiceView(
        words("renting.lease.end"),
        around.speech(words("renting.lease.end"), begins, still),
        words("renting.lease.end_help"),
        steps=steps(around),
        back=around.back(),
        paragraph="\n".join(part for part in (begins, still) if part),
        choices=(*offered, Choice("other-day", words("renting.other_day"), words("renting.lease.as_written"))),
    )


def _filed(around: Surroundings) -> View:
    words = around.words
    question, line = words("renting.lease.filed"), words("renting.lease.filed_line")
    return ChoiceView(
        question,
        around.speech(question, line),
        words("renting.lease.filing_help"),
        steps=steps(around),
        back=around.back(),
        paragraph=line,
        choices=yes_or_no(around, "renting.lease.filed_yes", "renting.lease.filed_no"),
    )


def _filing(draft: flow.Draft, around: Surroundings) -> View:
    words, filing = around.words, draft.filing
    groups = filing.groups
    return KeypadView(
        words("renting.lease.filing"),
        around.speech(words("renting.lease.filing"), words("renting.lease.filing_line")),
        words("renting.lease.filing_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("key-done", words("door.next"), enabled=bool(filing.text)),
        other=Choice("letters", words("door.digits" if filing.letters else "renting.lease.filing_letters")),
        keys=Keys.LETTERS if filing.letters else Keys.DIGITS,
        groups=groups,
        sizes=tuple(max(_PLACES, len(group)) if len(groups) == 1 else len(group) for group in groups),
        line=words("renting.lease.filing_line"),
        choices=(Choice("key:-", words("renting.lease.filing_dash")),) if filing.letters else (),
    )


def _ways(draft: flow.Draft, around: Surroundings) -> View:
    words = around.words
    offered = tuple(kind for kind in WAYS if kind != FACE or draft.case.own.face)
    return ChoiceView(
        words("renting.lease.ways"),
        around.speech(words("renting.lease.ways"), words("renting.lease.ways_line")),
        words("renting.lease.ways_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("on", words("renting.lease.ways_done" if draft.ways else "renting.lease.ways_later")),
        paragraph=words("renting.lease.ways_line"),
        choices=tuple(
            Choice(
                f"wish:{kind}",
                words(f"renting.way.{kind}"),
                "" if around.aided else words(f"renting.wish.{kind}"),
                icon="tick" if kind in draft.ways else "empty",
            )
            for kind in offered
        ),
    )


def _over(draft: flow.Draft, around: Surroundings) -> View:
    words = around.words
    days = draft.case.own.silence_days
    again = "over_again" if draft.again else "over_new"
    note = words(f"renting.lease.{'over_stranger' if draft.case.stranger else again}", days=days)
    return DataView(
        words("declare.over"),
        around.speech(words("declare.over_spoken"), note),
        words("declare.over_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("issue", words("declare.hand_in")),
        rows=tuple(_rows(draft, around)),
        reveal=words("record.reveal"),
        note="" if around.aided else note,  # it is spoken, and stands on the next page too
    )


def _rows(draft: flow.Draft, around: Surroundings) -> Iterator[DataRow]:
    words = around.words
    yield row(draft.case.who.name, words("field.name"))
    number = "field.document_number" if draft.case.stranger else "field.id_number"
    yield row(draft.case.who.number, words(number))
    yield DataRow(words("renting.flat"), _address(draft, around))
    yield DataRow(words("renting.lease.from"), on(draft.begins, around))
    yield DataRow(words("renting.lease.to"), on(draft.end, around))
    yield DataRow(words("renting.lease.filing_label"), draft.filing.text or words("renting.lease.none_yet"))
    pages = words("renting.lease.pages_count", count=draft.pages) if draft.pages else words("renting.lease.pages_desk")
    yield DataRow(words("renting.lease.pages_label"), pages)
    names = words("renting.join").join(str(each.name) for each in draft.comers)
    yield DataRow(words("renting.people.title"), names or words("renting.people.nobody_now"))
    ways = words("renting.join").join(words(f"renting.way.{kind}") for kind in draft.ways)
    yield DataRow(words("renting.ways.title"), ways or words("renting.lease.ways_later"))


def _address(draft: flow.Draft, around: Surroundings) -> str:
    if draft.right:
        return short(draft.right.address)
    if draft.dwelling:
        return draft.dwelling.address.reveal()
    building, unit, room = draft.door.texts
    return around.words("declare.door", building=building, unit=unit, room=room)
