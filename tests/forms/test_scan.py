"""A sheet read back: never genuine when one character differs, never altered when none does."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageDraw, ImageFont

from forms.code import Claims, CodeKey, read_claims, sign_code
from forms.content import canonical, compose
from forms.errors import AssetsMissingError
from forms.fonts import font_file
from forms.paper import Medium, Paper, PaperKind
from forms.scan.judgement import Judged, Judgement, judge
from forms.scan.recogniser import Character, Reading, Recogniser, recogniser
from forms.scan.registration import Grey, _project, find_sheet
from forms.scan.shapes import Line
from forms.scan.template import empty, template_of, values_in
from forms.scan.widths import in_widths, marked
from tests.support.forged import drawn, on_dots, scanned, tilted
from tests.support.papers import CHILD, EVERY_KIND, FULL, RARE, SPARSE

Signed = Callable[[Paper], str]


def _judged(shown: Paper, code: str, medium: Medium = Medium.PAGE) -> Judgement:
    pdf = drawn(shown, code, medium)
    picture = scanned(pdf, 200) if medium is Medium.PAGE else on_dots(pdf)
    return judge(picture, read_claims(code), recogniser())


def test_a_page_whose_every_word_is_as_signed_is_genuine(signed_code: Signed) -> None:
    """The title, the statement, the fields, the issuer and the date, character by character."""
    paper = replace(FULL, householder="李大明")  # 王 has a twin, and may be left open
    assert _judged(paper, signed_code(paper)).judged is Judged.GENUINE


def test_a_changed_name_is_altered_and_the_field_is_named(signed_code: Signed) -> None:
    """Which field, and not what stands there."""
    judgement = _judged(replace(SPARSE, name="王小朋"), signed_code(SPARSE))
    assert judgement.judged is Judged.ALTERED
    assert [each.chinese for each in judgement.compare] == ["姓名"]
    assert "朋" not in str(judgement.why)


def test_a_changed_digit_of_a_date_on_a_strip_is_altered(signed_code: Signed) -> None:
    """The birth date stands in the code."""
    judgement = _judged(replace(SPARSE, birth_date=date(1990, 3, 1)), signed_code(SPARSE), Medium.STRIP)
    assert judgement.judged is Judged.ALTERED


def test_a_changed_digit_that_the_code_does_not_state_is_never_genuine(signed_code: Signed) -> None:
    """An address is only in the digest: nobody can say where the change is, but that there is one."""
    judgement = _judged(replace(SPARSE, address=SPARSE.address.replace("18", "13")), signed_code(SPARSE))
    assert judgement.judged is Judged.COMPARE
    assert "户籍地址" in [each.chinese for each in judgement.compare]
    assert "not the text that was signed" in judgement.why.english


@pytest.mark.parametrize("medium", Medium)
def test_a_paper_with_another_version_s_notice_is_for_a_person_to_compare(
    medium: Medium, signed_code: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notice that was reworded since is not what stands there now: that is what to look at."""
    since = replace(template_of(SPARSE.kind), notice="本证明复印无效，请以原件为准。")
    for module in ("cells", "judgement"):
        monkeypatch.setattr(f"forms.scan.{module}.template_of", lambda _: since)
    judgement = _judged(SPARSE, signed_code(SPARSE), medium)
    assert judgement.judged is Judged.COMPARE
    assert [each.chinese for each in judgement.compare] == ["其他文字"]
    assert "not those of this version" in judgement.why.english


def test_a_rare_name_is_for_a_person_to_compare(signed_code: Signed) -> None:
    """The recogniser takes what it does not know for something else; that alters no paper."""
    judgement = _judged(RARE, signed_code(RARE))
    assert judgement.judged is Judged.COMPARE
    assert "姓名" in [each.chinese for each in judgement.compare]


def test_words_that_were_added_are_noticed(signed_code: Signed) -> None:
    """Between the table and the issuer, where nothing of ours stands."""
    code = signed_code(SPARSE)
    sheet = scanned(drawn(SPARSE, code), 200)
    font = ImageFont.truetype(str(font_file("NotoSerifSC-Regular")), 32)
    ImageDraw.Draw(sheet).text((900, 1900), "另准予贷款", fill=(20, 20, 30), font=font)
    assert judge(sheet, read_claims(code), recogniser()).judged is not Judged.GENUINE


def _word(text: str) -> Grey:
    picture = Image.new("L", (64 * len(text) + 20, 72), 255)
    font = ImageFont.truetype(str(font_file("NotoSerifSC-Regular")), 60)
    ImageDraw.Draw(picture).text((10, 2), text, fill=25, font=font)
    return np.asarray(picture)


@pytest.mark.parametrize(("printed", "read"), ["己已", "未末", "土士", "王玉", "日曰", "大太", "38", "17", "人入"])
def test_the_ink_overrules_the_recogniser(printed: str, read: str) -> None:
    """It has learned what people write, and reads what it expects; the shape is what stands there."""
    line = "户" + printed + "籍" if not printed.isdigit() else "1" + printed + "2"
    said = [line[0], read, line[2]]
    places = (0.2, 0.5, 0.8) if not printed.isdigit() else (0.23, 0.5, 0.77)
    ink = _word(line) if not printed.isdigit() else _digits(line)
    reading = Reading(tuple(Character(each, 0.99, at, ()) for each, at in zip(said, places, strict=True)))
    seen = Line(ink, reading).seen()[1]
    assert seen.text == printed or not seen.clear


