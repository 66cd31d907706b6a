"""What the driver itself puts on the bus: nothing in clear text that opens anything, whatever the other end is."""

from pathlib import Path
from threading import Event

import pytest

from devices.door.api import DoorReason, Opening
from devices.door.driver import DoorDriver
from devices.door.line import SerialLine
from devices.door.osdp import OsdpMechanism
from devices.door.wire import SOM
from devices.door.wiring import Inputs
from tests.devices.door.conftest import Bench, eventually

ID, CAP, POLL, OUT, CHLNG, SCRYPT = 0x61, 0x62, 0x60, 0x68, 0x76, 0x77
ENCRYPTED = 0x17  # SIA OSDP 2.2, annex D: the data of this frame is encrypted, SCS_17


class TappedLine(SerialLine):
    """Notes each frame that the panel sends: its code, and the kind of its security block, 0 without one."""

    def __init__(self, port: str) -> None:
        super().__init__(port, 115200)
        self.sent: list[tuple[int, int]] = []
        self.whole = b""

    def write(self, data: bytes) -> int:
        frame = data[data.index(SOM) :]
        secured = frame[4] & 0x08
        self.sent.append((frame[5 + frame[5]] if secured else frame[5], frame[6] if secured else 0))
        self.whole += data
        return super().write(data)


def driver(bench: Bench, line: SerialLine) -> DoorDriver:
    key: Path = bench.settings.key_file
    return DoorDriver(OsdpMechanism(line, 0, key, Inputs(0, 1, 2)))


def test_an_opening_is_encrypted_on_the_wire(bench: Bench) -> None:
    line = TappedLine(bench.settings.port)
    door = driver(bench, line)
    try:
        assert bench.ready(door)
        assert door.open(2.5, Event()) is Opening.OPENED
    finally:
        door.close()
    assert {kind for code, kind in line.sent if code == OUT} == {ENCRYPTED}
    assert bytes((0, 5, 25, 0)) not in line.whole  # output 0, on for a time, 25 tenths


@pytest.mark.parametrize("fault", ["wrong-key", "refuses"])
def test_nothing_is_ever_said_in_clear_text_but_who_are_you_and_prove_it(bench: Bench, fault: str) -> None:
    bench.set(fault)
    line = TappedLine(bench.settings.port)
    door = driver(bench, line)
    try:
        assert eventually(lambda: door.health().reason in (DoorReason.KEY_REFUSED, DoorReason.OK), 6)
        assert door.open(1.0, Event()) in (Opening.OFFLINE, Opening.REFUSED)
        assert eventually(lambda: len(line.sent) >= 6, 4)  # the next session too
    finally:
        door.close()
    clear = {code for code, kind in line.sent if kind == 0}
    assert {ID, CAP} <= clear <= {ID, CAP, POLL}
    assert (OUT in {code for code, _ in line.sent}) == (fault == "refuses")
