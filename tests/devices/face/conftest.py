"""The default engine, loaded once for all tests of this folder."""

import pytest

from devices.face.driver import InsightFaceEngine
from tests.support.camera import PACK


@pytest.fixture(scope="session")
def engine() -> InsightFaceEngine:
    loaded = InsightFaceEngine(PACK)
    loaded.load()
    return loaded
