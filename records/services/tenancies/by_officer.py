"""What an officer decides where no rule can: their yes stands for the landlord's, or their no leaves all as it was.

The reason is from the closed list, the document lay before them; both stand in the audit with the decision.
"""

from datetime import date

from backend_client.contract.intakes import (
    AnswerContent,
    Content,
    DepartureContent,
    OccupantContent,
    TenancyContent,
    WaysContent,
)
from backend_client.contract.messages import MessageKind
from records.rules.intakes import IntakeState
from records.rules.tenancies import DISPUTES, QueueKind, TenancyState
from records.services.tenancies import answering, asking, beginning, carrying_out, ending, joining, leaving, registering
from records.services.tenancies.receipts import RENEWED
from records.services.tenancies.understanding import Understood
from records.services.tenancies.work import Work, tell
from records.store import asks, dwellings, rights, tenancies
from records.store.database import Transaction
from records.store.dwellings import DwellingRow
from records.store.intakes import IntakeRow


def decided(work: Work, row: IntakeRow, content: Content, who: Understood, state: IntakeState) -> None:
    """What follows from a decision; of more papers, nothing yet."""
    if state is IntakeState.ACCEPTED:
        _accepted(work, row, content, who)
    elif state is IntakeState.REFUSED:
        _refused(work, row, content)


def only_says_who(row: IntakeRow, content: Content) -> bool:
    """Whether an officer's yes says whose it is and no more: of an early end, everybody there has still to be asked."""
    return isinstance(content, DepartureContent) and content.tenancy is not None and row.queue not in DISPUTES


def lapsed(work: Work, row: IntakeRow) -> None:
    """Nobody has decided it in time: what it was to begin never begins, what it was to end goes on."""
    _end_pending(work, row)
    _undispute(work, row)


def flat_of(transaction: Transaction, content: Content) -> DwellingRow | None:
    """Which flat an intake is about; None: none that is there."""
    match content:
        case TenancyContent(door=door) if door is not None:
            return dwellings.by_door(transaction, door.building, door.unit, door.room)
        case DepartureContent(tenancy=tenancy) if tenancy is not None:
            contract = tenancies.find(transaction, tenancy)
            return dwellings.by_id(transaction, contract.dwelling_id) if contract else None
        case TenancyContent() | OccupantContent() | DepartureContent() | WaysContent():
            right = rights.find(transaction, content.right or "")
            return dwellings.by_id(transaction, right.dwelling_id) if right else None
        case _:
            return None


def _accepted(work: Work, row: IntakeRow, content: Content, who: Understood) -> None:
    if isinstance(content, TenancyContent):
        _confirm(work, row, content, who)
    elif isinstance(content, DepartureContent) and content.tenancy is not None:
        _end_early(work, row, content)
    elif row.queue == QueueKind.UNPROVEN or not isinstance(content, OccupantContent | AnswerContent):
        carrying_out.by_kind(work, row, content, who)
    elif isinstance(content, OccupantContent):
        _bring(work, row, content, who)


def _confirm(work: Work, row: IntakeRow, content: TenancyContent, who: Understood) -> None:
    """The contract, as the officer has seen it; those of its people whom the register knows by now come too."""
    contract, flat = (
        tenancies.of_intake(work.transaction, row.intake_id),
        registering.flat_of(work, content, who.person_id),
    )
    if contract is None and flat is not None:
        contract = registering.make(work, row, content, who, flat)
    if contract is None:
        return
    if contract.state is TenancyState.PENDING:
        beginning.tenancy(work, contract)
    now = tenancies.find(work.transaction, contract.tenancy_id)
    if now is not None and now.state is TenancyState.ACTIVE:
        joining.coming(work, now, now, joining.by_officer(who), row.intake_id)


def _bring(work: Work, row: IntakeRow, content: OccupantContent, who: Understood) -> None:
    own = joining.own_right(work, content.right, who.person_id)
    contract = tenancies.find(work.transaction, own.tenancy_id) if own is not None and own.tenancy_id else None
    if own is not None:
        joining.coming(work, contract, own, joining.by_officer(who), row.intake_id)


def _end_early(work: Work, row: IntakeRow, content: DepartureContent) -> None:
    """An officer ends what not everybody gave up, by a document that lay before them; whose right it was is told."""
    day, tenancy_id = date.fromisoformat(content.day), _gone_on(work, content.tenancy or "")
    asking.close(work, asks.of_intake(work.transaction, row.intake_id))
    people = [each.person_id for each in rights.of_tenancy(work.transaction, tenancy_id)]
    ending.whole(work, tenancy_id, day, ending.OFFICER)
    tell(work, people, MessageKind.TENANCY_CHANGED, "ended" if day <= work.today else "")


def _gone_on(work: Work, tenancy_id: str) -> str:
    """The contract by which the same people have their rights now: it may have been renewed while an officer had it."""
    later = tenancies.renewals(work.transaction, tenancy_id)
    live = (TenancyState.ACTIVE, TenancyState.DISPUTED)
    found = [each for each in later if each.state in live or each.ended_why == RENEWED]
    return _gone_on(work, found[0].tenancy_id) if found else tenancy_id


def _refused(work: Work, row: IntakeRow, content: Content) -> None:
    _end_pending(work, row)
    if isinstance(content, DepartureContent):
        _undispute(work, row)


def _end_pending(work: Work, row: IntakeRow) -> None:
    contract = tenancies.of_intake(work.transaction, row.intake_id)
    if contract is not None and contract.state is TenancyState.PENDING:
        answering.withdraw(work, contract, ending.REFUSED)
    for each in rights.of_intake(work.transaction, row.intake_id):
        if each.began_at is None:
            ending.now(work, each, ending.REFUSED)


def _undispute(work: Work, row: IntakeRow) -> None:
    """The early end that was asked for does not come."""
    rows = asks.of_intake(work.transaction, row.intake_id)
    asking.close(work, rows)
    for tenancy_id in sorted({each.tenancy_id for each in rows if each.day is not None}):
        contract = tenancies.find(work.transaction, tenancy_id)
        if contract is not None and contract.state is TenancyState.DISPUTED:
            leaving.dispute(work, contract, disputed=False)
