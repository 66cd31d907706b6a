"""A door's address, and nothing else."""

from dataclasses import replace

import pytest

from backend_client.contract.devices import DeviceKind
from records.context import Records
from records.sections import IdentitySettings
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient

DOOR = {"building": "8", "unit": "3", "room": "603"}


def test_a_door_has_an_address(kiosk: KioskClient) -> None:
    answer = kiosk.post("/v1/dwellings", DOOR)
    assert answer.status_code == 200
    assert set(answer.json()) == {"server_time", "id", "address"}
    assert answer.json()["address"] == "示例省示例市平安区灯火路12号8幢3单元603室"


def test_the_same_door_is_the_same_flat(kiosk: KioskClient) -> None:
    first, again = (kiosk.post("/v1/dwellings", DOOR).json()["id"] for _ in range(2))
    assert first == again


@pytest.mark.parametrize("change", [{"building": "9"}, {"unit": "4"}, {"room": "604"}, {"room": "701"}])
def test_a_door_that_is_not_here_is_unknown(kiosk: KioskClient, change: dict[str, str]) -> None:
    answer = kiosk.post("/v1/dwellings", {**DOOR, **change})
    assert (answer.status_code, answer.json()["code"]) == (404, "dwelling-unknown")


@pytest.mark.parametrize("room", ["", "6 03", "六〇三", "6" * 9])
def test_what_stands_on_no_door_is_refused(kiosk: KioskClient, room: str) -> None:
    assert kiosk.post("/v1/dwellings", {**DOOR, "room": room}).json()["code"] == "validation"


def test_a_gate_asks_for_no_flats(records: Records) -> None:
    gate = KioskClient(records, DeviceKind.GATE)
    assert gate.post("/v1/dwellings", DOOR).json()["code"] == "not-permitted"


def test_a_kiosk_that_asks_for_every_door_has_to_wait(records: Records, clock: StillClock) -> None:
    """As many an hour as identifications; another kiosk, and the next hour, are free."""
    few = records.settings.model_copy(update={"identity": IdentitySettings(identifications_per_hour=3)})
    limited = replace(records, settings=few)
    kiosk = KioskClient(limited)
    statuses = [kiosk.post("/v1/dwellings", DOOR).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert KioskClient(limited).post("/v1/dwellings", DOOR).status_code == 200
    clock.pass_by(3600)
    assert kiosk.post("/v1/dwellings", DOOR).status_code == 200
