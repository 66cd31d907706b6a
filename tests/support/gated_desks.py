"""Desks that answer what goes well, and wait at a gate until a test opens it."""

from collections.abc import Callable
from threading import Event

from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import Personal, PersonalBytes, PersonalText
from devices.camera.api import Image
from kiosk.flows import errand, maintenance
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event as Happening
from kiosk.flows.dwelling_entry import DwellingEntry
from kiosk.services.memory import VisitMemory
from terminal.store.errors import StoreUnwritableError
from tests.support.gates import Gates
from tests.support.made_up import FLAT, PORTRAIT, SERIAL, SPOUSE, SUBJECT, card, fresh, own_data, picture


class GatedDesks:
    """All desks at once: what they answer is what goes well, once their gate is open.

    ``lies``: a card is on the reader. ``full``: nothing can be written. ``cameras``: the last word about the camera,
    each time it was opened. ``family``: the resident has one. ``receipt``: that is what comes out. ``made``: what was
    asked for.
    """

    def __init__(self) -> None:
        self.gates = Gates()
        self.lies = False
        self.memories: list[VisitMemory] = []
        self.see: list[Callable[[Image], None]] = []
        self.papers_said: list[str] = []
        self.consents: list[bool] = []
        self.cameras: list[list[bool]] = []
        self.full = False
        self.family = False
        self.receipt = False
        self.made: list[h.Application] = []
        self.kept_closed: tuple[str, str] | None = None

    # --- the card ---

    def look(self) -> Happening:
        """Whether something lies there."""
        self.gates.come("look")
        return h.CardLying() if self.lies else h.ReaderEmpty()

    def wait_for_lift(self, cancel: Event) -> Happening:  # noqa: ARG002 - the desk's signature
        """Until it is lifted."""
        self.gates.come("lift")
        return h.CardLifted()

    def read_next(self, memory: VisitMemory, cancel: Event) -> Happening:  # noqa: ARG002
        """A card is read, whether or not anybody still waits."""
        self.memories.append(memory)
        self.gates.come("read")
        memory.card = card()
        memory.kind = DocumentKind.RESIDENT_CARD
        return h.CardRead(memory.kind)

    # --- records and the camera ---

    def identify(self, memory: VisitMemory) -> Happening:
        """Somebody is known."""
        self.gates.come("identify")
        memory.subject = fresh(SUBJECT)
        return who.Identified(who.Claim(memory.kind))

    def identify_by_number(self, memory: VisitMemory, number: IdNumber) -> Happening:
        """Anybody may have typed it."""
        assert number.reveal()
        return self.identify(memory)

    def note_consent(self, memory: VisitMemory, *, given: bool) -> None:
        """Noted."""
        assert memory is not None
        self._write()
        self.consents.append(given)

    def verify_face(
        self, memory: VisitMemory, cancel: Event, say: Callable[[Happening], None], see: Callable[[Image], None]
    ) -> Happening:
        """A portrait, a picture and a word; and once more after the gate."""
        assert cancel is not None
        self.cameras.append(self.consents[-1:])
        for instruction in ("turn-left", "look-straight"):
            memory.portrait = PersonalBytes(bytes(bytearray(PORTRAIT)))
            see(picture())
            say(who.FaceInstructed(instruction, 0.5))
            self.see.append(see)
            self.gates.come("face")
        return who.FaceDecided(who.FaceResult.PASSED)

    def open(self, memory: VisitMemory, asked: h.OpenRecord) -> Happening:
        """The own row, or a child's."""
        self.gates.come("record")
        assert (memory, asked) is not None
        return h.RecordOpened(own_data(family=self.family and not asked.person))

    def companion(self, memory: VisitMemory) -> Happening:
        """It is the card of the one whose card is needed."""
        self.gates.come("companion")
        memory.settle()
        return errand.CompanionSeen(SPOUSE)

    def find_dwelling(self, entry: DwellingEntry) -> Happening:
        """There is such a flat."""
        self.gates.come("dwelling")
        assert all(entry.texts)
        return errand.DwellingFound(errand.Dwelling("flat", PersonalText(fresh(FLAT))))

    # --- papers ---

    def make(
        self, command: h.MakePaper, memory: VisitMemory, report: Callable[[Happening], None], cancel: Event
    ) -> Happening:
        """A paper."""
        assert (memory, cancel) is not None
        self.made.append(command.application)
        report(h.IssueAdvanced(h.Stage.SEALING))
        self.gates.come("make")
        report(h.IssueAdvanced(h.Stage.PRINTING))
        return h.PaperPrinted(SERIAL, "strip" if self.receipt else "page", self.receipt)

    def reject(self, serial: str, *, unreadable: bool) -> Happening:
        """Void."""
        self.gates.come("reject")
        self.papers_said.append(f"reject {serial} {unreadable}")
        return h.PaperRejected()

    def note_not_taken(self, serial: str) -> None:
        """Called out."""
        self.papers_said.append(f"not taken {serial}")

    def confirm(self, serial: str) -> None:
        """Delivered."""
        self.papers_said.append(f"confirm {serial}")

    # --- the technician ---

    def closed(self) -> tuple[str, str] | None:
        """Out of service or not."""
        return self.kept_closed

    def check(self, pin: Personal) -> Happening:
        """Any PIN is right."""
        assert pin.reveal()
        self.gates.come("check")
        return maintenance.PinAccepted(self.kept_closed)

    def leave(self) -> None:
        """Noted."""
        self._write()
        self.papers_said.append("technician left")

    def _write(self) -> None:
        if self.full:
            raise StoreUnwritableError("full")
