"""Who stands at the kiosk: a handle for this visit, one portrait, one comparison, and then the person's own row.

Each step writes its audit in the same transaction, before anything is handed out. The handle is kept as a hash, is
bound to the device and the visit, and answers the same whether it is wrong, old or somebody else's.
"""

import base64
import hashlib
import secrets
from datetime import timedelta

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import (
    CardEvidence,
    FaceAccepted,
    FaceOutcome,
    HouseholdRecord,
    Identification,
    RecordState,
)
from records.context import Records
from records.errors import RefusedError
from records.population.source import Resident
from records.rules import eligibility
from records.rules.eligibility import FaceRules
from records.rules.periods import bureau_time
from records.services import reissue
from records.store import audit, visits
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.visits import VisitRow

_HOUR = timedelta(hours=1)
_LONGEST_NOTE = 64


def identify(records: Records, device: DeviceRow, card: CardEvidence, key: str) -> Identification:
    """A subject for this visit. The same key gives the same subject, so that a lost answer can be asked for again."""
    subject = _subject(records, device, key)
    resident = _found(records, card)
    row = _visit(records, device, card, subject, resident)
    with records.database.writing() as transaction:
        known = visits.by_subject(transaction, row.subject_hash)
        if known is None:
            _limit(records, transaction, device)
            visits.begin(transaction, row)
            audit.append(transaction, _deed(records, row, "identified", clear=row.clear))
        elif known.request_hash != row.request_hash:
            raise RefusedError(ProblemCode.IDEMPOTENCY_KEY_REUSED)
    return _identification(records, subject, known or row)


def portrait(records: Records, device: DeviceRow, subject: str, key: str) -> bytes:
    """The portrait, once per visit; asked again with the same key (the answer was lost), it is given again."""
    row = _clear_visit(records, device, subject)
    image = records.population.portrait(row.person_id)
    if image is None:
        raise RefusedError(ProblemCode.NOT_FOUND)
    with records.database.writing() as transaction:
        row = _fresh(transaction, row)
        again = bool(key) and row.portrait_key == key
        if visits.portrait_given(transaction, row) and not again:
            raise RefusedError(ProblemCode.PORTRAIT_ALREADY_GIVEN)
        visits.update(transaction, row.subject_hash, portrait_given_at=records.clock.now(), portrait_key=key)
        audit.append(transaction, _deed(records, row, "portrait-read", again=again))
    return image.reveal()


def report_face(records: Records, device: DeviceRow, subject: str, outcome: FaceOutcome) -> FaceAccepted:
    """Judge a comparison. A refusal is counted and audited like an acceptance."""
    row = _clear_visit(records, device, subject)
    with records.database.writing() as transaction:
        row = _fresh(transaction, row)
        accepted = _judge(records, row, outcome)
        proven = {"proven_at": records.clock.now()} if accepted else {}
        visits.update(transaction, row.subject_hash, face_attempts=row.face_attempts + 1, **proven)
        audit.append(transaction, _face_deed(records, row, outcome, accepted=accepted))
    if not accepted:
        raise RefusedError(ProblemCode.IDENTITY_NOT_PROVEN)
    return FaceAccepted(server_time=records.clock.now(), proven_until=row.expires_at)


def record(records: Records, device: DeviceRow, subject: str) -> HouseholdRecord:
    """The resident's own row, for their own eyes."""
    row = proven_visit(records, device, subject)
    resident = records.population.resident(row.person_id)
    if resident is None:
        raise RefusedError(ProblemCode.RECORD_UNCLEAR)
    with records.database.writing() as transaction:
        audit.append(transaction, _deed(records, row, "record-read"))
        reissues = reissue.open_of(transaction, row.person_id, records.clock.now())
    return HouseholdRecord.model_validate({**own_row(resident), "reissues": reissues})


def proven_visit(records: Records, device: DeviceRow, subject: str) -> VisitRow:
    """The visit of a subject whose identity is proven."""
    row = _clear_visit(records, device, subject)
    if row.proven_at is None:
        raise RefusedError(ProblemCode.IDENTITY_NOT_PROVEN)
    return row


