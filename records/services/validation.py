"""What a paper carries along so that it can be checked when nobody can be asked any more (PAdES B-LT)."""

import base64

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from backend_client.contract.papers import ValidationMaterial
from records.context import Records
from records.services import time_authority


def material(records: Records) -> ValidationMaterial:
    """The certificates of root, documents and time stamps, and the lists of the revoked: the root's as of now, and what
    an authority outside sent with its last stamp."""
    keys = records.keys
    own, lists = [keys.root.certificate, keys.document.certificate], (_text(records.revocation_list),)
    if not records.settings.timestamps.url:
        return ValidationMaterial(certificates=_texts(*own, keys.timestamp.certificate), revocation_lists=lists)
    outside = time_authority.remembered(records)
    return ValidationMaterial(
        certificates=(*_texts(*own), *outside.certificates), revocation_lists=(*lists, *outside.revocation_lists)
    )


def _texts(*held: x509.Certificate) -> tuple[str, ...]:
    return tuple(_text(each) for each in held)


def _text(held: x509.Certificate | x509.CertificateRevocationList) -> str:
    return base64.b64encode(held.public_bytes(Encoding.DER)).decode("ascii")
