"""What every test stands on: the checkout's own folder, and no setting of the machine it runs on."""

from pathlib import Path

import pytest

from simulators.pcsc import own_socket

ROOT = Path(__file__).resolve().parent.parent
own_socket()  # before anybody asks for smart cards: those of this machine are not ours


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the folder that holds the packages."""
    return ROOT
