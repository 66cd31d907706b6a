"""One intake about a flat, carried out by the table of consents: each kind by its own module, each once."""

from backend_client.contract.intakes import (
    AnswerContent,
    Content,
    DepartureContent,
    OccupantContent,
    TenancyContent,
    WaysContent,
)
from backend_client.contract.tenancies import RightState
from records.rules.intakes import IntakeState
from records.rules.tenancies import QueueKind, needs_proof
from records.services.tenancies import answering, consenting, joining, leaving, registering
from records.services.tenancies.understanding import Understood
from records.services.tenancies.work import Work, settle, to_officer
from records.store import asks, intakes, rights
from records.store.asks import Answer
from records.store.intakes import IntakeRow


def carry_out(work: Work, intake_id: str, content: Content, who: Understood) -> bool:
    """Do it, or put it before an officer. False: it was done before, or an officer has it."""
    row = intakes.find(work.transaction, intake_id)
    if row is None or row.state is not IntakeState.WAITING or row.queue:
        return False
    if not isinstance(content, TenancyContent) and not (who.person_id and who.living):
        to_officer(work, intake_id, who.unknown, who.person_id)
    elif not who.proven and needs_proof(row.kind, yes=isinstance(content, AnswerContent) and content.yes):
        to_officer(work, intake_id, QueueKind.UNPROVEN, who.person_id)
    else:
        by_kind(work, row, content, who)
    return True


def by_kind(work: Work, row: IntakeRow, content: Content, who: Understood) -> None:
    """The same, of what nothing stands in the way of."""
    match content:
        case TenancyContent():
            registering.register(work, row, content, who)
        case OccupantContent():
            joining.join(work, row, content, who)
        case DepartureContent():
            leaving.leave(work, row, content, who)
        case AnswerContent():
            _answer(work, row, content, who)
        case WaysContent():
            _choose_ways(work, row, content, who)
        case _:
            raise TypeError(row.kind)


def _answer(work: Work, row: IntakeRow, content: AnswerContent, who: Understood) -> None:
    ask = asks.find(work.transaction, content.ask)
    if ask is None or ask.asked_of != who.person_id:
        return settle(work, row.intake_id, IntakeState.REFUSED, "not-theirs", who.person_id)
    done = answering.given(work, ask, Answer.YES if content.yes else Answer.NO)
    state, reason = (IntakeState.ACCEPTED, "by-rule") if done else (IntakeState.REFUSED, "over")
    return settle(work, row.intake_id, state, reason, who.person_id)


def _only_takes_back(content: WaysContent) -> bool:
    return content.face is False and content.card is None


def _choose_ways(work: Work, row: IntakeRow, content: WaysContent, who: Understood) -> None:
    """By a right of one's own that is not over; a pending one too, for it opens nothing before it began. A consent is
    taken back whenever somebody wants to, after the end too. Whoever would wait at a gate in vain is told to ask."""
    right = rights.find(work.transaction, content.right)
    theirs = right is not None and right.person_id == who.person_id
    if right is None or not theirs or (work.state_of(right) is RightState.ENDED and not _only_takes_back(content)):
        return settle(work, row.intake_id, IntakeState.REFUSED, "not-theirs", who.person_id)
    if consenting.choose(work, right, content, who.born) and not content.lost:
        return settle(work, row.intake_id, IntakeState.REFUSED, "not-taken", who.person_id)
    return settle(work, row.intake_id, IntakeState.ACCEPTED, "by-rule", who.person_id)