def _beside(text: str, by: float) -> Grey:
    """A word with an em of 33 dots that stands ``by`` dots beside where they are, across and down."""
    fine, em = 8, 33
    picture = Image.new("L", ((em * len(text) + 20) * fine, 48 * fine), 255)
    font = ImageFont.truetype(str(font_file("NotoSerifSC-Regular")), em * fine)
    ImageDraw.Draw(picture).text(((10 + by) * fine, (38 + by) * fine), text, fill=25, font=font, anchor="ls")
    return np.asarray(picture.reduce(fine))


@pytest.mark.parametrize(("printed", "like_it"), ["迁迂", "己已", "未末", "土士", "王玉"])
def test_a_character_is_as_clear_wherever_it_falls_between_the_dots(printed: str, like_it: str) -> None:
    """A code of other corners moves the whole sheet by part of a dot; that may not change what is seen."""
    for by in np.arange(0, 1, 0.25):
        for read, other in ((printed, like_it), (like_it, printed)):
            said = [("户", 0.24), (read, 0.5), ("籍", 0.76)]
            reading = Reading(tuple(Character(text, 0.99, at, (other,)) for text, at in said))
            seen = Line(_beside(f"户{printed}籍", float(by)), reading).seen()[1]
            assert seen.text == printed
            assert seen.clear


def test_ink_speaks_for_one_character_only() -> None:
    """Of two equal digits that were read where one stands, neither is clear."""
    ink = _digits("9012")
    places = [("9", 0.13), ("0", 0.36), ("0", 0.4), ("1", 0.62), ("2", 0.87)]
    reading = Reading(tuple(Character(text, 0.99, at, ()) for text, at in places))
    seen = Line(ink, reading).seen()
    assert not (seen[1].clear and seen[2].clear)


def test_of_many_marks_each_text_has_one_width() -> None:
    """A long name has ten dots: every way to set each would be too many to try."""
    texts = ["阿·卜·杜·热·依·木·江·买·买·提", "（北区）（东区）（西区）", "周一–周六"]
    narrow = "".join(texts).replace("（", "(").replace("）", ")")
    shown = [each.replace("（", "(").replace("）", ")") for each in texts]
    assert {"".join(texts), narrow} <= set(in_widths([marked(each) for each in shown]))
    mixed = "".join(texts).replace("（北", "(北")
    assert mixed not in set(in_widths([marked(each) for each in shown]))


def _digits(text: str) -> Grey:
    font = ImageFont.truetype(str(font_file("NotoSerifSC-Regular")), 60)
    picture = Image.new("L", (round(font.getlength(text)) + 4, 72), 255)
    ImageDraw.Draw(picture).text((2, 2), text, fill=25, font=font)
    return np.asarray(picture)


def test_a_tilted_photograph_is_laid_flat(signed_code: Signed) -> None:
    """The ends of the long lines are where they are on the sheet, to a third of a millimetre."""
    code = signed_code(SPARSE)
    flat = scanned(drawn(SPARSE, code), 200)
    sheet, askew = (find_sheet(each, SPARSE.kind) for each in (flat, tilted(flat)))
    assert sheet is not None
    assert askew is not None
    corners = np.array([[25.0, 57.0], [185.0, 57.0], [25.0, 271.0], [185.0, 271.0]])
    in_flat = _project(sheet.to_picture, corners)
    assert np.abs(in_flat - corners * 200 / 25.4).max() < 3
    assert askew.resolution < sheet.resolution


def test_no_code_s_own_pattern_misplaces_a_sheet() -> None:
    """The corners are read to a pixel only, which differs from code to code; the long lines make up for it."""
    corners = np.array([[25.0, 57.0], [185.0, 57.0], [25.0, 271.0], [185.0, 271.0]])
    for _ in range(6):
        code = sign_code(SPARSE, CodeKey(ec.generate_private_key(ec.SECP256R1())))
        sheet = find_sheet(scanned(drawn(SPARSE, code), 200), SPARSE.kind)
        assert sheet is not None
        assert np.abs(_project(sheet.to_picture, corners) - corners * 200 / 25.4).max() < 3


def test_without_its_model_nothing_is_read(tmp_path: Path) -> None:
    """And whoever asked is told which file is missing."""
    with pytest.raises(AssetsMissingError, match=r"none\.onnx"):
        Recogniser(tmp_path / "none.onnx")


def test_a_picture_without_a_code_is_no_sheet(signed_code: Signed) -> None:
    """Its place would be anybody's guess."""
    code: Claims = read_claims(signed_code(SPARSE))
    blank = Image.new("RGB", (800, 1100), (255, 255, 255))
    judgement = judge(blank, code, recogniser())
    assert judgement.judged is Judged.COMPARE
    compared: Sequence[str] = [each.chinese for each in judgement.compare]
    assert "姓名" in compared


@pytest.mark.parametrize("paper", [*EVERY_KIND, CHILD], ids=lambda paper: paper.serial)
def test_every_field_that_a_paper_has_is_known_to_whoever_reads_one(paper: Paper) -> None:
    """And what its document's text says in each is found again, but for the last and what stands there twice."""
    page = compose(paper)
    labels = [field.chinese for field in page.fields]
    assert set(labels) <= {field.chinese for field in template_of(paper.kind).fields}
    said = {field.chinese: value for field, value in values_in("".join(page.texts()), paper.kind)}
    single = [each for each in page.fields[:-1] if labels.count(each.chinese) == 1]
    assert said == {each.chinese: canonical(each.value) for each in single}


@pytest.mark.parametrize("kind", PaperKind)
def test_no_field_of_a_kind_is_missing_in_its_template(kind: PaperKind) -> None:
    """Whatever a paper's type has says something there; a portrait is no text."""
    paper = empty(kind)
    assert all(getattr(paper, field.name) for field in fields(paper))
