"""A kiosk's identity statement: whether it is this device's word about this visit, and whether it proves who it is.

The signature is checked with the key of the device's own certificate, which records issued. A refusal is counted and
audited like an acceptance; nothing of it tells whether a typed number is anyone's.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey

from backend_client.contract.base import ProblemCode
from backend_client.contract.identity import IdentityStatement, SignedStatement
from backend_client.contract.persons import Proof
from records.context import Records
from records.errors import RefusedError
from records.rules.statement import FOREIGN, Fault, StatementRules, VisitFacts, live_fault, proof_fault
from records.services import proof, visit
from records.store import audit, visits
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.visits import VisitRow


@dataclass(frozen=True, slots=True)
class _Opened:
    """``payload``: the bytes that were signed."""

    payload: bytes
    statement: IdentityStatement


def prove(records: Records, device: DeviceRow, subject: str, signed: SignedStatement) -> Proof:
    """Judge what the kiosk checked; the statement that proved it is answered again. Refused: statement-invalid,
    identity-not-proven."""
    row = visit.going_on(records, device, subject)
    said = _opened(device, signed)
    with records.database.writing() as transaction:
        row = visit.fresh(transaction, row)
        if isinstance(said, _Opened) and said.payload.decode("utf-8") == row.statement:
            return proof.again(records, transaction, row)
        fault = said if isinstance(said, Fault) else proof_fault(said.statement, _facts(records, row), _rules(records))
        visits.update(transaction, row.subject_hash, face_attempts=row.face_attempts + 1)
        audit.append(transaction, _judged(records, row, said, fault, "identity-judged"))
        answer = None if isinstance(said, Fault) or fault else _grant(records, transaction, row, said)
    if answer is None:
        raise RefusedError(ProblemCode.STATEMENT_INVALID if fault in FOREIGN else ProblemCode.IDENTITY_NOT_PROVEN)
    return answer


def require_live(records: Records, device: DeviceRow, row: VisitRow, signed: SignedStatement | None) -> None:
    """Refuse (identity-not-proven) unless the device says that somebody alive stands there."""
    said = Fault.FORM if signed is None else _opened(device, signed)
    fault = said if isinstance(said, Fault) else live_fault(said.statement, _facts(records, row), _rules(records))
    with records.database.writing() as transaction:
        audit.append(transaction, _judged(records, row, said, fault, "liveness-judged"))
    if fault:
        raise RefusedError(ProblemCode.IDENTITY_NOT_PROVEN)


def _grant(records: Records, transaction: Transaction, row: VisitRow, said: _Opened) -> Proof:
    return proof.grant(records, transaction, row, proof.BY_STATEMENT, said.payload.decode("utf-8"))


def _opened(device: DeviceRow, signed: SignedStatement) -> "_Opened | Fault":
    """The statement, if the device signed it."""
    try:
        payload = base64.b64decode(signed.payload, validate=True)
        _public_key(device).verify(base64.b64decode(signed.signature, validate=True), payload, ECDSA(hashes.SHA256()))
        return _Opened(payload, IdentityStatement.model_validate_json(payload))
    except InvalidSignature:
        return Fault.SIGNATURE
    except ValueError:  # neither base64 nor a statement
        return Fault.FORM


def _public_key(device: DeviceRow) -> EllipticCurvePublicKey:
    key = x509.load_pem_x509_certificate(device.certificate_pem.encode("ascii")).public_key()
    assert isinstance(key, EllipticCurvePublicKey)  # noqa: S101 - enrolment takes no other
    return key


def _facts(records: Records, row: VisitRow) -> VisitFacts:
    identity, now = records.settings.identity, records.clock.now()
    slack = timedelta(seconds=identity.clock_slack)
    return VisitFacts(
        subject=row.subject_hash,
        visit=row.visit,
        document=row.document,
        earliest=row.created_at - slack,
        latest=now + slack,
        portrait_given=row.portrait_given_at is not None,
        portrait_own=row.clear and row.portrait_of == row.person_id,
        attempts_left=row.face_attempts < identity.face_attempts,
    )


def _rules(records: Records) -> StatementRules:
    identity = records.settings.identity
    return StatementRules(
        minimum_threshold=identity.minimum_threshold,
        maximum_rate=identity.maximum_false_match_rate,
        passive_required=identity.passive_required,
        simulated_allowed=records.keys.specimen,
    )


def _judged(records: Records, row: VisitRow, said: _Opened | Fault, fault: Fault | None, action: str) -> Deed:
    """Everything about the checks, nothing about the person. What can't be believed is not quoted."""
    if fault in FOREIGN or isinstance(said, Fault):
        return visit.deed(records, row, action, accepted=False, fault=str(fault))
    stated = said.statement
    return visit.deed(
        records,
        row,
        action,
        accepted=fault is None,
        fault=fault.value if fault else "",
        statement=hashlib.sha256(said.payload).hexdigest(),
        document=stated.document.value,
        checks=",".join(stated.checks),
        reference=stated.reference.value,
        band=stated.band.value,
        threshold=stated.threshold,
        false_match_rate=stated.false_match_rate,
        model=stated.model,
        passive_model=stated.passive_model,
        challenge=stated.challenge,
        notice=stated.consent.notice,
        simulated=stated.simulated,
    )
