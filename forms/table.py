"""Setting the table: which fields share a row, where their lines break, and how high each row becomes."""

from collections.abc import Iterator
from dataclasses import dataclass

from forms.content import Field
from forms.errors import PaperTooLongError
from forms.fonts import width
from forms.layout import POINTS_PER_MM, Table
from forms.line_breaking import break_lines


@dataclass(frozen=True, slots=True, repr=False)
class Cell:
    """A field in its place: left edge and width in millimetres."""

    field: Field
    x: float
    width: float
    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Cell({self.field.english})"


@dataclass(frozen=True, slots=True)
class Row:
    """One or two cells. ``y``: upper edge; ``height``; both in millimetres."""

    cells: tuple[Cell, ...]
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class SetTable:
    """The table at the scale at which it fits."""

    rows: tuple[Row, ...]
    scale: float

    @property
    def end(self) -> float:
        """The lower edge in millimetres."""
        return self.rows[-1].y + self.rows[-1].height


def set_table(table: Table, fields: tuple[Field, ...]) -> SetTable:
    """The largest type at which all fields fit. Raises PaperTooLongError."""
    for scale in table.scales:
        done = SetTable(tuple(_rows(table, fields, scale)), scale)
        if done.end <= table.lowest:
            return done
    raise PaperTooLongError


def _rows(table: Table, fields: tuple[Field, ...], scale: float) -> Iterator[Row]:
    y = table.y
    for group in _groups(table, fields, scale):
        span = table.width / len(group)
        cells = tuple(_cell(table, field, (table.x + span * i, span), scale) for i, field in enumerate(group))
        height = max(_height(table, len(cell.lines), scale) for cell in cells)
        yield Row(cells, y, height)
        y += height


def _groups(table: Table, fields: tuple[Field, ...], scale: float) -> Iterator[tuple[Field, ...]]:
    """Two neighbours share a row where both fit on one line there."""
    waiting: Field | None = None
    for field in fields:
        whole = field.wide or len(_lines(table, field, table.width / 2, scale)) > 1
        if waiting and not whole:
            yield waiting, field
            waiting = None
            continue
        if waiting:
            yield (waiting,)
        waiting = None if whole else field
        if whole:
            yield (field,)
    if waiting:
        yield (waiting,)


def _cell(table: Table, field: Field, place: tuple[float, float], scale: float) -> Cell:
    return Cell(field, *place, _lines(table, field, place[1], scale))


def _lines(table: Table, field: Field, span: float, scale: float) -> tuple[str, ...]:
    room = (span - table.label_width - 2 * table.padding) * POINTS_PER_MM
    return break_lines(field.value, room, lambda text: width(text, table.value.size * scale))


def _height(table: Table, lines: int, scale: float) -> float:
    """White space gives way sooner than type does."""
    text = ((lines - 1) * table.value.leading + table.value.size) / POINTS_PER_MM
    return max(table.row_height * scale**2, (text + 2 * table.padding) * scale)
