"""What a screen can be told to show. Pure data: presenters make views, screens draw them.

A view is one of a few templates. Every view carries its question, its spoken sentence and its focus order, so that a
screen without speech or without a way for the keypad can't exist. Texts are final: already in the resident's language.
``action`` strings come back from the screen as they are; the composition root knows what event each one is.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Tone(StrEnum):
    """How a screen speaks. Red is the alarm's alone."""

    CALM = "calm"
    ATTENTION = "attention"
    ALARM = "alarm"
    OPEN = "open"  # a way is free
    NIGHT = "night"


class Picture(StrEnum):
    """What hands or eyes must do, drawn."""

    NONE = ""
    LAY_CARD = "lay-card"
    LIFT_CARD = "lift-card"
    TAKE_CARD = "take-card"
    LOOK_HERE = "look-here"
    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    TAKE_PAPER = "take-paper"
    PRINTING = "printing"
    DESK = "desk"
    DONE = "done"
    LAMP = "lamp"
    LOOK_UP = "look-up"
    LOOK_DOWN = "look-down"
    SHOW_PAGE = "show-page"
    LAY_DOCUMENT = "lay-document"
    READ_DOCUMENT = "read-document"
    LIFT_DOCUMENT = "lift-document"
    OFFICER = "officer"
    WAIT = "wait"
    TAKE_STRIP = "take-strip"
    PRINTING_SLIP = "printing-slip"  # which is no paper: it has no seal
    TAKE_SLIP = "take-slip"
    TAKE_SLIP_PAGE = "take-slip-page"
    WORKING = "working"
    PAPER = "paper"
    SHOW_CODE = "show-code"
    SHOW_SHEET = "show-sheet"
    TAP_CARD = "tap-card"
    SCAN_CODE = "scan-code"
    SCAN_SLIP = "scan-slip"
    STAND_HERE = "stand-here"
    COME_CLOSER = "come-closer"
    STEP_BACK = "step-back"
    TO_THE_MIDDLE = "to-the-middle"
    ONE_PERSON = "one-person"
    TO_THE_LIGHT = "to-the-light"
    AWAY_FROM_LIGHT = "away-from-light"
    UNCOVER_FACE = "uncover-face"
    LEVEL_HEAD = "level-head"
    HOLD_STILL = "hold-still"
    OPEN_DOOR = "open-door"
    SHUT_DOOR = "shut-door"
    CLOSE_DOOR = "close-door"
    LEAVE = "leave"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Choice:
    """One large target. ``note`` stands below the label in small type; ``enabled`` False: grey, with its reason."""

    action: str
    label: str
    note: str = ""
    enabled: bool = True
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Where the resident is: the short names of the steps, and which one is now (0-based)."""

    names: tuple[str, ...] = ()
    now: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """The part that every screen has.

    ``question`` is the sentence in the largest type. ``help`` says what to do here, for 帮助. ``back`` and ``forward``
    are the two targets that always stand in the same place, and ``other``, another way to the same end, is above or
    between them; None leaves the place empty. ``aloud`` above 0: it is said although nobody asked for speech, and once
    again for each higher number.
    """

    question: str
    spoken: str
    help: str
    tone: Tone = Tone.CALM
    steps: Steps = Steps()
    back: Choice | None = None
    forward: Choice | None = None
    other: Choice | None = None
    aloud: int = 0

    @property
    def focus_order(self) -> tuple[str, ...]:
        """Actions in the order in which the keypad walks them: the content's, then forward, other, back."""
        ends = tuple(choice.action for choice in (self.forward, self.other, self.back) if choice is not None)
        return (*self._content_focus(), *ends)

    def _content_focus(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class AttractView(View):
    """The night-blue screen with one lamp: time, date, what works now, and 'touch to begin'."""

    clock: str = ""
    date: str = ""
    state: str = ""  # "服务正常" or "部分服务暂停"
    notes: tuple[str, ...] = ()
    begin: str = ""

    def _content_focus(self) -> tuple[str, ...]:
        return ("begin",)


@dataclass(frozen=True, slots=True)
class ChoiceView(View):
    """A question and at most eight large answers: home tiles, purposes, 'did you get your paper?'."""

    choices: tuple[Choice, ...] = ()
    picture: Picture = Picture.NONE
    paragraph: str = ""
    columns: int = 1

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in self.choices)


@dataclass(frozen=True, slots=True)
class NoticeView(View):
    """Short titled paragraphs to read, then an answer (``choices`` are of equal rank). ``small``: what the notice is
    called, for whoever asks later."""

    paragraphs: tuple[tuple[str, str], ...] = ()
    small: str = ""
    choices: tuple[Choice, ...] = ()

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in self.choices)


@dataclass(frozen=True, slots=True)
class PictureView(View):
    """One thing to do with the hands, drawn; a line below says what is true now."""

    picture: Picture = Picture.NONE
    line: str = ""
    busy: bool = False
    progress: float | None = None  # 0 to 1, drawn as a bar; None: nothing to measure
    choices: tuple[Choice, ...] = ()

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in self.choices)


@dataclass(frozen=True, slots=True)
class CameraView(View):
    """The live picture (from the latest-frame slot) and an arrow; the question is one short instruction."""

    picture: Picture = Picture.LOOK_HERE
    progress: float | None = None  # 0 to 1 of the checks; None: nothing to measure
    simulated: str = ""  # the label when the camera is not a real one, else empty
    choices: tuple[Choice, ...] = ()

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in self.choices)


