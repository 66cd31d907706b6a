"""Kivy is set up as a kiosk's."""

import pytest

from tests.support import screen  # noqa: F401 - imports Kivy's window

# isort: split
from terminal.kivy_setup import KivyConfiguredTooLateError, configure


def test_configuring_too_late_is_refused() -> None:
    """The window would be somebody's desktop window, with settings panel and all."""
    with pytest.raises(KivyConfiguredTooLateError):
        configure()


def test_no_second_finger_is_ever_simulated() -> None:
    """Right and middle click are taps, and no other device is probed for."""
    from kivy.config import Config

    assert dict(Config.items("input")) == {"mouse": "mouse,disable_multitouch,disable_on_activity"}
    assert Config.get("kivy", "exit_on_escape") == "0"
