"""Setting the table: which fields share a row, where their lines break, and how high each row becomes."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from forms.content import TICKED, Field
from forms.fonts import Weight, runs, width
from forms.layout import DOTS_PER_MM, POINTS_PER_MM, Area, Style, Table
from forms.line_breaking import break_lines

_BETWEEN_CHOICES = 5.0  # mm
_MARK = 1.35  # of the type's size: from the left edge of a choice's mark to its words
_BOX = 0.75  # of that: the mark itself
_ASCENT = 0.86  # of the type's size: from a line's upper edge to its baseline


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """What is set in one go. ``x``: from the value's left edge in millimetres; ``line``: which of the cell's lines."""

    text: str
    x: float
    line: int
    style: Style


@dataclass(frozen=True, slots=True, repr=False)
class Cell:
    """A field in its place. ``number``: which of the paper's fields it is; ``area`` in millimetres."""

    field: Field
    number: int
    area: Area
    style: Style  # of the value
    pieces: tuple[Piece, ...]

    @property
    def lines(self) -> int:
        """How many lines the value takes."""
        return self.pieces[-1].line + 1

    def __repr__(self) -> str:
        return f"Cell({self.field.english})"


@dataclass(frozen=True, slots=True)
class SetTable:
    """The table at one scale, row by row; ``end``: its lower edge in millimetres."""

    table: Table
    rows: tuple[tuple[Cell, ...], ...]
    scale: float
    end: float


def set_table(
    table: Table, fields: tuple[Field, ...], y: float, scale: float, notch: Area | None = None, *, on_dots: bool = False
) -> SetTable:
    """Set ``fields`` from ``y`` (the upper edge) downwards. Rows that begin beside ``notch`` end at its left edge."""
    numbered, rows, at = list(enumerate(fields)), [], y
    while numbered:
        across = (notch.x if notch and at < notch.bottom else table.x + table.width) - table.x
        taken = _row_of(table, numbered, across, scale)
        row = tuple(_cells(table, numbered[:taken], Area(table.x, at, across, 0), scale))
        height = whole_dots(max(_height(table, cell, scale) for cell in row), on_dots=on_dots)
        rows.append(tuple(replace(cell, area=replace(cell.area, height=height)) for cell in row))
        numbered, at = numbered[taken:], at + height
    return SetTable(table, tuple(rows), scale, max(at, notch.bottom) if notch else at)


def baselines(done: SetTable, cell: Cell) -> tuple[float, float, float]:
    """The baselines of a cell's label, of its English label, and of its value's first line, in millimetres."""
    table, area, scale = done.table, cell.area, done.scale
    label, english, style = (each.scaled(scale) for each in (table.label, table.label_english, cell.style))
    if table.stacked:
        first = area.y + table.padding * scale
        return (
            (at := first + _ASCENT * label.size / POINTS_PER_MM),
            at,
            first + (label.leading + _ASCENT * style.size) / POINTS_PER_MM,
        )
    middle = area.y + area.height / 2
    first = middle + (0.36 * style.size - (cell.lines - 1) * style.leading / 2) / POINTS_PER_MM
    return middle - 0.3, middle + english.leading / POINTS_PER_MM, first


def whole_dots(length: float, *, on_dots: bool) -> float:
    """``length`` in millimetres, or, ``on_dots``, the next larger whole number of dots."""
    return math.ceil(length * DOTS_PER_MM - 1e-6) / DOTS_PER_MM if on_dots else length


def weight_of(style: Style) -> Weight:
    """Which of the two typefaces."""
    return Weight.BOLD if style.bold else Weight.REGULAR


def _row_of(table: Table, fields: list[tuple[int, Field]], across: float, scale: float) -> int:
    """Two neighbours share a row where both fit on one line there."""
    pair = [field for _, field in fields[:2]]
    room = _room(table, across / 2)
    fit = all(_short(table, each, room, scale) for each in pair)
    return 2 if len(pair) == 2 and fit else 1  # noqa: PLR2004 - a pair