@dataclass(frozen=True, slots=True)
class DataRow:
    """``revealed`` is shown while the reveal button is held; empty when nothing is masked in the row."""

    label: str
    value: str
    revealed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class DataView(View):
    """Data, a row each: the resident's own, masked and revealed while held, or what a paper states. ``note``: what is
    to be done with them."""

    note: str = ""
    rows: tuple[DataRow, ...] = ()
    reveal: str = ""  # label of the hold button; empty: nothing is masked
    mistake: Choice | None = None

    def __repr__(self) -> str:
        return f"DataView({len(self.rows)} rows)"

    def _content_focus(self) -> tuple[str, ...]:
        held = ("reveal",) if self.reveal else ()
        return (*held, *((self.mistake.action,) if self.mistake else ()))


class StageState(StrEnum):
    """How far a stage of the work is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ProgressView(View):
    """Work that takes more than half a second: its stages, by name, and which one is running."""

    stages: tuple[tuple[str, StageState], ...] = ()
    picture: Picture = Picture.PRINTING
    line: str = ""


@dataclass(frozen=True, slots=True)
class MessageView(View):
    """What happened (question), what is true now, what you can do; and the choices."""

    true_now: str = ""
    you_can: str = ""
    picture: Picture = Picture.NONE
    choices: tuple[Choice, ...] = ()

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in self.choices)


@dataclass(frozen=True, slots=True)
class AlarmView(View):
    """Hides the visit: the number to call, the desk, and truthfully whether anyone was reached."""

    number: str = "110"
    reached: str = ""
    desk: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in self.choices)


@dataclass(frozen=True, slots=True)
class PinView(View):
    """A keypad for the technician's PIN; ``dots`` digits are entered so far."""

    dots: int = 0
    line: str = ""
    enabled: bool = True

    def _content_focus(self) -> tuple[str, ...]:
        return (*(f"digit-{digit}" for digit in "1234567890"), "erase", "enter")


class Keys(StrEnum):
    """Which keys stand on a keypad. Each key's action is ``key:`` and its character."""

    NUMBER = "number"  # 0-9 and X
    DIGITS = "digits"  # 0-9
    LETTERS = "letters"  # A-Z and 0-9


@dataclass(frozen=True, slots=True, repr=False)
class KeypadView(View):
    """What is typed, in groups as people read it, above the keys. ``line`` explains what is wrong, or helps along;
    ``wrong``: it is drawn with attention. ``forward`` finishes the entry."""

    keys: Keys = Keys.NUMBER
    groups: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()  # how many characters each group will have, so that empty places are drawn
    line: str = ""
    wrong: bool = False
    choices: tuple[Choice, ...] = ()

    def __repr__(self) -> str:
        return f"KeypadView({self.keys}, {sum(map(len, self.groups))} characters)"

    def _content_focus(self) -> tuple[str, ...]:
        keys = {Keys.NUMBER: "1234567890X", Keys.DIGITS: "1234567890"}.get(self.keys, _LETTERS)
        return (*(f"key:{key}" for key in keys), "key-erase", *(choice.action for choice in self.choices))


_LETTERS = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class CodeView(View):
    """A short code to be told to somebody, in the largest type; below it, to whom and how. ``square``: what is shown to
    a telephone or a gate instead, in the picture's place."""

    code: tuple[str, ...] = ()  # groups, as people read them aloud
    square: str = field(default="", repr=False)
    line: str = ""
    you_can: str = ""
    picture: Picture = Picture.OFFICER
    choices: tuple[Choice, ...] = ()

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in self.choices)


@dataclass(frozen=True, slots=True)
class GateIdleView(View):
    """A gate that waits: ``question`` is the warning that is shown now, ``warning`` says it in full. ``choices``: the
    ways in, of equal rank; ``hint``: that the first need no touch; ``others``: for whoever has none of them.
    ``notice``: to everybody alike. ``sign``: what a technician should see."""

    clock: str = ""
    door: str = ""
    warning: str = ""
    hint: str = ""
    notice: str = ""
    sign: str = ""
    choices: tuple[Choice, ...] = ()
    others: tuple[Choice, ...] = ()

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in (*self.choices, *self.others))


@dataclass(frozen=True, slots=True)
class SignView(View):
    """One sentence in the largest type that whoever walks by reads at arm's length, and a drawing. ``number``: whom to
    call, under its ``label``; ``lines``: what else is true now."""

    picture: Picture = Picture.NONE
    lines: tuple[str, ...] = ()
    label: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the technician's page. ``level`` is that of devices.health."""

    name: str
    state: str
    level: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TableView(View):
    """The technician's page: grouped rows and the things one can do."""

    groups: tuple[tuple[str, tuple[TableRow, ...]], ...] = ()
    line: str = ""
    choices: tuple[Choice, ...] = ()

    def _content_focus(self) -> tuple[str, ...]:
        return tuple(choice.action for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Chrome:
    """What stands around every view: the always-present row, and overlays.

    ``buttons``: large_type, speech, language, help, clear (in this order), and the alarm that is held two seconds; none
    where ``alarm`` is empty. Without any of them there is no row.
    ``warning`` is the idle warning's sentence (with seconds), shown over the view with one large button; ``help`` is
    the view's help text while 帮助 is open.
    """

    buttons: tuple[Choice, ...]
    alarm: str
    alarm_hint: str
    large_type: bool = False
    speech: bool = False
    language: str = "zh"
    warning: str = ""
    warning_choice: Choice | None = None
    help: str = ""
    help_close: Choice | None = None
    quiet: bool = False  # attract: the row is drawn dimly
