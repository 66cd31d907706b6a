"""What a gate's presenters need besides the state: the words, the hour, and where the gate stands."""

from dataclasses import dataclass
from datetime import datetime

from terminal.machine import Groups
from terminal.texts import Words
from terminal.views import Choice


@dataclass(frozen=True, slots=True)
class Site:
    """``door``: its name as (language, text) pairs. ``guard_phone``: of the duty room; empty: only its window."""

    door: tuple[tuple[str, str], ...]
    guard_phone: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``now``: local time. ``machine``: what the technician's page says."""

    words: Words
    now: datetime
    site: Site
    machine: Groups = ()

    def back(self) -> Choice:
        """返回, to the screen that waits."""
        return Choice("back", self.words("common.back"))
