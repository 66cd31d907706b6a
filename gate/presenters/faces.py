"""A face at a gate: asked for by who stands there, compared then and only then, and made there after another yes."""

from gate.flows import states as s
from gate.presenters.surroundings import Surroundings
from terminal.views import Choice, MessageView, NoticeView, Picture, PictureView, View

INSTRUCTIONS = {
    "no-face": Picture.STAND_HERE,
    "one-person": Picture.ONE_PERSON,
    "come-closer": Picture.COME_CLOSER,
    "step-back": Picture.STEP_BACK,
    "to-the-middle": Picture.TO_THE_MIDDLE,
    "too-dark": Picture.TO_THE_LIGHT,
    "too-bright": Picture.AWAY_FROM_LIGHT,
    "uncover-face": Picture.UNCOVER_FACE,
    "level-head": Picture.LEVEL_HEAD,
    "look-straight": Picture.LOOK_HERE,
    "hold-still": Picture.HOLD_STILL,
    "turn-left": Picture.TURN_LEFT,
    "turn-right": Picture.TURN_RIGHT,
    "look-up": Picture.LOOK_UP,
    "look-down": Picture.LOOK_DOWN,
    "look-back": Picture.LOOK_HERE,
}
"""All that can be asked for before the camera, drawn: whoever hears badly follows the drawing."""


def face(at: s.At, conditions: s.Conditions, around: Surroundings) -> View | None:
    """The screen of a state that is about a face; None for another one."""
    match at:
        case s.AskingFace():
            return _asking(around)
        case s.LookingForFace(instruction, progress):
            stop = Choice("back", around.words("face.stop"))
            return _doing("face.looking", around, stop, instruction, progress or None)
        case s.FaceNotOffered():
            return _none(conditions.face, around)
        case s.AskingEnrolment():
            return _asking_enrolment(around)
        case s.ShowingSlip():
            return _showing_slip(around)
        case s.EnrollingFace(instruction, progress):
            return _doing("enrol.doing", around, Choice("back", around.words("enrol.no")), instruction, progress)
        case s.EnrolmentOver(done):
            return _over(around, done=done)
        case _:
            return None


def _said(key: str, around: Surroundings) -> tuple[str, str, str]:
    words, joint = around.words, "_" if "." in key else "."
    return words(f"{key}{joint}question"), words(f"{key}{joint}spoken"), words(f"{key}{joint}help")


def _asking(around: Surroundings) -> View:
    words = around.words
    return PictureView(
        *_said("face", around),
        back=around.back(),
        forward=Choice("look", words("face.start")),
        picture=Picture.STAND_HERE,
        line=words("face.line"),
    )


def _doing(key: str, around: Surroundings, stop: Choice, instruction: str, progress: float | None) -> View:
    """The instruction is all that is read and spoken; what the camera is doing stands in the line below."""
    words = around.words
    said = words(f"camera.instruction.{instruction}")
    return PictureView(
        said,
        said,
        words(f"{key}_help"),
        back=stop,
        picture=INSTRUCTIONS[instruction],
        line=words(f"{key}_line"),
        busy=True,
        progress=progress,
    )


def _none(why: s.Face, around: Surroundings) -> View:
    words = around.words
    reason = s.Face.AWAY if why is s.Face.OFFERED else why  # it came back a moment ago
    return MessageView(
        *_said("face.none", around),
        back=around.back(),
        true_now=words("face.none_use"),
        you_can=words(f"face.none_{reason.value}"),
        picture=Picture.TAP_CARD,
    )


def _asking_enrolment(around: Surroundings) -> View:
    """A yes and a no of equal rank."""
    words = around.words
    parts = ("what", "where", "end")
    return NoticeView(
        *_said("enrol", around),
        paragraphs=tuple((words(f"enrol.{part}_title"), words(f"enrol.{part}")) for part in parts),
        choices=(Choice("agree", words("enrol.yes")), Choice("decline", words("enrol.no"))),
    )


def _showing_slip(around: Surroundings) -> View:
    words = around.words
    return PictureView(
        *_said("enrol.slip", around),
        back=Choice("decline", words("enrol.no")),
        picture=Picture.SCAN_SLIP,
        line=words("enrol.slip_line"),
    )


def _over(around: Surroundings, *, done: bool) -> View:
    words, key = around.words, "enrol.done" if done else "enrol.left"
    return MessageView(
        *_said(key, around),
        back=around.back(),
        true_now=words(f"{key}_line"),
        picture=Picture.DONE if done else Picture.TAP_CARD,
    )
