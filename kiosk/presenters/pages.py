"""The screens of photographing a contract page by page."""

from typing import assert_never

from kiosk.flows import pages as flow
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import steps
from terminal.views import CameraView, Choice, ChoiceView, MessageView, Picture, Tone, View

_HINTS = frozenset(
    (
        "show-page",
        "whole-page",
        "flatter",
        "come-closer",
        "too-dark",
        "glare",
        "blurred",
        "faint",
        "blank",
        "known",
        "hold-still",
    )
)
_CODES = frozenset(("timed-out", "no-camera", "camera-too-coarse"))


def present(state: flow.Here, around: Surroundings, *, filed: bool) -> View:
    """The view of one state. ``filed``: the contract has the housing department's number."""
    match state:
        case flow.OfferingPages(album):
            return _offer(album, around, filed=filed)
        case flow.ShowingPage():
            return _showing(state, around)
        case flow.LookingAtPage():
            return _looking(state, around)
        case flow.NoPage():
            return _failed(state, around)
        case _:
            assert_never(state)


def _offer(album: flow.Album, around: Surroundings, *, filed: bool) -> View:
    words = around.words
    line = words("renting.lease.pages_filed" if filed else "renting.lease.pages_line")
    taken = words("paging.so_far", count=album.count) if album.count else words("paging.here_line")
    return ChoiceView(
        words("renting.lease.pages"),
        around.speech(words("renting.lease.pages"), line),
        words("paging.help"),
        steps=steps(around),
        back=around.back(),
        paragraph=line,
        choices=(
            Choice("pages", words("paging.look" if album.count else "paging.here"), taken, icon="certificate"),
            Choice("no-pages", words("renting.lease.pages_later"), words("paging.later_line"), icon="desk"),
        ),
    )


def _showing(state: flow.ShowingPage, around: Surroundings) -> View:
    words = around.words
    said = words(f"paging.instruction.{state.hint if state.hint in _HINTS else 'hold-still'}", page=state.at + 1)
    return CameraView(
        said,
        said,
        words("paging.showing_help"),
        steps=steps(around),
        back=around.back(),
        picture=Picture.SHOW_SHEET,
        simulated=words("camera.simulated") if around.simulated else "",
    )


def _looking(state: flow.LookingAtPage, around: Surroundings) -> View:
    words, album = around.words, state.album
    question = words("paging.taken", page=state.at + 1, count=album.count)
    full = "" if album.room else words("paging.full", count=album.limit)
    return CameraView(
        question,
        around.speech(question, full or words("paging.taken_spoken")),
        words("paging.taken_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("on", words("paging.all", count=album.count)),
        picture=Picture.PAPER,
        choices=tuple(_choices(state, around)),
    )


def _choices(state: flow.LookingAtPage, around: Surroundings) -> list[Choice]:
    words, album = around.words, state.album
    choices = []
    if state.last and album.room:
        choices.append(Choice("page-next", words("paging.next")))
    choices.append(Choice("page-again", words("paging.again")))
    if state.at:
        choices.append(Choice("page-earlier", words("paging.earlier")))
    if not state.last:
        choices.append(Choice("page-later", words("paging.later")))
    return choices


def _failed(state: flow.NoPage, around: Surroundings) -> View:
    words, code = around.words, state.code if state.code in _CODES else "no-camera"
    question, taken = words(f"paging.problem.{code}"), state.album.count
    now = words("paging.kept", count=taken) if taken else words("paging.none_needed")
    again = () if code == "camera-too-coarse" else (Choice("page-again", words("paging.try_again")),)
    return MessageView(
        question,
        around.speech(question, now),
        words("paging.help"),
        tone=Tone.ATTENTION,
        steps=steps(around),
        back=around.back(),
        forward=Choice("on", words("paging.all", count=taken) if taken else words("renting.lease.pages_later")),
        true_now=now,
        you_can=words(f"paging.you_can.{code}"),
        picture=Picture.DESK,
        choices=again,
    )
