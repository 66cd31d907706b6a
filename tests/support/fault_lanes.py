"""What can go wrong with each kind of document, put on the simulated device behind the real driver, and mended again.

A lane is one kiosk that meets every fault of one kind, one after the other; lanes run side by side.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, cast
from unittest.mock import patch

from backend_client.contract.identity import Consent
from backend_client.errors import RecordsRefusedError
from backend_client.statement import StatementSigner
from civic.document import DocumentKind
from civic.number_entry import NumberProblem
from devices.camera.driver import OpenCvCamera
from devices.mrz.driver import OnnxMrzEngine
from kiosk.flows import claim, proof
from kiosk.services.evidence import Witness
from simulators.camera import SimulatedCamera
from simulators.state import SimulatedState
from terminal.views import CameraView
from tests.support.camera import THIRD_PARTY, people
from tests.support.fault_booth import Booth, Devices, Room, said
from tests.support.identification import NOTICE, Engine, shot
from tests.support.records_client import DENG, NOBODYS_NUMBER

PATIENCE_S = 10.0  # within which everything reads again
_PACE = 0.24  # of a camera's frames, six a second: what nobody can read takes no longer to be looked at again and again
WELL = (proof.ChoosingProof, claim.Elsewhere)  # the document was read, and what follows depends on its kind alone


@dataclass(frozen=True, slots=True)
class Cell:
    """``recovery``: seconds from mending until the same document read well; None: nothing was to be mended."""

    kind: DocumentKind
    fault: str
    resident: str
    technician: str
    recovery: float | None = None


def recovered(mend: Callable[[], object], well: Callable[[], bool]) -> float:
    """Mend, try as people do, and take the time."""
    began = time.monotonic()
    mend()
    while not well():
        assert time.monotonic() - began < PATIENCE_S
    return time.monotonic() - began


# --- the page before the camera ---

PAGE_FAULTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("page: too dark", {"scene": "dim,blurred"}),
    ("page: glare", {"scene": "glare,blurred"}),
    ("page: never sharp", {"scene": "blurred"}),
    ("page: not shown", {"subject": "nobody"}),
    ("camera: black picture", {"state": "dark"}),
    ("camera: picture stands still", {"state": "stalled"}),
    ("camera: unplugged", {"state": "unplugged"}),
)
_WELL_LIT = {"state": "ok", "scene": "plain"}


class PageLane:
    """A camera and the engine that reads pages. A context manager."""

    def __init__(self, room: Room) -> None:
        self._state = SimulatedState(room.folder / "page")
        self._opened = ExitStack()
        self._engine = OnnxMrzEngine(THIRD_PARTY / "mrz")
        self._none = OnnxMrzEngine(room.folder / "no such model")
        self.booth = Booth(room, "booth-page", Devices(mrz=self._engine))

    def __enter__(self) -> Self:
        self._state.set("camera", subject="nobody")
        camera = self._opened.enter_context(SimulatedCamera(self._state.folder, 0, people(), _PACE))
        self.booth.devices.camera = OpenCvCamera(camera.url)
        self._opened.enter_context(self.booth)
        self._engine.load()
        return self

    def __exit__(self, *_error: object) -> None:
        self._opened.close()

    def cells(self) -> Iterator[Cell]:
        """Every fault, for both kinds."""
        for kind, name in ((DocumentKind.PASSPORT, "deng"), (DocumentKind.TRAVEL_PERMIT, "deng-permit")):
            page = f"page:{name}"
            for fault, settings in PAGE_FAULTS:
                self._state.set("camera", **(_WELL_LIT | {"subject": page} | settings))
                yield self._cell(kind, fault, partial(self._state.set, "camera", **_WELL_LIT, subject=page))
            self.booth.devices.mrz = self._none
            yield self._cell(kind, "page: no model", partial(setattr, self.booth.devices, "mrz", self._engine))

    def _cell(self, kind: DocumentKind, fault: str, mend: Callable[[], object]) -> Cell:
        """What was said while the page was held, and what after it."""
        with patch("devices.mrz.scan.PATIENCE", 1.8):  # in place of 30 s
            self.well()
        held = [said(view) for view in self.booth.seen if isinstance(view, CameraView)][-1]
        resident, technician = f"{held}；{self.booth.resident()}", self.booth.technician("mrz", "camera")
        return Cell(kind, fault, resident, technician, recovered(lambda: _do(mend), self.well))

    def well(self) -> bool:
        """Whether the page, held before the camera now, is read."""
        self.booth.begin()
        self.booth.touch("way:travel")
        return isinstance(self.booth.work(claim.LayingDocument), claim.LayingDocument)


# --- no document ---

NUMBER_FAULTS = {
    NumberProblem.PROVINCE: "0",
    NumberProblem.YEAR: "9901012099",
    NumberProblem.MONTH: "990101199013",
    NumberProblem.DAY: "99010119900230",
    NumberProblem.X_EARLY: "990X",
    NumberProblem.CHECK: DENG.id_number[:-1] + "5",
}
_SLOWED_FROM = 4  # tries


class NumberLane:
    """A keypad. A context manager."""

    kind = DocumentKind.NUMBER

    def __init__(self, room: Room) -> None:
        self._room = room
        self.booth = Booth(room, "booth-number", Devices())

    def __enter__(self) -> Self:
        self.booth.__enter__()
        return self

    def __exit__(self, *_error: object) -> None:
        self.booth.__exit__()

    def cells(self) -> Iterator[Cell]:
        """Every problem, as it is typed; a number that nobody has; too many tries."""
        for problem, typed in NUMBER_FAULTS.items():
            self._come()
            self.booth.touch(*(f"key:{key}" for key in typed))
            resident, technician = self.booth.resident(), self.booth.technician("records")
            yield Cell(DocumentKind.NUMBER, str(problem), resident, technician, recovered(self._erase, self._typed))
        self._come(NOBODYS_NUMBER)
        yield Cell(DocumentKind.NUMBER, "nobody has it", self.booth.resident(), self.booth.technician("records"))
        yield self._slowed()

    def well(self) -> bool:
        """Whether the right number is taken."""
        return isinstance(self._come(DENG.id_number), WELL)

    def _come(self, number: str = "") -> object:
        self.booth.begin()
        self.booth.touch("way:number")
        if number:
            self.booth.keys(number)
            self.booth.work(claim.Waiting)
        return self.booth.here

    def _erase(self) -> None:
        self.booth.touch(*["key-erase"] * 18)

    def _typed(self) -> bool:
        self.booth.keys(DENG.id_number)
        return isinstance(self.booth.work(claim.Waiting), WELL)

    def _slowed(self) -> Cell:
        """Somebody tries numbers: each time a live face is shown, and it is not the right one."""
        witness = Witness(
            StatementSigner(self._room.identity.key), cast("Any", Engine()), self._room.clock, simulated=True
        )
        for _ in range(_SLOWED_FROM):
            self._come(NOBODYS_NUMBER)
            memory = self.booth.memory
            memory.consent = Consent(notice=NOTICE, given=True, at=self._room.clock.now())
            with suppress(RecordsRefusedError):
                self.booth.session.portrait(memory.subject, witness.live(memory, shot(), None))
        self._come(NOBODYS_NUMBER)
        assert isinstance(self.booth.here, claim.Waiting)
        resident, technician = self.booth.resident(), self.booth.technician("records")
        wait = recovered(self.booth.work, self.well)
        return Cell(DocumentKind.NUMBER, "slowed after many tries", resident, technician, wait)


def _do(mend: Callable[[], object]) -> None:
    mend()
