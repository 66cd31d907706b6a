"""The PAdES signature (ETSI EN 319 142-1, level B-B) of a paper, in two halves that meet in one digest.

The kiosk prepares the document and never sees the key; records signs the digest and never sees the document:

    prepared = prepare(pdf, at=paper.issued_at)          # kiosk
    cms = make_cms(prepared.digest, key, certificate)    # records, once per serial
    signed = prepared.fill(cms)                          # kiosk

It certifies the document (DocMDP 1, ISO 32000-1, 12.8.2.2): no later change is allowed. The widget lies over the drawn
seal and is itself empty, because some programs print no annotations: the seal is on the page, the click is on the seal.
Everything stays in memory.
"""

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject
from pyhanko_certvalidator.registry import CertificateStore, SimpleCertificateStore

from forms.errors import SignatureMisfitError
from forms.layout import HOUSEHOLD_CERTIFICATE

# asn1crypto learns the names of attributes once, with the process's first attribute; modules add names when they are
# imported, pyHanko's among them. Whoever made an attribute before (a travel document was read) must not matter.
_NAMES = asn1_cms.CMSAttributeType
_NAMES._reverse_map = {name: oid for oid, name in _NAMES._map.items()}  # noqa: SLF001 - there is no other way in

FIELD_NAME = "Seal"
_RESERVED = 16384  # hexadecimal digits: an ECDSA container with two certificates takes about 3000
_DIGEST = "sha256"


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """A document with a gap where its signature goes. ``digest``: SHA-256 over all bytes but the gap."""

    digest: bytes
    _document: bytes
    _gap: PreparedByteRangeDigest

    def fill(self, cms: bytes) -> bytes:
        """The finished PDF, ``cms`` (DER) in its gap. Raises SignatureMisfitError."""
        output = io.BytesIO(self._document)
        try:
            self._gap.fill_with_cms(output, cms)
        except ValueError as error:
            raise SignatureMisfitError(f"{len(cms)} bytes") from error
        return output.getvalue()


def prepare(pdf: bytes, at: datetime) -> Prepared:
    """Add the signature field and measure. ``at``: the claimed time of signing (records' own), aware."""
    steps = cms_embedder.PdfCMSEmbedder().write_cms(FIELD_NAME, _with_field(pdf))
    next(steps)
    gap = SignatureObject(at, fields.SigSeedSubFilter.PADES, bytes_reserved=_RESERVED)
    certify = cms_embedder.SigMDPSetup(_DIGEST, certify=True, docmdp_perms=fields.MDPPerm.NO_CHANGES)
    steps.send(cms_embedder.SigObjSetup(gap, certify))
    measured, output = steps.send(cms_embedder.SigIOSetup(_DIGEST))
    return Prepared(measured.document_digest, output.getvalue(), measured)


def _with_field(pdf: bytes) -> IncrementalPdfFileWriter:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    left, bottom, right, top = (round(edge) for edge in HOUSEHOLD_CERTIFICATE.seal.box())
    fields.append_signature_field(writer, fields.SigFieldSpec(FIELD_NAME, box=(left, bottom, right, top)))
    return writer


def make_cms(
    digest: bytes,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...] = (),
) -> bytes:
    """The CMS SignedData (RFC 5652, DER, detached) over a document's digest, with ESSCertIDv2 (RFC 5035).

    It has no signing-time attribute: PAdES forbids it, the time stands in the signed document. Call it from a thread,
    not from a coroutine: pyHanko's signer brings its own event loop.
    """
    store: CertificateStore = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(_asn1(each) for each in chain)
    signer = _KeySigner(key, _asn1(certificate), store)
    container: bytes = asyncio.run(signer.async_sign(digest, _DIGEST, use_pades=True)).dump()
    return container


class _KeySigner(signers.Signer):
    """Signs with a key object as ``cryptography`` knows it, so the key is never exported."""

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, certificate: asn1_x509.Certificate, store: CertificateStore
    ) -> None:
        super().__init__(signing_cert=certificate, cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 # pyHanko's own signature
        """ECDSA in DER (RFC 5753)."""
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
