"""What a page needs besides its drawing to be kept for decades: PDF/A-1b (ISO 19005-1, level B).

The colours' meaning (an sRGB profile as output intent), a description as XMP that says the same as the file's own
properties, and the line's end before ``endstream`` that reportlab leaves out. Fonts are embedded, nothing is
transparent and nothing is encrypted because the page is drawn so. Signing adds to this file and keeps it PDF/A.
"""

import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from civic.assets import third_party
from forms.errors import AssetsMissingError

PDF_VERSION = (1, 4)  # the base of PDF/A-1
_PROFILE = "colour/sRGB.icc"
_CONDITION = "sRGB IEC61966-2.1"
_PRODUCER = "Lamplight"
_QUICK = 1  # of zlib: a sixth of the time of its usual level, for a page that is a twentieth longer
_END, _ENDED = b"endstream\nendobj\n", b"\nendstream\nendobj\n"


@dataclass(frozen=True, slots=True)
class Description:
    """A document's properties. They stand unprotected in the file: nothing of a person belongs here."""

    title: str
    author: str
    subject: str
    created_at: datetime  # aware


def save(canvas: Canvas, description: Description) -> None:
    """Write the canvas's document with all that PDF/A asks for. Raises AssetsMissingError."""
    document: Any = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001 - the only way to the catalogue
    document.info = _Info(description)
    catalogue = document.Catalog
    catalogue.Metadata = _metadata(_xmp(description))
    catalogue.__NoDefault__ = [*catalogue.__NoDefault__, "OutputIntents"]
    catalogue.OutputIntents = pdfdoc.PDFArray([_output_intent(document)])
    for page in document.Pages.pages:
        page.Trans = None  # an empty way of turning the page, which reportlab writes for each
        page.Contents = _deflated(page.stream.encode())
    canvas.save()


class _Info(pdfdoc.PDFInfo):  # type: ignore[misc, unused-ignore]
    """The properties that XMP states too, and no others (ISO 19005-1, 6.7.3)."""

    producer = creator = _PRODUCER

    def __init__(self, description: Description) -> None:
        super().__init__()
        self.title, self.author, self.subject = description.title, description.author, description.subject
        self._date = _pdf_date(description.created_at)

    def format(self, document: Any) -> Any:  # noqa: ANN401 # reportlab's own signature
        """The dictionary."""
        texts = {"Title": self.title, "Author": self.author, "Subject": self.subject}
        texts |= {"Creator": self.creator, "Producer": self.producer, "CreationDate": self._date, "ModDate": self._date}
        return _dictionary({key: pdfdoc.PDFString(text) for key, text in texts.items()}).format(document)


class _File(pdfdoc.PDFFile):  # type: ignore[misc, unused-ignore]
    """Objects as they are written; each stream ends in a line's end, which its length does not count (6.1.7)."""

    def add(self, s: Any) -> Any:  # noqa: ANN401 # reportlab's own signature
        """Write an object; its offset."""
        written: bytes = s.encode("latin-1") if isinstance(s, str) else s
        return super().add(written.removesuffix(_END) + _ENDED if written.endswith(_END) else written)


pdfdoc.PDFFile = _File  # type: ignore[misc]  # every document's writer asks the module for it


def _dictionary(entries: dict[str, Any]) -> Any:  # noqa: ANN401 # reportlab's objects have no types
    return pdfdoc.PDFDictionary(entries)


def _deflated(content: bytes) -> Any:  # noqa: ANN401
    return pdfdoc.PDFStream(_dictionary({"Filter": pdfdoc.PDFName("FlateDecode")}), zlib.compress(content, _QUICK))


def _metadata(packet: str) -> Any:  # noqa: ANN401
    """As it is: a filter would hide it from those who look for it (6.7.2)."""
    entries = {"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")}
    return pdfdoc.PDFStream(_dictionary(entries), packet.encode())


def _output_intent(document: Any) -> Any:  # noqa: ANN401
    """What the page's device colours mean (6.2.2)."""
    profile = _deflated(_profile())
    profile.dictionary["N"] = 3  # components
    return _dictionary(
        {
            "Type": pdfdoc.PDFName("OutputIntent"),
            "S": pdfdoc.PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": pdfdoc.PDFString(_CONDITION),
            "Info": pdfdoc.PDFString(_CONDITION),
            "DestOutputProfile": document.Reference(profile, "output-profile"),
        }
    )


@cache
def _profile() -> bytes:
    path = third_party(_PROFILE)
    if not path.is_file():
        raise AssetsMissingError(path.name)
    return path.read_bytes()


def _pdf_date(at: datetime) -> str:
    """ISO 32000-1, 7.9.4."""
    zone = at.strftime("%z")
    return f"D:{at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


def _xmp(description: Description) -> str:
    """One description for each schema, as older validators read them (XMP specification part 1)."""
    title, author, subject = (escape(text) for text in (description.title, description.author, description.subject))
    at = description.created_at.isoformat(timespec="seconds")
    return _PACKET.format(title=title, author=author, subject=subject, at=at, producer=_PRODUCER)


_PACKET = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{at}</xmp:CreateDate><xmp:ModifyDate>{at}</xmp:ModifyDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>
"""
