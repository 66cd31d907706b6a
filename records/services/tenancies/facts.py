"""What the decision about an opened intake needs to know, and nothing besides: days, answers and counts, no names.

Whose flat it is, and who else lives there, an officer looks up under the flat itself, for a purpose and a ticket.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from backend_client.contract.intakes import AnswerContent, Content, DepartureContent, TenancyContent
from backend_client.contract.policy import Words
from backend_client.contract.tenancies import AskKind
from records.context import Records
from records.rules.roles import Right
from records.rules.tenancies import DISPUTES, overlap
from records.services.sessions import Session
from records.services.tenancies.work import Work, begun, hidden
from records.store import asks, ownerships, rights, tenancies
from records.store.asks import Answer, AskRow
from records.store.intakes import IntakeRow
from records.store.tenancies import TenancyRow

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one intake. ``there``: the days of what is to be renewed or to end; ``others``: those in which somebody else
    rents the flat; ``owner``: whoever hands it in owns it; ``answers``: how many of those who were asked said what;
    ``ask``: what an answer is to; ``mediation``: who helps the two sides of a dispute, None: it is none."""

    there: Days | None = None
    others: tuple[Days, ...] = ()
    owner: bool = False
    answers: tuple[tuple[Answer, int], ...] = ()
    ask: AskKind | None = None
    mediation: Words | None = None


def of_intake(records: Records, session: Session, row: IntakeRow, content: Content) -> Facts:
    """Of an intake that this account has opened."""
    session.needs(Right.INTAKES)
    with records.database.reading() as transaction:
        work = begun(records, transaction)
        mediation = work.rules.mediation if row.queue in DISPUTES else None
        match content:
            case TenancyContent():
                return _of_tenancy(work, row, mediation)
            case DepartureContent():
                return _of_departure(work, row, content, mediation)
            case AnswerContent():
                ask = asks.find(transaction, content.ask)
                return Facts(ask=ask.kind if ask is not None and ask.asked_of == row.person_id else None)
            case _:
                return Facts(answers=_said(asks.of_intake(transaction, row.intake_id)))


def _of_tenancy(work: Work, row: IntakeRow, mediation: Words | None) -> Facts:
    made = tenancies.of_intake(work.transaction, row.intake_id)
    if made is None:
        return Facts(mediation=mediation)
    before = tenancies.find(work.transaction, made.renews) if made.renews else None
    return Facts(
        there=_days(before) if before is not None else None,
        others=_others(work, made),
        owner=row.person_id in ownerships.owners(work.transaction, made.dwelling_id),
        answers=_said(each for each in asks.of_tenancy(work.transaction, made.tenancy_id) if not each.right_id),
        mediation=mediation,
    )


def _of_departure(work: Work, row: IntakeRow, content: DepartureContent, mediation: Words | None) -> Facts:
    """The contract that a landlord wants to end, or that of a right which its holder gives up."""
    tenancy_id = content.tenancy or _tenancy_of(work, content.right or "")
    contract = tenancies.find(work.transaction, tenancy_id) if tenancy_id else None
    answers = _said(asks.of_intake(work.transaction, row.intake_id))
    return Facts(there=_days(contract) if contract is not None else None, answers=answers, mediation=mediation)


def _tenancy_of(work: Work, right_id: str) -> str:
    right = rights.find(work.transaction, right_id)
    return right.tenancy_id if right is not None else ""


def _others(work: Work, made: TenancyRow) -> tuple[Days, ...]:
    """Live tenancies of others that share a day with it, but for those of somebody who is hidden."""
    live = tenancies.live_of(work.transaction, made.dwelling_id)
    others = (each for each in live if each.tenant_id != made.tenant_id and not hidden(work, (each.tenant_id,)))
    return tuple(_days(each) for each in others if overlap(_days(made), (_days(each),)))


def _days(row: TenancyRow) -> Days:
    return row.starts_on, row.ends_on


def _said(rows: Iterable[AskRow]) -> tuple[tuple[Answer, int], ...]:
    """How many gave each answer. What was closed since another had answered is none."""
    found: Counter[Answer] = Counter(each.answer for each in rows if each.answer is not Answer.MOOT)
    return tuple((each, found[each]) for each in Answer if found[each])
