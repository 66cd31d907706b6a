"""Photographing pages with a kiosk's own camera, asked for the finer pictures that print needs."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from devices.camera.api import Camera, Image
from devices.document_camera.api import PageInstruction, PhotographedPage, Signature


@dataclass(frozen=True, slots=True)
class OpenCvPageCamera:
    """See PageCamera. ``camera``: it may be the one before which people stand, at another size: each opens it anew."""

    camera: Camera

    def photograph(
        self,
        known: tuple[Signature, ...],
        cancel: Event,
        on_instruction: Callable[[PageInstruction], None],
        on_frame: Callable[[Image], None],
    ) -> PhotographedPage:
        """See PageCamera."""
        from devices.document_camera.photograph import photograph  # noqa: PLC0415 - OpenCV: the screen should not wait

        return photograph(self.camera, cancel, known, on_instruction, on_frame)

    def shown(self, page: PhotographedPage) -> Image:
        """See PageCamera."""
        from devices.document_camera.photograph import shown  # noqa: PLC0415 - the same

        return shown(page)
