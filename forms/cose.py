"""COSE_Sign1 (RFC 9052, 4.2; tag 18) with ES256 (RFC 9053, 2.1), in one form only.

The protected header holds the algorithm, the key's id and, if it has one, the content type; the unprotected header is
empty; every item stands in its one preferred encoding (RFC 8949, 4.1). So what one key signed as one thing never passes
for another, and nobody can write the same thing in two ways.
"""

from dataclasses import dataclass
from typing import Any, Final

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from forms.cms import SigningKey
from forms.errors import CoseError
from forms.trust import KEY_ID_BYTES, PublicKey, key_id

_TAG = 18
_ALGORITHM, _CONTENT_TYPE, _KEY_ID = 1, 3, 4  # labels of the header (RFC 9052, table 3)
_ES256: Final = -7
_HALF = 32  # bytes of r and of s
_DEEPEST = 5  # lists in lists: more than we write, and far from the end of a stack


@dataclass(frozen=True, slots=True, repr=False)
class Sign1:
    """A message as it was read: nothing of it is vouched for before ``is_signed_with``."""

    key_id: bytes
    payload: bytes
    _protected: bytes
    _signature: bytes

    def is_signed_with(self, key: PublicKey) -> bool:
        """Whether the owner of that key signed header and payload."""
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        der = encode_dss_signature(int.from_bytes(self._signature[:_HALF]), int.from_bytes(self._signature[_HALF:]))
        try:
            key.verify(der, _to_be_signed(self._protected, self.payload), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


def sign1(payload: bytes, key: SigningKey, content_type: str = "") -> bytes:
    """The message around a payload."""
    protected = _header(key_id(key.public_key()), content_type)
    r, s = decode_dss_signature(key.sign(_to_be_signed(protected, payload), ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(_HALF) + s.to_bytes(_HALF)
    return cbor2.dumps(cbor2.CBORTag(_TAG, [protected, {}, payload, signature]))


def read_sign1(message: bytes, content_type: str = "") -> Sign1:
    """A message of that content type, unchecked. Raises CoseError when it is not in our one form."""
    match decoded(message):
        case cbor2.CBORTag(
            tag=18, value=[bytes() as protected, {**unprotected}, bytes() as payload, bytes() as signature]
        ) if not unprotected and len(signature) == 2 * _HALF:
            return Sign1(_named_key(protected, content_type), payload, protected, signature)
        case _:
            raise CoseError("COSE_Sign1")


def decoded(raw: bytes) -> Any:  # noqa: ANN401 # the shape is checked by whoever asked
    """One CBOR item of bounded depth in its preferred encoding, and nothing after it. Raises CoseError."""
    try:
        item = cbor2.loads(raw, max_depth=_DEEPEST, allow_indefinite=False, allow_duplicate_keys=False)
        if cbor2.dumps(item) != raw:
            raise CoseError("CBOR encoding")
    except (cbor2.CBORError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise CoseError("CBOR") from error
    return item


def _header(identifier: bytes, content_type: str) -> bytes:
    typed = {_CONTENT_TYPE: content_type} if content_type else {}
    return cbor2.dumps({_ALGORITHM: _ES256, **typed, _KEY_ID: identifier})


def _named_key(protected: bytes, content_type: str) -> bytes:
    match decoded(protected):
        case {4: bytes() as identifier} if len(identifier) == KEY_ID_BYTES:
            if protected == _header(identifier, content_type):
                return identifier
        case _:
            pass
    raise CoseError("protected header")


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload])  # RFC 9052, 4.4
