"""The PAdES signature: prepared without a key, made without the document, valid to independent programs."""

import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from forms.errors import SignatureMisfitError
from forms.paper import Medium, Paper
from forms.placement import seal_place
from forms.signature import make_cms, prepare
from tests.support.papers import EVERY_KIND, ISSUED_AT, SPARSE
from tests.support.pki import Pki

Papers = Callable[..., bytes]


def test_the_digest_is_over_everything_but_the_gap(signed: Papers) -> None:
    """The byte range leaves out the container and nothing else."""
    document = signed(SPARSE)
    with pikepdf.open(io.BytesIO(document)) as pdf:
        value = pdf.Root.AcroForm.Fields[0].V
        start, first, second, length = (int(each) for each in value.ByteRange)
        container = cms.ContentInfo.load(bytes(value.Contents))["content"]
    digest = hashlib.sha256(document[start:first] + document[second : second + length]).digest()
    assert second + length == len(document)
    attributes = {each["type"].native: each["values"] for each in container["signer_infos"][0]["signed_attrs"]}
    assert attributes["message_digest"].native == [digest]
    assert "signing_certificate_v2" in attributes
    assert "signing_time" not in attributes  # PAdES forbids it


def test_the_signature_certifies_and_allows_no_change(signed: Papers) -> None:
    """DocMDP level 1, the claimed time in the document, the widget over the seal."""
    with pikepdf.open(io.BytesIO(signed(SPARSE))) as pdf:
        widget = pdf.pages[0].Annots[0]
        assert int(pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1
        assert str(widget.V.SubFilter) == "/ETSI.CAdES.detached"
        assert str(widget.V.M) == "D:20261122230500+08'00'"
        edges = [float(edge) for edge in widget.Rect]
    assert edges == pytest.approx(seal_place(SPARSE, Medium.PAGE), abs=1)


def test_preparing_twice_never_needs_a_key(rendered: Papers) -> None:
    """The kiosk's half knows the document and no secret; its digest is 32 bytes."""
    prepared = prepare(rendered(SPARSE), SPARSE.issued_at)
    assert len(prepared.digest) == 32
    assert "digest" not in repr(prepared).lower()


def test_a_container_that_does_not_fit_is_refused(rendered: Papers) -> None:
    """The gap has a size; nothing is written past it."""
    with pytest.raises(SignatureMisfitError):
        prepare(rendered(SPARSE), SPARSE.issued_at).fill(bytes(9000))


def test_filling_leaves_the_prepared_document_as_it_was(rendered: Papers, pki: Pki) -> None:
    """The same preparation can be filled again after a failed attempt."""
    prepared = prepare(rendered(SPARSE), SPARSE.issued_at)
    container = make_cms(prepared.digest, pki.document.key, pki.document.certificate)
    assert prepared.fill(container) == prepared.fill(container)


@pytest.mark.skipif(not (shutil.which("pdfsig") and shutil.which("certutil")), reason="poppler or NSS tools missing")
def test_pdfsig_calls_every_signature_valid_and_trusted(signed: Papers, pki: Pki, tmp_path: Path) -> None:
    """An independent program, believing the root, sees the whole document signed; of every kind, on both media."""
    (tmp_path / "root.pem").write_text(pki.root.pem)
    (tmp_path / "nss").mkdir()
    database = f"sql:{tmp_path / 'nss'}"
    subprocess.run(["certutil", "-N", "-d", database, "--empty-password"], check=True)
    root = ["-n", "root", "-t", "CT,C,C", "-a", "-i", str(tmp_path / "root.pem")]
    subprocess.run(["certutil", "-A", "-d", database, *root], check=True)
    for paper, medium in product((SPARSE, *EVERY_KIND), Medium):
        (tmp_path / "paper.pdf").write_bytes(signed(paper, medium))
        command = ["pdfsig", "-nssdir", database, str(tmp_path / "paper.pdf")]
        said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        wanted = ("Signature is Valid", "Certificate is Trusted", "Total document signed")
        assert [each for each in wanted if each not in said] == []


@pytest.mark.parametrize("paper", EVERY_KIND, ids=[each.kind for each in EVERY_KIND])
@pytest.mark.parametrize("medium", Medium)
def test_whoever_clicks_on_the_seal_clicks_on_the_signature(paper: Paper, medium: Medium, signed: Papers) -> None:
    """On a strip the seal stands as low as the words before it are long."""
    with pikepdf.open(io.BytesIO(signed(paper, medium))) as pdf:
        left, lower, right, upper = (float(edge) for edge in pdf.pages[0].Annots[0].Rect)
        sheet = [float(edge) for edge in pdf.pages[0].MediaBox]
    assert (left, lower, right, upper) == pytest.approx(seal_place(paper, medium), abs=1)
    assert 0 <= left < right <= sheet[2]
    assert 0 <= lower < upper <= sheet[3]


def test_a_process_that_made_an_attribute_before_verifies_all_the_same(
    signed: Papers, trust_folder: Path, tmp_path: Path
) -> None:
    """As one does that has read a travel document: asn1crypto would not know the names that came with pyHanko."""
    (tmp_path / "paper.pdf").write_bytes(signed(SPARSE))
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from asn1crypto import cms\n"
        "cms.CMSAttribute({'type': 'content_type', 'values': ['data']})\n"
        "from forms.signed_pdf import check_signature\n"
        "from forms.trust import TrustStore\n"
        "from tests.support.papers import ISSUED_AT\n"
        "paper, trust = Path(sys.argv[1]).read_bytes(), TrustStore.from_folder(Path(sys.argv[2]))\n"
        "check_signature(paper, trust, ISSUED_AT)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "paper.pdf"), str(trust_folder)], check=True)


def test_pyhanko_finds_a_whole_certified_and_trusted_document(signed: Papers, pki: Pki) -> None:
    """An independent implementation of the same standards."""
    status = _status(signed(SPARSE), pki)
    assert (status.bottom_line, status.coverage, status.docmdp_ok) == (True, SignatureCoverageLevel.ENTIRE_FILE, True)


@pytest.mark.parametrize("part", [part / 8 for part in range(8)])
def test_pyhanko_sees_every_flipped_bit(part: float, signed: Papers, pki: Pki) -> None:
    """Wherever in the drawn page it is."""
    content = bytearray(signed(SPARSE))
    content[200 + int((content.index(b"/ByteRange") - 400) * part)] ^= 1
    try:
        assert not _status(bytes(content), pki).bottom_line
    except PdfError:
        return  # it can't be read any more


def test_pyhanko_sees_an_appended_revision(signed: Papers, pki: Pki) -> None:
    """Intact, and yet not as it was certified."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(signed(SPARSE)))
    writer.root["/Lang"] = generic.pdf_string("en")
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    status = _status(output.getvalue(), pki)
    assert (status.intact, status.docmdp_ok, status.bottom_line) == (True, False, False)


def test_qpdf_has_nothing_to_say(signed: Papers) -> None:
    """No structure is repaired in silence."""
    with pikepdf.open(io.BytesIO(signed(SPARSE))) as pdf:
        assert pdf.check_pdf_syntax() == []


def _status(document: bytes, pki: Pki) -> PdfSignatureStatus:
    root = asn1_x509.Certificate.load(pki.root.certificate.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=ISSUED_AT)
    usage = KeyUsageConstraints({"digital_signature"})
    return validate_pdf_signature(
        PdfFileReader(io.BytesIO(document)).embedded_signatures[0], context, key_usage_settings=usage
    )
