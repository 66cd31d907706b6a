"""Hiding a person, and hiding them no longer: asked for by one account, agreed to by another.

Whatever number is asked about, the answer is the same: that it waits for a second account. So nobody finds out by
asking whether somebody is hidden, or known here at all. The number itself is hidden, of whomever it is: an order is
often here before who fled is registered.
"""

from datetime import date, timedelta
from typing import Final

from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from records.context import Records
from records.rules.periods import bureau_time
from records.rules.purposes import ticket_refusal
from records.rules.roles import Right
from records.services import approvals
from records.services.approvals import Do, Tell
from records.services.life_events.numbers import whose
from records.services.refusals import AskingUnfitError
from records.services.sessions import Session
from records.store import audit, protection
from records.store.approvals import ApprovalRow, Matter
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.protection import Basis, ProtectionRow, Whose

LONGEST: Final = timedelta(days=3660)


def ask_to_hide(records: Records, session: Session, typed: str, basis: str, until: str, ticket: str) -> None:
    """Hide the person of a number until the end of a day, empty: until it is ended. AskingUnfitError."""
    if basis not in set(Basis):
        raise AskingUnfitError("basis")
    _ask(records, session, Matter.HIDE, typed, ticket, {"basis": basis, "until": _day(records, until)})


def ask_to_end(records: Records, session: Session, typed: str, ticket: str) -> None:
    """Hide them no longer. AskingUnfitError."""
    _ask(records, session, Matter.UNHIDE, typed, ticket, {})


def _ask(records: Records, session: Session, matter: Matter, typed: str, ticket: str, body: dict[str, str]) -> None:
    session.needs(Right.PROTECTION)
    try:
        number = IdNumber(typed)
    except InvalidValueError:
        raise AskingUnfitError("number") from None
    if unfit := ticket_refusal(ticket.strip()):
        raise AskingUnfitError(f"ticket-{unfit}")
    about = {"person": whose(records, number), "number": records.number_hash(number.reveal())}
    approvals.ask(records, session, matter, ticket.strip(), {**body, **about}, check=number.reveal())


def _day(records: Records, text: str) -> str:
    """A day to come, as ISO 8601; empty stays empty."""
    if not text.strip():
        return ""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise AskingUnfitError("until") from None
    today = bureau_time(records.clock.now()).date()
    if not today <= day <= today + LONGEST:
        raise AskingUnfitError("until")
    return day.isoformat()


def _written(_records: Records, row: ApprovalRow) -> list[tuple[str, str]]:
    told = approvals.told(row)
    return [(name, told[name]) for name in ("basis", "until")]


def _hide(records: Records, transaction: Transaction, row: ApprovalRow, by: str) -> None:
    told, now = approvals.told(row), records.clock.now()
    until = date.fromisoformat(told["until"]) if told["until"] else None
    hiding = ProtectionRow(_whose(row), Basis(told["basis"]), row.ticket, now, until, row.asked_by, approved_by=by)
    protection.add(transaction, hiding)
    _note(records, transaction, row, by, "protection-begun")


def _unhide(records: Records, transaction: Transaction, row: ApprovalRow, by: str) -> None:
    protection.end(transaction, _whose(row), by, records.clock.now())
    _note(records, transaction, row, by, "protection-ended")


def _whose(row: ApprovalRow) -> Whose:
    told = approvals.told(row)
    return Whose(told["number"], told["person"])


def _note(records: Records, transaction: Transaction, row: ApprovalRow, by: str, action: str) -> None:
    """About the person, or the number that nobody has yet."""
    whose = _whose(row)
    about = records.keyed_hash("person", whose.person_id) if whose.person_id else whose.number_hash
    facts = (("officer", by), ("asked_by", row.asked_by), ("ticket", row.ticket))
    audit.append(transaction, Deed(records.clock.now(), action, subject=about, facts=facts))


DO: Final[dict[Matter, Do]] = {Matter.HIDE: _hide, Matter.UNHIDE: _unhide}
TELL: Final[dict[Matter, Tell]] = {Matter.HIDE: _written, Matter.UNHIDE: lambda _records, _row: []}
"""Of ending it nothing: whether somebody is hidden, and why, the second account is not told either."""
