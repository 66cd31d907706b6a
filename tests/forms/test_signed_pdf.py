"""Rules of the document's signature that no ordinary forgery meets, each by a document that breaks it alone."""

import io
from collections.abc import Callable
from datetime import datetime

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from forms.errors import AlteredPaperError
from forms.paper import HouseholdCertificate
from forms.signature import make_cms
from forms.signed_pdf import check_signature
from forms.trust import TrustStore
from tests.support.papers import ISSUED_AT, SPARSE
from tests.support.pki import LIFETIME, NOT_BEFORE, Pki

Papers = Callable[[HouseholdCertificate], bytes]


def _approved(pdf: bytes, pki: Pki) -> bytes:
    """Signed by the right key as one of several who approve, so that anyone may add to it (ISO 32000-1, 12.8.1)."""
    steps = cms_embedder.PdfCMSEmbedder().write_cms("Seal", IncrementalPdfFileWriter(io.BytesIO(pdf)))
    next(steps)
    gap = SignatureObject(ISSUED_AT, fields.SigSeedSubFilter.PADES, bytes_reserved=16384)
    steps.send(cms_embedder.SigObjSetup(gap))
    measured, output = steps.send(cms_embedder.SigIOSetup("sha256"))
    measured.fill_with_cms(output, make_cms(measured.document_digest, pki.document.key, pki.document.certificate))
    whole: bytes = output.getvalue()
    return whole


def test_a_signature_that_certifies_nothing_is_refused(rendered: Papers, pki: Pki, trust: TrustStore) -> None:
    with pytest.raises(AlteredPaperError, match="does not certify"):
        check_signature(_approved(rendered(SPARSE), pki), trust, ISSUED_AT)


@pytest.mark.parametrize("at", [NOT_BEFORE.replace(year=2025), NOT_BEFORE + 2 * LIFETIME], ids=["before", "after"])
def test_a_key_outside_its_time_signed_nothing(signed: Papers, trust: TrustStore, at: datetime) -> None:
    """The time is the paper's own: a certificate that has ended since takes nothing back."""
    check_signature(signed(SPARSE), trust, ISSUED_AT)
    with pytest.raises(AlteredPaperError):
        check_signature(signed(SPARSE), trust, at)
