"""What an officer does with a visit code: open the case, look, decide. The first decision counts.

Nothing of the case is kept but the deeds in the audit: who, when, which visit, how, on what basis, and the reason with
its desk-book number. A case is reached by a handle that only the session has which typed its code.
"""

import hmac
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from backend_client.contract.persons import ConfirmationState
from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalBytes
from civic.person_name import PersonName
from records.context import Records
from records.rules import reasons
from records.rules.decisions import Confirmed, Decision, Declined, Seen
from records.rules.eligibility import Doubt
from records.rules.roles import Right
from records.services import failures, proof, visit
from records.services.failures import Scope
from records.services.officers import note
from records.services.refusals import CaseOverError, CodeUnknownError, ReasonUnfitError
from records.services.sessions import Session
from records.store import audit, confirmations, devices, visits
from records.store.confirmations import UNDECIDED, ConfirmationRow
from records.store.database import Transaction
from records.store.visits import VisitRow

_MAC_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Case:
    """What the officer is shown. ``doubt``: why a kiosk can't go on. Of the person nothing is here once it is over."""

    handle: str
    kiosk: str
    asked_at: datetime
    ends_at: datetime
    document: DocumentKind
    doubt: Doubt
    name: PersonName | None
    number: IdNumber | None
    has_portrait: bool
    state: ConfirmationState
    is_open: bool


def open_by_code(records: Records, session: Session, code: str) -> str:
    """The handle of the case that a visit code opens. CodeUnknownError, or after many of them MustWaitError."""
    session.needs(Right.CASES)
    who = (Scope.VISIT_CODE, session.officer.officer_id)
    failures.charge(records, who)
    with records.database.writing() as transaction:
        asked = confirmations.by_code(transaction, _digits(code), records.clock.now())
        row = visits.by_subject(transaction, asked.subject_hash) if asked else None
        if asked is not None and row is not None:
            failures.take_back(records, transaction, who)
            _open(records, transaction, session, asked, row)
            return _handle(records, session, asked.confirmation_id)
        note(records, transaction, "visit-code-refused", session.officer.officer_id)
    raise CodeUnknownError


def look(records: Records, session: Session, handle: str) -> Case:
    """The case. CaseOverError: there is none (any more) under this handle."""
    with records.database.reading() as transaction:
        asked, row = _case(records, transaction, session, handle)
        device = devices.by_id(transaction, asked.device_id)
    state = _state(records, asked, row)
    is_open = state in UNDECIDED
    resident = records.register.resident(row.person_id) if is_open and row.person_id else None
    return Case(
        handle=handle,
        kiosk=device.name if device else asked.device_id,
        asked_at=asked.asked_at,
        ends_at=row.expires_at,
        document=row.document,
        doubt=_doubt(row),
        name=resident.name if resident else None,
        number=resident.id_number if resident else None,
        has_portrait=resident is not None and records.register.has_portrait(resident.person_id),
        state=state,
        is_open=is_open,
    )


def portrait(records: Records, session: Session, handle: str) -> PersonalBytes | None:
    """The portrait, to compare with the person in front of the officer: while the case is open, audited each time."""
    with records.database.reading() as transaction:
        asked, row = _case(records, transaction, session, handle)
    _require_open(records, asked, row)
    image = records.register.portrait(row.person_id) if row.clear else None
    if image is not None:
        with records.database.writing() as transaction:
            audit.append(transaction, visit.deed(records, row, "portrait-read", officer=session.officer.officer_id))
    return image


def decide(records: Records, session: Session, handle: str, decision: Decision) -> None:
    """Close the case. CaseOverError: another officer was first, or the visit is over; ReasonUnfitError."""
    with records.database.reading() as transaction:
        _, row = _case(records, transaction, session, handle)
    decision = _with_fit_reason(records, row, decision)
    with records.database.writing() as transaction:
        asked, row = _case(records, transaction, session, handle)
        _require_open(records, asked, row)
        _apply(records, transaction, session, row, decision)
        values = {"state": _STATES[type(decision)], "decided_at": records.clock.now(), "code": ""}
        confirmations.update(transaction, asked.confirmation_id, **values)


