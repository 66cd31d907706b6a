"""Whether a sheet says what was signed.

``genuine`` needs the digest of what was read, by the best reading alone, to be the signed one, and every character to
be clear in the ink. The digest is asked once for that reading (and for the two widths of its punctuation, which are no
two readings): a search for a text that fits would find the signed one on an altered sheet. ``altered`` needs a field
that the code, or the PDF at hand, states in clear, and ink there that is clearly something else. All between is for a
person's eye.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from PIL import Image

from forms import reasons
from forms.code import CUT, Claims
from forms.content import canonical, chinese_date, chinese_minute, digest
from forms.fonts import missing_characters, width
from forms.paper import CHINA_TIME, PaperKind
from forms.reasons import Sentence
from forms.scan.prints import Print, Text
from forms.scan.recogniser import Recogniser
from forms.scan.shapes import Line, Seen
from forms.scan.sheet import ReadSheet, read_sheet, squeezed
from forms.scan.template import template_of, values_in
from forms.scan.widths import folded, in_widths, marked, with_all_stars
from forms.stated import Label, shortened

_SURELY = 0.9  # certainty of the recogniser
_LIKE, _UNLIKE = 0.75, 0.08  # how like its ink another character is, and how much less the signed one
_EMS_OFF = 0.35  # of a line's length
_SAME_WORDS = 0.75  # how like each other are a line and what is read of it in small type
_PORTRAITS = frozenset({PaperKind.TEMPORARY_ID_PROOF})
_TICKED = frozenset({(PaperKind.TEMPORARY_ID_PROOF, "用途")})  # all purposes stand there, one of them ticked

SERIAL: Final = Label("编号", "Serial")
ISSUER: Final = Label("出具机关", "Issuer")
DATE: Final = Label("出具日期", "Date")
_BELOW_SEAL: Final = frozenset({DATE})  # ink there may be the seal's
TITLE: Final = Label("标题和说明", "Title and statement")
REMARKS: Final = Label("备注", "Remarks")
REST: Final = Label("其他文字", "Anything else on the sheet")


class Judged(StrEnum):
    """What can be said of a sheet's words."""

    GENUINE = "genuine"
    COMPARE = "compare"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Judgement:
    """``compare``: what a person has to look at."""

    judged: Judged
    why: Sentence
    compare: tuple[Label, ...] = ()


def judge(picture: Image.Image, claims: Claims, recogniser: Recogniser, document: str = "") -> Judgement:
    """Judge the one sheet in a picture whose code states ``claims``; ``document``: the signed text, if it is known."""
    read = read_sheet(picture, claims.kind, recogniser)
    if read is None:
        return Judgement(Judged.COMPARE, reasons.NOT_LAID_OUT, _everything(claims))
    return _Judge(read, claims, document).judge()


def _everything(claims: Claims) -> tuple[Label, ...]:
    return (SERIAL, *(label for label, _ in claims.facts), ISSUER, DATE, REST)


