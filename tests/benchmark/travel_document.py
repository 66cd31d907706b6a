"""Reading a travel document with a portrait of 18 KB, over a real pcscd and vpcd, and from the chip's own hand.

A chip of silicon takes longer than all of this: its figures are those of the program and the daemon alone.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event
from types import SimpleNamespace

from devices.travel_document.api import DocumentRead
from devices.travel_document.authorities import Authorities
from devices.travel_document.reading import read_document
from simulators.chip.applet import Applet
from simulators.chip.documents import documents
from simulators.chip.personalise import Press
from tests.support.pcsc import Reader, fitted_reader, quiet

ROUNDS = 15
LIMIT_MS = 100.0


def measure() -> Iterable[tuple[str, float, str]]:
    """(name, our time over the limit or over the other way of reading, what was measured)."""
    with tempfile.TemporaryDirectory() as folder, fitted_reader(Path(folder)) as reader:
        pace = _over_reader(reader, "ok")
        bac = _over_reader(reader, "bac-only")
        short = _over_reader(reader, "no-extended-length")
    by_hand = {name: _by_hand(name) for name in ("deng", "lan", "alex", "deng-permit")}
    apart = ", ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in by_hand.items())
    yield "whole document by PACE / 100 ms", pace / LIMIT_MS, f"over pcscd {pace:.0f} ms; without: {apart}"
    yield "whole document by BAC / 100 ms", bac / LIMIT_MS, f"over pcscd {bac:.0f} ms, extended length"
    yield (
        "extended / short commands",
        pace / short,
        f"over pcscd {pace:.0f} ms / {short:.0f} ms, one long command in vain included",
    )


def _over_reader(reader: Reader, fault: str) -> float:
    key = reader.lay("deng", fault)
    return _median_ms(lambda: reader.driver.read(key, Event(), quiet))


def _by_hand(name: str) -> float:
    """Each command handed over by a call: what the two programs take by themselves, the chip's half included."""
    press, document = Press(), documents()[name]
    chip = press.make(document)
    authorities = _authorities(press)
    return _median_ms(
        lambda: read_document(
            SimpleNamespace(transmit=Applet(chip).answer), document.key, authorities, quiet, lambda: None
        )
    )


def _authorities(press: Press) -> Authorities:
    with tempfile.TemporaryDirectory() as folder:
        press.fill_store(Path(folder))
        return Authorities.load(Path(folder))


def _median_ms(read: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        outcome = read()
        taken.append((time.perf_counter() - begun) * 1000)
        assert isinstance(outcome, DocumentRead)
    return statistics.median(taken[1:])
