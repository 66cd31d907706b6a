"""Which other gates this one believes: those that the last signed snapshot names, each by a chain that ends at the
community's root and by its own signature under the key that faces are sealed to.

A gate that was revoked isn't named any more, and so is a stranger to all that share holders with it. A certificate that
is good by itself is not enough: at both ends of a connection the key has to be the one that the snapshot names.
"""

import base64
import binascii
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from backend_client.contract.gates import Peer, peer_statement
from civic.clock import Clock
from civic.errors import CodedError

_CHAIN: Final = 2  # the gate's own, and the authority's
_AGAIN_S: Final = 60.0
_log = logging.getLogger(__name__)


class PeerRefusedError(CodedError):
    """Another gate that must not be believed. ``detail``: chain, ended, name, key or signature."""

    code = "peer-refused"


@dataclass(frozen=True, slots=True)
class KnownPeer:
    """A gate that was checked. ``key``: base64, of the X25519 key that faces are sealed to; ``signer``: of its device
    certificate; ``authority``: who issued that; ``address``: host and port, empty: unknown."""

    device_id: str
    key: str
    signer: ec.EllipticCurvePublicKey
    authority: x509.Certificate
    address: str

    def has_signed(self, statement: bytes, signature: str) -> bool:
        """Whether this gate's device key made ``signature`` (base64)."""
        return _is_signed(self.signer, statement, signature)

    def is_holder_of(self, certificate: bytes) -> bool:
        """Whether a certificate (DER) that somebody proved to hold is for this gate's own key."""
        try:
            key = x509.load_der_x509_certificate(certificate).public_key()
        except ValueError:
            return False
        return isinstance(key, ec.EllipticCurvePublicKey) and _der(key) == _der(self.signer)


def known_peer(peer: Peer, root: x509.Certificate, now: datetime) -> KnownPeer:
    """What may be believed of ``peer`` at ``now``. Raises PeerRefusedError."""
    leaf, authority = _chain(peer)
    _require_chain(leaf, authority, root)
    if not all(each.not_valid_before_utc <= now <= each.not_valid_after_utc for each in (leaf, authority)):
        raise PeerRefusedError("ended")
    names = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if [each.value for each in names] != [peer.device_id]:
        raise PeerRefusedError("name")
    key = leaf.public_key()
    if not (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)):
        raise PeerRefusedError("key")
    if not _is_signed(key, peer_statement(peer.device_id, peer.key), peer.signature):
        raise PeerRefusedError("signature")
    return KnownPeer(peer.device_id, peer.key, key, authority, peer.address)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What came of looking at these peers. ``until``: when to look again, as a certificate may have ended."""

    peers: tuple[Peer, ...] = ()
    known: tuple[KnownPeer, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # which, and why
    until: float = 0.0


@dataclass(slots=True, eq=False)
class PeerBook:
    """``peers``: of the last snapshot (Grants.peers); ``root_pem``: the one root that this gate believes. Usable from
    any thread."""

    peers: Callable[[], tuple[Peer, ...]]
    root_pem: str
    clock: Clock
    _looked: _Looked = field(default_factory=_Looked)

    def known(self) -> tuple[KnownPeer, ...]:
        """Those to believe now. Why another one is not is logged once. Raises StoreError."""
        peers, looked = self.peers(), self._looked
        if peers != looked.peers or self.clock.monotonic() >= looked.until:
            looked = self._look(peers)
            for device_id, why in set(looked.refused) - set(self._looked.refused):
                _log.warning("gate %s is not believed: %s", device_id, why)
            self._looked = looked
        return looked.known

    def refused(self) -> bool:
        """Whether one of them was not believed when they were last looked at."""
        return bool(self._looked.refused)

    def _look(self, peers: tuple[Peer, ...]) -> _Looked:
        root, now = x509.load_pem_x509_certificate(self.root_pem.encode("ascii")), self.clock.now()
        known: list[KnownPeer] = []
        refused: list[tuple[str, str]] = []
        for peer in peers:
            try:
                known.append(known_peer(peer, root, now))
            except PeerRefusedError as error:
                refused.append((peer.device_id, error.detail))
        return _Looked(peers, tuple(known), tuple(refused), self.clock.monotonic() + _AGAIN_S)


def _chain(peer: Peer) -> tuple[x509.Certificate, x509.Certificate]:
    try:
        certificates = x509.load_pem_x509_certificates(peer.certificate_pem.encode("ascii"))
    except ValueError:
        raise PeerRefusedError("chain") from None
    if len(certificates) != _CHAIN:
        raise PeerRefusedError("chain")
    return certificates[0], certificates[1]


def _require_chain(leaf: x509.Certificate, authority: x509.Certificate, root: x509.Certificate) -> None:
    """The root has issued the authority, which has issued the leaf, which issues nothing (RFC 5280, 6.1)."""
    try:
        authority.verify_directly_issued_by(root)
        leaf.verify_directly_issued_by(authority)
        issues = [each.extensions.get_extension_for_class(x509.BasicConstraints).value.ca for each in (leaf, authority)]
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        raise PeerRefusedError("chain") from None
    if issues != [False, True]:
        raise PeerRefusedError("chain")


def _is_signed(key: ec.EllipticCurvePublicKey, statement: bytes, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), statement, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def _der(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
