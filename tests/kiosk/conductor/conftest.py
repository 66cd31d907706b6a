"""One room for each test."""

from collections.abc import Iterator

import pytest

from tests.support.kiosk_room import Room


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()
