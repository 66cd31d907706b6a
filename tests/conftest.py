"""What every test stands on: the checkout's own folder, no setting of the machine it runs on, and who runs beside whom.

``make test`` runs three processes, of which the one with the house waits a good part of its time: a file's tests stay
together, and so do all that walk through the one house, and all that look through a browser.
"""

import gc
import os
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from simulators.pcsc import own_socket

ROOT = Path(__file__).resolve().parent.parent
BROWSER = "tests/browser"  # one at a time draws
HOUSE = "tests/stories"  # one house takes seconds to start, and two would draw and look at faces on the same two cores
ROOFLESS = f"{HOUSE}/test_fault_table.py"  # a program of its own
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each program that a test starts would compile what it imports
own_socket()  # before anybody asks for smart cards: those of this machine are not ours


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the folder that holds the packages."""
    return ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that all processes end together."""
    items.sort(key=lambda item: not item.nodeid.startswith(HOUSE))


def pytest_collection_finish() -> None:
    """What was collected and imported stays to the end: no search for garbage needs to look through it again, nor to
    begin as often as in a program that has little memory."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Who runs in one process, one after the other."""
    return _Together(config, log)


class _Together(LoadScopeScheduling):  # type: ignore[misc] # xdist is untyped
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith(BROWSER):
            return BROWSER
        return HOUSE if file.startswith(HOUSE) and file != ROOFLESS else file
