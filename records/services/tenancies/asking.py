"""Asking those whose yes counts: at any kiosk by their own card, a landlord also by a code to the contact they had."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import AskKind
from records.services.tenancies import code_sending
from records.services.tenancies.work import Work, new_id, note, tell
from records.store import asks
from records.store.asks import Answer, AskRow
from records.store.rights import RightRow
from records.store.tenancies import TenancyRow


def landlords(work: Work, tenancy: TenancyRow, owners: Iterable[str], kind: AskKind) -> None:
    """Every owner is asked; any one's yes is enough. A renewal goes on by silence, a new one waits for an officer."""
    goes_on = kind is AskKind.RENEWAL
    until = tenancy.goes_on_at if goes_on and tenancy.goes_on_at else work.now + _open(work)
    for owner in owners:
        row = _ask(work, kind, owner, tenancy.tenant_id, until, goes_on=goes_on, tenancy=tenancy)
        code_sending.make(work.records, work.transaction, row)


def mover(work: Work, right: RightRow, asked_by: str, kind: AskKind, asked_of: str) -> None:
    """Whoever is to live there, or the tenant there, says yes to one right."""
    _ask(work, kind, asked_of, asked_by, work.now + _open(work), right=right)


def everybody(work: Work, tenancy: TenancyRow, adults: Iterable[str], intake: tuple[str, str], day: date) -> None:
    """Every adult answers for themselves whether it may end before its day. ``intake``: its number, and whose."""
    until = work.now + timedelta(hours=work.rules.objection_hours)
    for adult in adults:
        _ask(work, AskKind.EARLY_END, adult, intake[1], until, tenancy=tenancy, day=day, intake_id=intake[0])


def close(work: Work, rows: Iterable[AskRow], said: Answer = Answer.MOOT) -> None:
    """They need no answer any more."""
    for each in rows:
        if asks.answer(work.transaction, each.ask_id, said, work.now):
            code_sending.forget(work.transaction, each.ask_id)


def waits(work: Work, right: RightRow) -> bool:
    """Whether a right still waits for somebody's own yes: that nobody has to say it any more is none."""
    return any(each.right_id == right.right_id and each.answer is not Answer.YES for each in _of_right(work, right))


def end_asked(work: Work, tenancy_id: str) -> bool:
    """Whether its landlord has asked for its early end: their silence is no yes to more of it then."""
    return any(each.kind is AskKind.EARLY_END for each in asks.of_tenancy(work.transaction, tenancy_id))


def _of_right(work: Work, right: RightRow) -> tuple[AskRow, ...]:
    return asks.of_intake(work.transaction, right.intake_id)


def _open(work: Work) -> timedelta:
    """As long as an intake may wait for a decision."""
    return timedelta(days=work.records.settings.intakes.open_days)


def _ask(  # noqa: PLR0913 - a row of many columns
    work: Work,
    kind: AskKind,
    asked_of: str,
    asked_by: str,
    until: datetime,
    *,
    goes_on: bool = False,
    tenancy: TenancyRow | None = None,
    right: RightRow | None = None,
    day: date | None = None,
    intake_id: str = "",
) -> AskRow:
    about = tenancy.tenancy_id if tenancy else right.tenancy_id if right else ""
    intake = intake_id or (tenancy.intake_id if tenancy else right.intake_id if right else "")
    which = right.right_id if right else ""
    row = AskRow(new_id(), kind, asked_of, asked_by, about, which, intake, work.now, until, goes_on, day)
    asks.add(work.transaction, row)
    note(work, "tenancy-asked", asked_of, ask=row.ask_id, kind=kind.value, tenancy=about)
    tell(work, (asked_of,), MessageKind.TENANCY_ASKED)
    return row
