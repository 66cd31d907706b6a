"""One house for all stories: records and the simulated devices take seconds to start."""

from collections.abc import Iterator

import pytest

from simulators.house import House
from tests.support.records_server import database_of, quick_settings
from tests.support.story import SIZE, everything_well


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
