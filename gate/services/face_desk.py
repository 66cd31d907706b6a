"""Looks at a face when the screen says so, and makes a template for whoever just came in by a slip and consented."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event as Flag

from devices.errors import DeviceError
from devices.face.identification import NotOffered, Offer, Why
from gate.flows.admission import Admitted, FaceOf
from gate.services.enrol_face import Consent, EnrolFace
from gate.services.face import FaceAtGate
from gate.services.instructing import Instructing, Say
from gate.services.known_faces import KnownFaces
from terminal.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class Models:
    """What there is once the models are loaded: a gallery is of the model that ``load`` has found."""

    faces: FaceAtGate
    known: KnownFaces
    enrol: EnrolFace


class FaceDesk:
    """``load``: loads the models, and makes what needs them; ``fpir``: of this door, None: no face here. Usable from
    any thread; blocking, but for ``offer``."""

    def __init__(self, load: Callable[[], Models], fpir: Callable[[], float | None]) -> None:
        self._load = load
        self._fpir = fpir
        self._models: Models | None = None
        self.kept: Callable[[], None] = lambda: None  # hears that a template was made here; must not raise

    def load(self) -> None:
        """Load the models, which takes a second. Raises DeviceError; health says why."""
        self._models = self._load()
        self.refresh()

    def refresh(self) -> None:
        """What the store holds now is what is searched. Never raises what belongs to the disk."""
        if self._models is not None:
            with suppress(StoreError):
                self._models.known.refresh()

    def made(self) -> None:
        """A template was kept."""
        self.refresh()
        self.kept()

    def model(self) -> str:
        """What faces are compared by at this door now; empty: by nothing."""
        return "" if self._models is None or self._fpir() is None else self._models.faces.engine.model

    def offer(self) -> Offer | NotOffered:
        """Whether a face may be shown here now."""
        if self._models is None:
            return NotOffered(Why.NOT_HERE if self._fpir() is None else Why.NO_POINTS)
        return self._models.faces.offer()

    def look(self, cancel: Flag, say: Say) -> FaceOf | None:
        """Who stands at the marked spot; None: nobody whom this gate knows, or no camera. ``say`` hears what they are
        to do, and how far it is."""
        if self._models is None:
            return None
        with suppress(DeviceError):
            found = self._models.faces.look(cancel, Instructing(say))
            return found if isinstance(found, FaceOf) else None
        return None

    def consent(self, admitted: Admitted) -> Consent | None:
        """Whether whoever was just admitted is to be asked for their face. Never raises."""
        offer = self.offer()
        if self._models is None or (isinstance(offer, NotOffered) and offer.why is not Why.NOBODY):
            return None
        with suppress(StoreError):
            return self._models.enrol.consent(admitted)
        return None

    def enrol(self, consent: Consent, cancel: Flag, say: Say) -> bool:
        """Make a template and keep it, if they consent still; False: there is none, and nothing of the try was kept.
        ``say``: as of ``look``."""
        if self._models is None:
            return False
        with suppress(DeviceError, StoreError):
            return self._models.enrol.make(consent, cancel, Instructing(say))
        return False
