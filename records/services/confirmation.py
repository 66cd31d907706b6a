"""An officer confirms who stands at the kiosk: what the kiosk asks for, and what it hears.

The kiosk shows a visit code of six digits, which the resident tells an officer, in person or by phone. It is random,
one of a kind among the open ones, bound to this visit at this device, and short-lived. What officers do with it stands
in ``records.services.cases``.
"""

import secrets
from datetime import datetime, timedelta

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import Confirmation, ConfirmationAsked, ConfirmationState
from records.context import Records
from records.errors import RefusedError
from records.services import duty, proof, visit
from records.store import audit, confirmations
from records.store.confirmations import ConfirmationRow
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.visits import VisitRow

CODE_DIGITS = 6
_ID_BYTES = 16


def ask(records: Records, device: DeviceRow, subject: str) -> ConfirmationAsked:
    """A code for an officer; while one is open, the same again. Refused: nobody-on-duty, subject-expired."""
    row = visit.current(records, device, subject)
    if not duty.officer_on_duty(records):
        raise RefusedError(ProblemCode.NOBODY_ON_DUTY)
    now = records.clock.now()
    with records.database.writing() as transaction:
        confirmations.forget_ended(transaction, now)
        asked = confirmations.latest_of(transaction, row.subject_hash)
        if asked is None or asked.state not in confirmations.UNDECIDED or asked.expires_at <= now:
            asked = _request(records, transaction, row)
            confirmations.add(transaction, asked)
            audit.append(transaction, visit.deed(records, row, "confirmation-asked"))
    return ConfirmationAsked(server_time=now, code=asked.code, expires_at=asked.expires_at)


def state(records: Records, device: DeviceRow, subject: str) -> Confirmation:
    """What became of the last request. Refused: not-found (nothing was asked), subject-expired."""
    row = visit.current(records, device, subject)
    with records.database.reading() as transaction:
        asked = confirmations.latest_of(transaction, row.subject_hash)
        if asked is None:
            raise RefusedError(ProblemCode.NOT_FOUND)
        confirmed = asked.state is ConfirmationState.CONFIRMED
        proven = proof.again(records, transaction, row) if confirmed else None
    now = records.clock.now()
    return Confirmation(server_time=now, state=_heard(row, asked, now), proof=proven)


def _heard(row: VisitRow, asked: ConfirmationRow, now: datetime) -> ConfirmationState:
    """What the kiosk hears. An opened request waits for its officer as long as the visit lasts.

    An officer who has seen to a typed number has declined it: else the screen would tell that number from anyone's.
    """
    if asked.state is ConfirmationState.WAITING and asked.expires_at <= now:
        return ConfirmationState.EXPIRED
    seen_typed = row.typed and asked.state is ConfirmationState.SEEN
    return ConfirmationState.DECLINED if seen_typed else asked.state


def _request(records: Records, transaction: Transaction, row: VisitRow) -> ConfirmationRow:
    now = records.clock.now()
    life = timedelta(minutes=records.settings.console.visit_code_minutes)
    return ConfirmationRow(
        confirmation_id=secrets.token_hex(_ID_BYTES),
        subject_hash=row.subject_hash,
        device_id=row.device_id,
        visit=row.visit,
        code=_new_code(transaction, now),
        state=ConfirmationState.WAITING,
        asked_at=now,
        expires_at=min(now + life, row.expires_at),
    )


def _new_code(transaction: Transaction, now: datetime) -> str:
    """Six digits that open nothing else now. Of a million, a community has a handful in use."""
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        if confirmations.by_code(transaction, code, now) is None:
            return code
