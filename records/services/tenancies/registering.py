"""A contract is handed in: registered as it waits, its landlord asked; of the same tenant and flat, it is a renewal.

Who hands it in sees the same whether the flat is let, to whom, or whether records know an owner: something waits.
"""

from datetime import date, timedelta

from backend_client.contract.intakes import TenancyContent
from backend_client.contract.tenancies import RightKind
from records.rules.intakes import IntakeState
from records.rules.tenancies import LANDLORD_ASK, TABLE, Deed, Need, QueueKind, TenancyState, months_between
from records.services.tenancies import answering, asking, beginning, consenting, ending, joining
from records.services.tenancies.understanding import Understood
from records.services.tenancies.work import Work, hidden, new_id, note, settle, to_officer, under_way
from records.store import dwellings, intakes, ownerships, rights, tenancies
from records.store.dwellings import DwellingRow
from records.store.intakes import IntakeRow
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow


def register(work: Work, row: IntakeRow, content: TenancyContent, who: Understood) -> None:
    """Carry out what the rules can, and put the rest before an officer."""
    flat = flat_of(work, content, who.person_id)
    if content.right is not None and flat is None:
        return settle(work, row.intake_id, IntakeState.REFUSED, "not-theirs", who.person_id)
    if not who.person_id or not who.living:
        return to_officer(work, row.intake_id, who.unknown, who.person_id)
    if flat is None:
        return to_officer(work, row.intake_id, QueueKind.UNKNOWN_DWELLING, who.person_id)
    before = renewable(work, who.person_id, flat.dwelling_id, date.fromisoformat(content.starts_on))
    if why := _refused(work, content, who, flat, before):
        return settle(work, row.intake_id, IntakeState.REFUSED, why, who.person_id)
    _supersede(work, who.person_id, flat)
    made = make(work, row, content, who, flat)
    return _ask(work, row, made, who)


def make(work: Work, row: IntakeRow, content: TenancyContent, who: Understood, flat: DwellingRow) -> TenancyRow:
    """The tenancy as it waits, with the rights that it is to give."""
    before = renewable(work, who.person_id, flat.dwelling_id, date.fromisoformat(content.starts_on))
    made = TenancyRow(
        tenancy_id=new_id(),
        dwelling_id=flat.dwelling_id,
        tenant_id=who.person_id,
        state=TenancyState.PENDING,
        starts_on=date.fromisoformat(content.starts_on),
        ends_on=date.fromisoformat(content.ends_on),
        filing_number=content.filing_number,
        intake_id=row.intake_id,
        renews=before.tenancy_id if before else "",
        registered_at=work.now,
        goes_on_at=work.now + timedelta(days=work.rules.silence_days),
        left_over=left.value if (left := joining.queue_of(who.comers)) else "",
    )
    tenancies.add(work.transaction, made)
    note(work, "tenancy-registered", who.person_id, tenancy=made.tenancy_id, renewal=int(before is not None))
    own = before or beginning.pending_right(work, made, who.person_id, RightKind.TENANT, row.intake_id)
    if content.ways and who.proven:
        consenting.choose(work, own, content, who.born)
    joining.coming(work, made, own, who, row.intake_id)
    return made


def renewable(work: Work, person_id: str, dwelling_id: str, starts_on: date) -> RightRow | None:
    """The tenant's right that a contract for the same flat renews: one that begins before this is over. A later one is
    a new tenancy: nobody lives there by it in the days between."""
    mine = (each for each in rights.of_person(work.transaction, person_id) if each.dwelling_id == dwelling_id)
    theirs = (each for each in mine if each.kind is RightKind.TENANT and work.stands(each))
    gap = timedelta(days=work.grace_days + 1)
    return next((each for each in theirs if each.ends_on is None or starts_on <= each.ends_on + gap), None)


def flat_of(work: Work, content: TenancyContent, person_id: str) -> DwellingRow | None:
    """The flat behind the door, or of a right of one's own."""
    if content.door is not None:
        return dwellings.by_door(work.transaction, content.door.building, content.door.unit, content.door.room)
    own = rights.find(work.transaction, content.right or "")
    if own is None or own.person_id != person_id or not person_id:
        return None
    return dwellings.by_id(work.transaction, own.dwelling_id)


