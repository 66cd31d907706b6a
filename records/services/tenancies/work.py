"""What every step about a flat is done with: one transaction, one instant, the policy's rules; and how it is told."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from backend_client.contract.changes import Topic
from backend_client.contract.messages import MessageKind
from backend_client.contract.policy import TenancyRules
from backend_client.contract.tenancies import RightState
from civic.slip_number import slip_number
from records.context import Records
from records.rules.intakes import IntakeState
from records.rules.periods import bureau_time
from records.rules.right_states import STANDING, state_of
from records.rules.tenancies import LEFT_OVER, QueueKind
from records.services import hiding, messages
from records.services.gates import deriving, in_force
from records.store import audit, changes, intakes, rights
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.intakes import IntakeRow
from records.store.rights import RightRow

_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Work:
    """One transaction about flats. ``today``: of the bureau's; ``officer``: who decides, empty: the rules do."""

    records: Records
    transaction: Transaction
    now: datetime
    today: date
    rules: TenancyRules
    grace_days: int
    officer: str = ""

    def state_of(self, right: RightRow) -> RightState:
        """How a right stands."""
        return state_of(right, self.today, self.grace_days)

    def stands(self, right: RightRow) -> bool:
        """Whether it began and is not over."""
        return self.state_of(right) in STANDING


def begun(records: Records, transaction: Transaction, officer: str = "") -> Work:
    """By the policy in force, now."""
    now, policy = records.clock.now(), in_force.policy(transaction)
    grace_days = in_force.rules(transaction).grace_days
    rules = policy.tenancy or TenancyRules()
    return Work(records, transaction, now, bureau_time(now).date(), rules, grace_days, officer)


def new_id() -> str:
    """Random, says nothing."""
    return secrets.token_hex(_ID_BYTES)


def hidden(work: Work, people: Iterable[str]) -> bool:
    """Whether any of them is."""
    found = hiding.hidden(work.records, work.transaction)
    return any(found.tickets(each, "") for each in people)


def note(work: Work, action: str, person_id: str, **facts: str | int) -> None:
    """A deed about somebody's flat: a keyed hash, references, codes."""
    person = work.records.keyed_hash("person", person_id) if person_id else ""
    told = {"officer": work.officer} if work.officer else {}
    audit.append(work.transaction, Deed(work.now, action, subject=person, facts=tuple({**told, **facts}.items())))


def tell(work: Work, people: Iterable[str], kind: MessageKind, state: str = "") -> None:
    """Have each told, once."""
    for each in sorted(set(people) - {""}):
        messages.append(work.records, work.transaction, each, kind, state=state)


def renew(work: Work, people: Iterable[str]) -> None:
    """Their grants are derived again."""
    deriving.renew(work.records, work.transaction, tuple(sorted(set(people) - {""})))


def neighbours(work: Work, dwelling_id: str) -> tuple[str, ...]:
    """Who has a right to a flat that began."""
    standing = (each for each in rights.of_dwelling(work.transaction, dwelling_id) if work.stands(each))
    return tuple(sorted({each.person_id for each in standing}))


# --- the intake ------------------------------------------------------------------------------------------------------


def under_way(work: Work, row: IntakeRow, person_id: str, left: QueueKind | None) -> None:
    """It waits for somebody's yes. ``left``: what an officer is to decide about it afterwards."""
    queue = left.value if left else ""
    intakes.update(work.transaction, row, state=IntakeState.UNDER_WAY.value, queue=queue, person_id=person_id)


def to_officer(work: Work, intake_id: str, queue: QueueKind, person_id: str | None = None) -> None:
    """No rule can decide it: an officer does, in the queue of its kind."""
    row = intakes.find(work.transaction, intake_id)
    if row is None or row.state not in (IntakeState.WAITING, IntakeState.UNDER_WAY):
        return
    who = row.person_id if person_id is None else person_id
    values = {"state": IntakeState.WAITING.value, "queue": queue.value, "person_id": who}
    if intakes.update(work.transaction, row, **values):
        note(work, "tenancy-queued", who, intake=intake_id, queue=queue.value)


def settle(work: Work, intake_id: str, state: IntakeState, reason: str, person_id: str | None = None) -> None:
    """The rules have decided it: the audit, the feed of the kiosk that sent it, and of a refusal its sender.

    An officer's decision is written where they make it (``records.services.intake_deciding``)."""
    row = intakes.find(work.transaction, intake_id)
    if work.officer or row is None or row.state not in (IntakeState.WAITING, IntakeState.UNDER_WAY):
        return
    who = row.person_id if person_id is None else person_id
    values = {"state": state.value, "reason": reason, "decided_at": work.now, "person_id": who}
    if not intakes.update(work.transaction, row, **values):
        return
    note(work, "tenancy-carried-out", who, intake=intake_id, kind=row.kind.value, state=state.value, reason=reason)
    body: dict[str, str | int | bool] = {"state": state.value, "reason": reason}
    changes.append(work.transaction, Topic.INTAKE, intake_id, body, at=work.now, only=row.device_id)
    if state is IntakeState.REFUSED:
        ref = slip_number(UUID(intake_id))
        kind = MessageKind.INTAKE_DECIDED
        messages.append(work.records, work.transaction, who, kind, ref=ref, state=state.value)


def done(work: Work, intake_id: str, left: str = "") -> None:
    """Carried out; what is left of it for an officer goes before one. ``left``: in which queue, where the intake has
    stood in another one meanwhile."""
    row = intakes.find(work.transaction, intake_id) if intake_id else None
    if row is None or (row.state is IntakeState.WAITING and row.queue in LEFT_OVER):
        return
    if queue := (row.queue if row.state is IntakeState.UNDER_WAY else "") or left:
        to_officer(work, intake_id, QueueKind(queue))
    else:
        settle(work, intake_id, IntakeState.ACCEPTED, "by-rule")
