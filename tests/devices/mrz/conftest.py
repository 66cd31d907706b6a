"""The recogniser, loaded once, and the day on which pages are read."""

import pytest

from devices.mrz.driver import OnnxMrzEngine
from tests.support.camera import THIRD_PARTY
from tests.support.clocks import StillClock


@pytest.fixture(scope="session")
def engine() -> OnnxMrzEngine:
    engine = OnnxMrzEngine(THIRD_PARTY / "mrz", StillClock())
    engine.load()
    return engine
