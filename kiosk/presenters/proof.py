"""The screens of showing that it is them: face or officer, two equal answers."""

from typing import assert_never

from kiosk.flows import identity as who
from kiosk.flows import proof as flow
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import CameraView, Choice, ChoiceView, CodeView, MessageView, Picture, Tone, View

STEP = 2
_PICTURES = {
    "turn-left": Picture.TURN_LEFT,
    "turn-right": Picture.TURN_RIGHT,
    "look-up": Picture.LOOK_UP,
    "look-down": Picture.LOOK_DOWN,
}


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ChoosingProof(case):
            return _choice(case, around)
        case flow.FacingCamera(_, instruction, progress):
            return _camera(instruction, progress, around)
        case flow.FaceNotConfirmed(_, result, tries_left):
            return _not_confirmed(result, tries_left, around)
        case flow.AskingOfficer():
            return waiting("officer.asking", around, STEP, back=True)
        case flow.WithOfficer(_, code, opened):
            return _with_officer(code, around, opened=opened)
        case flow.AtWindow(_, because):
            return _at_window(because, around)
        case flow.TellingTries(tries):
            return _tries(tries, around)
        case flow.Proven() | flow.Unproven():
            return waiting("record.opening", around, STEP)
        case _:
            assert_never(state)


def _choice(case: flow.Case, around: Surroundings) -> View:
    """Both in one size. Who finds the camera hard is told so here, and not after failing; who asked for speech or large
    type finds the officer first, if one is there."""
    words = around.words
    why = case.why_no_face
    said = words("proof.question") if not why else words("proof.question_officer")
    issuer = words.pick(around.place.issuer)
    paragraph = words(f"proof.because.{why}") if why else words("proof.paragraph", issuer=issuer)
    note = "" if around.aided else words("proof.face_note")  # in large type both answers in sight help more than notes
    face = (Choice("face", words("proof.face"), note, icon="face"),) if case.face_offered else ()
    officer = (_officer(case, around, easier=bool(face)),)
    return ChoiceView(
        said,
        around.speech(said, paragraph, words("proof.spoken") if face else ""),
        words("proof.help"),
        steps=around.steps(STEP),
        back=around.back(),
        choices=(*officer, *face) if around.aided and case.officer else (*face, *officer),
        paragraph=paragraph,
    )


def _officer(case: flow.Case, around: Surroundings, *, easier: bool) -> Choice:
    words = around.words
    when = words("proof.officer_now") if case.officer else words("proof.officer_later", **around.desk())
    for_whom = words("proof.officer_for")
    if not easier:
        note = when
    elif around.aided:
        note = for_whom if case.officer else when
    else:
        note = f"{when}\n{for_whom}"
    return Choice("officer", words("proof.officer"), note, icon="desk")


def _camera(instruction: str, progress: float, around: Surroundings) -> View:
    words = around.words
    said = words(f"camera.instruction.{instruction}")
    return CameraView(
        said,
        said,
        words("camera.help"),
        steps=around.steps(STEP),
        picture=_PICTURES.get(instruction, Picture.LOOK_HERE),
        progress=progress,
        simulated=words("camera.simulated") if around.simulated else "",
        choices=(Choice("officer", words("camera.stop")),),
    )


def _not_confirmed(result: who.FaceResult, tries_left: int, around: Surroundings) -> View:
    words = around.words
    key = f"face_failed.{result}"
    again = (Choice("face", words("face_failed.again")),) if tries_left else ()
    you_can = words("face_failed.you_can", tries=tries_left) if tries_left else words("face_failed.you_can_other")
    return MessageView(
        words("face_failed.question"),
        around.speech(words("face_failed.spoken"), you_can),
        words("face_failed.help"),
        tone=Tone.ATTENTION,
        steps=around.steps(STEP),
        back=around.back(),
        true_now=words(key) if words.has(key) else words("face_failed.true_now"),
        you_can=you_can,
        choices=(*again, Choice("officer", words("face_failed.other"))),
    )


def _with_officer(code: str, around: Surroundings, *, opened: bool) -> View:
    words = around.words
    groups = (code[:3], code[3:])
    said = words("officer.opened" if opened else "officer.question")
    you_can = words("officer.you_can", **around.desk())
    return CodeView(
        said,
        around.speech(said, words("officer.spoken", code=" ".join(code)), you_can),
        words("officer.help"),
        steps=around.steps(STEP),
        back=around.back(),
        code=groups,
        line=words("officer.line_opened" if opened else "officer.line"),
        you_can=you_can,
    )


def _at_window(because: str, around: Surroundings) -> View:
    words = around.words
    you_can = around.window()
    said = words(f"officer.because.{because}")
    return MessageView(
        words("at_window.question"),
        around.speech(said, words("at_window.spoken"), you_can),
        words("at_window.help"),
        forward=Choice("on", words("common.finish")),
        true_now=around.speech(said, words("at_window.true_now")),
        you_can=you_can,
        picture=Picture.DESK,
    )


def _tries(tries: who.Tries, around: Surroundings) -> View:
    words = around.words
    told = words("tries.true_now", count=tries.count, when=around.moment(tries.last_at))
    return MessageView(
        words("tries.question"),
        around.speech(words("tries.question"), told, words("tries.you_can")),
        words("tries.help"),
        steps=around.steps(STEP),
        forward=Choice("on", words("tries.on")),
        true_now=told,
        you_can=words("tries.you_can"),
    )
