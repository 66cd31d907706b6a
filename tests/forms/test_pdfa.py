"""Papers are PDF/A-1b, before and after they are signed, in the judgement of programs that we did not write."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from reportlab.pdfgen.canvas import Canvas

from forms import pdfa
from forms.errors import AssetsMissingError
from forms.fonts import runs
from forms.paper import Medium, Paper
from forms.signature import Evidence, make_cms, prepare
from forms.test_page import render_test_page
from tests.support.papers import EVERY_KIND, ISSUED_AT, LONG, RARE, RAREST, SPARSE, renamed
from tests.support.pki import Pki
from tests.support.preflight import complaints

Rendered = Callable[..., bytes]
PAPERS: dict[str, Paper] = {"rare": RARE, "sparse": SPARSE, "long": LONG}
PAPERS |= {each.kind.value: each for each in EVERY_KIND}
PAPERS |= {f"{each.kind}-rarest": renamed(each, RAREST) for each in EVERY_KIND}
DESCRIPTION = pdfa.Description("a < b & c", "示例市公安局", "SUBJECT", ISSUED_AT)


def canvas_of(output: io.BytesIO) -> Canvas:
    font: Any = next(runs("0")).font
    return Canvas(output, invariant=1, initialFontName=font, pdfVersion=pdfa.PDF_VERSION)


def saved(description: pdfa.Description) -> bytes:
    output = io.BytesIO()
    canvas = canvas_of(output)
    canvas.drawString(72, 72, "示例")
    pdfa.save(canvas, description)
    return output.getvalue()


def test_every_paper_is_valid_unsigned_and_signed(rendered: Rendered, signed: Rendered, tmp_path: Path) -> None:
    """Of every kind, on both media; a photograph is one of the sheet's own colours."""
    unsigned = {f"{name}-{medium}": rendered(paper, medium) for name, paper in PAPERS.items() for medium in Medium}
    finished = {f"{name}-{medium}-signed": signed(paper, medium) for name, paper in PAPERS.items() for medium in Medium}
    papers = unsigned | finished | {"test-page": render_test_page(ISSUED_AT)}
    assert complaints(papers, tmp_path) == {name: [] for name in papers}


def test_evidence_for_decades_keeps_a_paper_valid(rendered: Rendered, pki: Pki, tmp_path: Path) -> None:
    """Certificates and a list of what was revoked, beside the signature (PAdES B-LT)."""
    chain = (pki.document.certificate, pki.root.certificate)
    evidence = Evidence(tuple(each.public_bytes(Encoding.DER) for each in chain), (_nothing_revoked(pki),))
    prepared = prepare(rendered(RARE), ISSUED_AT, evidence)
    finished = prepared.fill(make_cms(prepared.digest, pki.document.key, pki.document.certificate))
    assert finished.count(b"/DSS") == 1
    assert complaints({"lasting": finished}, tmp_path) == {"lasting": []}


def _nothing_revoked(pki: Pki) -> bytes:
    builder = x509.CertificateRevocationListBuilder(
        pki.root.certificate.subject, ISSUED_AT, ISSUED_AT + timedelta(days=30)
    )
    return builder.sign(pki.root.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_the_judge_can_say_no(tmp_path: Path) -> None:
    """The same drawing as reportlab saves it by itself: no profile, no description."""
    output = io.BytesIO()
    canvas = canvas_of(output)
    canvas.drawString(72, 72, "示例")
    canvas.save()
    found = complaints({"plain": output.getvalue(), "kept": saved(DESCRIPTION)}, tmp_path)
    assert found["kept"] == []
    assert any("Metadata" in fault for fault in found["plain"])


@pytest.mark.parametrize("medium", Medium)
@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_qpdf_finds_nothing_to_mend(paper: Paper, medium: Medium, signed: Rendered, tmp_path: Path) -> None:
    """Exit 0: neither an error nor a warning."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(signed(paper, medium))
    done = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_properties_and_their_description_agree() -> None:
    """Two places, one truth, special characters included; and the time is the paper's own, with its zone."""
    with pikepdf.open(io.BytesIO(saved(DESCRIPTION))) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        with pdf.open_metadata() as xmp:
            assert (xmp["dc:title"], xmp["dc:creator"]) == (DESCRIPTION.title, [DESCRIPTION.author])
            assert xmp["dc:description"] == info["/Subject"] == "SUBJECT"
            assert xmp["xmp:CreateDate"] == xmp["xmp:ModifyDate"] == "2026-11-22T23:05:00+08:00"
            assert xmp.pdfa_status == "1B"
    assert info["/CreationDate"] == info["/ModDate"] == "D:20261122230500+08'00'"
    assert (info["/Title"], info["/Author"]) == (DESCRIPTION.title, DESCRIPTION.author)


def test_a_time_in_utc_is_written_as_such() -> None:
    """The zone is never left out."""
    pdf = saved(replace(DESCRIPTION, created_at=ISSUED_AT.astimezone(UTC)))
    assert b"D:20261122150500+00'00'" in pdf


def test_the_output_intent_is_an_early_profile() -> None:
    """PDF/A-1 knows ICC profiles of version 2 only; its description stands in the open, not compressed."""
    with pikepdf.open(io.BytesIO(saved(DESCRIPTION))) as pdf:
        profile: Any = pdf.Root.OutputIntents[0].DestOutputProfile
        content = profile.read_bytes()
        assert "/Filter" not in pdf.Root.Metadata
    assert (content[8], content[16:20], content[36:40]) == (2, b"RGB ", b"acsp")


def test_every_stream_ends_on_a_line_of_its_own(rendered: Rendered) -> None:
    """What reportlab leaves out, and what its length must not count."""
    pdf = rendered(RARE)
    assert len(re.findall(rb"\nendstream\nendobj", pdf)) == pdf.count(b"endstream") > 5


def test_a_set_up_without_the_profile_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By the file that is missing."""
    pdfa._profile.cache_clear()
    monkeypatch.setenv("LAMPLIGHT_ASSETS", str(tmp_path))
    with pytest.raises(AssetsMissingError, match=r"sRGB\.icc"):
        saved(DESCRIPTION)
