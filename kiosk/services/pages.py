"""The pages of a contract: taken by the camera into the visit's memory, shown again, sealed when they are handed in.

No page is ever on this kiosk's disk but sealed, by a key of its own that nobody here keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from backend_client.contract.intakes import SealedFile
from backend_client.seals import seal_file
from devices.camera.api import Image
from devices.document_camera.api import CoarseCameraError, NoPageError, PageCamera
from devices.errors import DeviceError
from kiosk.flows import pages as flow
from kiosk.services.memory import VisitMemory


@dataclass(frozen=True, slots=True)
class PagesDesk:
    """Blocking; every call ends when ``cancel`` is set. ``camera`` None: pages are shown at the window."""

    camera: PageCamera | None

    def take(
        self,
        memory: VisitMemory,
        at: int,
        cancel: Event,
        say: Callable[[flow.PageHinted], None],
        show: Callable[[Image], None],
    ) -> flow.PageTaken | flow.PageNotTaken:
        """One page into the visit's memory, at its place; the page that was there before is let go. No frame stays."""
        if (camera := self.camera) is None:
            return flow.PageNotTaken("no-camera")
        others = tuple(page.signature for place, page in enumerate(memory.pages) if place != at)
        try:
            page = camera.photograph(others, cancel, lambda word: say(flow.PageHinted(word.value)), show)
        except NoPageError:
            return flow.PageNotTaken("timed-out")
        except CoarseCameraError:
            return flow.PageNotTaken("camera-too-coarse")
        except DeviceError:
            return flow.PageNotTaken("no-camera")
        memory.pages = (*memory.pages[:at], page, *memory.pages[at + 1 :])
        show(camera.shown(page))
        return flow.PageTaken()

    def show(self, memory: VisitMemory, at: int, show: Callable[[Image], None]) -> flow.PageOnScreen:
        """One that was taken, as it will be handed in."""
        if self.camera is not None and at < len(memory.pages):
            show(self.camera.shown(memory.pages[at]))
        return flow.PageOnScreen()

    def forget(self, memory: VisitMemory) -> None:
        """All of them, now."""
        memory.pages = ()


def sealed_pages(memory: VisitMemory, count: int) -> tuple[tuple[bytes, ...], tuple[SealedFile, ...]]:
    """What is sent of the first ``count`` pages, and what stands of them in the content; both in the pages' order."""
    sealed = tuple(seal_file(page.jpeg.reveal()) for page in memory.pages[:count])
    return tuple(sent for sent, _ in sealed), tuple(file for _, file in sealed)
