"""Which service each command of a flow is carried to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from devices.camera.api import Image
from devices.speaker.api import Speaker
from kiosk.flows import check_paper, declaration, errand, hand_in, notices, pages, phone, tenancy_receipts
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import maintenance as technician
from kiosk.flows import tenancy as flats
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_ways as ways
from kiosk.flows.base import Command, Event
from kiosk.services.access_card import AccessCardDesk
from kiosk.services.alarm import Bell, NoBell
from kiosk.services.card import CardDesk
from kiosk.services.check import CheckDesk
from kiosk.services.claim import ClaimDesk
from kiosk.services.document import DocumentDesk
from kiosk.services.hand_in import HandInDesk
from kiosk.services.maintenance import Maintenance
from kiosk.services.memory import VisitMemory
from kiosk.services.move_in_slip import MoveInSlipDesk
from kiosk.services.notices import NoticesDesk
from kiosk.services.pages import PagesDesk
from kiosk.services.paper import PaperDesk
from kiosk.services.proof import ProofDesk
from kiosk.services.record import RecordDesk
from kiosk.services.tenancy import TenancyDesk
from kiosk.services.tenancy_receipts import ReceiptDesk
from terminal.jobs import Ticket
from terminal.store.audit import Audit

Work = Callable[[Ticket[Event]], Event]


@dataclass(frozen=True, slots=True)
class Desks:
    """The services of one kiosk."""

    card: CardDesk
    document: DocumentDesk
    claim: ClaimDesk
    proof: ProofDesk
    records: RecordDesk
    papers: PaperDesk
    maintenance: Maintenance
    speaker: Speaker
    audit: Audit
    check: CheckDesk | None = None
    notices: NoticesDesk | None = None
    intakes: HandInDesk | None = None
    renting: TenancyDesk | None = None
    access_cards: AccessCardDesk | None = None
    pages: PagesDesk | None = None
    slips: MoveInSlipDesk | None = None
    receipts: ReceiptDesk | None = None
    bell: Bell = field(default_factory=NoBell)

    def work(self, command: Command, memory: VisitMemory, see: Callable[[Image], None]) -> Work | None:
        """The job that a command of a visit asks for; None: it is done at once. ``see`` is given the camera's pictures.

        A job holds the memory of the visit that asked, never the one of whoever comes next.
        """
        seeing = partial(self._identifying, see=see), partial(self._photographing, see=see)
        each = (self._reading, *seeing, self._issuing, self._telling, self._taking_in, self._renting, self._printing)
        for jobs in each:
            if work := jobs(command, memory):
                return work
        return self._technicians_work(command)

    def _reading(self, command: Command, memory: VisitMemory) -> Work | None:
        match command:
            case h.LookAtReader():
                return lambda _: self.card.look()
            case h.WaitForLift():
                return lambda ticket: self.card.wait_for_lift(ticket.cancel)
            case h.ReadNextCard():
                return lambda ticket: self.card.read_next(memory, ticket.cancel)
            case who.ReadDocument(typed):
                return lambda ticket: self.document.read(memory, typed, ticket.cancel, ticket.report)
            case _:
                return None

    def _identifying(  # noqa: PLR0911 - one match, one command each
        self, command: Command, memory: VisitMemory, see: Callable[[Image], None]
    ) -> Work | None:
        match command:
            case who.ReadPage():
                return lambda ticket: self.document.read_page(memory, ticket.cancel, ticket.report, see)
            case who.Identify():
                return lambda _: self.claim.identify(memory)
            case who.IdentifyByNumber(number):
                return lambda _: self.claim.identify_by_number(memory, number)
            case who.WaitOut(seconds):
                return lambda ticket: self.claim.wait_out(seconds, ticket.cancel, ticket.report)
            case who.VerifyFace():
                return lambda ticket: self.proof.verify_face(memory, ticket.cancel, ticket.report, see)
            case check_paper.LookAtPaper() if (check := self.check) is not None:
                return lambda ticket: check.look(ticket.cancel, ticket.report, see)
            case who.AskOfficer():
                return lambda ticket: self.proof.ask_officer(memory, ticket.cancel, ticket.report)
            case _:
                return None

    def _photographing(self, command: Command, memory: VisitMemory, see: Callable[[Image], None]) -> Work | None:
        desk = self.pages
        match command:
            case pages.TakePage(at) if desk is not None:
                return lambda ticket: desk.take(memory, at, ticket.cancel, ticket.report, see)
            case pages.ShowPage(at) if desk is not None:
                return lambda _: desk.show(memory, at, see)
            case _:
                return None

    def _issuing(self, command: Command, memory: VisitMemory) -> Work | None:
        match command:
            case h.OpenRecord():
                return lambda _: self.records.open(memory, command)
            case errand.AskCompanion():
                return lambda _: self.records.companion(memory)
            case errand.FindDwelling(entry):
                return lambda _: self.records.find_dwelling(entry)
            case h.MakePaper():
                return lambda ticket: self.papers.make(command, memory, ticket.report, ticket.cancel)
            case h.RejectPaper(serial, unreadable):
                return lambda _: self.papers.reject(serial, unreadable=unreadable)
            case _:
                return None

    def _telling(self, command: Command, memory: VisitMemory) -> Work | None:
        desk = self.notices
        match command:
            case notices.OpenNotices() if desk is not None:
                return lambda _: desk.open(memory)
            case phone.SendCode() if desk is not None:
                return lambda _: desk.send_code(memory, command)
            case phone.AwaitAnotherCode(seconds) if desk is not None:
                return lambda ticket: desk.await_another(seconds, ticket.cancel)
            case phone.CheckCode(code) if desk is not None:
                return lambda _: desk.check_code(memory, code)
            case phone.RemovePhone(revision) if desk is not None:
                return lambda _: desk.remove(memory, revision)
            case _:
                return None

    def _taking_in(self, command: Command, memory: VisitMemory) -> Work | None:
        desk = self.intakes
        match command:
            case declaration.CheckCard() if desk is not None:
                return lambda _: desk.check_card(memory)
            case hand_in.HandIn(content) if desk is not None:
                return lambda _: desk.hand_in(content, memory)
            case hand_in.PrintSlip(receipt) if desk is not None:
                return lambda ticket: desk.print_slip(receipt, ticket.cancel)
            case _:
                return None

    def _renting(  # noqa: PLR0911 - one match, one command each
        self, command: Command, memory: VisitMemory
    ) -> Work | None:
        desk, cards = self.renting, self.access_cards
        match command:
            case flats.OpenTenancies() if desk is not None:
                return lambda _: desk.open(memory)
            case people.CheckComer() if desk is not None:
                return lambda _: desk.check_comer(memory)
            case ways.ReadAccessCard() if cards is not None:
                return lambda ticket: cards.read(ticket.cancel)
            case ways.AskPhoneLink(right) if desk is not None:
                return lambda _: desk.phone_link(memory, right)
            case codes.MakeGuestCode(right, day) if desk is not None:
                return lambda _: desk.guest_code(memory, right, day)
            case codes.MakeSlip(right) if desk is not None:
                return lambda _: desk.slip(memory, right)
            case _:
                return None

    def _printing(self, command: Command, memory: VisitMemory) -> Work | None:
        slips, receipts = self.slips, self.receipts
        match command:
            case codes.PrintMoveInSlip() if slips is not None:
                return lambda ticket: slips.print(memory, ticket.cancel)
            case codes.PrintGuestCode(code) if slips is not None:
                return lambda ticket: slips.print_guest_code(code, ticket.cancel)
            case tenancy_receipts.PrintReceipt() if receipts is not None:
                return lambda ticket: receipts.print(command, ticket.cancel)
            case _:
                return None

    def do_now(self, command: Command, memory: VisitMemory) -> None:
        """What a command does at once: on the disk when this returns. Raises StoreError."""
        match command:
            case h.NotePaperUntaken(serial):
                self.papers.note_not_taken(serial)
            case pages.ForgetPages() if self.pages is not None:
                self.pages.forget(memory)
            case who.NoteConsent(given):
                self.proof.note_consent(memory, given=given)
            case technician.CloseKiosk(reason, expected):
                self.maintenance.close(reason, expected)
            case technician.ReopenKiosk():
                self.maintenance.open()
            case technician.SettleAside(what):
                self.maintenance.settle_aside(what)
            case technician.NoteLeaving():
                self.maintenance.leave()
            case _:
                pass

    def _technicians_work(self, command: Command) -> Work | None:
        match command:
            case technician.CheckPin(pin):
                return lambda _: self.maintenance.check(pin)
            case technician.PrintTestPage(printer):
                return lambda ticket: self.maintenance.print_test_page(ticket.cancel, printer)
            case _:
                return None
