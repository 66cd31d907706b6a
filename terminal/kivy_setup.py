"""How Kivy starts on a kiosk. Call ``configure`` before anything imports Kivy: it reads all of this only once.

Decisions and measurements: docs/decisions/kivy.md.
"""

import os
import sys

PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)
GATE_PORTRAIT = (800, 1280)  # of a book's size
GATE_LANDSCAPE = (1280, 800)

_ENVIRONMENT = {
    "KIVY_NO_ARGS": "1",  # our command line is our own
    "KIVY_NO_CONFIG": "1",  # no file in a home folder changes a kiosk
    "KIVY_NO_FILELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",  # otherwise Kivy takes over the root logger
    "KCFG_KIVY_LOG_LEVEL": "warning",
    # SDL passes each finger a second time as a mouse: one tap would be two
    "SDL_TOUCH_MOUSE_EVENTS": "0",
    "SDL_MOUSE_TOUCH_EVENTS": "0",
}


class KivyConfiguredTooLateError(RuntimeError):
    """Kivy was imported before ``configure``: its window would not be a kiosk's."""


def configure(
    size: tuple[int, int] | None = None, *, whole_screen: bool = True, left: int = 0, max_fps: int = 30
) -> None:
    """Prepare Kivy for a window of ``size`` (width, height in px; None: portrait).

    ``whole_screen`` makes it borderless: the 'auto' full screen of Kivy leaves the X window at its old size where no
    window manager runs. It stands at the top, ``left`` px from the left edge. Without any display SDL draws off
    screen. ``max_fps`` below 20 costs more, not less, with the interrupting clock. Raises KivyConfiguredTooLateError.
    """
    if "kivy" in sys.modules and "kivy.core.window" in sys.modules:
        raise KivyConfiguredTooLateError
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if not _has_display():
        os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    _write_config(size or PORTRAIT, whole_screen=whole_screen, left=left, max_fps=max_fps)


def _has_display() -> bool:
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"))


def _write_config(size: tuple[int, int], *, whole_screen: bool, left: int, max_fps: int) -> None:
    from kivy.config import Config  # noqa: PLC0415 - the environment above must come first

    width, height = size
    graphics: dict[str, object] = {
        "width": width,
        "height": height,
        "fullscreen": 0,
        "borderless": int(whole_screen),
        "resizable": int(not whole_screen),
        "position": "custom",
        "left": left,
        "top": 0,
        "maxfps": max_fps,
        "multisamples": 0,  # shapes smooth their own edges; 2 samples cost 70 MB
        "show_cursor": int(not whole_screen),
    }
    kivy: dict[str, object] = {
        "exit_on_escape": 0,
        "keyboard_mode": "system",
        "kivy_clock": "interrupt",  # a result from a thread shows at once instead of at the next frame
        "log_enable": 0,
    }
    for section, values in (("graphics", graphics), ("kivy", kivy)):
        for name, value in values.items():
            Config.set(section, name, str(value))
    _keep_only_plain_input(Config)


def _keep_only_plain_input(config: object) -> None:
    """Leave mouse and window touch: no simulated second finger, no probing of other input devices."""
    from kivy.config import ConfigParser  # noqa: PLC0415

    assert isinstance(config, ConfigParser)  # noqa: S101 - for the type checker
    for name, _ in config.items("input"):
        config.remove_option("input", name)
    config.set("input", "mouse", "mouse,disable_multitouch,disable_on_activity")
