"""Genuine, or not: every way in which a paper, its document and its code can be made to disagree."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

import pikepdf
import pytest
from PIL import Image

from forms.code import CodeKey, sign_code
from forms.content import compose
from forms.errors import AssetsMissingError
from forms.paper import HouseholdCertificate
from forms.placement import place
from forms.reading import find_code
from forms.render import _draw
from forms.signature import make_cms, prepare
from forms.trust import TrustStore
from forms.verification import Outcome, verify_against, verify_code, verify_paper
from tests.support.forged import drawn, scanned
from tests.support.papers import FULL, ISSUED_AT, RARE, SPARSE
from tests.support.pki import Pki, make_pki
from tests.support.sheets import as_png, rastered, worn

Papers = Callable[[HouseholdCertificate], bytes]
Codes = Callable[[HouseholdCertificate], str]
NOW = ISSUED_AT + timedelta(days=1)
DPI = 144


@pytest.fixture(scope="module")
def printed(signed: Papers) -> bytes:
    """The sheet as a picture."""
    return as_png(rastered(signed(SPARSE), DPI))


def _sign(pdf: bytes, pki: Pki) -> bytes:
    prepared = prepare(pdf, ISSUED_AT)
    return prepared.fill(make_cms(prepared.digest, pki.document.key, pki.document.certificate, (pki.root.certificate,)))


def _pasted(onto: bytes, source: bytes) -> bytes:
    """The picture ``onto`` with the code of ``source``."""
    sheet, other = Image.open(io.BytesIO(onto)), Image.open(io.BytesIO(source))
    page = place(SPARSE)
    left, bottom, right, top = (round(edge * DPI / 72) for edge in page.points(page.code))
    box = (left - 4, sheet.height - top - 4, right + 4, sheet.height - bottom + 4)
    sheet.paste(other.crop(box), box[:2])
    return as_png(sheet)


def _edited(document: bytes, *, keep_signature: bool) -> bytes:
    """One character of the text replaced by another of its font, the file saved anew."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        page = pdf.pages[0]
        instructions: list[Any] = list(pikepdf.parse_content_stream(page))
        name = next(  # the first value of three characters
            index
            for index, each in enumerate(instructions)
            if str(each.operator) == "Tj" and len(bytes(each.operands[0])) == len(SPARSE.name)
        )
        text = bytes(instructions[name].operands[0])
        changed = [pikepdf.String(text[:1] + text[:1] + text[2:])]
        instructions[name] = pikepdf.ContentStreamInstruction(changed, instructions[name].operator)
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
        if not keep_signature:
            del pdf.Root.AcroForm, pdf.Root.Perms, page.Annots
        output = io.BytesIO()
        pdf.save(output)
    return output.getvalue()


def _outcome(paper: bytes, trust: TrustStore, now: datetime = NOW) -> Outcome:
    return verify_paper(paper, trust, now).outcome


def test_a_signed_document_is_genuine(signed: Papers, trust: TrustStore) -> None:
    """Signature, words and code agree."""
    verdict = verify_paper(signed(SPARSE), trust, NOW)
    assert verdict.outcome is Outcome.GENUINE
    assert verdict.claims is not None
    assert verdict.claims.stated[0] == SPARSE.name


def test_a_picture_alone_is_genuine_at_best(printed: bytes, trust: TrustStore) -> None:
    """Its words are read where that is certain (test_scan.py); the code is what proves them."""
    verdict = verify_paper(printed, trust, NOW)
    assert verdict.stands
    assert verdict.claims is not None


def test_a_worn_scan_as_jpeg_is_read(signed: Papers, trust: TrustStore) -> None:
    """People photograph papers."""
    output = io.BytesIO()
    worn(rastered(signed(SPARSE), 200)).save(output, "JPEG", quality=70)
    assert verify_paper(output.getvalue(), trust, NOW).stands


def test_a_scan_in_a_pdf_is_a_picture(printed: bytes, trust: TrustStore) -> None:
    """Scanners write PDF files without words; they claim to be no document."""
    output = io.BytesIO()
    Image.open(io.BytesIO(printed)).save(output, "PDF", resolution=DPI)
    assert verify_paper(output.getvalue(), trust, NOW).stands


