"""The house on one machine: what others on it do at the same moment keeps it from nothing."""

import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from simulators.house import House
from simulators.records_house import HouseError


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """One of which nothing runs yet."""
    made = House(tmp_path, usual_ports=False)
    (tmp_path / "log").mkdir()
    yield made
    made.close()


def test_records_get_another_port_where_somebody_took_theirs_meanwhile(house: House, tmp_path: Path) -> None:
    """A port was free when it was looked for; records bind it seconds later."""
    first = house.records_port
    with socket.create_server(("127.0.0.1", first)):
        house._spawn_records()
        house._await_records()
    assert house.records_port != first
    assert house.records_url == f"https://localhost:{house.records_port}"
    assert requests.get(f"{house.records_url}/health", verify=str(house.trust / "root.pem"), timeout=5).ok
    assert (house.trust / "records-url").read_text("ascii").strip() == house.records_url
    settings = tomllib.loads((tmp_path / "records" / "records.toml").read_text("utf-8"))
    assert settings["server"]["port"] == house.records_port


def test_records_that_end_for_another_reason_are_an_error(house: House, tmp_path: Path) -> None:
    """Their last words are in it; another port would not help."""
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "records.toml").write_text("[server]\nport = 0\n", "utf-8")
    house._spawn_records()
    with pytest.raises(HouseError, match="records did not start"):
        house._await_records()
