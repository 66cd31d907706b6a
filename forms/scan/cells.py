"""From lines of print to what a paper says: which line is a label, which a value, and which belongs to neither.

The ruled lines part the table's rows; in a row each known label begins a cell. Whatever print is left over in the end
does not belong on the paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from forms.content import Field, PageContent, canonical
from forms.layout import POINTS_PER_MM, Area, Layout, Rule, Spot
from forms.paper import Medium, PaperKind
from forms.scan.lines import SAME_RULE, Found
from forms.scan.prints import NOTHING, Print, Text, in_lines, ordered
from forms.scan.registration import Sheet
from forms.scan.template import template_of
from forms.scan.widths import folded

_FAR = Rule(0, 1e9, 0, 0)
_NEAR: Final = 2.0  # mm from where a text should be
_STROKE = 0.15  # of a title's size: so much wider than its ink is its box (forms.scan.sheet)
_MOST_CELLS = 2  # of a row
_VALUE_FROM = 24.0  # mm from a label's left edge to the earliest value beside it


@dataclass(slots=True, repr=False)
class Contents:
    """What was read of a sheet. ``fields``: each with its place in the template; ``reworded``: what stands on each such
    paper, and what was read in its place where that is something else; ``stray``: print of no known place."""

    serial: Text = NOTHING
    title: Text = NOTHING
    subtitle: Text = NOTHING
    statement: Text = NOTHING
    statement_english: Text = NOTHING
    fields: list[tuple[Field, Text]] = field(default_factory=list)
    remarks: Text = NOTHING
    issuer: Text = NOTHING
    date: Text = NOTHING
    reworded: list[tuple[str, Text]] = field(default_factory=list)
    stray: list[Print] = field(default_factory=list)

    def texts(self) -> tuple[Text, ...]:
        """All that had to be read."""
        head = (self.serial, self.title, self.subtitle, self.statement, self.statement_english)
        return (*head, *(text for _, text in self.fields), self.remarks, self.issuer, self.date)


class UnknownLayoutError(Exception):
    """The sheet does not show what papers of its kind show."""


def head_shift(layout: Layout, medium: Medium, rules: Sequence[float]) -> float:
    """How far below its place in the layout a sheet's head is: a strip is measured from its foot."""
    return rules[0] - layout.rules[0].y if medium is Medium.STRIP and rules else 0.0


def contents(sheet: Sheet, kind: PaperKind, found: Found, bands: Sequence[Sequence[Print]]) -> Contents:
    """What ``bands``, the lines of print between ruled lines, say. Raises UnknownLayoutError."""
    return _Reader(sheet, kind, found, bands).read()


