"""What gates hear of each other: those that share holders may seal templates to one another, by keys that each has
signed with its own device key."""

import base64
import binascii
from dataclasses import replace

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.changes import Topic
from backend_client.contract.gates import GateReports, Peer, peer_statement
from records.context import Records
from records.store import audit, changes, gate_doors
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.gate_doors import DoorRow


def peers_of(transaction: Transaction, row: DoorRow, authority_pem: str) -> tuple[Peer, ...]:
    """The other gates that share holders with this one and have told a key. ``authority_pem``: of the devices."""
    return tuple(
        Peer(
            device_id=each.device_id,
            door=each.device_id,
            key=each.key,
            signature=each.key_signature,
            certificate_pem=each.key_certificate + authority_pem,
            address=each.address,
        )
        for each in gate_doors.in_use(transaction)
        if each.key and each.device_id != row.device_id and each.shares_with(row)
    )


def take_part(records: Records, transaction: Transaction, device: DeviceRow, told: GateReports) -> bool:
    """Keep what a gate tells other gates of itself; a key that its own certificate's key did not sign is not kept.
    True: something is another now."""
    before = gate_doors.of_device(transaction, device.device_id)
    if before is None:
        return False
    after = replace(before, address=told.address or before.address)
    certificate = _signer(device, told)
    if certificate:
        after = replace(after, key=told.key, key_signature=told.key_signature, key_certificate=certificate)
    if _mutual(after) == _mutual(before):
        return False
    gate_doors.put(transaction, after)
    audit.append(transaction, Deed(records.clock.now(), "gate-peer", device.device_id))
    tell(records, transaction, after, itself=False)
    return True


def tell(records: Records, transaction: Transaction, *rows: DoorRow, itself: bool = True) -> None:
    """Have the gate, and all that share or shared holders with it, read a snapshot. Behind the audit's deed."""
    now, own = records.clock.now(), {row.device_id for row in rows}
    for each in gate_doors.in_use(transaction):
        mine = each.device_id in own
        if (mine and itself) or (not mine and any(each.shares_with(row) for row in rows)):
            changes.append(transaction, Topic.GATES, each.device_id, at=now, only=each.device_id)


def put_out(records: Records, transaction: Transaction, device_id: str) -> None:
    """A gate was revoked: nobody seals a template to it any more."""
    row = gate_doors.of_device(transaction, device_id)
    if row is not None:
        tell(records, transaction, row, itself=False)


def is_signed(certificate_pem: str, signature: str, statement: bytes) -> bool:
    """Whether the key of this certificate (ECDSA P-256, SHA-256) made ``signature`` (base64)."""
    key = x509.load_pem_x509_certificate(certificate_pem.encode("ascii")).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(base64.b64decode(signature, validate=True), statement, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def certificates_of(device: DeviceRow) -> tuple[str, ...]:
    """Those that the device may have signed by: the present one, and the next."""
    return tuple(each for each in (device.certificate_pem, device.next_pem) if each)


def _signer(device: DeviceRow, told: GateReports) -> str:
    """The certificate whose key signed the gate's own; empty: none did, or nothing was told."""
    if not told.key:
        return ""
    statement = peer_statement(device.device_id, told.key)
    signers = (each for each in certificates_of(device) if is_signed(each, told.key_signature, statement))
    return next(signers, "")


def _mutual(row: DoorRow) -> tuple[str, ...]:
    return row.key, row.key_signature, row.key_certificate, row.address
