"""What every test stands on: the checkout's own folder, and no setting of the machine it runs on."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the folder that holds the packages."""
    return ROOT
