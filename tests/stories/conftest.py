"""One house for all stories, one kiosk for those of a file: records and the simulated devices take seconds to start."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from simulators.house import House
from tests.support.records_server import database_of, quick_settings
from tests.support.story import SIZE, at_the_lamp, everything_well, ready_kiosk

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker


@pytest.fixture(scope="session")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with database_of(quick_settings()) as chosen:
        url = chosen.database.url
        with House(folder, screen=SIZE, sheet_seconds=0.5, patience=8.0, usual_ports=False, database=url) as house:
            yield house


@pytest.fixture
def house(shared_house: House) -> House:
    everything_well(shared_house)
    return shared_house


@pytest.fixture(scope="module")
def opened(shared_house: House, request: pytest.FixtureRequest) -> Iterator["Walker"]:
    """One for all stories of a file, as one serves all who come in a day; their pictures have the file's name."""
    name = request.path.stem.removeprefix("test_").replace("_", "-")
    with ready_kiosk(shared_house, name) as walker:
        yield walker


@pytest.fixture
def walker(opened: "Walker", house: House) -> "Walker":
    """The lamp is on and everything works, whatever the story before came to."""
    assert house.state is not None
    return at_the_lamp(opened)
