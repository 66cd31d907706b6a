"""The PAdES signature (ETSI EN 319 142-1) of a paper, in two halves that meet in one digest.

The kiosk prepares the document and never sees the key; records signs the digest and never sees the document:

    prepared = prepare(pdf, at=paper.issued_at, evidence=evidence)              # kiosk
    container = make_cms(prepared.digest, key, certificate, stamp=authority)    # records, once per serial
    signed = prepared.fill(container)                                           # kiosk

With a time stamp in the container it is of level B-T, with the evidence as well of level B-LT: the certificates and
the root's list of the revoked (RFC 5280) lie in the document security store (ETSI EN 319 142-1, 5.4.2). The store is
part of what is signed, not added afterwards, so that the one signature covers the whole file.

It certifies the document (DocMDP 1, ISO 32000-1, 12.8.2.2): no later change is allowed. The widget lies over the drawn
seal and is itself empty, because some programs print no annotations: the seal is on the page, the click is on the seal.
Everything stays in memory.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography import x509

from forms import cms
from forms.errors import SignatureMisfitError
from forms.incremental import IncrementalUpdate, references, stream
from forms.layout import Points
from forms.layouts.page import SEAL

FIELD_NAME = "Seal"
_RESERVED = 16384  # hexadecimal digits: a container with its time stamp takes about 5000
_RANGE = b"/ByteRange [0 0000000000 0000000000 0000000000]"  # as long as the numbers that come into it
_WIDGET_FLAGS = 4 | 128  # print, locked (ISO 32000-1, 12.5.3)
_SIGNATURE_FLAGS = 1 | 2  # signatures exist, append only (12.7.2)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verifier will need when nobody can be asked any more, each in DER."""

    certificates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()

    @classmethod
    def from_base64(cls, certificates: Iterable[str], revocation_lists: Iterable[str]) -> "Evidence":
        """As records sent it. Raises SignatureMisfitError."""
        try:
            return cls(
                *(tuple(b64decode(one, validate=True) for one in each) for each in (certificates, revocation_lists))
            )
        except ValueError as error:
            raise SignatureMisfitError("the evidence is not base64") from error


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """A document with a gap where its signature goes. ``digest``: SHA-256 over all bytes but the gap."""

    digest: bytes
    _document: bytes
    _gap: tuple[int, int]

    def fill(self, container: bytes) -> bytes:
        """The finished PDF, ``container`` (DER) in its gap. Raises SignatureMisfitError."""
        start, end = self._gap
        digits = container.hex().encode("ascii")
        if len(digits) > _RESERVED:
            raise SignatureMisfitError(f"{len(container)} bytes")
        return self._document[: start + 1] + digits.ljust(_RESERVED, b"0") + self._document[end - 1 :]


def prepare(pdf: bytes, at: datetime, evidence: Evidence = NO_EVIDENCE, seal: Points = SEAL) -> Prepared:
    """Add the signature field and measure. Raises SignatureMisfitError.

    ``at``: the claimed time of signing (records' own), aware. ``seal``: where the field lies
    (forms.placement.seal_place); unless told otherwise, that of every A4 page.
    """
    update = IncrementalUpdate(pdf)
    signature = update.reserve()
    written = _signature_dictionary(at)
    begin = update.write(signature, written)
    field = update.add(_field(update, signature, seal))
    update.extend_page(b" /Annots %s" % references([field]))
    update.extend_root(
        b" /AcroForm << /Fields %s /SigFlags %d >> /Perms << /DocMDP %d 0 R >>%s"
        % (references([field]), _SIGNATURE_FLAGS, signature, _security_store(update, evidence))
    )
    return _measured(update.finished(), begin, begin + len(written))


def _signature_dictionary(at: datetime) -> bytes:
    offset = at.strftime("%z") or "+0000"
    claimed = f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'".encode("ascii")
    return (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (%s) "
        b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP "
        b"/TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>] "
        b"%s /Contents <%s> >>" % (claimed, _RANGE, b"0" * _RESERVED)
    )


def _field(update: IncrementalUpdate, signature: int, seal: Points) -> bytes:
    """The field and its widget in one; its empty appearance is there because PDF/A asks for one."""
    left, bottom, right, top = (round(edge) for edge in seal)
    box = b"/Type /XObject /Subtype /Form /BBox [0 0 %d %d] /Resources << >> " % (right - left, top - bottom)
    return (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s) /F %d /Rect [%d %d %d %d] /P %d 0 R /V %d 0 R "
        b"/AP << /N %d 0 R >> >>"
        % (
            FIELD_NAME.encode("ascii"),
            _WIDGET_FLAGS,
            *(left, bottom, right, top),
            *(update.page, signature, update.add(stream(b"", box))),
        )
    )


def _security_store(update: IncrementalUpdate, evidence: Evidence) -> bytes:
    """The catalog's entry (ISO 32000-2, 12.8.4.3); nothing for no evidence."""
    if evidence == NO_EVIDENCE:
        return b""
    kept = ((b"Certs", evidence.certificates), (b"CRLs", evidence.revocation_lists))
    lists = (b"/%s %s" % (name, references([update.add(stream(der)) for der in each])) for name, each in kept)
    return b" /DSS << %s >>" % b" ".join(lists)


def _measured(document: bytes, begin: int, end: int) -> Prepared:
    """Write the byte range and take the digest; the signature dictionary lies from ``begin`` to ``end``."""
    start = document.index(b"<0", begin, end)
    stop = start + _RESERVED + 2
    ranges = b"/ByteRange [0 %d %d %d]" % (start, stop, len(document) - stop)
    place = document.index(_RANGE, begin, end)
    document = document[:place] + ranges.ljust(len(_RANGE)) + document[place + len(_RANGE) :]
    return Prepared(sha256(document[:start] + document[stop:]).digest(), document, (start, stop))


def make_cms(
    digest: bytes,
    key: cms.SigningKey,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...] = (),
    stamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """The CMS SignedData (RFC 5652, DER, detached) over a document's digest.

    ``stamp``: gives the time stamp's token (DER) over a signature's value; raises what it raises.
    """
    signature = cms.sign(digest, key, certificate, chain)
    return signature.wrapped(stamp(signature.value) if stamp else b"")
