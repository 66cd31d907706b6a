"""Blanks every word and picture that widgets hold. What is dropped without this lives on until memory is reused."""

from kivy.properties import StringProperty
from kivy.uix.widget import Widget

_OURS = ("terminal.", "kiosk.", "gate.")


def forget(root: Widget) -> None:
    """Blank a widget and everything in it; the widgets are of no use afterwards."""
    for widget in list(root.walk(restrict=True)):
        _blank(widget)
        clear = getattr(widget, "forget", None)
        if clear is not None:
            clear()


def _blank(widget: Widget) -> None:
    for owner in type(widget).__mro__:
        if owner.__module__.startswith(_OURS):
            for name, value in vars(owner).items():
                if isinstance(value, StringProperty):
                    setattr(widget, name, "")
