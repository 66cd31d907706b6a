"""Setting a paper: where every word, line and picture stands, without drawing anything.

Drawing works from it, and so does whoever looks for a word on a scan of the paper. Lengths are millimetres from the
sheet's upper left corner. The lines of text come in reading order: put together they are the paper's canonical text.
"""

from collections.abc import Iterator
from dataclasses import replace

from forms.content import TICKED, PageContent, compose
from forms.errors import PaperTooLongError
from forms.layout import POINTS_PER_MM, Area, Colour, Layout, Points, Rule, Spot, Style, Upright
from forms.layouts import layout_of, seal_line
from forms.paper import Medium, Paper, TemporaryIdProof
from forms.placed import Line, Part, Placed
from forms.seal import SPECIMEN_LINE
from forms.table import SetTable, baselines, edges, even, lines_of, natural_width, set_table, weight_of, whole_dots

__all__ = ["Line", "Part", "Placed", "fits", "place", "seal_place", "weight_of"]

_BESIDE = 1.4  # mm from a label to its English, where both stand on one line
_SMALLER = 0.95
_LEAST = 0.45  # of the type's size: what would have to be smaller does not fit
_BOX = 0.86  # of the type's size: the box around a tick


def fits(paper: Paper, medium: Medium) -> bool:
    """Whether a paper can be set at all. Raises MissingGlyphError."""
    try:
        place(paper, medium)
    except PaperTooLongError:
        return False
    return True


def place(paper: Paper, medium: Medium = Medium.PAGE) -> Placed:
    """Set a paper. Raises PaperTooLongError and MissingGlyphError."""
    layout, content = layout_of(paper.kind, medium), compose(paper)
    head = tuple(_head(layout, content))
    portrait, y = _portrait(layout, head[-1].y) if isinstance(paper, TemporaryIdProof) else (None, head[-1].y)
    notch = _notch(layout, portrait)
    table, remarks = _body(layout, content, y + layout.table.gap, notch)
    below = tuple(_paragraph(Part.BLANK_BELOW, _moved(layout.blank_below, _end(table, remarks)), content.blank_below))
    foot = layout.foot_y or whole_dots(below[-1].y + layout.foot_gap, on_dots=layout.on_dots)
    return Placed(
        medium=medium,
        width=layout.width,
        height=layout.height or whole_dots(foot + layout.foot.height, on_dots=layout.on_dots),
        lines=(*head, *_cells(table), *remarks, *below, *_foot(layout, content, foot)),
        tints=tuple(_tints(table)),
        rules=(*layout.rules, *_rules(table), *(replace(each, y=each.y + foot) for each in layout.foot.rules)),
        uprights=(*_uprights(table), *_bar(layout, remarks)),
        frames=tuple(_frames(table)),
        watermark=layout.watermark if paper.specimen else (),
        code=layout.foot.code.below(foot),
        code_on_dots=layout.foot.on_dots,
        seal=layout.foot.seal.below(foot),
        seal_colour=layout.foot.seal_colour,
        seal_line=SPECIMEN_LINE if paper.specimen else seal_line(paper.kind),
        portrait=portrait,
    )


def seal_place(paper: Paper, medium: Medium) -> Points:
    """Where the seal stands, as a PDF counts: the place of the signature's field."""
    placed = place(paper, medium)
    return placed.points(placed.seal)


# --- above and below the table ---


def _head(layout: Layout, content: PageContent) -> Iterator[Line]:
    yield from _paragraph(Part.WARNING, layout.warning, content.warning)
    yield from _paragraph(Part.SERIAL, layout.serial, content.serial)
    yield from _paragraph(Part.TITLE, layout.title, content.title)
    yield from _paragraph(Part.SUBTITLE, layout.subtitle, content.subtitle)
    statement = tuple(_paragraph(Part.STATEMENT, layout.statement, content.statement))
    yield from statement
    english = _moved(layout.statement_english, statement[-1].y if statement else layout.statement.y)
    yield from _paragraph(Part.STATEMENT_ENGLISH, english, content.statement_english)


def _foot(layout: Layout, content: PageContent, y: float) -> Iterator[Line]:
    foot = layout.foot
    for spot, text in zip(foot.instructions, content.instructions, strict=True):
        yield from _paragraph(Part.INSTRUCTION, _moved(spot, y), text)
    yield from _paragraph(Part.ISSUER, _moved(foot.issuer, y), content.issuer)
    yield from _paragraph(Part.DATE, _moved(foot.date, y), content.date)
    yield from _paragraph(Part.NOTICE, _moved(foot.notice, y), content.notice)
    yield from _paragraph(Part.NOTICE_ENGLISH, _moved(foot.notice_english, y), content.notice_english)


def _moved(spot: Spot, y: float) -> Spot:
    return replace(spot, y=spot.y + y)


def _paragraph(part: Part, spot: Spot, text: str) -> Iterator[Line]:
    """The lines of a text; smaller type rather than wider lines, or more of them, than its spot has."""
    style, lines = _fitted(spot, text)
    for number, line in enumerate(lines):
        across = natural_width(line, style)
        x = spot.x - across * {"left": 0.0, "middle": 0.5, "right": 1.0}[spot.align]
        yield Line(part, line, x, spot.y + number * style.leading / POINTS_PER_MM, across, style)


