"""The keys that papers are signed with: each in its file or in a token, and none that was revoked."""

from dataclasses import dataclass, replace

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from forms.cms import SigningKey
from records import token_keys
from records.certificates import Revoked
from records.errors import DataFolderError
from records.token_keys import UnusableKey
from records.tokens import Token

SIGNERS = ("document", "code", "timestamp")


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs papers, and its certificate. ``place``: where the key is, for a person."""

    key: SigningKey
    certificate: x509.Certificate
    place: str


def signer_of(
    name: str, content: bytes, certificate: x509.Certificate, token: Token | None, revoked: tuple[Revoked, ...]
) -> Signer:
    """The signer of SIGNERS whose key file holds ``content``. DataFolderError when the two do not belong together.

    A revoked key never signs, whatever its file holds: it was to be replaced, and that was interrupted.
    """
    public = certificate.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise DataFolderError(f"{name}.cert.pem is of no elliptic-curve key")
    elsewhere = token_keys.is_elsewhere(content)
    key = token_keys.key_at(content, name, token, public) if elsewhere else _key_in(content, name, public)
    signer = Signer(key, certificate, token_keys.place_of(content, name))
    if certificate.serial_number in {each.serial_number for each in revoked}:
        return withheld(signer, f"the {name} key is revoked and has no successor yet: records key rotate {name}")
    return signer


def withheld(signer: Signer, why: str) -> Signer:
    """The same, signing nothing. ``why``: for the operator."""
    return replace(signer, key=UnusableKey(why, signer.key.public_key()))


def _key_in(content: bytes, name: str, public: ec.EllipticCurvePublicKey) -> SigningKey:
    try:
        key = load_pem_private_key(content, None)
    except ValueError:
        raise DataFolderError(f"{name}.key.pem is damaged") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise DataFolderError(f"{name}.key.pem is no elliptic-curve key")
    if key.public_key() != public:
        raise DataFolderError(f"{name}.key.pem and {name}.cert.pem do not belong together")
    return key
