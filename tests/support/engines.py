"""The default engine for faces: a second to load and some hundred megabytes, so each test process has one."""

import functools

from devices.face.driver import InsightFaceEngine
from tests.support.camera import PACK


@functools.cache
def face_engine() -> InsightFaceEngine:
    """Loaded; nothing about it changes."""
    loaded = InsightFaceEngine(PACK)
    loaded.load()
    return loaded
