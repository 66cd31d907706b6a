"""When a staffed window is open, and how that is said."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kiosk.presenters.gallery import PLACE
from kiosk.presenters.opening import Hours, open_until, opens_next
from kiosk.presenters.surroundings import Surroundings
from terminal.texts import Catalogue

CHINA = timezone(timedelta(hours=8))
WEEKDAYS = (1, 2, 3, 4, 5)
OFFICE = (Hours(WEEKDAYS, "09:00", "12:00"), Hours(WEEKDAYS, "14:00", "17:30"))
TEXTS = Path(__file__).resolve().parents[3] / "assets" / "texts"

# November 2026: the 20th is a Friday
CASES = [
    ("20 08:59", "", (0, "09:00"), "今天 09:00 开"),
    ("20 09:00", "12:00", (0, "14:00"), "现在开着，到 12:00"),
    ("20 11:59", "12:00", (0, "14:00"), "现在开着，到 12:00"),
    ("20 12:00", "", (0, "14:00"), "今天 14:00 开"),
    ("20 17:30", "", (3, "09:00"), "星期一 09:00 开"),
    ("21 10:00", "", (2, "09:00"), "星期一 09:00 开"),
    ("22 23:05", "", (1, "09:00"), "明天 09:00 开"),
]


def at(day_and_time: str) -> datetime:
    return datetime.strptime(f"2026-11-{day_and_time}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


@pytest.mark.parametrize(("now", "until", "following", "said"), CASES)
def test_a_window_is_open_or_opens_next(now: str, until: str, following: tuple[int, str], said: str) -> None:
    """To the minute: at opening time it is open, at closing time it is not."""
    assert open_until(OFFICE, at(now)) == until
    assert opens_next(OFFICE, at(now)) == following
    around = Surroundings(Catalogue.load(TEXTS).in_language("zh"), at(now), PLACE)
    assert around.opening(replace(PLACE.desk, openings=OFFICE)) == said


def test_a_window_that_opens_once_a_week_opens_in_a_week() -> None:
    """After closing on its own day."""
    assert opens_next((Hours((5,), "09:00", "12:00"),), at("20 12:30")) == (7, "09:00")


def test_what_the_policy_does_not_say_is_not_said() -> None:
    """No hours for a program: the words of the policy stand alone."""
    around = Surroundings(Catalogue.load(TEXTS).in_language("zh"), at("20 10:00"), PLACE)
    assert opens_next((), at("20 10:00")) is None
    assert around.opening(replace(PLACE.desk, openings=())) == ""
