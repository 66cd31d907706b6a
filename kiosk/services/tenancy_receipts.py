"""Printing what each side of a tenancy keeps, and of somebody from abroad that their residence was handed in.

All of it stands on the screen or in records' answer; of the other side there is a masked name at most.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event

from backend_client.contract.policy import TenancyRules
from forms.tenancy_receipt import ReceiptKind, Side, TenancyReceipt, render_receipt
from kiosk.flows.contents import Stay
from kiosk.flows.hand_in import Receipt, Slip, SlipEnded
from kiosk.flows.tenancy_receipts import Kept, PrintReceipt
from kiosk.flows.tenancy_told import LetFlat, OwnRight, Registered
from kiosk.presenters.surroundings import Place
from kiosk.services.printers import Printers
from kiosk.services.slips import print_on_any


@dataclass(frozen=True, slots=True)
class ReceiptDesk:
    """Blocking; every call ends when ``cancel`` is set. ``rules``, ``place``: of the policy that holds now."""

    printers: Printers
    rules: Callable[[], TenancyRules | None]
    place: Callable[[], Place]

    def print(self, asked: PrintReceipt, cancel: Event) -> SlipEnded:
        """On the first medium that it comes out on."""
        sheet = self._sheet(str(asked.who.name), asked.of)
        if sheet is None:
            return SlipEnded(Slip.NONE)
        return SlipEnded(print_on_any(self.printers, partial(render_receipt, sheet), cancel))

    def _sheet(self, name: str, of: Kept) -> TenancyReceipt | None:
        said, rules = of.registered, self.rules() or TenancyRules()
        if said is None:
            return None
        landlord = isinstance(of, LetFlat)
        return TenancyReceipt(
            kind=_kind(said),
            side=Side.LANDLORD if landlord else Side.TENANT,
            number=said.number,
            name=name,
            other=of.tenant if isinstance(of, LetFlat) else "",
            address=of.address.reveal(),
            starts_on=said.starts_on,
            ends_on=said.ends_on,
            people=said.people,
            at=said.at,
            filing_number=of.filing_number,
            permit_from=of.permit_from if isinstance(of, OwnRight) else None,
            mediation=rules.mediation.zh,
            phone=self.place().desk.phone,
        )


def stay_receipt(receipt: Receipt, stay: Stay, phone: str) -> TenancyReceipt:
    """Of somebody from abroad, for what was handed in just now."""
    return TenancyReceipt(
        kind=ReceiptKind.FOREIGN,
        side=Side.TENANT,
        number=receipt.number,
        name=str(receipt.name),
        other=str(stay.name),
        address=stay.address.reveal(),
        starts_on=stay.since,
        ends_on=None,
        people=1,
        at=receipt.at,
        phone=phone,
    )


def _kind(said: Registered) -> ReceiptKind:
    if said.ended:
        return ReceiptKind.ENDED
    return ReceiptKind.RENEWED if said.renewed else ReceiptKind.REGISTERED