def _short(table: Table, field: Field, room: float, scale: float) -> bool:
    """Whether half a row is enough for a field, its labels included where they stand above it."""
    if field.wide or len(_pieces(field, _style(table, field), room, scale)) > 1:
        return False
    labels = ((field.chinese, table.label), (field.english, table.label_english))
    above = sum(natural_width(text, style.scaled(scale)) for text, style in labels) + 2 * table.padding
    return not table.stacked or above <= room


def even(style: Style, text: str) -> Style:
    """``style``, not bold where ``text`` has a rare character: its typeface has no bold, and half a bold name looks
    like two."""
    fonts = (run.font for run in runs("".join(text.split()), Weight.BOLD))
    return replace(style, bold=False) if style.bold and any(font != Weight.BOLD for font in fonts) else style


def _cells(table: Table, fields: list[tuple[int, Field]], row: Area, scale: float) -> Iterator[Cell]:
    span = row.width / len(fields)
    for place, (number, field) in enumerate(fields):
        style = _style(table, field)
        pieces = _pieces(field, style, _room(table, span), scale)
        yield Cell(field, number, Area(row.x + span * place, row.y, span, 0), style, pieces)


def _style(table: Table, field: Field) -> Style:
    return table.loud if field.loud else table.value


def _room(table: Table, span: float) -> float:
    """The width of a value in millimetres; without a column of labels it begins at the cell's edge."""
    return span - table.label_width - 2 * table.padding if table.label_width else span - table.padding


def _pieces(field: Field, style: Style, room: float, scale: float) -> tuple[Piece, ...]:
    scaled = even(style.scaled(scale), field.value)
    if field.choices:
        return tuple(_choices(field.choices, scaled, room))
    lines = lines_of(field.value, scaled, room)
    return tuple(Piece(line, 0.0, number, scaled) for number, line in enumerate(lines))


def lines_of(text: str, style: Style, room: float) -> tuple[str, ...]:
    """The lines of ``text`` in ``room`` millimetres; a line's end in it is kept."""

    def measured(line: str) -> float:
        return natural_width(line, style)

    return tuple(line for part in text.split("\n") for line in break_lines(part, room, measured))


def natural_width(text: str, style: Style) -> float:
    """The width of a line in millimetres."""
    return (width(text, style.size, weight_of(style)) + style.tracking * max(len(text) - 1, 0)) / POINTS_PER_MM


def _choices(choices: tuple[str, ...], style: Style, room: float) -> Iterator[Piece]:
    """In columns, each behind its mark; the ticked one in bold type. One wider than the room takes several lines."""
    bold, mark = replace(style, bold=True), _MARK * style.size / POINTS_PER_MM
    marks, words = zip(*(each.split(" ", 1) for each in choices), strict=True)
    column = max(natural_width(each, bold) for each in words) + mark + _BETWEEN_CHOICES
    columns = max(1, int((room + _BETWEEN_CHOICES) / column))
    line = 0
    for number, (sign, text) in enumerate(zip(marks, words, strict=True)):
        x, chosen = column * (number % columns), bold if sign == TICKED else style
        broken = lines_of(text, chosen, room - mark)
        inset = max(0.0, (mark * _BOX - natural_width(sign, style)) / 2)
        yield Piece(sign, x + inset, line, style)
        yield from (Piece(part, x + mark, line + more, chosen) for more, part in enumerate(broken))
        if (number + 1) % columns == 0:
            line += len(broken)


def _height(table: Table, cell: Cell, scale: float) -> float:
    """White space gives way sooner than type does."""
    style = cell.style
    text = ((cell.lines - 1) * style.leading + style.size) / POINTS_PER_MM
    above = table.label.leading / POINTS_PER_MM if table.stacked else 0.0
    return max(table.row_height * scale**2, (above + text + 2 * table.padding) * scale)


def edges(done: SetTable) -> Iterator[tuple[float, float]]:
    """The lines between the rows: the height of each, and how far it runs."""
    for before, after in pairwise(done.rows):
        right = max(before[-1].area.right, after[-1].area.right)
        yield after[0].area.y, right - done.table.x
