"""The second signature: asked for by a draft's author, given or refused by another account."""

import json

from records.context import Records
from records.rules import reasons
from records.services import policy
from records.services import policy_editing as editing
from records.services.officers import note
from records.services.policy_editing import Draft
from records.services.refusals import DraftRefusedError, ReasonUnfitError
from records.services.sessions import Session
from records.store import officers, policies, policy_drafts
from records.store.database import Transaction
from records.store.policy_drafts import DraftRow, DraftState


def ask(records: Records, session: Session, draft: Draft) -> None:
    """Ask for the second signature. DraftRefusedError: unfit, nothing, based, changed, own."""
    with records.database.writing() as transaction:
        row = editing.own(records, transaction, session, draft, DraftState.OPEN)
        if draft.wrong:
            raise DraftRefusedError("unfit")
        if draft.new == draft.old:
            raise DraftRefusedError("nothing")
        _require_base(transaction, row)
        editing.change(records, transaction, row, state=DraftState.ASKED)
        _note(records, transaction, session, row, "policy-asked")


def take_back(records: Records, session: Session, draft: Draft) -> None:
    """Change it further, before anybody has signed."""
    with records.database.writing() as transaction:
        row = editing.own(records, transaction, session, draft, DraftState.ASKED)
        editing.change(records, transaction, row, state=DraftState.OPEN)
        _note(records, transaction, session, row, "policy-taken-back")


def give_up(records: Records, session: Session, draft: Draft) -> None:
    """The author wants it no longer."""
    with records.database.writing() as transaction:
        row = editing.own(records, transaction, session, draft, *policy_drafts.WAITING)
        _decide(records, transaction, session, row, DraftState.WITHDRAWN)
        _note(records, transaction, session, row, "policy-given-up")


def sign(records: Records, session: Session, draft: Draft, revision: int) -> int:
    """The second signature: the version that it became. ``revision``: the one that was looked at.
    DraftRefusedError: same, changed, based, unfit."""
    with records.database.writing() as transaction:
        policy.one_at_a_time(transaction)  # or two would have the same base
        row = _others(records, transaction, session, draft, revision)
        _require_base(transaction, row)
        rules, _ = policy.fit(json.loads(row.rules))
        if rules is None or draft.wrong:
            raise DraftRefusedError("unfit")
        version = policy.issue_in(records, transaction, rules).version
        _decide(records, transaction, session, row, DraftState.SIGNED, version=version)
        _note(records, transaction, session, row, "policy-signed", version=version)
    return version


def refuse(records: Records, session: Session, draft: Draft, revision: int, reason: str) -> None:
    """No, and why. ReasonUnfitError; DraftRefusedError."""
    reason = reasons.on_one_line(reason)
    if unfit := reasons.refusal(reason, None):
        raise ReasonUnfitError(unfit)
    with records.database.writing() as transaction:
        row = _others(records, transaction, session, draft, revision)
        _decide(records, transaction, session, row, DraftState.REFUSED, reason=reason)
        _note(records, transaction, session, row, "policy-refused", reason=reason)


def _others(records: Records, transaction: Transaction, session: Session, draft: Draft, revision: int) -> DraftRow:
    """What another account asks this one to sign."""
    row = editing.standing(records, transaction, session, draft.row.draft_id, revision)
    if row.state is not DraftState.ASKED:
        raise DraftRefusedError("changed")
    if row.author == session.officer.officer_id:
        raise DraftRefusedError("same")
    if row.author and not officers.in_use(transaction, row.author):
        raise DraftRefusedError("over")
    return row


def _require_base(transaction: Transaction, row: DraftRow) -> None:
    if editing.outdated(transaction, row, policies.newest(transaction)):
        raise DraftRefusedError("based")


def _decide(
    records: Records, transaction: Transaction, session: Session, row: DraftRow, state: DraftState, **told: str | int
) -> None:
    values = {"state": state, "decided_by": session.officer.officer_id, "decided_at": records.clock.now(), **told}
    if not policy_drafts.change(transaction, row, **values):
        raise DraftRefusedError("changed")


def _note(
    records: Records, transaction: Transaction, session: Session, row: DraftRow, action: str, **told: str | int
) -> None:
    facts = {"draft": row.draft_id, "asked_by": row.author, **told}
    note(records, transaction, action, session.officer.officer_id, **facts)
