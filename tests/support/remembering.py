"""A screen, a speaker and an audit that only remember."""

from dataclasses import dataclass, field

from devices.camera.api import Image
from devices.health import Health, Level
from terminal.store.audit import AuditKind
from terminal.store.errors import StoreUnwritableError
from terminal.views import Chrome, View


class RememberingScreen:
    """Holds what a window would hold, and says what it was shown."""

    def __init__(self) -> None:
        self.view: View | None = None
        self.chrome: Chrome | None = None
        self.frame: Image | None = None
        self.wiped = 0

    def show(self, view: View, chrome: Chrome) -> None:
        """Draw this now."""
        self.view, self.chrome = view, chrome

    def show_frame(self, image: Image | None) -> None:
        """The newest picture."""
        self.frame = image

    def forget(self) -> None:
        """Blank."""
        self.view = self.chrome = self.frame = None
        self.wiped += 1


@dataclass
class Speaker:
    """Remembers what was said (nothing personal ever is) and when it was hushed."""

    said: list[str] = field(default_factory=list)

    def health(self) -> Health:
        """Well."""
        return Health("speaker", Level.READY)

    def say(self, sentence: str, language: str) -> None:
        """Remember."""
        self.said.append(f"{language}: {sentence}")

    def sound_alarm(self) -> None:
        """Remember."""
        self.said.append("alarm")

    def hush(self) -> None:
        """Remember."""
        self.said.append("hush")


@dataclass
class AuditBook:
    """The kinds that were written, until the disk is ``full``."""

    kinds: list[AuditKind] = field(default_factory=list)
    full: bool = False

    def append(self, kind: AuditKind, /, **fields: object) -> None:  # noqa: ARG002 - the real one's signature
        """Write."""
        if self.full:
            raise StoreUnwritableError("full")
        self.kinds.append(kind)
