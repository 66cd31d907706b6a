"""One-day codes: for a guest, from a resident's own right; and the guard's, for somebody whose right is over."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import GuestCode, GuestRequest, WayKind
from civic.gate_codes import GuestDigits, code_ref, guest_digits
from forms.paper import CHINA_TIME
from records.context import Records
from records.errors import RefusedError
from records.rules import reasons
from records.rules.periods import bureau_time
from records.rules.roles import Right
from records.services import messages, visit
from records.services.gates import deriving, desk, in_force, own, ways
from records.services.officers import note
from records.services.refusals import GuardCodeUnfitError, ReasonUnfitError
from records.services.sessions import Session
from records.store import audit, rights
from records.store import ways as stored_ways
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.rights import RightRow

AHEAD: Final = timedelta(days=7)  # a guest's day
AFTER: Final = timedelta(days=30)  # of a right's end, for the guard's codes
GUARDS_A_DAY: Final = 3  # of one right
_CODES: Final = 10**8


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of the community: its first instant, and the first of the next."""

    day: date

    @property
    def begins(self) -> datetime:
        """Its first instant."""
        return datetime.combine(self.day, time.min, CHINA_TIME)

    @property
    def ends(self) -> datetime:
        """When it is over."""
        return self.begins + timedelta(days=1)


def make(records: Records, device: DeviceRow, subject: str, request: GuestRequest) -> GuestCode:
    """A code for somebody who visits. Refused: not-found, validation (the day), too-many-requests (so many for that
    day), or as ``visit.proven``."""
    row, now = own.proven(records, device, subject), records.clock.now()
    with records.database.writing() as transaction:
        right = own.right(records, transaction, row.person_id, request.right)
        _require_day(right, request.day, bureau_time(now).date())
        if _had(transaction, right.right_id, request.day) >= in_force.rules(transaction).guests_a_day:
            raise RefusedError(ProblemCode.TOO_MANY_REQUESTS)
        audit.append(transaction, visit.deed(records, row, "guest-code-made"))
        digits = _new(records, transaction, right, _Day(request.day), "")
        deriving.renew(records, transaction, (right.person_id,))
    return GuestCode(server_time=now, digits=digits.digits, code=digits.text, day=request.day)


def guard(records: Records, session: Session, slip: str, reason: str) -> GuestCode:
    """Today's code for somebody whose right ended not long ago, by their slip, with a reason; they are told.

    SlipUnknownError, MustWaitError, ReasonUnfitError; GuardCodeUnfitError: running, long-over or many.
    """
    session.needs(Right.GUARD_CODES)
    said = reasons.on_one_line(reason)
    if unfit := reasons.refusal(said, None):
        raise ReasonUnfitError(unfit)
    found, now = desk.find(records, session, slip), records.clock.now()
    today = _Day(bureau_time(now).date())
    with records.database.writing() as transaction:
        right = rights.find(transaction, found.right_id)
        _require_over(records, transaction, right, today)
        note(records, transaction, "guard-code-made", session.officer.officer_id, reason=said)
        digits = _new(records, transaction, _there(right), today, deriving.GUARD)
        deriving.renew(records, transaction, (found.person_id,))
        messages.append(records, transaction, found.person_id, MessageKind.GUARD_CODE)
    return GuestCode(server_time=now, digits=digits.digits, code=digits.text, day=today.day)


def _require_day(right: RightRow, day: date, today: date) -> None:
    """Within the right itself: its grace is for who lived there."""
    last = right.ends_on or date.max
    if not max(today, right.starts_on) <= day <= min(last, today + AHEAD):
        raise RefusedError(ProblemCode.VALIDATION, "day: not within this right, or too far ahead")


def _require_over(records: Records, transaction: Transaction, right: RightRow | None, today: _Day) -> None:
    if right is None or right.began_at is None:
        raise GuardCodeUnfitError("long-over")
    now, grace = records.clock.now(), in_force.rules(transaction).grace_days
    if not deriving.over(right, now, grace):
        raise GuardCodeUnfitError("running")
    if _ended_on(right, grace) < today.day - AFTER:
        raise GuardCodeUnfitError("long-over")
    had = stored_ways.guests_of(transaction, right.right_id, today.begins, deriving.GUARD)
    if had >= GUARDS_A_DAY:
        raise GuardCodeUnfitError("many")


def _ended_on(right: RightRow, grace_days: int) -> date:
    """The day on which it was over: by its days, or before."""
    by_days = deriving.term_of(right).grace_until(grace_days) or date.max
    return min(by_days, bureau_time(right.ended_at).date()) if right.ended_at is not None else by_days


def _there(right: RightRow | None) -> RightRow:
    assert right is not None  # noqa: S101 - asked for just before
    return right


def _had(transaction: Transaction, right_id: str, day: date) -> int:
    return stored_ways.guests_of(transaction, right_id, _Day(day).begins, "")


def _new(records: Records, transaction: Transaction, right: RightRow, day: _Day, label: str) -> GuestDigits:
    digits = _free(records, transaction)
    row = ways.new(records, right.person_id, right.right_id, WayKind.GUEST, code_ref(digits))
    stored_ways.add(transaction, replace(row, label=label, starts_at=day.begins, until=day.ends))
    return digits


def _free(records: Records, transaction: Transaction) -> GuestDigits:
    """Eight digits that open nothing else."""
    while True:
        digits = guest_digits(secrets.randbelow(_CODES))
        if not stored_ways.by_ref(transaction, code_ref(digits), records.clock.now()):
            return digits
