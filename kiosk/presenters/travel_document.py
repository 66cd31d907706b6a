"""The screens of a travel document: its page before the camera or typed, its chip on the reader."""

from civic.mrz_entry import MrzField
from kiosk.flows import claim as flow
from kiosk.presenters.surroundings import Surroundings
from terminal.views import CameraView, Choice, KeypadView, Keys, MessageView, Picture, PictureView, Tone, View

STEP = 1  # of the service's steps
_DATE_GROUPS = (4, 2, 2)
_LONGEST_NUMBER = 9


def other(around: Surroundings) -> Choice:
    """Back to the question what was brought."""
    return Choice("other-document", around.words("way.other"))


def page(instruction: str, around: Surroundings) -> View:
    """Held before the camera: one short instruction at a time."""
    words = around.words
    said = words(f"page.instruction.{instruction}")
    return CameraView(
        said,
        said,
        words("page.help"),
        steps=around.steps(STEP),
        back=around.back(),
        picture=Picture.SHOW_PAGE,
        simulated=words("camera.simulated") if around.simulated else "",
        choices=(Choice("type-page", words("page.type")),),
        other=other(around),
    )


def typing(state: flow.TypingPage, around: Surroundings) -> View:
    """One field at a time, and why it must be typed."""
    words, entry = around.words, state.entry
    number = entry.field is MrzField.NUMBER
    asked = "typing.number_permit" if number and entry.permit else f"typing.{entry.field}"
    said = words(asked)
    why = words(f"typing.because.{state.problem}") if state.problem and entry.at_first_field and not entry.text else ""
    line = words(f"typing.problem.{entry.problem}") if entry.problem else why or words(f"{asked}_line")
    permit = Choice("permit", words("typing.is_permit" if entry.permit else "typing.is_passport"))
    return KeypadView(
        said,
        around.speech(said, line),
        words("typing.help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("key-done", words("typing.done"), enabled=entry.complete),
        keys=Keys.LETTERS if number else Keys.DIGITS,
        groups=entry.groups,
        sizes=(_LONGEST_NUMBER,) if number else _DATE_GROUPS,
        line=line,
        wrong=entry.problem is not None,
        choices=(permit,) if number else (),
        other=other(around),
    )


def document(stage: str, progress: float, around: Surroundings) -> View:
    """On the reader, closed, until it is read."""
    words = around.words
    said = words("laying.reading" if stage else "laying.question")
    return PictureView(
        said,
        words("laying.reading_spoken" if stage else "laying.spoken"),
        words("laying.help"),
        steps=around.steps(STEP),
        back=around.back(),
        picture=Picture.READ_DOCUMENT if stage else Picture.LAY_DOCUMENT,
        line=words(f"laying.stage.{stage}") if stage else words("laying.line"),
        progress=progress if stage else None,
        other=None if stage else other(around),
    )


def document_failed(problem: str, around: Surroundings) -> View:
    """Not read: what may cure it."""
    words = around.words
    said = words(f"document_problem.{problem}")
    line = words("laying.lay_again" if flow.can_lay_again(problem) else "laying.type_again")
    typed = () if flow.can_lay_again(problem) else (Choice("type-page", words("laying.type")),)
    return MessageView(
        said,
        around.speech(said, line),
        words("laying.help"),
        tone=Tone.ATTENTION,
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("on", words("laying.again")),
        true_now=line,
        picture=Picture.LIFT_DOCUMENT,
        choices=typed,
        other=other(around),
    )
