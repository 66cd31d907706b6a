"""How a machine becomes a device of this community: a one-time code by hand, a key of its own, and somebody who
compares the key's fingerprint with the machine's screen before it is let in.

A code belongs to the first key that comes with it. Another key with the same code was stolen on the way, or is the
thief's: it is refused, and reported.
"""

import secrets
from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import (
    DeviceKind,
    Enrolled,
    EnrolmentPending,
    EnrolmentRequest,
    fingerprint,
)
from records.context import Records
from records.errors import RefusedError, UnknownNameError
from records.keys import pem
from records.services import device_alerts, device_keys
from records.store import audit, counters, devices, enrolments
from records.store.alerts import AlertKind
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.enrolments import CodeRow, Decision
from records.tls import serial_text

CODE_LIFE: Final = timedelta(minutes=10)
WAITING_LIFE: Final = timedelta(hours=1)  # for somebody to compare the fingerprint, and for the machine to hear of it
AT_THE_COMMAND: Final = "(command)"  # who acts there: no account has such a name
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I or O: it is read aloud and typed by hand
_CODE_LENGTH = 10
_SHORTEST_BEGINNING = 8  # characters of a fingerprint: 40 bits, which nobody meets by chance


def new_code(records: Records, kind: DeviceKind, name: str, by: str = AT_THE_COMMAND) -> str:
    """A code that brings one device within ten minutes, as ``ABCDE-FGHJK``. ``by``: the account that asks for it."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    now = records.clock.now()
    with records.database.writing() as transaction:
        enrolments.add_code(transaction, CodeRow(_hash(records, code), kind.value, name, now + CODE_LIFE))
        audit.append(transaction, Deed(now, "enrolment-code", facts=(("kind", kind.value), ("by", by))))
    return f"{code[:5]}-{code[5:]}"


def enrol(records: Records, request: EnrolmentRequest) -> Enrolled | EnrolmentPending:
    """Ask to be let in, and again until somebody has decided. Refused: enrolment-code-invalid, whatever is wrong."""
    key = device_keys.requested_key(request.csr_pem)
    hashed = _hash(records, request.code)
    with records.database.reading() as transaction:  # anyone may guess: that costs no writer its turn
        code = _known(records, transaction, hashed, request.kind)
        known = code if code.used_at is not None and code.public_key == device_keys.text_of(key) else None
    return _answer(records, known or _first(records, hashed, request.kind, key))


def waiting(records: Records) -> list[CodeRow]:
    """The keys that somebody must look at."""
    with records.database.reading() as transaction:
        return enrolments.waiting(transaction, records.clock.now())


def approve(records: Records, beginning: str, by: str = AT_THE_COMMAND) -> DeviceRow:
    """Let in the machine whose screen shows this fingerprint; its beginning will do. UnknownNameError: none does."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        code = _waiting_key(records, transaction, beginning)
        device = _device(records, transaction, code)
        devices.enrol(transaction, device)
        decided = {"decision": Decision.APPROVED.value, "decided_by": by, "device_id": device.device_id}
        enrolments.update(transaction, code.code_hash, **decided)
        facts = (("kind", code.kind), ("fingerprint", code.fingerprint), ("by", by))
        audit.append(transaction, Deed(now, "device-enrolled", device.device_id, facts=facts))
    return device


def refuse(records: Records, beginning: str, by: str = AT_THE_COMMAND) -> CodeRow:
    """Send the machine away. UnknownNameError: none has such a fingerprint."""
    with records.database.writing() as transaction:
        code = _waiting_key(records, transaction, beginning)
        decided = {"decision": Decision.REFUSED.value, "decided_by": by}
        enrolments.update(transaction, code.code_hash, **decided)
        facts = (("kind", code.kind), ("fingerprint", code.fingerprint), ("by", by))
        audit.append(transaction, Deed(records.clock.now(), "enrolment-refused", facts=facts))
    return code


def _hash(records: Records, code: str) -> str:
    return records.keyed_hash("enrolment", code.upper().replace("-", "").replace(" ", ""))