def _scan(shown: HouseholdCertificate, signed_code: Codes) -> bytes:
    """A scan of what a forger drew around the code of SPARSE."""
    return as_png(scanned(drawn(shown, signed_code(SPARSE)), 200))


def test_a_sheet_and_its_document_are_genuine_together(signed_code: Codes, signed: Papers, trust: TrustStore) -> None:
    """Its words were read, and are the document's."""
    verdict = verify_against(_scan(SPARSE, signed_code), signed(SPARSE), trust, NOW)
    assert verdict.outcome is Outcome.GENUINE
    assert "Every word on the sheet was read" in verdict.why.english


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (replace(SPARSE, birth_date=date(1984, 3, 7)), "出生日期"),
        (replace(SPARSE, address=SPARSE.address.replace("1201", "1202")), "户籍地址"),
        (replace(SPARSE, id_number="990101199103070012"), "公民身份号码"),
    ],
    ids=["a stated fact", "the address", "a hidden digit"],
)
def test_a_sheet_that_differs_from_its_document_is_altered_and_the_field_is_named(
    changed: HouseholdCertificate, named: str, signed_code: Codes, signed: Papers, trust: TrustStore
) -> None:
    """Also where the code states nothing: the document does."""
    verdict = verify_against(_scan(changed, signed_code), signed(SPARSE), trust, NOW)
    assert verdict.outcome is Outcome.ALTERED
    assert [each.chinese for each in verdict.compare] == [named]


