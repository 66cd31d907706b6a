"""The row that is on every screen, lowest, within a seated person's reach: helps and, at a kiosk, the guarded alarm."""

from typing import cast

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty
from kivy.uix.gridlayout import GridLayout

from terminal.theme import Palette
from terminal.views import Chrome
from terminal.widgets.button import Target
from terminal.widgets.hold import AlarmTarget
from terminal.widgets.kv import load_kv
from terminal.widgets.pressable import Pressable

load_kv(__file__)

_SWITCHES = ("large_type", "speech")


class ChromeButton(Target):
    """An icon over a word; ``on`` while what it switches is on."""

    on = BooleanProperty(defaultvalue=False)
    dim = BooleanProperty(defaultvalue=False)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.fbind("on", self._colour)
        self.fbind("dim", self._colour)

    def _colour(self, *_: object) -> None:
        if self.dim:
            self.ground, self.ink, self.edge = Palette.night_card, Palette.night_quiet, Palette.none
            return
        super()._colour()
        if self.on:
            self.ground, self.ink, self.edge = Palette.blue_tint, Palette.blue, Palette.blue


class ChromeRow(GridLayout):
    """One row; two for six in large type on an upright screen. None, where there is nothing to show."""

    act = ObjectProperty(None, allownone=True)
    dim = BooleanProperty(defaultvalue=False)
    count = NumericProperty(6)
    two_rows = BooleanProperty(defaultvalue=False)

    def show(self, chrome: Chrome) -> None:
        """Show the buttons, and the alarm where there is one."""
        self.count = len(chrome.buttons) + bool(chrome.alarm)
        if len(self.children) != self.count:
            self._build(len(chrome.buttons), alarm=bool(chrome.alarm))
        self.dim = chrome.quiet
        buttons = cast("list[ChromeButton]", self.targets[: len(chrome.buttons)])
        for button, choice in zip(buttons, chrome.buttons, strict=True):
            button.show(choice)
            button.icon, button.dim = choice.icon or choice.action, chrome.quiet
            button.on = choice.action in _SWITCHES and bool(getattr(chrome, choice.action))
        for alarm in cast("list[AlarmTarget]", self.targets[len(chrome.buttons) :]):
            alarm.label, alarm.note = chrome.alarm, chrome.alarm_hint

    @property
    def targets(self) -> list[Pressable]:
        """The buttons and the alarm, in reading order."""
        return cast("list[Pressable]", list(reversed(self.children)))

    def _build(self, count: int, *, alarm: bool) -> None:
        self.clear_widgets()
        for _ in range(count):
            self.add_widget(ChromeButton(act=self.act))
        if alarm:
            self.add_widget(AlarmTarget(action="alarm", act=self.act))
