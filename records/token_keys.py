"""A key that signs papers from inside a token. Its file ``NAME.key.pem`` holds no key, but says where it is, as a
PKCS#11 URI (RFC 7512): ``pkcs11:token=LABEL;id=%AB%CD…;type=private``.
"""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote, unquote, unquote_to_bytes

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from forms.cms import SigningKey
from records.errors import DataFolderError, KeyUnusableError
from records.sections import KeySettings
from records.token_pin import pin_source
from records.tokens import Token

_URI = re.compile(rb"pkcs11:token=(?P<token>[^;?\s]+);id=(?P<id>(?:%[0-9A-F]{2})+);type=private\s*")
_SCHEME = b"pkcs11:"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A P-256 key in a token."""

    token: Token
    identifier: bytes
    _public: ec.EllipticCurvePublicKey

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half, as its certificate has it."""
        return self._public

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """The ECDSA signature in DER; the algorithm must be with SHA-256."""
        assert isinstance(signature_algorithm.algorithm, SHA256)  # noqa: S101 - the port's users know no other
        return self.token.sign(self.identifier, hashlib.sha256(data).digest(), self._public)


@dataclass(frozen=True, slots=True)
class UnusableKey:
    """A key that must not or can't sign; ``why`` is for the operator."""

    why: str
    _public: ec.EllipticCurvePublicKey

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The public half, as its certificate has it."""
        return self._public

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> NoReturn:
        """Raises KeyUnusableError."""
        del data, signature_algorithm
        raise KeyUnusableError(self.why)


def token_of(folder: Path, settings: KeySettings) -> Token | None:
    """The token that the settings name. ``folder``: of the data."""
    return Token(settings.module, settings.token, pin_source(folder, settings)) if settings.module else None


def make_in(token: Token, name: str) -> tuple[bytes, ec.EllipticCurvePublicKey]:
    """Make a key in a token; what its file is to hold, and its public half."""
    identifier, public = token.generate(name)
    digits = "".join(f"%{each:02X}" for each in identifier)
    return f"{_SCHEME.decode()}token={quote(token.label, safe='')};id={digits};type=private\n".encode("ascii"), public


def is_elsewhere(content: bytes) -> bool:
    """Whether a key's file says where the key is, instead of holding it."""
    return content.startswith(_SCHEME)


def key_at(content: bytes, name: str, token: Token | None, public: ec.EllipticCurvePublicKey) -> SigningKey:
    """The key that the file of key ``name`` speaks of. DataFolderError when it can't be understood."""
    label, identifier = _place(content, name)
    if token is None or token.label != label:
        named = f"names the token {token.label}" if token else "names no token"
        why = f"the {name} key is in the token {label}, and records.toml {named}: correct that, or rotate the key"
        return UnusableKey(why, public)
    return TokenKey(token, identifier, public)


def discard(content: bytes, name: str, token: Token | None) -> None:
    """Delete in the token a key that signs no more, if the token is there: one left behind signs nothing either."""
    if is_elsewhere(content) and token is not None:
        label, identifier = _place(content, name)
        if label == token.label:
            with suppress(KeyUnusableError):
                token.destroy(identifier)


def place_of(content: bytes, name: str) -> str:
    """Where a key is, for a person."""
    return f"in token {_place(content, name)[0]}" if is_elsewhere(content) else "in a file"


def _place(content: bytes, name: str) -> tuple[str, bytes]:
    found = _URI.fullmatch(content)
    if found is None:
        raise DataFolderError(f"{name}.key.pem is damaged")
    return unquote(found["token"].decode("ascii", "replace")), unquote_to_bytes(found["id"])
