"""Rules that are changed at the console: a draft of one account, signed by another, and only then the next version.

open      its author changes it, field by field or by a whole file
asked     nobody changes it; another account signs it, or refuses with a reason
signed    it became a version, as the policy key's bundle
refused, withdrawn, or seven days without a change: over

Where the settings name a file, the file has the rules, and nothing here can be done.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from backend_client.contract.base import ProblemCode
from records.context import Records
from records.errors import RefusedError, SettingsError
from records.rules import policy_fields
from records.rules.policy_fields import Subject
from records.rules.policy_slips import Slip
from records.rules.roles import Right
from records.services import policy, policy_samples
from records.services.officers import note
from records.services.refusals import DraftRefusedError
from records.services.sessions import Session
from records.store import policies, policy_drafts
from records.store.database import Transaction
from records.store.policies import PolicyRow
from records.store.policy_drafts import DraftRow, DraftState

OPEN_FOR: Final = timedelta(days=7)
_ID_BYTES: Final = 16
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in force, and the drafts that wait. ``rules``: of the version, none: this release can't read them.
    ``file``: the settings name one, and it has the rules."""

    version: PolicyRow
    rules: Json
    drafts: tuple[DraftRow, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is looked at. ``old``: the rules in force, ``new``: its own, as JSON; ``wrong``: what keeps it from
    being asked for; ``outdated``: the rules have changed since it was begun."""

    row: DraftRow
    old: Json
    new: Json
    wrong: tuple[Slip, ...]
    outdated: bool


def overview(records: Records, session: Session) -> Overview:
    """The page of the policy."""
    session.needs(Right.POLICY)
    with suppress(SettingsError):
        policy.current(records)  # renews it if it is time
    with records.database.reading() as transaction:
        newest = policies.newest(transaction)
        drafts = policy_drafts.waiting(transaction, records.clock.now())
    if newest is None:
        raise RefusedError(ProblemCode.NOT_FOUND, "no policy was ever issued")
    return Overview(newest, _stated(newest), tuple(drafts), records.settings.policy.file)


def begin(records: Records, session: Session) -> str:
    """A draft of the rules in force, or of those that come with the service where this release can't read them; the
    account's own that waits, if there is one. Its handle."""
    session.needs(Right.POLICY)
    newest = _newest(records)
    rules = _stated(newest) or policy.read_rules(policy.DEFAULT_FILE).model_dump(mode="json")
    return _begin(records, session.officer.officer_id, newest, rules)


def begin_with(records: Records, rules: policy.Rules) -> str:
    """A draft of the command line's, which waits for an account's signature. Its handle."""
    return _begin(records, "", _newest(records), rules.model_dump(mode="json"))


def find(records: Records, session: Session, draft_id: str) -> Draft | None:
    """A draft that waits, with what it would change."""
    session.needs(Right.POLICY)
    newest = _newest(records)
    with records.database.reading() as transaction:
        row = policy_drafts.find(transaction, draft_id)
        if row is None or not _waits(row, records.clock.now()):
            return None
        late = outdated(transaction, row, newest)
    new = json.loads(row.rules)
    rules, wrong = policy.fit(new)
    if rules is not None:  # as they would be signed: 30 that a form has as text is 30
        new, wrong = rules.model_dump(mode="json"), policy_samples.unprintable(rules)
    return Draft(row, _stated(newest), new, wrong, late)


def subject_of(draft: Draft, key: str) -> Subject | None:
    """A part of the draft that has a form."""
    return next((each for each in policy_fields.subjects(draft.new) if each.key == key), None)


def save(
    records: Records, session: Session, draft: Draft, subject: Subject, form: dict[str, str]
) -> tuple[Json, dict[str, Slip]]:
    """Put what a form says into the draft, unless something in the form is wrong: what, by the field's name."""
    new = policy_fields.changed(subject, draft.new, form)
    named = {policy_fields.field_of(subject, slip.place): slip for slip in policy.fit(new)[1]}
    named.pop("", None)
    if not named:
        _put(records, session, draft, new)
    return new, named


def replace(records: Records, session: Session, draft: Draft, content: Json) -> tuple[Slip, ...]:
    """Put a whole file's rules in the draft's place, unless something is wrong with them: what."""
    rules, wrong = policy.fit(content)
    if rules is not None:
        _put(records, session, draft, rules.model_dump(mode="json"))
    return wrong


def own(records: Records, transaction: Transaction, session: Session, draft: Draft, *states: DraftState) -> DraftRow:
    """The draft as it stands, of this account. DraftRefusedError: file, over, changed, own."""
    row = standing(records, transaction, session, draft.row.draft_id, draft.row.revision)
    if row.author != session.officer.officer_id:
        raise DraftRefusedError("own")
    if row.state not in states:
        raise DraftRefusedError("changed")
    return row


def standing(records: Records, transaction: Transaction, session: Session, draft_id: str, revision: int) -> DraftRow:
    """The draft as it was looked at. DraftRefusedError: file, over, changed."""
    session.needs(Right.POLICY)
    _require_no_file(records)
    row = policy_drafts.find(transaction, draft_id)
    if row is None or not _waits(row, records.clock.now()):
        raise DraftRefusedError("over")
    if row.revision != revision:
        raise DraftRefusedError("changed")
    return row


def change(records: Records, transaction: Transaction, row: DraftRow, **values: str | DraftState) -> None:
    """Change a draft, which is then good for another seven days. DraftRefusedError: changed."""
    now = records.clock.now()
    if not policy_drafts.change(transaction, row, changed_at=now, expires_at=now + OPEN_FOR, **values):
        raise DraftRefusedError("changed")


def outdated(transaction: Transaction, row: DraftRow, newest: PolicyRow | None) -> bool:
    """Whether the rules have changed since it was begun. A version that only renews them changes nothing."""
    base = policies.by_version(transaction, row.based_on)
    if base is None or newest is None:
        return True
    before = _stated(base)
    return base.version != newest.version and (not before or before != _stated(newest))


def _newest(records: Records) -> PolicyRow:
    """The version in force, or the last one where its rules can't be renewed: that is repaired here, by other rules."""
    try:
        return policy.current(records)
    except SettingsError:
        with records.database.reading() as transaction:
            newest = policies.newest(transaction)
        if newest is None:
            raise
        return newest


def _stated(version: PolicyRow) -> Json:
    """The rules of a version; none: this release can't read them."""
    try:
        return policy.rules_of(policy.opened(version))
    except ValidationError:
        return {}


def _begin(records: Records, author: str, newest: PolicyRow, rules: Json) -> str:
    _require_no_file(records)
    now, state = records.clock.now(), DraftState.OPEN if author else DraftState.ASKED
    with records.database.writing() as transaction:
        mine = [each for each in policy_drafts.waiting(transaction, now) if author and each.author == author]
        if mine:
            return mine[0].draft_id
        draft_id = secrets.token_hex(_ID_BYTES)
        row = DraftRow(draft_id, newest.version, json.dumps(rules), 1, state, author, now, now + OPEN_FOR)
        policy_drafts.add(transaction, row)
        note(records, transaction, "policy-drafted", author, draft=draft_id, based_on=newest.version)
    return draft_id


def _put(records: Records, session: Session, draft: Draft, rules: Json) -> None:
    with records.database.writing() as transaction:
        row = own(records, transaction, session, draft, DraftState.OPEN)
        change(records, transaction, row, rules=json.dumps(rules))
        note(records, transaction, "policy-edited", row.author, draft=row.draft_id)


def _require_no_file(records: Records) -> None:
    if records.settings.policy.file:
        raise DraftRefusedError("file")


def _waits(row: DraftRow, now: datetime) -> bool:
    return row.state in policy_drafts.WAITING and now < row.expires_at
