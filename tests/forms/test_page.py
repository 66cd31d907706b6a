"""The page: what it says, what can be read back from it, and how it looks in numbers."""

import base64
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from forms.code import CodeKey, sign_code
from forms.content import canonical, compose, content_digest
from forms.errors import CodeMismatchError, MissingGlyphError, PaperTooLongError, PortraitError
from forms.layout import POINTS_PER_MM
from forms.layouts.page import PAGE, SEAL
from forms.paper import CHINA_TIME, HouseholdCertificate
from forms.placement import Part, place
from forms.reading import codes_in, page_text
from forms.render import render
from tests.support.papers import EVERY_KIND, FULL, LATER, LONG, PROOF, RARE, SPARSE
from tests.support.sheets import rastered, worn

Rendered = Callable[..., bytes]
ALL = [FULL, RARE, SPARSE, LONG]


@pytest.mark.parametrize("paper", ALL, ids=["full", "rare", "sparse", "long"])
def test_the_page_reads_as_it_was_composed(paper: HouseholdCertificate, rendered: Rendered) -> None:
    """Extracted text is every composed text, in reading order, rare characters included."""
    assert canonical(page_text(rendered(paper))) == canonical("".join(compose(paper).texts()))


@pytest.mark.parametrize("paper", [FULL, RARE], ids=["full", "rare"])
def test_every_field_is_on_the_page(paper: HouseholdCertificate) -> None:
    """What the register says is printed as it stands; dates in the official form."""
    text = "".join(compose(paper).texts())
    plain = [getattr(paper, field.name) for field in fields(paper) if field.type in (str, "str")]
    assert all(value in text for value in plain)
    assert [date for date in ("1990年3月7日", "2026年11月22日", "2026年12月21日") if date not in text] == []


def test_empty_fields_are_left_out() -> None:
    """No label stands without a value."""
    labels = [field.chinese for field in compose(SPARSE).fields]
    assert labels == [
        "姓名",
        "性别",
        "民族",
        "出生日期",
        "公民身份号码",
        "户籍地址",
        "户别",
        "用途",
        "有效期至",
        "承办",
    ]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_poppler_reads_the_rare_name_too(rendered: Rendered) -> None:
    """An independent reader copies the same characters: the map to Unicode is right beyond U+FFFF."""
    command = ["pdftotext", "-raw", "-", "-"]
    text = subprocess.run(command, input=rendered(RARE), capture_output=True, check=True).stdout.decode()
    assert "䶮㛃𫞩𬬩𠮷" in text
    assert canonical(text) == canonical("".join(compose(RARE).texts()))


def test_the_same_paper_gives_the_same_bytes(code_key: CodeKey) -> None:
    """Rendering holds no clock and no chance."""
    code = sign_code(SPARSE, code_key)
    assert render(SPARSE, code) == render(SPARSE, code)


def test_every_font_is_embedded_and_none_is_helvetica(rendered: Rendered) -> None:
    """The page looks the same on a machine without our fonts."""
    with pikepdf.open(io.BytesIO(rendered(RARE))) as pdf:
        used = list(pdf.pages[0].Resources.Font.values())
        assert all("/FontFile2" in font.FontDescriptor for font in used)
        names = {
            str(font.BaseFont) for font in pdf.objects if isinstance(font, pikepdf.Dictionary) and "/BaseFont" in font
        }
    assert {name.split("+")[1] for name in names} == {"NotoSerifSC-Regular", "NotoSerifSC-Bold", "BabelStoneHan"}


def test_the_file_names_nobody(rendered: Rendered) -> None:
    """The document's properties hold no personal data."""
    with pikepdf.open(io.BytesIO(rendered(FULL))) as pdf:
        info = " ".join(str(value) for value in pdf.docinfo.values())
    assert "户籍证明" in info
    assert FULL.name not in info
    assert FULL.id_number not in info


