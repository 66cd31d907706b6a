"""The one place where a resident's data live during a visit."""

from dataclasses import dataclass, field
from threading import Lock
from uuid import uuid4

from civic.masking import PersonalBytes
from devices.camera.api import Image
from devices.id_card.api import IdCard
from terminal.latest import Latest

_WRITING = Lock()


@dataclass(slots=True, repr=False, eq=False)
class VisitMemory:
    """Made anew for each visit; a job of an old visit still holds the old one, and can't write into the new.

    Once forgotten it keeps nothing more: what a late job still brings (a card read, a picture) is let go.
    ``visit`` is random and stands in the audit of both ends.
    """

    visit: str = field(default_factory=lambda: uuid4().hex)
    card: IdCard | None = None
    subject: str = ""
    portrait: PersonalBytes | None = None
    voided: dict[tuple[str, str], str] = field(default_factory=dict)  # (paper kind, purpose) -> serial to make again
    _frames: Latest[Image] = field(default_factory=Latest)
    _over: bool = False

    def __setattr__(self, name: str, value: object) -> None:
        with _WRITING:
            if not getattr(self, "_over", False):
                object.__setattr__(self, name, value)

    def see(self, image: Image) -> None:
        """Keep the camera's newest picture for the screen, in place of the one before."""
        with _WRITING:
            if not self._over:
                self._frames.put(image)

    def seen(self) -> Image | None:
        """The newest picture, once."""
        return self._frames.take()

    def forget(self) -> None:
        """Nothing of the person stays reachable from here, whoever still holds this object."""
        empty: dict[str, object] = {"card": None, "subject": "", "portrait": None, "voided": {}, "_over": True}
        with _WRITING:
            for name, value in empty.items():
                object.__setattr__(self, name, value)
            self._frames.put(None)

    def __repr__(self) -> str:
        return f"VisitMemory({self.visit})"
