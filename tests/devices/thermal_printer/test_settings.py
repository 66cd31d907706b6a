"""From a configuration's table to a driver, and what a production kiosk must not print on."""

import os
from typing import Any

import pytest
from pydantic import ValidationError

from devices.catalog import DeviceSettings, build, refusals
from devices.health import Level
from devices.thermal_printer.api import StripReason
from devices.thermal_printer.model import StripModel


def settings(**printer: Any) -> DeviceSettings:
    """Settings of devices that are not there."""
    values: dict[str, Any] = {
        "id_card": {"port": "/dev/none-such-reader"},
        "camera": {"source": "/dev/none-such-camera", "usb_path": "1-1.4"},
        "face": {"pack": "none"},
        "page_printer": {"uri": "ipp://192.0.2.1/ipp/print"},
    }
    return DeviceSettings.model_validate(values | ({"thermal_printer": printer} if printer else {}))


def test_a_kiosk_needs_no_thermal_printer() -> None:
    assert build(settings()).thermal_printer is None


def test_a_table_becomes_a_driver_that_asks_nothing_yet() -> None:
    found = settings(address="serial:///dev/none-such-printer", model={"width": 384, "cut": "none"})
    assert found.thermal_printer is not None
    assert found.thermal_printer.model == StripModel(width=384, cut="none")
    printer = build(found).thermal_printer
    assert printer is not None
    health = printer.health()
    assert (health.level, health.reason) == (Level.DOWN, StripReason.UNREACHABLE)


@pytest.mark.parametrize(
    ("printer", "said"),
    [
        ({"address": "printer"}, "address is serial"),
        ({"address": "tcp://192.0.2.1", "model": {"hue": 1}}, "has no hue"),
        ({"address": "tcp://192.0.2.1", "model": {"cut": "torn"}}, "cut is one of"),
        ({"address": "tcp://192.0.2.1", "model": 7}, "dictionary"),
    ],
)
def test_a_wrong_table_says_what_is_wrong(printer: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings(**printer)


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("tcp://127.0.0.1:9100", ["thermal-printer-is-loopback"]),
        ("tcp://192.0.2.1", []),
        ("file:///dev/usb/lp0", ["thermal-printer-can-not-answer"]),
        ("serial:///srv/printer", ["thermal-printer-port-is-no-device"]),
        ("serial:///dev/ttyS63", []),
        ("usb://04b8:0202", []),
    ],
)
def test_a_production_kiosk_prints_on_real_printers_that_answer(address: str, codes: list[str]) -> None:
    assert refusals(settings(address=address)) == codes


def test_a_pseudo_terminal_is_refused() -> None:
    master, slave = os.openpty()
    try:
        assert refusals(settings(address=f"serial://{os.ttyname(slave)}")) == ["thermal-printer-port-is-a-pty"]
    finally:
        os.close(master)
        os.close(slave)