@pytest.mark.parametrize("paper", ALL, ids=["full", "rare", "sparse", "long"])
def test_no_text_leaves_its_margins(paper: HouseholdCertificate, rendered: Rendered) -> None:
    """Each drawn character lies between the page's margins."""
    document = pypdfium2.PdfDocument(rendered(paper))
    page = document[0].get_textpage()
    boxes = [page.get_charbox(index) for index in range(page.count_chars())]
    document.close()
    left, right = PAGE.table.x * POINTS_PER_MM, (PAGE.table.x + PAGE.table.width) * POINTS_PER_MM
    drawn = [box for box in boxes if box[2] > box[0]]
    assert len(drawn) > 150
    assert min(box[0] for box in drawn) >= left - 1
    assert max(box[2] for box in drawn) <= right + 1


def test_values_stay_inside_their_cells() -> None:
    """The longest fields fit the table at a smaller type, and every line its cell."""
    values = [line for line in place(LONG).lines if line.part is Part.VALUE]
    assert max(line.style.size for line in values) < PAGE.table.loud.size
    assert max(line.area.bottom for line in values) <= PAGE.lowest
    assert len(values) > len(compose(LONG).fields)


def test_fields_that_never_fit_are_refused(code_key: CodeKey) -> None:
    """Rather than to print over the seal, the paper is not made."""
    paper = replace(SPARSE, address="平安路" * 700)
    with pytest.raises(PaperTooLongError):
        render(paper, sign_code(paper, code_key))


def test_a_character_nobody_can_draw_is_refused(code_key: CodeKey) -> None:
    """No empty box is ever printed."""
    paper = replace(SPARSE, name="王\ue81e")
    with pytest.raises(MissingGlyphError):
        render(paper, sign_code(paper, code_key))


@pytest.mark.parametrize("other", [replace(SPARSE, serial="PAD-2026-00000999"), replace(SPARSE, address="别处")])
def test_a_code_of_another_paper_is_refused(other: HouseholdCertificate, code_key: CodeKey) -> None:
    """The page and its code come from the same row, or there is no page."""
    with pytest.raises(CodeMismatchError):
        render(other, sign_code(SPARSE, code_key))


