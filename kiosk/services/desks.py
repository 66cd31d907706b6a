"""Which service each command of a flow is carried to."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from devices.camera.api import Image
from devices.speaker.api import Speaker
from kiosk.flows import happenings as h
from kiosk.flows import maintenance as technician
from kiosk.flows.base import Command, Event
from kiosk.services.card import CardDesk
from kiosk.services.identify import Identification
from kiosk.services.maintenance import Maintenance
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from kiosk.services.record import RecordDesk
from terminal.jobs import Ticket
from terminal.store.audit import Audit

Work = Callable[[Ticket[Event]], Event]


@dataclass(frozen=True, slots=True)
class Desks:
    """The services of one kiosk."""

    card: CardDesk
    identification: Identification
    records: RecordDesk
    papers: PaperDesk
    maintenance: Maintenance
    speaker: Speaker
    audit: Audit

    def work(  # noqa: PLR0911 - one match, one command each
        self, command: Command, memory: VisitMemory, see: Callable[[Image], None]
    ) -> Work | None:
        """The job that a command of a visit asks for; None: it is done at once. ``see`` is given the camera's pictures.

        A job holds the memory of the visit that asked, never the one of whoever comes next.
        """
        match command:
            case h.LookAtReader():
                return lambda _: self.card.look()
            case h.WaitForLift():
                return lambda ticket: self.card.wait_for_lift(ticket.cancel)
            case h.ReadNextCard():
                return lambda ticket: self.card.read_next(memory, ticket.cancel)
            case h.Identify():
                return lambda _: self.identification.identify(memory)
            case h.VerifyFace():
                return partial(self._verify_face, memory, see)
            case h.OpenRecord():
                return lambda _: self.records.open(memory)
            case h.MakePaper():
                return lambda ticket: self.papers.make(command, memory, ticket.report, ticket.cancel)
            case h.RejectPaper(serial, unreadable):
                return lambda _: self.papers.reject(serial, unreadable=unreadable)
            case _:
                return self._technicians_work(command)

    def do_now(self, command: Command) -> None:
        """What a technician's command does at once: on the disk when this returns. Raises StoreError."""
        match command:
            case technician.CloseKiosk(reason, expected):
                self.maintenance.close(reason, expected)
            case technician.ReopenKiosk():
                self.maintenance.open()
            case technician.NoteLeaving():
                self.maintenance.leave()
            case _:
                pass

    def _technicians_work(self, command: Command) -> Work | None:
        match command:
            case technician.CheckPin(pin):
                return lambda _: self.maintenance.check(pin)
            case technician.PrintTestPage():
                return lambda ticket: self.maintenance.print_test_page(ticket.cancel)
            case _:
                return None

    def _verify_face(self, memory: VisitMemory, see: Callable[[Image], None], ticket: Ticket[Event]) -> Event:
        return self.identification.verify_face(memory, ticket.cancel, ticket.report, see)