class _Judge:
    def __init__(self, read: ReadSheet, claims: Claims, document: str) -> None:
        self._contents, self._page, self._claims = read.contents, read.page, claims
        self._document = document
        self._looked: dict[int, Line] = {}
        self._seen: dict[int, tuple[Seen, ...]] = {}

    def judge(self) -> Judgement:
        named = list(self._named())
        expected = dict(self._expected())
        for label, text in named:
            if label in expected and label not in _BELOW_SEAL and self._differs(text, expected[label]):
                return Judgement(Judged.ALTERED, reasons.FIELD_DIFFERS.of(label.chinese, label.english), (label,))
        unsure = [label for label, text in named if not self._clear(text)]
        unsure += [label for label, text in named if label in expected and not self._same(text, expected[label])]
        unsure += [label for label in expected if label not in dict(named)]
        unsure += [REST] if self._contents.stray or self._contents.reworded else []
        portrait = (Label("照片", "Photograph"),) if self._claims.kind in _PORTRAITS else ()
        if not unsure and self._is_signed():
            if portrait:
                return Judgement(Judged.COMPARE, reasons.PORTRAIT, portrait)
            return Judgement(Judged.GENUINE, reasons.WORDS_HOLD)
        if unsure == [REST] and self._is_of_another_version():
            return Judgement(Judged.COMPARE, reasons.OTHER_VERSION, (REST, *portrait))
        if unsure or portrait:
            return Judgement(Judged.COMPARE, reasons.WORDS_UNSURE, (*dict.fromkeys(unsure), *portrait))
        unstated = tuple(label for label, _ in named if label not in expected)
        return Judgement(Judged.COMPARE, reasons.WORDS_OTHER, unstated)

    def _named(self) -> Iterator[tuple[Label, Text]]:
        """What was read, each with what it is called."""
        said = self._contents
        yield SERIAL, said.serial
        head = (said.title, said.subtitle, said.statement, said.statement_english)
        yield TITLE, Text(tuple(line for text in head for line in text.lines))
        for field, text in said.fields:
            if (self._claims.kind, field.chinese) not in _TICKED:
                yield Label(field.chinese, field.english), text
        if said.remarks.lines:
            yield REMARKS, said.remarks
        yield ISSUER, said.issuer
        yield DATE, said.date

    def _expected(self) -> Iterator[tuple[Label, str]]:
        """What the code states in clear, or else the document, as the sheet should print it."""
        claims = self._claims
        yield SERIAL, f"编号No.{claims.serial}"
        for label, text in claims.facts:
            if (claims.kind, label.chinese) not in _TICKED:
                yield label, canonical(text)
        for field, _ in self._contents.fields:
            if field.chinese in {"有效期至", "回执有效期至"}:
                yield Label(field.chinese, field.english), chinese_date(claims.valid_until)
            if field.chinese == "有效期限":
                since, until = (chinese_minute(each) for each in (claims.issued_at, claims.expires_at))
                yield Label(field.chinese, field.english), f"自{since}至{until}"
        yield ISSUER, canonical(claims.issuer)
        yield DATE, chinese_date(claims.issued_at.astimezone(CHINA_TIME).date())
        for field, value in values_in(self._document, claims.kind):
            if (claims.kind, field.chinese) not in _TICKED:
                yield Label(field.chinese, field.english), value

    # --- one text ---

    def _line(self, line: Print) -> Line:
        if id(line) not in self._looked:
            self._looked[id(line)] = Line(squeezed(self._page.patch(line.box)), line.reading)
        return self._looked[id(line)]

    def _characters(self, text: Text) -> list[Seen]:
        found: list[Seen] = []
        for line in text.lines:
            if id(line) not in self._seen:
                self._seen[id(line)] = self._line(line).seen()
            found += self._seen[id(line)]
        return found

    def _words(self, text: Text) -> str:
        return with_all_stars("".join(each.text for each in self._characters(text)))

    def _clear(self, text: Text) -> bool:
        return bool(text.lines) and all(each.clear for each in self._characters(text))

    def _same(self, text: Text, expected: str) -> bool:
        words = folded(self._words(text))
        if expected.endswith(CUT):
            return words.startswith(folded(expected.removesuffix(CUT)))
        return words == folded(expected) or folded(shortened(words)) == folded(expected)

    def _differs(self, text: Text, expected: str) -> bool:
        """Whether the ink is certainly something else than ``expected``."""
        if not text.lines or expected.endswith(CUT) or self._same(text, expected):
            return False
        words = folded(self._words(text))
        wanted = folded(expected)
        if "*" in wanted and "*" not in words and len(words) > 1:
            words = folded(shortened(words)) if len(words) == len(wanted) else words
            return self._differs_shown(text, words, wanted)
        if len(words) == len(wanted):
            return self._differs_somewhere(text, words, wanted)
        return self._other_length(text, wanted)

    def _differs_shown(self, text: Text, words: str, wanted: str) -> bool:
        """Of a shortened number only what it shows is compared."""
        return len(words) == len(wanted) and self._differs_somewhere(text, words, wanted)

    def _differs_somewhere(self, text: Text, words: str, wanted: str) -> bool:
        places = [(line, index) for line in text.lines for index in range(len(line.reading.characters))]
        if len(places) != len(wanted):
            return False
        return any(
            one != other and self._is_other(*place, other)
            for one, other, place in zip(words, wanted, places, strict=True)
        )

    def _is_other(self, line: Print, index: int, wanted: str) -> bool:
        """Whether the ink there is clearly not ``wanted`` but what was seen."""
        read, seen = line.reading.characters[index], self._characters(Text((line,)))[index]
        if not seen.clear or read.certainty < _SURELY or missing_characters(wanted + seen.text):
            return False
        own, signed = self._line(line).likeness(index, (seen.text, wanted))
        again, _ = self._line(line).likeness(index, (wanted, seen.text))
        return own >= _LIKE and own - max(signed, again) >= _UNLIKE

    def _other_length(self, text: Text, wanted: str) -> bool:
        """More or fewer characters: only if the ink is as long as what was read, and not as what was signed."""
        words = self._words(text)
        if len(text.lines) != 1 or missing_characters(words + wanted) or not self._clear(text):
            return False
        if any(each.certainty < _SURELY for each in text.lines[0].reading.characters):
            return False
        ink = self._line(text.lines[0]).ems
        margin = _EMS_OFF + (ink - width(words, 1.0)) / 2 if abs(ink - width(words, 1.0)) < 2 * _EMS_OFF else 0.0
        return bool(margin) and abs(ink - width(wanted, 1.0)) > 1.0

    # --- the whole ---

    def _is_of_another_version(self) -> bool:
        """Whether all that is odd is that a line which every paper carries has other words; a misread letter is not."""
        said = self._contents
        pairs = [(folded(words), folded(text.text)) for words, text in said.reworded]
        return not said.stray and any(0 < SequenceMatcher(None, *pair).ratio() < _SAME_WORDS for pair in pairs)

    def _is_signed(self) -> bool:
        """Whether the best reading is the text that was signed."""
        said = self._contents
        template = template_of(self._claims.kind)

        def said_by(text: Text) -> str:
            return marked(self._words(text))

        composed = replace(
            template,
            warning=template.warning if self._claims.specimen else "",
            serial=said_by(said.serial),
            title=said_by(said.title),
            subtitle=said_by(said.subtitle),
            statement=said_by(said.statement),
            statement_english=said_by(said.statement_english),
            fields=tuple(replace(field, value=said_by(text)) for field, text in said.fields),
            remarks=(said_by(said.remarks),),
            issuer=said_by(said.issuer),
            date=said_by(said.date),
        )
        return any(digest(each) == self._claims.digest for each in in_widths([*composed.texts()]))
