"""What can go wrong with a travel document's chip and its reader, as the lanes of cards have it for theirs.

Passport and permit lie in the two slots of one reader, under one pcscd, so that both can be read at once.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Timer
from typing import Self, TypeVar

from civic.document import DocumentKind
from devices.travel_document.driver import PcscDocumentReader
from kiosk.flows import proof
from simulators.chip import lds
from simulators.chip.applet import Personalisation
from simulators.chip.documents import SimulatedDocument, documents
from simulators.chip.field import DEVICE, SimulatedChip
from simulators.chip.personalise import Press
from simulators.pcsc import READER, PrivatePcscd
from simulators.state import MODELS, SimulatedState
from tests.support.fault_booth import Booth, Devices, Room
from tests.support.fault_lanes import Cell, recovered

DOCUMENTS = {DocumentKind.PASSPORT: "deng", DocumentKind.TRAVEL_PERMIT: "deng-permit"}
READERS = {DocumentKind.PASSPORT: READER, DocumentKind.TRAVEL_PERMIT: READER.replace("00 00", "00 01")}
SILENCE = 1.0  # in place of a kiosk's 5 s
OTHER_PROGRAM = """
import sys
from smartcard import scard
context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)[1]
print(scard.SCardConnect(context, sys.argv[1], scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_ANY)[0], flush=True)
sys.stdin.readline()
"""

_T = TypeVar("_T")
Spoil = Callable[[Personalisation, Press], Personalisation]
STRANGE: dict[str, Spoil] = {  # what the emulator has no state for, because no real issuer makes it
    "asks for an unknown way in": lambda chip, _: replace(chip, bac=False, pace=None),
    "security object makes no sense": lambda chip, _: replace(
        chip, files={**chip.files, lds.SECURITY: b"\x77\x03\x02\x01\x00"}
    ),
    "another document's chip in these covers": lambda chip, press: replace(
        press.make(documents()["lan"]), information=chip.information
    ),
}


class SpoilingPress(Press):
    """Makes chips that are strange in one way, while ``spoil`` is set."""

    spoil: Spoil | None = None

    def make(self, document: SimulatedDocument, fault: str = "ok") -> Personalisation:
        """As the other, and then spoilt."""
        chip = super().make(document, fault)
        if self.spoil is None:
            return chip
        spoil, self.spoil = self.spoil, None
        try:
            return spoil(chip, self)
        finally:
            self.spoil = spoil


@dataclass(slots=True)
class ChipLane:
    """One slot and whoever comes to it. A context manager."""

    room: Room
    kind: DocumentKind
    port: int
    press: SpoilingPress = field(default_factory=SpoilingPress)
    state: SimulatedState = field(init=False)
    booth: Booth = field(init=False)
    _driver: PcscDocumentReader = field(init=False)
    _chip: SimulatedChip = field(init=False)
    _opened: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        folder = self.room.folder / self.kind.value
        self.state, authorities = SimulatedState(folder), folder / "authorities"
        self.press.fill_store(authorities)
        self._chip = self._opened.enter_context(SimulatedChip(self.state, self.port, self.press))
        self._driver = PcscDocumentReader(READERS[self.kind], authorities, SILENCE)
        self._opened.callback(self._driver.close)
        self.booth = Booth(self.room, f"booth-{self.kind.value}", Devices(travel_document=self._driver))
        self._opened.enter_context(self.booth)
        return self

    def __exit__(self, *_error: object) -> None:
        self._opened.close()

    # --- faults of the document ---

    def cells(self) -> Iterator[Cell]:
        """Every state of the emulator, and what it has none for."""
        for fault in MODELS[DEVICE].states[1:]:
            self.lay(fault)
            yield self.cell(fault, self.lay)
        for name, spoil in STRANGE.items():
            self.lift()
            self.press.spoil = spoil
            self.lay()
            yield self.cell(name, self._mend_press)

    def cell(self, fault: str, mend: Callable[[], None]) -> Cell:
        """What people read when they come now, and how long it takes from then on."""
        resident, technician = self.met()
        read = isinstance(self.booth.here, proof.ChoosingProof)
        recovery = recovered(mend, self.well)
        return Cell(self.kind, fault, resident, technician, None if read else recovery)

    def met(self) -> tuple[str, str]:
        """What resident and technician read."""
        self.visit()
        return self.booth.resident(), self.booth.technician("travel_document")

    def well(self) -> bool:
        """Whether the document that lies there reads."""
        return isinstance(self.visit(), proof.ChoosingProof)

    def visit(self) -> object:
        """Come, type what stands on the page, lay the document; as far as one gets."""
        document = documents()[DOCUMENTS[self.kind]]
        self.booth.begin()
        self.booth.touch("way:travel", "type-page")
        if self.kind is DocumentKind.TRAVEL_PERMIT:
            self.booth.touch("permit")
        for text in (document.number, f"{document.birth:%Y%m%d}", f"{document.expires:%Y%m%d}"):
            self.booth.keys(text)
        return self.booth.work()

    def lay(self, fault: str = "ok") -> None:
        """Lay the document down, and wait until the reader has found it."""
        name = DOCUMENTS[self.kind]
        self.state.set(DEVICE, fault, document=name)
        self.booth.wait_for(lambda: self._chip.laid == (fault, name) and self._driver.present())

    def lift(self) -> None:
        """Take it away, and wait until the reader has seen it."""
        self.state.set(DEVICE, document="none")
        self.booth.wait_for(lambda: not self._driver.present())

    def _mend_press(self) -> None:
        self.lift()
        self.press.spoil = None
        self.lay()


# --- faults of the reader ---


@contextmanager
def slots(room: Room) -> Iterator[tuple[PrivatePcscd, list[ChipLane]]]:
    """A reader with its two slots."""
    with PrivatePcscd() as pcscd, ExitStack() as opened:
        kinds = list(DOCUMENTS)
        yield pcscd, [opened.enter_context(ChipLane(room, kind, pcscd.port + at)) for at, kind in enumerate(kinds)]


def reader_cells(pcscd: PrivatePcscd, lanes: list[ChipLane]) -> Iterator[Cell]:
    """What both slots meet at once, and what only one does."""
    for lane in lanes:
        lane.lay()

    def restart() -> None:
        pcscd.stop()
        pcscd.start()

    pcscd.stop()
    yield from _both("pcscd stopped", lanes, pcscd.start)
    pcscd.stop()
    pcscd.start(with_reader=False)
    yield from _both("reader unplugged", lanes, restart)
    for lane in lanes:
        lane.lay("slow")
    crash = Timer(0.4, partial(pcscd.stop, signal.SIGKILL))
    crash.start()
    met = _side_by_side(lanes, lambda lane: lane.met())
    crash.join()
    yield from _mended("pcscd crashed while reading", lanes, met, lambda: _started(pcscd, lanes))
    for lane in lanes:
        yield _second_client(lane)


def _started(pcscd: PrivatePcscd, lanes: list[ChipLane]) -> None:
    for lane in lanes:
        lane.state.set(DEVICE, "ok")
    pcscd.start()


def _both(fault: str, lanes: list[ChipLane], mend: Callable[[], None]) -> Iterator[Cell]:
    yield from _mended(fault, lanes, _side_by_side(lanes, lambda lane: lane.met()), mend)


def _mended(fault: str, lanes: list[ChipLane], met: list[tuple[str, str]], mend: Callable[[], None]) -> Iterator[Cell]:
    began = time.monotonic()
    mend()
    mending = time.monotonic() - began
    times = _side_by_side(lanes, lambda lane: recovered(lambda: None, lane.well))
    for lane, (resident, technician), seconds in zip(lanes, met, times, strict=True):
        yield Cell(lane.kind, fault, resident, technician, mending + seconds)


def _side_by_side(lanes: list[ChipLane], work: Callable[[ChipLane], _T]) -> list[_T]:
    with ThreadPoolExecutor(len(lanes)) as pool:
        return list(pool.map(work, lanes))


def _second_client(lane: ChipLane) -> Cell:
    command = [sys.executable, "-c", OTHER_PROGRAM, READERS[lane.kind]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "0\n"
        return lane.cell("a second program on the reader", lambda: _end(other))


def _end(other: "subprocess.Popen[str]") -> None:
    other.communicate("\n")