@pytest.mark.parametrize("dots_per_inch", [150, 200, 300])
@pytest.mark.parametrize("paper", [FULL, LONG], ids=["full", "long"])
def test_the_code_is_read_back_from_a_worn_scan(
    paper: HouseholdCertificate, dots_per_inch: int, rendered: Rendered, code_key: CodeKey
) -> None:
    """Clean, and askew with blur and noise, at the resolutions people scan with."""
    page = rastered(rendered(paper), dots_per_inch)
    sheet = page.crop((0, page.height * 2 // 3, page.width, page.height))  # the part that holds the code
    (clean,), (rough,) = codes_in(np.asarray(sheet)), codes_in(np.asarray(worn(sheet)))
    assert clean == rough
    assert len(clean) == len(sign_code(paper, code_key))


def _red_pixels(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    pixels = np.asarray(document[0].render(scale=1).to_pil().convert("RGB"), dtype=int)
    document.close()
    return int(((pixels[..., 0] - pixels[..., 1:].max(axis=-1)) > 80).sum())


def test_the_seal_shows_without_drawing_annotations(signed: Rendered) -> None:
    """The seal is on the page itself: programs that print no widgets print it too."""
    assert _red_pixels(signed(SPARSE)) > 1000


def test_only_a_specimen_says_so(rendered: Rendered) -> None:
    """A specimen carries its warning in words; a real paper carries none."""
    assert page_text(rendered(FULL)).count("样张") == 1
    assert "样张" not in page_text(rendered(SPARSE))


def test_the_seal_adds_no_words(rendered: Rendered) -> None:
    """The authority's name is text once; on the seal it is a picture."""
    assert page_text(rendered(SPARSE)).count(SPARSE.issuer) == 1
    assert "户口专用章" not in page_text(rendered(SPARSE))


def test_the_specimen_seal_differs_from_the_real_one(code_key: CodeKey, rendered: Rendered) -> None:
    """Where a real seal says what it is for, the specimen's says that it is none."""
    specimen = replace(SPARSE, specimen=True)
    left, bottom, right, top = (edge * 2 for edge in SEAL)

    def seal(pdf: bytes) -> Image.Image:
        page = rastered(pdf, 144)
        return page.crop((int(left), page.height - int(top), int(right), page.height - int(bottom)))

    real, other = (
        np.asarray(seal(pdf), dtype=int) for pdf in (rendered(SPARSE), render(specimen, sign_code(specimen, code_key)))
    )
    lower = real.shape[0] * 3 // 4
    assert (abs(real - other)[lower:] > 60).sum() > 100


def test_a_seal_says_what_it_is_for_and_no_more() -> None:
    """The household register's own seal on its certificate; on other papers the authority's; on specimens, 样张."""
    assert place(SPARSE).seal_line == "户口专用章"
    assert place(replace(SPARSE, specimen=True)).seal_line == "样张"
    assert {place(replace(each, specimen=False)).seal_line for each in EVERY_KIND[1:]} == {""}


def test_a_seal_without_a_line_is_drawn(code_key: CodeKey) -> None:
    """Circle, star and name alone."""
    paper = replace(LATER, specimen=False)
    assert _red_pixels(render(paper, sign_code(paper, code_key))) > 1000


def test_a_photograph_that_is_none_is_refused(code_key: CodeKey) -> None:
    """No paper is made that would show nobody, or in colours that the sheet does not know."""
    cmyk = io.BytesIO()
    Image.new("CMYK", (358, 441)).save(cmyk, "JPEG")
    half = base64.b64decode(PROOF.portrait)[:4000]
    for wrong in ("", "%%%", *(base64.b64encode(each).decode() for each in (b"no picture", cmyk.getvalue(), half))):
        paper = replace(PROOF, portrait=wrong)
        with pytest.raises(PortraitError):
            render(paper, sign_code(paper, code_key))


@pytest.mark.parametrize("blank", [" ", "\u3000", "\n", "\t"])
def test_a_field_of_white_space_is_an_empty_one(blank: str, code_key: CodeKey) -> None:
    """A register's filler is no entry, and no reason to fail in the middle of a paper."""
    paper = replace(FULL, former_name=blank, moved_in=blank)
    assert content_digest(paper) == content_digest(replace(FULL, former_name="", moved_in=""))
    assert render(paper, sign_code(paper, code_key)).startswith(b"%PDF")


def test_a_paper_masks_itself() -> None:
    """Neither the paper nor its composition prints personal data."""
    shown = f"{FULL} {FULL!r} {compose(FULL)} {compose(FULL)!r}"
    assert FULL.name not in shown
    assert not re.search(r"\d{17}", shown)


def test_the_date_on_paper_is_the_day_in_china() -> None:
    """An instant of yesterday's UTC evening is today's paper."""
    early = FULL.issued_at.replace(hour=1).astimezone(tz=None)
    assert compose(replace(FULL, issued_at=early)).date == "2026年11月22日"
    assert early.astimezone(CHINA_TIME).hour == 1


def test_a_remark_after_the_authoritys_name_is_not_on_its_seal(code_key: CodeKey) -> None:
    """The arc carries the name alone; the page's own line carries all of it."""
    remarked = replace(SPARSE, issuer=f"{SPARSE.issuer} (样张)")
    plain, other = (
        np.asarray(rastered(render(paper, sign_code(paper, code_key)), 72))[610:] for paper in (SPARSE, remarked)
    )
    right_half = plain.shape[1] // 2
    seal_rows = slice(10, 120)
    assert (plain[seal_rows, right_half:] < 200).sum() > 1000
    assert (plain[seal_rows, right_half:] == other[seal_rows, right_half:]).all()
    assert remarked.issuer.replace(" ", "") in canonical("".join(compose(remarked).texts()))
