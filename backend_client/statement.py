"""Signing identity statements with the device's own key (``backend_client.contract.identity``)."""

import base64
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from backend_client.contract.identity import IdentityStatement, SignedStatement
from backend_client.errors import EnrolmentError


class StatementSigner:
    """``key``: the device's private key (PEM, ECDSA P-256). Raises EnrolmentError when it can't be read."""

    def __init__(self, key: Path) -> None:
        self.use(key)

    def use(self, key: Path) -> None:
        """Sign with this key from now on."""
        try:
            loaded = load_pem_private_key(key.read_bytes(), None)
        except (OSError, ValueError):
            raise EnrolmentError("the device's key can't be read") from None
        if not isinstance(loaded, EllipticCurvePrivateKey):
            raise EnrolmentError("the device's key is of another kind")
        self._key = loaded

    def sign(self, statement: IdentityStatement) -> SignedStatement:
        """The statement as records take it."""
        payload = statement.model_dump_json().encode("utf-8")
        signature = self._key.sign(payload, ECDSA(hashes.SHA256()))
        return SignedStatement(payload=_base64(payload), signature=_base64(signature))


def subject_hash(subject: str) -> str:
    """How a statement names its visit's subject."""
    return hashlib.sha256(subject.encode("utf-8")).hexdigest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
