"""What a paper carries along so that it can be checked when nobody can be asked any more (PAdES B-LT)."""

import base64

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from backend_client.contract.papers import ValidationMaterial
from records.context import Records


def material(records: Records) -> ValidationMaterial:
    """The certificates of root, documents and time stamps, and the root's list of the revoked as of now."""
    keys = records.keys
    held = (keys.root.certificate, keys.document.certificate, keys.timestamp.certificate)
    return ValidationMaterial(
        certificates=tuple(_text(each) for each in held), revocation_lists=(_text(records.revocation_list),)
    )


def _text(held: x509.Certificate | x509.CertificateRevocationList) -> str:
    return base64.b64encode(held.public_bytes(Encoding.DER)).decode("ascii")