class _Reader:
    def __init__(self, sheet: Sheet, kind: PaperKind, found: Found, bands: Sequence[Sequence[Print]]) -> None:
        self._layout, self._medium = sheet.layout, sheet.medium
        self._template: PageContent = template_of(kind)
        self._bands = [list(band) for band in bands]
        self._rules = found.rules
        self._foot = sheet.foot
        self._said = Contents()
        self._head_rules = sum(after.y - each.y > SAME_RULE for each, after in pairwise((*self._layout.rules, _FAR)))

    def read(self) -> Contents:
        after = len(self._layout.foot.rules)
        least = self._head_rules + 2 + after
        if len(self._rules) < least:
            raise UnknownLayoutError
        table = self._head_rules + 1
        last = len(self._bands) - 1 - after
        self._head()
        self._statement(self._bands[table - 1])
        for band in self._bands[table:last]:
            self._row(band)
        self._below([each for band in self._bands[last:] for each in band])
        return self._said

    def _head(self) -> None:
        layout, prints = self._layout, [each for band in self._bands[: self._head_rules] for each in band]
        shift = head_shift(layout, self._medium, self._rules)
        for name, spot in (("serial", layout.serial), ("title", layout.title), ("subtitle", layout.subtitle)):
            setattr(self._said, name, ordered(_taken(prints, spot, shift)))
        warning = ordered(_taken(prints, layout.warning, shift))
        if warning.lines:  # it is red on a page, and then mostly not seen
            self._constant(warning, self._template.warning)
        self._said.stray += prints

    def _statement(self, band: list[Print]) -> None:
        """Chinese above, then the first line without any Chinese begins the English."""
        lines = in_lines(band)
        chinese = [line for line in lines if _is_chinese("".join(each.reading.text for each in line))]
        english = lines[len(chinese) :]
        if chinese != lines[: len(chinese)]:
            raise UnknownLayoutError
        self._said.statement = Text(tuple(each for line in chinese for each in line))
        self._said.statement_english = Text(tuple(each for line in english for each in line))

    def _row(self, band: list[Print]) -> None:
        """A label is known by its Chinese or by its English: small type is misread now and then."""
        labels: dict[str, tuple[Print, Field]] = {}
        for each in sorted(band, key=lambda one: one.middle):
            if any(_is_under(each, label) for label, _ in labels.values()):
                continue
            for known in self._template.fields:
                if self._is_label(canonical(each.reading.text), known):
                    labels.setdefault(known.chinese, (each, known))
        cells = sorted(labels.values(), key=lambda cell: cell[0].box.left)
        if not cells or len(cells) > _MOST_CELLS:
            raise UnknownLayoutError
        ends = [label.box.left for label, _ in cells[1:]] + [_FAR.y]
        for (label, known), end in zip(cells, ends, strict=True):
            self._cell(label, known, [each for each in band if label.box.left - 1 <= each.box.left < end - 1])

    def _cell(self, label: Print, known: Field, prints: list[Print]) -> None:
        if self._medium is Medium.STRIP:
            values = [each for each in prints if each.middle > label.box.bottom]
        else:
            values = [each for each in prints if each.box.left > label.box.left + _VALUE_FROM]
        self._said.fields.append((known, ordered(values)))

    def _is_label(self, text: str, known: Field) -> bool:
        english = canonical(known.english)
        if self._medium is Medium.STRIP:
            head, tail = text[: len(known.chinese)], text[len(known.chinese) :]
            return (head == known.chinese and tail.isascii()) or (text != english and text.endswith(english))
        return _alike(text, known.chinese) or _alike(text, english)

    def _below(self, prints: list[Print]) -> None:
        foot, top = self._layout.foot, self._foot
        self._said.issuer = ordered(_taken(prints, foot.issuer, top))
        dates = _taken(prints, foot.date, top)  # and pieces of the seal
        self._said.date = Text(tuple(sorted(dates, key=lambda each: len(each.reading.characters))[-1:]))
        prints += [each for each in dates if each not in self._said.date.lines]
        _within(prints, foot.seal, top)  # forms.scan.seals looks at them
        template = self._template
        spots = (*foot.instructions, foot.notice, foot.notice_english)
        texts = (*template.instructions, template.notice, template.notice_english)
        for spot, text in zip(spots, texts, strict=True):
            self._constant(ordered(_taken(prints, spot, top)), text)
        above = [each for each in prints if each.box.bottom < top + 1]
        for each in above:
            prints.remove(each)
        blank = [each for each in above if _alike(_folded(each.reading.text), _folded(self._template.blank_below))]
        if len(blank) != 1:
            raise UnknownLayoutError
        above.remove(blank[0])
        self._said.remarks = ordered(above)
        self._said.stray += prints

    def _constant(self, said: Text, text: str) -> None:
        """What stands on every such paper: other words there belong on none."""
        if folded(said.text) != folded(text):
            self._said.reworded.append((text, said))


def _taken(prints: list[Print], spot: Spot, shift: float) -> list[Print]:
    """Take what stands in a spot out of ``prints``."""
    size, leading = spot.style.size / POINTS_PER_MM, spot.style.leading / POINTS_PER_MM
    top, lines = spot.y + shift - size, max(spot.lines, 1)
    bottom = spot.y + shift + (lines - 1) * leading + 0.3 * size
    taken = [each for each in prints if top - 0.6 <= each.middle <= bottom + 0.6 and _across(each, spot)]
    for each in taken:
        prints.remove(each)
    return taken


def _across(line: Print, spot: Spot) -> bool:
    """Whether a line is where its spot's alignment puts it."""
    match spot.align:
        case "left":
            widest = spot.width or 1e9
            return spot.x - _NEAR <= line.box.left and line.box.right <= spot.x + widest + _NEAR
        case "right":
            return line.box.right <= spot.x + _NEAR and line.box.left >= spot.x - spot.width - _NEAR
        case _:
            half = (spot.width or 60) / 2 + _NEAR + _STROKE * spot.style.size / POINTS_PER_MM
            return spot.x - half <= line.box.left and line.box.right <= spot.x + half


def _is_under(line: Print, label: Print) -> bool:
    """Whether it is a label's English on a page."""
    return abs(line.box.left - label.box.left) < _NEAR and 0 < line.middle - label.box.bottom < _NEAR


def _within(prints: list[Print], area: Area, shift: float) -> None:
    """Take what stands in an area out of ``prints``."""
    for each in [*prints]:
        beside = area.x - 1 <= each.box.left and each.box.right <= area.right + 1
        if beside and area.y - 1 <= each.box.top - shift and each.box.bottom - shift <= area.bottom + 1:
            prints.remove(each)


def _is_chinese(text: str) -> bool:
    return any("\u3400" <= each <= "\u9fff" or each > "\U0001ffff" for each in text)


def _folded(text: str) -> str:
    return canonical(text).strip("()（）")


def _alike(one: str, other: str) -> bool:
    """The same, but for one character in three or more that was misread."""
    if one == other:
        return True
    least = 3
    return len(one) == len(other) >= least and sum(a != b for a, b in zip(one, other, strict=True)) == 1