def test_no_sheet_that_nobody_read_is_genuine_for_its_document_s_sake(
    printed: bytes, signed: Papers, trust: TrustStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the recogniser a person compares, however genuine the document is."""

    def missing() -> NoReturn:
        raise AssetsMissingError("recogniser.onnx")

    monkeypatch.setattr("forms.scan.recogniser.recogniser", missing)
    verdict = verify_against(printed, signed(SPARSE), trust, NOW)
    assert verdict.outcome is Outcome.COMPARE
    assert verdict.compare


def test_a_rare_name_beside_its_document_is_for_a_person_to_compare(signed: Papers, trust: TrustStore) -> None:
    """What the recogniser does not know it did not read, whatever the document says."""
    rare = signed(RARE)
    verdict = verify_against(as_png(rastered(rare, 200)), rare, trust, NOW)
    assert verdict.outcome is Outcome.COMPARE
    assert "姓名" in [each.chinese for each in verdict.compare]


@pytest.mark.parametrize("keep_signature", [True, False], ids=["signature left", "signature stripped"])
def test_one_edited_character_is_altered(
    keep_signature: bool, printed: bytes, signed: Papers, trust: TrustStore
) -> None:
    """In the document alone, and as what a sheet is compared with."""
    edited = _edited(signed(SPARSE), keep_signature=keep_signature)
    assert _outcome(edited, trust) is Outcome.ALTERED
    assert verify_against(printed, edited, trust, NOW).outcome is Outcome.ALTERED


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
def test_one_changed_byte_is_never_genuine(part: float, printed: bytes, signed: Papers, trust: TrustStore) -> None:
    """Wherever it is."""
    content = bytearray(signed(SPARSE))
    content[int(len(content) * part)] ^= 1
    assert _outcome(bytes(content), trust) in (Outcome.ALTERED, Outcome.NOT_READABLE)
    assert verify_against(printed, bytes(content), trust, NOW).outcome is Outcome.ALTERED


def test_another_name_drawn_around_a_genuine_code_is_altered(code_key: CodeKey, pki: Pki, trust: TrustStore) -> None:
    """Unsigned, signed by a stranger, and even signed by the true key: the words are not the code's."""
    other = replace(SPARSE, name="李小明")
    forged = _draw(other, compose(other), sign_code(SPARSE, code_key))
    for document in (forged, _sign(forged, make_pki()), _sign(forged, pki)):
        assert _outcome(document, trust) is Outcome.ALTERED


def test_a_code_key_signs_no_documents(rendered: Papers, pki: Pki, trust: TrustStore) -> None:
    """A certificate of the root for another purpose does not make a document genuine."""
    prepared = prepare(rendered(SPARSE), ISSUED_AT)
    document = prepared.fill(make_cms(prepared.digest, pki.code.key, pki.code.certificate, (pki.root.certificate,)))
    verdict = verify_paper(document, trust, NOW)
    assert verdict.outcome is Outcome.ALTERED
    assert "may not sign documents" in verdict.why.english


def test_something_added_after_signing_is_altered(signed: Papers, trust: TrustStore) -> None:
    """A later revision, harmless as it looks, is refused."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer: Any = IncrementalPdfFileWriter(io.BytesIO(signed(SPARSE)))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    verdict = verify_paper(output.getvalue(), trust, NOW)
    assert verdict.outcome is Outcome.ALTERED
    assert "added" in verdict.why.english


def test_bytes_after_the_end_are_altered(signed: Papers, trust: TrustStore) -> None:
    """The signature covers the whole file, not the beginning of one."""
    assert _outcome(signed(SPARSE) + b"\n% more\n", trust) is Outcome.ALTERED


def test_another_certificates_code_pasted_in_is_altered(printed: bytes, signed: Papers, trust: TrustStore) -> None:
    """A genuine code on the wrong sheet does not match the document."""
    pasted = _pasted(printed, as_png(rastered(signed(FULL), DPI)))
    assert find_code(pasted) == find_code(signed(FULL))
    assert verify_against(pasted, signed(SPARSE), trust, NOW).outcome is Outcome.ALTERED


def test_another_certificates_code_in_the_document_is_altered(code_key: CodeKey, pki: Pki, trust: TrustStore) -> None:
    """Drawn into the page itself and signed, it still speaks of other words."""
    mixed = _draw(SPARSE, compose(SPARSE), sign_code(FULL, code_key))
    assert _outcome(_sign(mixed, pki), trust) is Outcome.ALTERED


def test_two_codes_on_a_sheet_are_not_readable(printed: bytes, signed: Papers, trust: TrustStore) -> None:
    """Which of them would count?"""
    one, two = Image.open(io.BytesIO(printed)), rastered(signed(FULL), DPI)
    both = Image.new("L", (one.width * 2, one.height), 255)
    both.paste(one, (0, 0))
    both.paste(two, (one.width, 0))
    verdict = verify_paper(as_png(both), trust, NOW)
    assert verdict.outcome is Outcome.NOT_READABLE
    assert "several" in verdict.why.english


def test_a_paper_of_an_unknown_root_is_of_an_unknown_issuer(printed: bytes, signed: Papers) -> None:
    """The verifier believes another root."""
    stranger = make_pki().trust()
    assert _outcome(printed, stranger) is Outcome.UNKNOWN_ISSUER
    assert _outcome(signed(SPARSE), stranger) is Outcome.UNKNOWN_ISSUER


def test_a_paper_is_valid_to_the_end_of_its_last_day(printed: bytes, signed: Papers, trust: TrustStore) -> None:
    """Midnight in China decides."""
    end = datetime(2026, 12, 22, tzinfo=ISSUED_AT.tzinfo)
    assert verify_code(find_code(printed), trust, end - timedelta(seconds=1)).stands
    assert _outcome(printed, trust, end) is Outcome.EXPIRED
    assert verify_against(printed, signed(SPARSE), trust, end).outcome is Outcome.EXPIRED


def test_an_altered_paper_is_altered_even_when_expired(signed: Papers, trust: TrustStore) -> None:
    """The worse news comes first."""
    edited = _edited(signed(SPARSE), keep_signature=False)
    assert _outcome(edited, trust, NOW + timedelta(days=400)) is Outcome.ALTERED


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_paper_is_not_readable(content: bytes, trust: TrustStore) -> None:
    """Strange files get an answer, not a traceback."""
    assert _outcome(content, trust) is Outcome.NOT_READABLE


def test_a_picture_longer_than_any_sheet_is_not_readable(trust: TrustStore) -> None:
    """Few pixels, and more in a row than the reader of codes can count."""
    strip = io.BytesIO()
    Image.new("L", (70_000, 8)).save(strip, "PNG")
    assert _outcome(strip.getvalue(), trust) is Outcome.NOT_READABLE


def test_a_picture_is_not_something_to_compare_with(printed: bytes, trust: TrustStore) -> None:
    """Only the document itself proves the words."""
    assert verify_against(printed, printed, trust, NOW).outcome is Outcome.NOT_READABLE
