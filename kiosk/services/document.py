"""Showing a travel document: its page to the camera, its chip to the reader."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from civic.mrz import MrzKey
from devices.camera.api import Camera, Image
from devices.errors import DeviceError, DeviceMisconfiguredError, DeviceTimeoutError
from devices.mrz.api import MrzEngine
from devices.mrz.scan import scan
from devices.travel_document.api import DocumentRead, TravelDocumentReader
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.services.memory import VisitMemory
from terminal.store.audit import Audit, AuditKind

_POLL_S = 0.15


@dataclass(frozen=True, slots=True)
class DocumentDesk:
    """Blocking; every call ends when ``cancel`` is set. ``reader`` None: this kiosk has none, and offers no such way.
    ``engine`` None: the page is typed."""

    camera: Camera
    engine: MrzEngine | None
    reader: TravelDocumentReader | None
    audit: Audit

    def read_page(
        self,
        memory: VisitMemory,
        cancel: Event,
        say: Callable[[who.PageInstructed], None],
        show: Callable[[Image], None],
    ) -> who.PageRead | who.PageNotRead:
        """Look for the page's zone in the camera's picture. No frame is kept."""
        if self.engine is None:
            return who.PageNotRead("no-model")
        try:
            self.engine.load()
            page = scan(
                self.camera,
                self.engine,
                cancel,
                lambda instruction: say(who.PageInstructed(instruction.value)),
                lambda frame: show(frame.image),
            )
        except DeviceTimeoutError:
            return who.PageNotRead("timed-out")
        except DeviceMisconfiguredError:
            return who.PageNotRead("no-model")
        except DeviceError:
            return who.PageNotRead("no-camera")
        memory.page = page.key
        return who.PageRead()

    def read(
        self, memory: VisitMemory, typed: MrzKey | None, cancel: Event, say: Callable[[who.DocumentFound], None]
    ) -> who.DocumentRead | who.DocumentNotRead | h.ReaderFailed:
        """Wait for a chip and read it into the visit's memory."""
        reader, key = self.reader, typed or memory.page
        if reader is None or key is None:
            return h.ReaderFailed("no-reader")
        try:
            while not reader.present():
                if cancel.wait(_POLL_S):
                    return who.DocumentNotRead("moved")
            outcome = reader.read(key, cancel, lambda stage, part: say(who.DocumentFound(stage.value, part)))
        except DeviceError as error:
            return h.ReaderFailed(error.code)
        if cancel.is_set():
            return who.DocumentNotRead("moved")  # it came too late: the memory has been wiped, and stays so
        if isinstance(outcome, DocumentRead):
            memory.document, memory.kind = outcome.document, outcome.document.kind
            return who.DocumentRead(outcome.document.kind)
        problem = outcome.problem.value  # its detail is the driver's last word, on the technician's page
        self.audit.append(AuditKind.DOCUMENT_NOT_READ, visit=memory.visit, reason=problem)
        return who.DocumentNotRead(problem)
