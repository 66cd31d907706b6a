"""The one root of what a terminal shows: picks the screen of a view, and keeps the always-present row around it."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input import MotionEvent
from kivy.uix.widget import Widget

from terminal import views
from terminal.theme import theme
from terminal.ui.camera import CameraScreen
from terminal.ui.corner import HiddenCorner
from terminal.ui.focus import FocusWalk
from terminal.ui.once import Once
from terminal.ui.page import Page
from terminal.widgets.camera import Frame
from terminal.widgets.chrome import ChromeRow
from terminal.widgets.forgetting import forget
from terminal.widgets.overlay import Overlay
from terminal.widgets.pressable import Pressable
from terminal.widgets.scroll import ScrollPane

Screen = Page[views.View]

Screens = Mapping[type[views.View], type[Widget]]  # each draws its own template only

_CORNER_PX = 200  # at 1080


class TerminalWindow(Widget):
    """Shows views, each on the one of ``screens`` that draws its template, and tells actions.

    ``on_action`` hears each action once per shown view: a Choice's own, "begin", "alarm" (after two seconds),
    "corner" (the technician's five taps), "digit-0" to "digit-9", "erase" and "enter". Revealing masked data stays
    here. ``on_touch`` hears every touch and key, for the idle timer.
    """

    def __init__(self, screens: Screens, on_action: Callable[[str], None], on_touch: Callable[[], None]) -> None:
        super().__init__()
        self._kinds = screens
        self._on_action, self._on_touch = on_action, on_touch
        self._view: views.View | None = None
        self._chrome: views.Chrome | None = None
        self._screens: dict[type[views.View], Screen] = {}
        self._screen: Screen | None = None
        self._row = ChromeRow(act=self.act)
        self._overlay: Overlay | None = None
        self._once = Once(Clock.time)
        self._corner = HiddenCorner()
        self._focus = FocusWalk(self._focus_order, self.find)
        for name in ("pos", "size"):
            self.fbind(name, self._place)
        self._row.fbind("height", self._place)
        Window.fbind("on_key_down", self._key_down)
        Window.fbind("on_key_up", self._key_up)

    # --- what is shown ---

    def show(self, view: views.View, chrome: views.Chrome) -> None:
        """Show a view. The same template is updated in place; the same view again changes nothing."""
        if view == self._view and chrome == self._chrome:
            return
        self._view, self._chrome = view, chrome
        self._once.renew()
        theme.language, theme.large = chrome.language, chrome.large_type
        self._put_row(chrome)
        screen = self._screen_of(type(view))
        if screen is not self._screen:
            self._swap(screen)
        screen.show(view)
        self._show_overlay(chrome)
        self._focus.restore()

    def show_frame(self, image: Frame | None) -> None:
        """Show a camera frame (height x width x 3, blue first), where the screen has a place for it."""
        if isinstance(self._screen, CameraScreen):
            self._screen.show_frame(image)

    def forget(self) -> None:
        """Blank every word and picture that may be about a person, and drop the widgets that held them."""
        self._focus.clear()
        for widget in (*self._screens.values(), self._overlay):
            if widget is not None:
                forget(widget)
                self.remove_widget(widget)
        self._screens.clear()
        self._screen = self._overlay = self._view = self._chrome = None

    def find(self, action: str) -> Pressable | None:
        """Return the target of an action that can be pressed now."""
        roots = (self._overlay or self._screen, self._row)
        return next((target for root in roots if root is not None for target in _targets(root, action)), None)

    def act(self, action: str) -> None:
        """Tell an action, if this press counts."""
        if self._once.allows(action):
            self._on_action(action)

    def close(self) -> None:
        """Hear no more keys."""
        Window.funbind("on_key_down", self._key_down)
        Window.funbind("on_key_up", self._key_up)

    # --- what is touched ---

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Pass touches on; count those in the hidden corner."""
        self._focus.clear()
        handled = bool(super().on_touch_down(touch))
        self._on_touch()  # only now: it may take the idle warning away, and this touch was meant for that
        corner = theme.px(_CORNER_PX)
        if touch.x < self.x + corner and touch.y > self.top - corner and self._corner.tapped(Clock.time()):
            self.act("corner")
        return handled

    def _key_down(self, _window: object, key: int, _scan: int, _text: str, modifiers: Sequence[str]) -> bool:
        self._on_touch()
        handled = self._focus.key_down(key, shift="shift" in modifiers)
        target = self.find(self._focus.action) if handled and self._focus.action else None
        if target is not None and isinstance(self._screen, Page):
            _bring_into_sight(target)
        return handled

    def _key_up(self, _window: object, key: int, *_: object) -> bool:
        return self._focus.key_up(key)

    def _focus_order(self) -> tuple[str, ...]:
        row = tuple(target.action for target in self._row.targets)
        if self._overlay is not None:
            return (self._overlay.button.action, *row)
        return (*(self._view.focus_order if self._view else ()), *row)

    # --- how it is put together ---

    def _screen_of(self, kind: type[views.View]) -> Screen:
        if kind not in self._screens:
            self._screens[kind] = cast("Screen", self._kinds[kind](act=self.act))
        return self._screens[kind]

    def _swap(self, screen: Screen) -> None:
        if self._screen is not None:
            self.show_frame(None)
            self.remove_widget(self._screen)
        self._screen = screen
        self.add_widget(screen, index=len(self.children))
        self._place()
        screen.begin()

    def _put_row(self, chrome: views.Chrome) -> None:
        self._row.show(chrome)
        if self._row.parent is None:
            self.add_widget(self._row)

    def _show_overlay(self, chrome: views.Chrome) -> None:
        words, choice = chrome.warning, chrome.warning_choice
        if not words:
            words, choice = chrome.help, chrome.help_close
        if not words or choice is None:
            self._drop_overlay()
            return
        if self._overlay is None:
            self._overlay = Overlay(act=self.act)
            self.add_widget(self._overlay)
            self._place()
        self._overlay.attention = bool(chrome.warning)
        self._overlay.picture = "wait" if chrome.warning else "help"
        self._overlay.show(words, choice)

    def _drop_overlay(self) -> None:
        if self._overlay is not None:
            forget(self._overlay)
            self.remove_widget(self._overlay)
            self._overlay = None

    def _place(self, *_: object) -> None:
        self._row.pos, self._row.width = self.pos, self.width
        for widget in (self._screen, self._overlay):
            if widget is not None:
                widget.pos = (self.x, self._row.top)
                widget.size = (self.width, self.top - self._row.top)


def _targets(root: Widget, action: str) -> list[Pressable]:
    return [
        widget
        for widget in root.walk(restrict=True)
        if isinstance(widget, Pressable) and widget.action == action and widget.available and widget.opacity
    ]


def _bring_into_sight(target: Pressable) -> None:
    pane = target.parent
    while pane is not None and pane is not pane.parent:
        if isinstance(pane, ScrollPane):
            pane.bring_into_sight(target)
            return
        pane = pane.parent