def own_row(resident: Resident) -> dict[str, object]:
    """A resident's fields as plain values, under the names that the contract and the paper share."""
    texts = (
        "name", "former_name", "sex", "nation", "id_number", "birthplace", "native_place", "address",
        "household_type", "householder", "relation", "moved_in",
    )  # fmt: skip
    return {name: getattr(resident, name).reveal() for name in texts} | {"birth_date": resident.birth_date}


def _subject(records: Records, device: DeviceRow, key: str) -> str:
    if not key:
        return secrets.token_urlsafe(24)
    derived = bytes.fromhex(records.keyed_hash("subject", device.device_id, key))
    return base64.urlsafe_b64encode(derived[:24]).decode("ascii")


def _found(records: Records, card: CardEvidence) -> Resident | None:
    number = eligibility.number_on(card)
    return None if number is None else records.population.find(number)


def _visit(
    records: Records, device: DeviceRow, card: CardEvidence, subject: str, resident: Resident | None
) -> VisitRow:
    now = records.clock.now()
    clear = eligibility.clear(card, resident, bureau_time(now).date())
    return VisitRow(
        subject_hash=_hash(subject),
        device_id=device.device_id,
        visit=card.visit,
        person_id=resident.person_id if resident is not None and clear else "",
        clear=clear,
        created_at=now,
        expires_at=now + timedelta(minutes=records.settings.identity.visit_minutes),
        request_hash=records.keyed_hash("identify", card.model_dump_json()),
    )


def _limit(records: Records, transaction: Transaction, device: DeviceRow) -> None:
    """A kiosk serves a few dozen people an hour; one that asks for hundreds is being used to search."""
    recent = visits.count_since(transaction, device.device_id, records.clock.now() - _HOUR)
    if recent >= records.settings.identity.identifications_per_hour:
        raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=60)


def _identification(records: Records, subject: str, row: VisitRow) -> Identification:
    return Identification(
        server_time=records.clock.now(),
        subject=subject,
        state=RecordState.CLEAR if row.clear else RecordState.UNCLEAR,
        has_portrait=row.clear and records.population.has_portrait(row.person_id),
        expires_at=row.expires_at,
    )


def _clear_visit(records: Records, device: DeviceRow, subject: str) -> VisitRow:
    with records.database.reading() as transaction:
        row = visits.by_subject(transaction, _hash(subject))
    if row is None or row.device_id != device.device_id or row.expires_at <= records.clock.now():
        raise RefusedError(ProblemCode.SUBJECT_EXPIRED)
    if not row.clear:
        raise RefusedError(ProblemCode.RECORD_UNCLEAR)
    return row


def _fresh(transaction: Transaction, row: VisitRow) -> VisitRow:
    """The row as it is now, under the write lock."""
    return visits.by_subject(transaction, row.subject_hash) or row


def _judge(records: Records, row: VisitRow, outcome: FaceOutcome) -> bool:
    rules = FaceRules(records.settings.identity.minimum_threshold, simulated_allowed=records.keys.specimen)
    in_tries = row.face_attempts < records.settings.identity.face_attempts
    return row.portrait_given_at is not None and in_tries and eligibility.face_accepted(outcome, rules)


def _face_deed(records: Records, row: VisitRow, outcome: FaceOutcome, *, accepted: bool) -> Deed:
    return _deed(
        records,
        row,
        "face-compared",
        accepted=accepted,
        passed=outcome.passed,
        score=outcome.score,
        threshold=outcome.threshold,
        model=outcome.model[:_LONGEST_NOTE],
        challenge=outcome.challenge[:_LONGEST_NOTE],
        simulated=outcome.simulated,
    )


def _deed(records: Records, row: VisitRow, action: str, **facts: str | float | bool) -> Deed:
    person = records.keyed_hash("person", row.person_id) if row.person_id else ""
    return Deed(records.clock.now(), action, row.device_id, row.visit, person, tuple(facts.items()))


def _hash(subject: str) -> str:
    return hashlib.sha256(subject.encode("utf-8")).hexdigest()
