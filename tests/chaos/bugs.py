"""Negative controls: a kiosk with a bug, which the judge has to notice. ``python -m tests.chaos --bug ...``."""

from enum import StrEnum

from devices.page_printer.client import IppClient
from devices.thermal_printer.driver import EscPosStripPrinter
from terminal.store.database import Database
from tests.support.power_cut import without_syncs


class Bug(StrEnum):
    """What is wrong with the kiosk, each time it starts."""

    NONE = "none"
    NO_SYNCS = "no-syncs"  # its disk is waited for by nobody
    CLEARS_NOTHING = "clears-nothing"  # jobs and dots of a paper that was given up stay in the printers
    FORGETS = "forgets"  # its journal loses papers that are settled


def plant(bug: Bug, database: Database) -> None:
    """In a kiosk with this journal, from now on."""
    match bug:
        case Bug.NONE:
            pass
        case Bug.NO_SYNCS:
            without_syncs(database)
        case Bug.CLEARS_NOTHING:
            _clear_nothing()
        case Bug.FORGETS:
            database.execute("DELETE FROM paper_attempt WHERE state = 'settled'")


def _clear_nothing() -> None:
    """Whole classes: a process with a bug has no kiosk without it."""
    for owner, name, answer in (
        (IppClient, "cancel", None),
        (IppClient, "cancel_unfinished", 0),
        (EscPosStripPrinter, "_clean", True),
    ):
        setattr(owner, name, lambda *_, _answer=answer, **__: _answer)
