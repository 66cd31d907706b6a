"""One simulated camera for each file of tests, well again for each test."""

import time
from collections.abc import Iterator

import pytest

from tests.support.camera import Stage, stage


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("sim"), "live:lan") as wire:
        yield wire


@pytest.fixture
def wire(running: Stage) -> Stage:
    running.fault("ok")
    time.sleep(0.2)
    return running
