"""The default engine, loaded once for all tests of this folder."""

import pytest

from devices.face.driver import InsightFaceEngine
from tests.support.engines import face_engine


@pytest.fixture(scope="session")
def engine() -> InsightFaceEngine:
    return face_engine()
