"""The screens of checking a paper (验证证明)."""

from collections.abc import Iterator
from typing import assert_never

from kiosk.flows import check_paper as flow
from kiosk.flows import ending
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import CameraView, Choice, DataRow, DataView, MessageView, Picture, Tone, View

_GOOD = (flow.Standing.COMPARE, flow.Standing.NOT_YET)
_NOT_TOLD = (flow.Standing.NOT_READABLE, flow.Standing.NOT_KNOWN)  # the same paper is worth another try


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ShowingPaper():
            return _showing(around)
        case flow.AskingAboutIt():
            return waiting("check.asking", around, back=True)
        case flow.Told(finding):
            return _told(finding, around)
        case flow.NoCamera():
            return _no_camera(around)
        case ending.Left():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _showing(around: Surroundings) -> View:
    words = around.words
    return CameraView(
        words("check.show_question"),
        words("check.show_spoken"),
        words("check.show_help"),
        back=around.back(),
        picture=Picture.SHOW_CODE,
        simulated=words("camera.simulated") if around.simulated else "",
    )


def _told(finding: flow.Finding, around: Surroundings) -> View:
    """What it is in the largest type, what to do, and what the code states, to be laid beside the sheet."""
    words, standing = around.words, finding.standing
    question, you_can = words(f"check.{standing}.question"), words(f"check.{standing}.you_can")
    tone, shared = Tone.CALM if standing in _GOOD else Tone.ATTENTION, words("check.told_help")
    label = words("check.again" if standing in _NOT_TOLD else "check.another")
    back, another = around.back(), Choice("check-another", label)
    if rows := tuple(_rows(finding, around)):
        spoken = around.speech(question, you_can)
        return DataView(question, spoken, shared, tone=tone, back=back, forward=another, note=you_can, rows=rows)
    picture = Picture.SHOW_CODE if standing is flow.Standing.NOT_READABLE else Picture.DESK
    known = words("check.as_of_unlisted", at=around.moment(finding.as_of)) if finding.as_of else ""
    return MessageView(
        question,
        around.speech(question, known, you_can),
        shared,
        tone=tone,
        back=back,
        forward=another,
        true_now=known or you_can,
        you_can=you_can if known else "",
        picture=picture,
    )


def _rows(finding: flow.Finding, around: Surroundings) -> Iterator[DataRow]:
    words = around.words
    if not finding.kind:
        return
    kind = words(f"check.kind.{finding.kind}")
    yield DataRow(words("check.paper"), f"{kind} · {words('check.specimen')}" if finding.specimen else kind)
    for fact in finding.facts:
        yield DataRow(words.pick(fact.label), fact.text)
    if finding.as_of:
        yield DataRow(words("check.known"), words(f"check.{_as_of(finding)}", at=around.moment(finding.as_of)))


def _as_of(finding: flow.Finding) -> str:
    """What is known without a link: void stays void, however old the list."""
    if finding.standing is flow.Standing.VOID:
        return "as_of_void"
    return "as_of_old" if finding.old else "as_of"


def _no_camera(around: Surroundings) -> View:
    words = around.words
    said, you_can = words("check.no_camera_question"), words("check.no_camera_you_can")
    return MessageView(
        said,
        around.speech(said, you_can),
        words("check.told_help"),
        tone=Tone.ATTENTION,
        back=around.back(),
        forward=Choice("check-another", words("check.again")),
        true_now=words("check.no_camera_true_now"),
        you_can=you_can,
        picture=Picture.DESK,
    )
