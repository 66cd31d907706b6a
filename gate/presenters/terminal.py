"""What the gate's screen shows and says at each state. No name, no reason, nothing that differs by person."""

from gate.flows import states as s
from gate.flows.terminal import Terminal
from gate.flows.typed_code import CODE_DIGITS
from gate.presenters.faces import face
from gate.presenters.signs import sign
from gate.presenters.surroundings import Surroundings
from gate.presenters.technician import technician
from terminal.views import Choice, Chrome, GateIdleView, KeypadView, Keys, Picture, PictureView, SignView, Tone, View

WARNINGS = 6  # how many there are under "warning"
_GROUP = CODE_DIGITS // 2
_DOT = "●"  # a digit that was typed: who stands behind reads none


def present(terminal: Terminal, around: Surroundings) -> View:
    """The view of a state. Equal for everybody before whom the gate is in that state."""
    match terminal.at:
        case s.Idle(turn):
            return _idle(turn, terminal.conditions, around)
        case s.ShowingHow(way):
            return _how(way, around)
        case s.TypingCode():
            return _typing(terminal.at, around)
        case s.TypingPaused():
            return _paused(around)
        case _:
            at, conditions = terminal.at, terminal.conditions
            view = sign(at, conditions, around) or face(at, conditions, around) or technician(at, around)
            assert view is not None, type(terminal.at).__name__  # noqa: S101 - the gallery walks every state
            return view


def chrome(terminal: Terminal, view: View, around: Surroundings) -> Chrome:
    """The row below: how to be spoken to, and the duty room. While people are to leave or to come in, there is none."""
    words = around.words
    helps = ("large_type", "speech", "language", "help")
    names = () if view.tone is Tone.OPEN else helps if isinstance(view, GateIdleView) else (*helps, "guard")
    helping = terminal.helping and bool(names)
    return Chrome(
        buttons=tuple(Choice(name, words(f"chrome.{name}"), icon=_ICONS.get(name, "")) for name in names),
        alarm="",
        alarm_hint="",
        large_type=terminal.comfort.large,
        speech=terminal.comfort.speech,
        language=words.language,
        help=view.help if helping else "",
        help_close=Choice("help", words("chrome.help_close")) if helping else None,
        quiet=view.tone is Tone.NIGHT,
    )


_ICONS = {"guard": "phone"}


def _idle(turn: int, conditions: s.Conditions, around: Surroundings) -> View:
    words, number = around.words, turn % WARNINGS + 1
    title, body = words(f"warning.title_{number}"), words(f"warning.body_{number}")
    return GateIdleView(
        title,
        words("idle.spoken", title=title, body=body),
        words("idle.help"),
        tone=Tone.NIGHT,
        clock=f"{around.now:%H:%M}",
        door=words.pick(around.site.door),
        warning=body,
        hint=words("idle.hint"),
        notice=words("common.see_notices") if conditions.notices else "",
        sign="" if conditions.link else words("idle.technician"),
        choices=_ways(conditions.face, around),
        others=(
            Choice("type", words("idle.type"), icon="number"),
            Choice("guard", words("idle.guard"), icon="phone"),
        ),
    )


def _ways(offered: s.Face, around: Surroundings) -> tuple[Choice, ...]:
    """Of equal rank. A face only where the site has it at all; where it can't be just now, its screen says why."""
    words = around.words
    return (
        Choice("how:card", words("idle.card"), icon="card"),
        Choice("how:code", words("idle.code"), icon="square"),
        *(() if offered is s.Face.NOT_HERE else (Choice("face", words("idle.face"), icon="face"),)),
    )


def _how(way: s.Way, around: Surroundings) -> View:
    words, key = around.words, f"how.{way.value}"
    return PictureView(
        words(f"{key}_question"),
        words(f"{key}_spoken"),
        words(f"{key}_help"),
        back=around.back(),
        picture=Picture.TAP_CARD if way is s.Way.CARD else Picture.SCAN_CODE,
        line=words(f"{key}_line"),
    )


def _typing(at: s.TypingCode, around: Surroundings) -> View:
    words, count = around.words, len(at.typed.reveal())
    dots = _DOT * count
    return KeypadView(
        words("type.question"),
        words("type.spoken"),
        words("type.help"),
        back=around.back(),
        forward=Choice("key-done", words("type.open"), enabled=count == CODE_DIGITS),
        keys=Keys.DIGITS,
        groups=(dots[:_GROUP], dots[_GROUP:]),
        sizes=(_GROUP, _GROUP),
        line=words("type.line"),
    )


def _paused(around: Surroundings) -> View:
    words = around.words
    return SignView(
        words("type.paused_question"),
        words("type.paused_spoken"),
        words("type.paused_help"),
        back=around.back(),
        picture=Picture.WAIT,
        lines=(words("type.paused_line"),),
    )