def _refused(work: Work, content: TenancyContent, who: Understood, flat: DwellingRow, before: RightRow | None) -> str:
    """Why it can't be, whoever decides; empty: it can."""
    ends_on = date.fromisoformat(content.ends_on)
    if ends_on < work.today or (before is not None and before.ends_on is not None and ends_on <= before.ends_on):
        return "over"
    waiting = _waiting(work, who.person_id, flat)
    return "handed-in-twice" if any(not who.proven or not _by_card_alone(work, each) for each in waiting) else ""


def _waiting(work: Work, person_id: str, flat: DwellingRow) -> list[TenancyRow]:
    theirs = tenancies.of_tenant(work.transaction, person_id, flat.dwelling_id)
    return [each for each in theirs if each.state is TenancyState.PENDING]


def _ask(work: Work, row: IntakeRow, made: TenancyRow, who: Understood) -> None:
    """Whoever records say owns the flat, or an officer."""
    deed = Deed.RENEWAL if made.renews else Deed.NEW
    owners = ownerships.owners(work.transaction, made.dwelling_id)
    left = joining.queue_of(who.comers)
    under_way(work, row, who.person_id, left)
    if TABLE[deed].adults is Need.TOLD and not _hidden(work, who, owners):
        beginning.told(work, made.dwelling_id, who.person_id)
    if queue := _without_landlord(work, made, who, owners):
        beginning.before_officer(work, made, queue)
        return
    beginning.hold_for_answer(work, made)
    asking.landlords(work, made, owners, LANDLORD_ASK[deed])


def _without_landlord(work: Work, made: TenancyRow, who: Understood, owners: tuple[str, ...]) -> QueueKind | None:
    """Why nobody is asked: an officer decides instead. What was refused before comes first: it holds nothing."""
    if _refused_before(work, made, who):
        return QueueKind.OBJECTION
    if not who.grown:
        return QueueKind.MINOR
    if beginning.overlapping(work, made) or who.person_id in owners:
        return QueueKind.OVERLAP
    if months_between(made.starts_on, made.ends_on) > work.rules.most_months:
        return QueueKind.TOO_LONG
    if not owners or _hidden(work, who, owners):
        return QueueKind.NEW_WITHOUT_LANDLORD
    return QueueKind.UNPROVEN if _needs_proof(made, who) else None


def _needs_proof(made: TenancyRow, who: Understood) -> bool:
    """A card that was found registers nothing that silence may answer, and brings nobody along."""
    return not who.proven and bool(made.renews or who.comers)


def _hidden(work: Work, who: Understood, owners: tuple[str, ...]) -> bool:
    """Whether anybody whom it touches is: then nobody hears of it from us."""
    return hidden(work, (who.person_id, *owners, *(each.person_id for each in who.comers)))


def _refused_before(work: Work, made: TenancyRow, who: Understood) -> bool:
    """Whether a renewal of the same tenancy was handed in before and came to nothing, or its landlord has asked for its
    end: waiting must not be a way to stay. What a card alone has handed in does the tenant no harm who is proven."""
    if not made.renews:
        return False
    before = tenancies.find(work.transaction, made.renews)
    if before is not None and before.state is TenancyState.DISPUTED:
        return True
    others = (each for each in tenancies.renewals(work.transaction, made.renews) if each.tenancy_id != made.tenancy_id)
    return asking.end_asked(work, made.renews) or any(
        not who.proven or not _by_card_alone(work, each) for each in others
    )


def _by_card_alone(work: Work, made: TenancyRow) -> bool:
    """Whether it was put before an officer since nobody had compared a face."""
    row = intakes.find(work.transaction, made.intake_id)
    return row is not None and row.queue == QueueKind.UNPROVEN


def _supersede(work: Work, person_id: str, flat: DwellingRow) -> None:
    """Whoever is proven to be the tenant waits for nothing that a card alone has handed in."""
    for each in _waiting(work, person_id, flat):
        answering.undo(work, each, ending.REFUSED)
        settle(work, each.intake_id, IntakeState.REFUSED, "handed-in-twice")
