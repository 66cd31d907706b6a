"""The one place where a resident's data live during a visit."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from uuid import uuid4

from backend_client.contract.identity import Consent, SignedStatement
from backend_client.contract.tenancies import MoveInSlip
from civic.document import DocumentKind
from civic.masking import PersonalBytes
from civic.mrz import MrzKey
from devices.camera.api import Image
from devices.document_camera.api import PhotographedPage
from devices.id_card.api import IdCard
from devices.travel_document.api import TravelDocument
from kiosk.flows.declarant import Declarant
from terminal.latest import Latest

_WRITING = Lock()


@dataclass(slots=True, repr=False, eq=False)
class VisitMemory:
    """Made anew for each visit; a job of an old visit still holds the old one, and can't write into the new.

    Once forgotten it keeps nothing more: what a late job still brings (a card read, a picture) is let go. Once the
    person is proven, their document and portrait are let go too: what follows carries the signed statement, and asks
    records by the visit's subject. ``visit`` is random and stands in the audit of both ends.
    """

    visit: str = field(default_factory=lambda: uuid4().hex)
    card: IdCard | None = None
    page: MrzKey | None = None
    document: TravelDocument | None = None
    kind: DocumentKind = DocumentKind.RESIDENT_CARD
    subject: str = ""
    ahead: timedelta = timedelta()  # records' clock less ours, when they answered
    portrait: PersonalBytes | None = None  # what the live face is compared with, as it is encoded
    from_chip: bool = False  # the portrait is the document's own
    consent: Consent | None = None
    statement: SignedStatement | None = None
    who: Declarant | None = None  # as the register has them, for what they hand in
    slip: MoveInSlip | None = None  # all that the newest move-in slip says, until it is printed
    pages: tuple[PhotographedPage, ...] = ()  # of a contract, until they are handed in
    voided: dict[tuple[str, str, str], str] = field(default_factory=dict)  # kind, purpose, person -> serial to replace
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

    def settle(self) -> None:
        """The person is proven: what proved it is no longer needed."""
        self._let_go(_EVIDENCE)

    def forget(self) -> None:
        """Nothing of the person stays reachable from here, whoever still holds this object."""
        self._let_go(_EVIDENCE | _CLAIMED | {"pages": (), "voided": {}, "_over": True})

    def _let_go(self, empty: dict[str, object]) -> None:
        with _WRITING:
            for name, value in empty.items():
                object.__setattr__(self, name, value)
            self._frames.put(None)

    def __repr__(self) -> str:
        return f"VisitMemory({self.visit})"


_EVIDENCE: dict[str, object] = {"card": None, "page": None, "document": None, "portrait": None}
_CLAIMED: dict[str, object] = {"subject": "", "consent": None, "statement": None, "who": None, "slip": None}
