"""Carried lists as records would sign them, with the root's list of what it takes back."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from forms.carried import CarriedList, sign_list, void_hashes
from forms.code import CodeKey
from tests.support.pki import Identity, Pki


def revocations(pki: Pki, made_at: datetime, *revoked: Identity) -> x509.CertificateRevocationList:
    """Made at ``made_at``; what is on it was taken back nine days before."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(pki.root.certificate.subject)
    builder = builder.last_update(made_at).next_update(made_at + timedelta(days=1))
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(made_at - timedelta(days=9)).build())
    return builder.sign(pki.root.key, hashes.SHA256())


def signed_list(pki: Pki, made_at: datetime, *void: str) -> bytes:
    """The file, good for a week."""
    issuers = (pki.document.certificate, pki.code.certificate)
    next_at, taken_back = made_at + timedelta(days=7), revocations(pki, made_at)
    stated = CarriedList("示例", made_at, next_at, issuers, taken_back, void_hashes(void))
    return sign_list(stated, CodeKey(pki.code.key))
