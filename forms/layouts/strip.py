"""The strip: 72 mm, the width that the head of an 80 mm printer prints. One dot is an eighth of a millimetre, so there
is one colour, no thin type and no line of less than two dots."""

from dataclasses import replace

from forms.layout import Area, Foot, Layout, Portrait, Remarks, Rule, Spot, Style, Table, Upright

WIDTH = 72.0
LONGEST = 520.0  # what a reader of papers accepts, and more than a hand can hold

_TWO_DOTS, _FOUR_DOTS = 0.709, 1.417
_MIDDLE = WIDTH / 2

_TABLE = Table(
    x=0,
    gap=4.0,
    width=WIDTH,
    label_width=0,
    row_height=0,
    padding=1.5,
    label=Style(9, bold=True, leading=13),
    label_english=Style(7.5, leading=0),
    value=Style(12, bold=True, leading=16),
    loud=Style(17, bold=True, leading=22),
    edge=_FOUR_DOTS,
    line=_TWO_DOTS,
    line_colour=(0, 0, 0),
    stacked=True,
)

_FOOT = Foot(
    height=145.0,
    code=Area(0, 0, WIDTH, WIDTH),
    on_dots=True,
    instructions=(
        Spot(_MIDDLE, 77.0, Style(13, bold=True), "middle"),
        Spot(_MIDDLE, 81.5, Style(8.5), "middle"),
        Spot(_MIDDLE, 87.5, Style(9.5, bold=True, leading=13), "middle", width=43, lines=2),
        Spot(_MIDDLE, 96.8, Style(7.5, leading=10), "middle", width=WIDTH - 6, lines=2),
    ),
    issuer=Spot(0, 114.5, Style(11, bold=True, leading=15), width=37, lines=3),
    date=Spot(0, 131.0, Style(11, bold=True), width=37),
    seal=Area(39, 103.0, 32.0, 32.0),
    seal_colour=(0, 0, 0),
    notice=Spot(0, 140.5, Style(9, bold=True), width=WIDTH),
    notice_english=Spot(0, 144.2, Style(7.5), width=WIDTH),
    rules=(Rule(0, 136.5, WIDTH, _TWO_DOTS),),
)

_REMARKS = Remarks(
    Spot(4, 6.5, Style(10, bold=True, leading=14), width=WIDTH - 4, lines=0),
    between=3.0,
    bar=Upright(1, 0, 0, _FOUR_DOTS),
)

STRIP = Layout(
    width=WIDTH,
    height=0,
    lowest=LONGEST - _FOOT.height - 4,
    warning=Spot(_MIDDLE, 5.0, Style(10, bold=True), "middle", width=WIDTH - 3),
    serial=Spot(_MIDDLE, 10.5, Style(10, bold=True), "middle", width=WIDTH),
    title=Spot(_MIDDLE, 25.0, Style(26, bold=True, tracking=5), "middle", width=WIDTH - 4),
    subtitle=Spot(_MIDDLE, 31.0, Style(8.5, tracking=1), "middle", width=WIDTH - 4),
    rules=(Rule(0, 13.5, WIDTH, _FOUR_DOTS), Rule(0, 34.5, WIDTH, _FOUR_DOTS)),
    statement=Spot(0, 41.0, Style(11, bold=True, leading=15.5), width=WIDTH, lines=0),
    statement_english=Spot(0, 4.4, Style(8, leading=10.5), width=WIDTH, lines=0),
    table=_TABLE,
    remarks=_REMARKS,
    blank_below=Spot(_MIDDLE, 6.0, Style(9), "middle"),
    foot=_FOOT,
    foot_gap=3.0,
    scales=(1.0, 0.9, 0.8),
    on_dots=True,
)

STRIP_PORTRAIT = Portrait(width=40.0, height=49.25, gap=4.0, beside=False)
STRIP_RESULT = Spot(0, 42.5, Style(14, bold=True, leading=20), width=WIDTH, lines=0)
STRIP_LIMITS = replace(_REMARKS, spot=replace(_REMARKS.spot, style=Style(12, bold=True, leading=16.5)))
STRIP_PERIOD = replace(_TABLE, loud=Style(14, bold=True, leading=19))  # a day and its minute stand on one line
