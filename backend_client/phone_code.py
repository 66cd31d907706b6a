"""Whether the code on a phone's screen was signed by the key of the way that it names. When it was shown, and whether
it was shown before, is for the gate to judge."""

import base64

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from civic.gate_codes import PhoneCode, phone_statement

_HALF = 32  # bytes of r, and of s


def verified(code: PhoneCode, public_key_b64: str, community_id: str) -> bool:
    """``public_key_b64``: base64 of SubjectPublicKeyInfo, DER, as a grant holds it (ECDSA P-256 with SHA-256). Never
    raises: a key that is none verifies nothing."""
    try:
        key = load_der_public_key(base64.b64decode(public_key_b64, validate=True))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return False
    r, s = (int.from_bytes(part, "big") for part in (code.signature[:_HALF], code.signature[_HALF:]))
    statement = phone_statement(community_id, code.credential, code.counter)
    try:
        key.verify(encode_dss_signature(r, s), statement, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