def _fitted(spot: Spot, text: str) -> tuple[Style, tuple[str, ...]]:
    style = even(spot.style, text)
    lines = _lines(spot, style, text)
    while _exceeds(spot, style, lines):
        style = style.scaled(_SMALLER)
        if style.size < _LEAST * spot.style.size:
            raise PaperTooLongError
        lines = _lines(spot, style, text)
    return style, lines


def _lines(spot: Spot, style: Style, text: str) -> tuple[str, ...]:
    if spot.lines == 1:
        return (text,) if text else ()
    return lines_of(text, style, spot.width)


def _exceeds(spot: Spot, style: Style, lines: tuple[str, ...]) -> bool:
    too_wide = spot.width and any(natural_width(line, style) > spot.width for line in lines)
    return bool(too_wide or (spot.lines and len(lines) > spot.lines))


# --- the portrait, the table and the remarks ---


def _portrait(layout: Layout, y: float) -> tuple[Area | None, float]:
    """Its place, and from where the table goes on; ``y``: the last baseline above."""
    if layout.portrait is None:
        return None, y
    portrait, table = layout.portrait, layout.table
    if portrait.beside:
        x = table.x + table.width - portrait.width
        return Area(x, y + table.gap, portrait.width, portrait.height), y
    x = (layout.width - portrait.width) / 2
    area = Area(x, whole_dots(y + portrait.gap, on_dots=layout.on_dots), portrait.width, portrait.height)
    return area, area.bottom


def _notch(layout: Layout, portrait: Area | None) -> Area | None:
    """What of the table's upper right corner the portrait takes."""
    if portrait is None or layout.portrait is None or not layout.portrait.beside:
        return None
    gap = layout.portrait.gap
    return Area(portrait.x - gap, portrait.y, portrait.width + gap, portrait.height)


def _body(layout: Layout, content: PageContent, y: float, notch: Area | None) -> tuple[SetTable, tuple[Line, ...]]:
    """Table and remarks at the largest scale at which both fit."""
    top = whole_dots(y, on_dots=layout.on_dots)
    for scale in layout.scales:
        table = set_table(layout.table, content.fields, top, scale, notch, on_dots=layout.on_dots)
        remarks = tuple(_remarks(layout, content.remarks, table.end, scale))
        if _end(table, remarks) + layout.blank_below.y <= layout.lowest:
            return table, remarks
    raise PaperTooLongError


def _end(table: SetTable, remarks: tuple[Line, ...]) -> float:
    return remarks[-1].y if remarks else table.end


def _remarks(layout: Layout, remarks: tuple[str, ...], y: float, scale: float) -> Iterator[Line]:
    spot = replace(layout.remarks.spot, style=layout.remarks.spot.style.scaled(scale), y=y + layout.remarks.spot.y)
    for text in remarks:
        lines = tuple(_paragraph(Part.REMARK, spot, text))
        yield from lines
        below = (len(lines) * spot.style.leading + layout.remarks.between * scale) / POINTS_PER_MM
        spot = _moved(spot, below)


def _bar(layout: Layout, remarks: tuple[Line, ...]) -> Iterator[Upright]:
    if remarks:
        top, bottom = remarks[0].area.y, remarks[-1].area.bottom
        yield replace(layout.remarks.bar, y=top, height=bottom - top)


def _cells(done: SetTable) -> Iterator[Line]:
    table = done.table
    label, english = (each.scaled(done.scale) for each in (table.label, table.label_english))
    for cell in (cell for row in done.rows for cell in row):
        first, second, value = baselines(done, cell)
        edge = cell.area.x if table.stacked else cell.area.x + table.padding
        across = natural_width(cell.field.chinese, label)
        yield Line(Part.LABEL, cell.field.chinese, edge, first, across, label, cell.number)
        beside = edge + across + _BESIDE if table.stacked else edge
        across = natural_width(cell.field.english, english)
        yield Line(Part.LABEL_ENGLISH, cell.field.english, beside, second, across, english, cell.number)
        left = edge + table.label_width
        for piece in cell.pieces:
            y = value + piece.line * piece.style.leading / POINTS_PER_MM
            across = natural_width(piece.text, piece.style)
            yield Line(Part.VALUE, piece.text, left + piece.x, y, across, piece.style, cell.number)


def _frames(done: SetTable) -> Iterator[Area]:
    """A box around each tick, as large as the empty one."""
    for line in _cells(done):
        if line.part is Part.VALUE and line.text == TICKED:
            size = line.style.size / POINTS_PER_MM
            side = _BOX * size
            yield Area(line.x + (line.width - side) / 2, line.y - 0.80 * size, side, side)


def _tints(done: SetTable) -> Iterator[tuple[Area, Colour]]:
    table = done.table
    if table.tint:
        for cell in (cell for row in done.rows for cell in row):
            yield replace(cell.area, width=table.label_width), table.tint


def _rules(done: SetTable) -> Iterator[Rule]:
    table, last = done.table, done.rows[-1][0].area
    for y, across in edges(done):
        yield Rule(table.x, y, across, table.line, table.line_colour)
    yield Rule(table.x, done.rows[0][0].area.y, done.rows[0][-1].area.right - table.x, table.edge, table.label.colour)
    yield Rule(table.x, last.bottom, table.width, table.edge, table.label.colour)


def _uprights(done: SetTable) -> Iterator[Upright]:
    """Between the two cells of a row that has labels in a column; where they stand above, white space does."""
    table = done.table
    for cell in (cell for row in done.rows for cell in row[1:]):
        if not table.stacked:
            yield Upright(cell.area.x, cell.area.y, cell.area.height, table.line, table.line_colour)
