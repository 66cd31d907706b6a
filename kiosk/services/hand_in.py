"""Handing in what records decide later: whether the card does, into the outbox, and the slip."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event

from backend_client.outbox.limits import Reason
from civic.clock import Clock
from civic.slip_number import slip_number
from forms.intake_slip import IntakeSlip, SlipKind, render_slip
from forms.paper import CHINA_TIME
from forms.tenancy_receipt import render_receipt
from kiosk.flows import contents, declaration
from kiosk.flows import hand_in as flow
from kiosk.presenters.surroundings import Place
from kiosk.services.claim import obstacle_of
from kiosk.services.contents import wired
from kiosk.services.memory import VisitMemory
from kiosk.services.outbox import IntakeClosedError, IntakeDesk
from kiosk.services.pages import sealed_pages
from kiosk.services.printers import Printers
from kiosk.services.slips import print_on_any
from kiosk.services.stays import by_card, by_passport, named, stays_of
from kiosk.services.tenancy_receipts import stay_receipt
from terminal.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class HandInDesk:
    """Blocking. ``place``: of the policy that holds now; ``notice``: the name of its text about faces at the gate."""

    desk: IntakeDesk
    printers: Printers
    place: Callable[[], Place]
    clock: Clock
    notice: Callable[[], str] = lambda: ""

    def check_card(self, memory: VisitMemory) -> declaration.CardTaken | declaration.CardUnfit:
        """Whether the card is valid today; it is let go as soon as it has said who is here. So is a passport of which
        records say nothing: an officer looks at it."""
        card, document = memory.card, memory.document
        travel = document is not None and document.kind is memory.kind
        memory.settle()
        if document is not None and travel:
            return declaration.CardTaken(by_passport(document))
        if card is None or not named(card):
            return declaration.CardUnfit("unexpected")
        if obstacle := obstacle_of(card, self.clock.now().astimezone(CHINA_TIME).date()):
            return declaration.CardUnfit(obstacle)
        return declaration.CardTaken(by_card(card))

    def hand_in(self, content: flow.Content, memory: VisitMemory) -> flow.HandedIn | flow.NotHandedIn:
        """Seal it and keep it, with the contract's pages that lie in the visit's memory: on the disk when this returns
        that it is; then they are let go."""
        sent, files = sealed_pages(memory, content.pages if isinstance(content, contents.Lease) else 0)
        try:
            taken = self.desk.hand_in(wired(content, self.notice()).model_copy(update={"files": files}), sent)
        except IntakeClosedError as error:
            return flow.NotHandedIn(f"outbox.{error.detail.partition(' ')[0]}")
        except StoreError:
            return flow.NotHandedIn(f"outbox.{Reason.STORE_UNWRITABLE}")
        if sent:
            memory.pages = ()
        number, at = slip_number(taken.number), taken.at.astimezone(CHINA_TIME)
        return flow.HandedIn(flow.Receipt(content.kind, number, content.who.name, at, stays_of(content, at.date())))

    def print_slip(self, receipt: flow.Receipt, cancel: Event) -> flow.SlipEnded:
        """On the first medium that it comes out on; on none: there is no slip, and nothing is lost by it. A receipt of
        each stay follows; where one is not out, nobody is told that all is."""
        phone = self.place().desk.phone
        sheets = (
            partial(render_slip, self._slip(receipt)),
            *(partial(render_receipt, stay_receipt(receipt, each, phone)) for each in receipt.stays),
        )
        out = [print_on_any(self.printers, each, cancel) for each in sheets]
        return flow.SlipEnded(flow.Slip.NONE if flow.Slip.NONE in out else out[0])

    def _slip(self, receipt: flow.Receipt) -> IntakeSlip:
        desk = self.place().desk
        name, address, hours = (dict(each)["zh"] for each in (desk.name, desk.address, desk.hours))
        return IntakeSlip(
            kind=SlipKind(receipt.kind),
            number=receipt.number,
            name=str(receipt.name),
            at=receipt.at,
            window=f"{name}，{address}",
            hours=hours,
            phone=desk.phone,
        )