def _known(records: Records, transaction: Transaction, hashed: str, kind: DeviceKind) -> CodeRow:
    code = enrolments.find_code(transaction, hashed, records.clock.now())
    if code is None or code.kind != kind:
        raise RefusedError(ProblemCode.ENROLMENT_CODE_INVALID)
    return code


def _first(records: Records, hashed: str, kind: DeviceKind, key: ec.EllipticCurvePublicKey) -> CodeRow:
    """The code becomes this key's, unless it is another's."""
    now, text = records.clock.now(), device_keys.text_of(key)
    with records.database.writing() as transaction:
        code = _known(records, transaction, hashed, kind)
        _require_unrevoked(transaction, key)
        if code.used_at is None:
            told = fingerprint(device_keys.der(key))
            used = {"used_at": now, "expires_at": now + WAITING_LIFE, "public_key": text, "fingerprint": told}
            enrolments.update(transaction, hashed, **used)
            facts = (("kind", kind.value), ("fingerprint", told))
            audit.append(transaction, Deed(now, "enrolment-asked", facts=facts))
            return CodeRow(hashed, code.kind, code.name, now + WAITING_LIFE, now, public_key=text, fingerprint=told)
        if code.public_key == text:
            return code
        _report_other_key(records, transaction, code, key)
    raise RefusedError(ProblemCode.ENROLMENT_CODE_INVALID)


def _answer(records: Records, code: CodeRow) -> Enrolled | EnrolmentPending:
    if code.decision == Decision.WAITING:
        return EnrolmentPending(fingerprint=code.fingerprint)
    with records.database.reading() as transaction:
        device = devices.by_id(transaction, code.device_id) if code.device_id else None
    key = device_keys.key_of(code.public_key) if code.public_key else None
    held = device is not None and key is not None and device_keys.certified(device.certificate_pem, key)
    if device is None or not held or device.revoked_at is not None or code.decision != Decision.APPROVED:
        raise RefusedError(ProblemCode.ENROLMENT_CODE_INVALID)
    return device_keys.enrolled(records, device, device.certificate_pem)


def _waiting_key(records: Records, transaction: Transaction, beginning: str) -> CodeRow:
    wanted = _plain(beginning)
    if len(wanted) < _SHORTEST_BEGINNING:
        raise UnknownNameError(f"give at least {_SHORTEST_BEGINNING} characters of what the machine shows")
    waiting = enrolments.waiting(transaction, records.clock.now())
    found = [each for each in waiting if _plain(each.fingerprint).startswith(wanted)]
    if not found:
        raise UnknownNameError("no machine waits with a fingerprint that begins so; see: records devices")
    if len(found) > 1:
        raise UnknownNameError(f"{len(found)} machines wait with a fingerprint that begins so; give more of it")
    return found[0]


def _plain(text: str) -> str:
    return text.upper().replace("-", "").replace(" ", "")


def _device(records: Records, transaction: Transaction, code: CodeRow) -> DeviceRow:
    now, kind = records.clock.now(), DeviceKind(code.kind)
    number = counters.following(transaction, "device")
    device_id = f"{kind}-{number:04}"
    made = device_keys.issue(records, device_id, device_keys.key_of(code.public_key), now)
    serial = serial_text(made.serial_number)
    return DeviceRow(device_id, number, kind, code.name, serial, made.not_valid_after_utc, pem(made), now)


def _require_unrevoked(transaction: Transaction, key: ec.EllipticCurvePublicKey) -> None:
    """A machine that was put out comes back with a new key: of the old one nobody knows who has it."""
    revoked = (each for each in devices.every(transaction) if each.revoked_at is not None)
    if any(device_keys.certified(each.certificate_pem, key) for each in revoked):
        raise RefusedError(ProblemCode.VALIDATION, "csr_pem: this key was revoked, a new one is needed")


def _report_other_key(
    records: Records, transaction: Transaction, code: CodeRow, key: ec.EllipticCurvePublicKey
) -> None:
    if not device_alerts.again(records, transaction, AlertKind.ENROLMENT_CODE_REUSED):
        return
    facts = (("kind", code.kind), ("first", code.fingerprint), ("second", fingerprint(device_keys.der(key))))
    audit.append(transaction, Deed(records.clock.now(), "enrolment-code-reused", facts=facts))
