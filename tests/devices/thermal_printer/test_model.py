"""A model's settings and a printer's address: right, or named wrong."""

from typing import Any

import pytest

from devices.errors import DeviceMisconfiguredError
from devices.thermal_printer.model import Address, StripModel


def test_margins_narrow_the_strip() -> None:
    assert StripModel(width=384, left_margin=8, right_margin=16).printable == 360


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"colour": "red"}, "has no colour"),
        ({"cut": "torn"}, "cut is one of: full, partial, none"),
        ({"presenter": "robot"}, "presenter is one of"),
        ({"width": "576"}, "width is a whole number"),
        ({"width": True}, "width is a whole number"),
        ({"density": 7}, "density is a whole number from -6 to 6"),
        ({"width": 380}, "multiple of 8"),
        ({"width": 384, "left_margin": 200, "right_margin": 184}, "wider than its margins"),
    ],
)
def test_a_wrong_setting_is_named(values: dict[str, Any], said: str) -> None:
    with pytest.raises(DeviceMisconfiguredError, match=said):
        StripModel.parse(values)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://printer", Address("tcp", "printer", (9100,))),
        ("tcp://10.0.0.7:9101", Address("tcp", "10.0.0.7", (9101,))),
        ("serial:///dev/ttyS4", Address("serial", "/dev/ttyS4", (115200,), "none")),
        ("serial:///dev/ttyS4?baud=19200&flow=rtscts", Address("serial", "/dev/ttyS4", (19200,), "rtscts")),
        ("usb://04b8:0202", Address("usb", "04b8:0202", (0x4B8, 0x202, 0x82, 0x01))),
        ("usb://04b8:0202?in=81&out=02", Address("usb", "04b8:0202", (0x4B8, 0x202, 0x81, 0x02))),
        ("file:///dev/usb/lp0", Address("file", "/dev/usb/lp0")),
    ],
)
def test_an_address_names_its_transport(text: str, address: Address) -> None:
    assert Address.parse(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "printer",
            "tcp://",
            "tcp://printer/queue",
            "tcp://printer:x",
            "serial://",
            "serial:///dev/ttyS4?baud=fast",
        ),
        *("serial:///dev/ttyS4?flow=rain", "tcp://printer?baud=9600", "usb://04b8", "usb://04b8:zz", "file://"),
    ],
)
def test_any_other_address_is_refused(text: str) -> None:
    with pytest.raises(DeviceMisconfiguredError, match="address is"):
        Address.parse(text)
