"""A face's template on its way from one gate to another: sealed to the gate that gets it, as an intake is to records
(backend_client.seals), with both gates' numbers bound to it as HPKE's ``info``.
"""

import base64
import binascii
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from backend_client.contract.templates import TemplateContent, template_info
from backend_client.errors import SealUnreadableError

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal_template(content: TemplateContent, sender: str, to: str, key: str) -> str:
    """Base64, for whoever holds the private half of ``key`` (base64, 32 bytes). ValueError: that is no key."""
    public = X25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    sealed = _SUITE.encrypt(content.model_dump_json().encode("utf-8"), public, template_info(sender, to))
    return base64.b64encode(sealed).decode("ascii")


def open_template(sealed: str, sender: str, to: str, key: X25519PrivateKey) -> TemplateContent:
    """What ``seal_template`` sealed. SealUnreadableError: not to this key, not from that gate to this one, or no seal
    at all."""
    try:
        opened = _SUITE.decrypt(base64.b64decode(sealed, validate=True), key, template_info(sender, to))
        return TemplateContent.model_validate_json(bytes(opened))
    except (InvalidTag, ValidationError, ValueError, binascii.Error):
        raise SealUnreadableError from None


def seal_key_text(key: X25519PrivateKey) -> str:
    """The public half as gates tell it (``contract.gates.Peer.key``)."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode("ascii")
