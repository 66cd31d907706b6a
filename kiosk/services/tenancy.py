"""Renting and the gate, as records and the card reader answer it: what is one's own, who lives there too, a link for a
telephone, a guest's code, the move-in slip. Whatever is done besides is handed in (kiosk.services.hand_in).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.policy import GateRules, TenancyRules
from backend_client.contract.tenancies import GuestRequest
from backend_client.errors import RecordsError, RecordsRefusedError
from backend_client.session import RecordsSession
from civic.clock import Clock
from civic.id_number import IdNumber
from civic.period import age_on
from civic.person_name import PersonName
from forms.paper import CHINA_TIME
from kiosk.flows import tenancy as flow
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_ways as ways
from kiosk.flows.contents import Comer
from kiosk.flows.declarant import Declarant
from kiosk.flows.tenancy_told import GuestCode, MoveInSlip
from kiosk.services.claim import obstacle_of
from kiosk.services.memory import VisitMemory
from kiosk.services.own_tenancies import told
from kiosk.services.record import masking
from kiosk.services.stays import FOREIGN
from terminal.store.audit import Audit, AuditKind

ADULT: Final = 18  # Civil Code, 17
_NOT_NOW = frozenset({ProblemCode.NOT_FOUND, ProblemCode.VALIDATION})


@dataclass(frozen=True, slots=True)
class TenancyDesk:
    """Blocking. ``rules``, ``gate``: of the policy that holds now."""

    session: RecordsSession
    audit: Audit
    clock: Clock
    rules: Callable[[], TenancyRules | None]
    gate: Callable[[], GateRules | None]

    def open(self, memory: VisitMemory) -> flow.TenanciesOpened | flow.TenanciesUnavailable:
        """All that is theirs, and who they are: as the register has them, for they were proven to be that person."""
        try:
            own = self.session.tenancies(memory.subject)
            who = memory.who or self._declarant(memory)
        except RecordsError as error:
            return flow.TenanciesUnavailable(_why(error))
        memory.who, memory.slip = who, None
        return flow.TenanciesOpened(who, told(own, self.rules() or TenancyRules(), self.gate()))

    def check_comer(self, memory: VisitMemory) -> people.ComerRead | people.ComerUnfit:
        """Whose card was read, if it is valid today; it is let go at once, and nobody is asked about it."""
        card = memory.card
        memory.settle()
        if card is None:
            return people.ComerUnfit("card-not-read")
        today = self.clock.now().astimezone(CHINA_TIME).date()
        if obstacle := obstacle_of(card, today):
            return people.ComerUnfit(obstacle)
        minor = age_on(card.birth_date, today) < ADULT
        foreign = card.kind in FOREIGN
        return people.ComerRead(Comer(card.kind, card.name, card.id_number, card.birth_date, minor, foreign))

    def phone_link(self, memory: VisitMemory, right: str) -> ways.PhoneLinkMade | ways.PhoneLinkNotMade:
        """A link that one telephone opens once."""
        try:
            return ways.PhoneLinkMade(self.session.phone_link(memory.subject, right).url)
        except RecordsError as error:
            return ways.PhoneLinkNotMade(_not_made(error))

    def guest_code(self, memory: VisitMemory, right: str, day: date) -> codes.GuestCodeMade | codes.NothingMade:
        """A code for somebody who visits on that day."""
        try:
            made = self.session.guest_code(memory.subject, GuestRequest(right=right, day=day))
        except RecordsError as error:
            return codes.NothingMade(_not_made(error))
        return codes.GuestCodeMade(GuestCode(made.digits, made.code, made.day))

    def slip(self, memory: VisitMemory, right: str) -> codes.SlipMade | codes.NothingMade:
        """A new move-in slip. What it says besides its code stays in the visit's memory until it is printed."""
        try:
            made = self.session.move_in_slip(memory.subject, right)
        except RecordsError as error:
            return codes.NothingMade(_not_made(error))
        memory.slip = made
        return codes.SlipMade(MoveInSlip(made.number, made.code, made.valid_until.astimezone(CHINA_TIME)))

    def _declarant(self, memory: VisitMemory) -> Declarant:
        record = self.session.record(memory.subject)
        self.audit.append(AuditKind.RECORD_READ, visit=memory.visit)
        number, foreign = masking(IdNumber, record.id_number), memory.kind in FOREIGN
        return Declarant(masking(PersonName, record.name), number, proven=True, foreign=foreign)


def _why(error: RecordsError) -> str:
    if not isinstance(error, RecordsRefusedError):
        return "records-unreachable"
    return "record-unclear" if error.problem.code is ProblemCode.RECORD_UNCLEAR else "records-refused"


def _not_made(error: RecordsError) -> str:
    """Records that say no for another reason are as little use now as none."""
    code = error.problem.code if isinstance(error, RecordsRefusedError) else None
    if code is ProblemCode.TOO_MANY_REQUESTS:
        return "too-many"
    return "not-now" if code in _NOT_NOW else "no-link"
