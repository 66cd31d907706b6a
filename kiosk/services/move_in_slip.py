"""Printing the move-in slip and a guest's code. What they say stands on the screen too."""

from dataclasses import dataclass
from functools import partial
from math import ceil
from threading import Event

from backend_client.contract.tenancies import MoveInSlip
from civic.clock import Clock
from forms.guest_slip import GuestSheet, render_guest_slip
from forms.move_in_slip import MoveInSheet, render_move_in_slip
from forms.paper import CHINA_TIME
from kiosk.flows.hand_in import Slip, SlipEnded
from kiosk.flows.tenancy_told import GuestCode
from kiosk.services.memory import VisitMemory
from kiosk.services.printers import Printers
from kiosk.services.slips import print_on_any

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class MoveInSlipDesk:
    """Blocking; every call ends when ``cancel`` is set."""

    printers: Printers
    clock: Clock

    def print(self, memory: VisitMemory, cancel: Event) -> SlipEnded:
        """What records made last in this visit; it is let go as soon as it was printed, or could not be."""
        made = memory.slip
        if made is None:
            return SlipEnded(Slip.NONE)
        out = print_on_any(self.printers, partial(render_move_in_slip, sheet_of(made)), cancel)
        memory.slip = None
        return SlipEnded(out)

    def print_guest_code(self, code: GuestCode, cancel: Event) -> SlipEnded:
        """Eight digits and a square, for one day."""
        at = self.clock.now().astimezone(CHINA_TIME)
        sheet = GuestSheet(digits=code.digits, code=code.code, day=code.day, at=at)
        return SlipEnded(print_on_any(self.printers, partial(render_guest_slip, sheet), cancel))


def sheet_of(made: MoveInSlip) -> MoveInSheet:
    """What records told, as it is printed: in local time, its days counted from records' own clock."""
    return MoveInSheet(
        number=made.number,
        code=made.code,
        community=made.community,
        address=made.address,
        name=made.name,
        document=made.document,
        registered_at=made.registered_at.astimezone(CHINA_TIME),
        ends_on=made.ends_on,
        people=made.people,
        ways=tuple(way.value for way in made.ways),
        valid_until=made.valid_until.astimezone(CHINA_TIME),
        days=max(1, ceil((made.valid_until - made.server_time).total_seconds() / _DAY_S)),
        phone=made.phone,
    )
