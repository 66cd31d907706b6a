"""Who stands at the kiosk: a subject for this visit.

What follows (portrait, statement or an officer's word, the person's own row) has a module of its own each. Each step
writes its audit in the same transaction, before anything is handed out.
"""

import base64
import secrets
from datetime import timedelta

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import (
    CardEvidence,
    Identification,
    NumberEvidence,
    RecordState,
    TravelEvidence,
)
from backend_client.statement import subject_hash
from records.context import Records
from records.errors import RefusedError
from records.population.source import Resident
from records.rules.eligibility import Doubt
from records.services import tries, visit
from records.services.evidence import Claim, claim
from records.store import audit, visits
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.visits import VisitRow

_HOUR = timedelta(hours=1)
_COMMON = range(0x4E00, 0xA000)  # CJK's first block, which every font has
_TEXTS = (
    "name", "former_name", "sex", "nation", "id_number", "birthplace", "native_place", "address",
    "household_type", "householder", "relation", "moved_in",
)  # fmt: skip


def identify(
    records: Records, device: DeviceRow, evidence: CardEvidence | TravelEvidence | NumberEvidence, key: str
) -> Identification:
    """A subject for this visit. The same key gives the same subject, so that a lost answer can be asked for again.

    A typed number is answered like any other typed number; it may have to wait.
    """
    subject = _subject(records, device, key)
    row = _visit(records, device, evidence, subject, claim(records, evidence))
    with records.database.writing() as transaction:
        known = visits.by_subject(transaction, row.subject_hash)
        if known is None:
            _begin(records, transaction, row, evidence)
        elif known.request_hash != row.request_hash:
            raise RefusedError(ProblemCode.IDEMPOTENCY_KEY_REUSED)
    return _identification(records, subject, known or row)


def own_row(resident: Resident) -> dict[str, object]:
    """A resident's fields as plain values, under the names that the contract and the paper share."""
    return {name: getattr(resident, name).reveal() for name in _TEXTS} | {"birth_date": resident.birth_date}


def _begin(
    records: Records,
    transaction: Transaction,
    row: VisitRow,
    evidence: CardEvidence | TravelEvidence | NumberEvidence,
) -> None:
    _limit(records, transaction, row)
    if row.typed:
        tries.require_patience(records, transaction, row)
    tries.forget_old(records, transaction)
    visits.begin(transaction, row)
    facts = {"document": row.document.value, "clear": row.clear, "doubt": row.doubt}
    if isinstance(evidence, TravelEvidence):
        facts |= {"issuing_state": evidence.issuing_state, "signer": evidence.signer}
    audit.append(transaction, visit.deed(records, row, "identified", **facts))


def _subject(records: Records, device: DeviceRow, key: str) -> str:
    if not key:
        return secrets.token_urlsafe(24)
    derived = bytes.fromhex(records.keyed_hash("subject", device.device_id, key))
    return base64.urlsafe_b64encode(derived[:24]).decode("ascii")


def _visit(
    records: Records,
    device: DeviceRow,
    evidence: CardEvidence | TravelEvidence | NumberEvidence,
    subject: str,
    claimed: Claim,
) -> VisitRow:
    now = records.clock.now()
    return VisitRow(
        subject_hash=subject_hash(subject),
        device_id=device.device_id,
        visit=evidence.visit,
        person_id=claimed.person_id,
        clear=claimed.doubt is Doubt.NONE,
        created_at=now,
        expires_at=now + timedelta(minutes=records.settings.identity.visit_minutes),
        request_hash=records.keyed_hash("identify", evidence.model_dump_json()),
        document=evidence.kind,
        doubt=claimed.doubt.value,
        claim_hash=claimed.number_hash,
        portrait_of=claimed.portrait_of,
    )


def _limit(records: Records, transaction: Transaction, row: VisitRow) -> None:
    """A kiosk serves a few dozen people an hour; one that asks for hundreds is being used to search."""
    recent = visits.count_since(transaction, row.device_id, row.created_at - _HOUR)
    if recent >= records.settings.identity.identifications_per_hour:
        raise RefusedError(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=60)


def _identification(records: Records, subject: str, row: VisitRow) -> Identification:
    return Identification(
        server_time=records.clock.now(),
        subject=subject,
        state=RecordState.CLEAR if row.clear or row.typed else RecordState.UNCLEAR,
        has_portrait=bool(row.portrait_of),
        expires_at=row.expires_at,
        rare="" if row.typed or not row.clear else _rare(records, row.person_id),
    )


def _rare(records: Records, person_id: str) -> str:
    """The own row's characters that a font may lack."""
    resident = records.register.resident(person_id)
    words = "" if resident is None else "".join(str(value) for value in own_row(resident).values())
    return "".join(sorted({each for each in words if not (each.isascii() or ord(each) in _COMMON)}))
