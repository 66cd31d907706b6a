"""Whether a PDF is as records signed it: one certifying signature, by a document key of the trusted root, over the
whole file, with nothing added since.
"""

import io
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from forms.errors import AlteredPaperError, TrustError
from forms.trust import Purpose, TrustStore

# what a broken file makes pyHanko and asn1crypto raise
_BROKEN = (PdfError, SignatureValidationError, SigningError, ValueError, TypeError, KeyError, IndexError, OSError)


def signature_count(pdf: bytes) -> int:
    """How many signatures a PDF carries; 0 for one that can't be parsed."""
    try:
        return len(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
    except _BROKEN:
        return 0


def check_signature(pdf: bytes, trust: TrustStore, at: datetime) -> None:
    """Check the signature as of its time stamp, if a known authority gave it one, and else as of ``at``, when the paper
    was issued. Raises AlteredPaperError with a sentence why."""
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if len(signatures) != 1:
            raise AlteredPaperError(f"The document carries {len(signatures)} signatures instead of one.")
        _check(signatures[0], _status(signatures[0], trust, at), trust)
    except _BROKEN as error:
        raise AlteredPaperError("The document's structure is damaged.") from error


def _status(signature: EmbeddedPdfSignature, trust: TrustStore, at: datetime) -> PdfSignatureStatus:
    stamped = _stamped_at(signature)
    if stamped is None:
        return _status_at(signature, trust, at)
    status = _status_at(signature, trust, stamped)
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid):
        raise AlteredPaperError("The time stamp was made for another signature.")
    return status if _believed(stamp, trust) else _status_at(signature, trust, at)


def _believed(stamp: TimestampSignatureStatus, trust: TrustStore) -> bool:
    """Whether a stamp's time counts. That of a revoked authority never does: it could be of any day."""
    authority = x509.load_der_x509_certificate(stamp.signing_cert.dump())
    return stamp.trusted and trust.revoked_at(authority) is None


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    """The time that a signature's stamp states, whoever gave it; None: it has none."""
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            stated = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
            time: datetime = stated["gen_time"].native
            return time
    return None


def _status_at(signature: EmbeddedPdfSignature, trust: TrustStore, moment: datetime) -> PdfSignatureStatus:
    root = asn1_x509.Certificate.load(trust.root.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=moment)
    usage = KeyUsageConstraints({"digital_signature"})
    return validate_pdf_signature(signature, context, context, key_usage_settings=usage)


def _check(signature: EmbeddedPdfSignature, status: PdfSignatureStatus, trust: TrustStore) -> None:
    if not (status.intact and status.valid):
        raise AlteredPaperError("The document's bytes are not those that were signed.")
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or not status.docmdp_ok:
        raise AlteredPaperError("Something was added to the document after it was signed.")
    if signature.docmdp_level is None:
        raise AlteredPaperError("The signature does not certify the document.")
    try:
        issuer = trust.vouched(x509.load_der_x509_certificate(status.signing_cert.dump()))
    except TrustError as error:
        raise AlteredPaperError("The document was signed by a key that the trusted root does not know.") from error
    if _revoked(status, trust, issuer.certificate):
        raise AlteredPaperError("The document's key was revoked before the signature was made, as far as can be shown.")
    if not status.trusted or issuer.purpose is not Purpose.DOCUMENT:
        raise AlteredPaperError("The document was signed by a key that may not sign documents.")


def _revoked(status: PdfSignatureStatus, trust: TrustStore, certificate: x509.Certificate) -> bool:
    """Of a revoked key only those signatures count that a stamp shows to be older."""
    revoked, stamp = trust.revoked_at(certificate), status.timestamp_validity
    if revoked is None:
        return False
    return stamp is None or not _believed(stamp, trust) or stamp.timestamp >= revoked