_STATES: Final[dict[type[Decision], ConfirmationState]] = {
    Confirmed: ConfirmationState.CONFIRMED,
    Declined: ConfirmationState.DECLINED,
    Seen: ConfirmationState.SEEN,
}


def _apply(records: Records, transaction: Transaction, session: Session, row: VisitRow, decision: Decision) -> None:
    """Do it and write it down. Whoever's evidence and record disagree is only ever awaited at the window."""
    if row.clear == isinstance(decision, Seen):
        raise CaseOverError("unclear" if not row.clear else "clear")
    who = session.officer.officer_id
    match decision:
        case Confirmed(how, basis, reason):
            proof.grant(records, transaction, row, proof.BY_OFFICER)
            facts = {"how": how.value, "basis": basis.value, "reason": reason}
            audit.append(transaction, visit.deed(records, row, "case-confirmed", officer=who, **facts))
        case Declined(reason):
            audit.append(transaction, visit.deed(records, row, "case-declined", officer=who, reason=reason))
        case Seen():
            audit.append(transaction, visit.deed(records, row, "case-seen", officer=who, doubt=row.doubt))


def _open(records: Records, transaction: Transaction, session: Session, asked: ConfirmationRow, row: VisitRow) -> None:
    """The kiosk hears that an officer is there; a second officer changes nothing but the audit."""
    if asked.state is ConfirmationState.WAITING:
        values = {"state": ConfirmationState.OPENED, "opened_at": records.clock.now()}
        confirmations.update(transaction, asked.confirmation_id, **values)
    audit.append(transaction, visit.deed(records, row, "case-opened", officer=session.officer.officer_id))


def _digits(code: str) -> str:
    """The code without its spaces; an input method may have made its digits full-width."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def _handle(records: Records, session: Session, confirmation_id: str) -> str:
    mac = records.keyed_hash("case", session.row.session_hash, confirmation_id)[:_MAC_DIGITS]
    return f"{confirmation_id}-{mac}"


def _case(
    records: Records, transaction: Transaction, session: Session, handle: str
) -> tuple[ConfirmationRow, VisitRow]:
    """The rows behind a handle of this session."""
    session.needs(Right.CASES)
    confirmation_id = handle.partition("-")[0]
    own = hmac.compare_digest(_handle(records, session, confirmation_id).encode(), handle.encode("utf-8"))
    asked = confirmations.by_id(transaction, confirmation_id) if own else None
    row = visits.by_subject(transaction, asked.subject_hash) if asked else None
    if asked is None or row is None:
        raise CaseOverError(ConfirmationState.EXPIRED.value)
    return asked, row


def _state(records: Records, asked: ConfirmationRow, row: VisitRow) -> ConfirmationState:
    """An undecided case is over when its visit is."""
    late = asked.state in UNDECIDED and row.expires_at <= records.clock.now()
    return ConfirmationState.EXPIRED if late else asked.state


def _require_open(records: Records, asked: ConfirmationRow, row: VisitRow) -> None:
    state = _state(records, asked, row)
    if state not in UNDECIDED:
        raise CaseOverError(state.value)


def _doubt(row: VisitRow) -> Doubt:
    """Why not clear; nobody found is a doubt for a typed number too, of which the kiosk is told nothing."""
    return Doubt(row.doubt) if row.doubt or row.clear else Doubt.UNKNOWN


def _with_fit_reason(records: Records, row: VisitRow, decision: Decision) -> Decision:
    """The decision with its reason on one line, as the audit will keep it."""
    if isinstance(decision, Seen):
        return decision
    resident = records.register.resident(row.person_id) if row.person_id else None
    reason = reasons.on_one_line(decision.reason)
    unfit = reasons.refusal(reason, resident.name if resident else None)
    if unfit:
        raise ReasonUnfitError(unfit)
    return replace(decision, reason=reason)
