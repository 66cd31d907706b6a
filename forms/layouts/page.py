"""The A4 page (ISO 216): millimetres from its upper left corner, points for type and lines."""

from dataclasses import replace

from forms.layout import Area, Colour, Foot, Layout, Portrait, Remarks, Rule, Spot, Style, Table, Upright, Watermark

WIDTH, HEIGHT = 210.0, 297.0

INK: Colour = (0.10, 0.11, 0.14)
QUIET: Colour = (0.40, 0.42, 0.46)
LINE: Colour = (0.62, 0.64, 0.68)
TINT: Colour = (0.962, 0.966, 0.973)
WATERMARK: Colour = (0.925, 0.93, 0.94)
SEAL_RED: Colour = (0.80, 0.09, 0.10)

_LEFT, _ACROSS = 25.0, 160.0
_RIGHT, _MIDDLE = _LEFT + _ACROSS, WIDTH / 2
_SEAL_MIDDLE = 155.0
_BESIDE_CODE = 68.0

_TABLE = Table(
    x=_LEFT,
    gap=5.4,
    width=_ACROSS,
    label_width=28.5,
    row_height=11.4,
    padding=2.6,
    label=Style(9.5, colour=INK),
    label_english=Style(6.0, colour=QUIET, leading=7.6),
    value=Style(11.5, colour=INK, leading=16),
    loud=Style(14.5, bold=True, colour=INK, leading=21),
    edge=0.9,
    line=0.4,
    line_colour=LINE,
    tint=TINT,
)

_FOOT = Foot(
    height=76.0,
    code=Area(_LEFT, 9.0, 38.0, 38.0),
    on_dots=False,
    instructions=(
        Spot(_BESIDE_CODE, 17.0, Style(11, bold=True, colour=INK)),
        Spot(_BESIDE_CODE, 21.8, Style(7.5, colour=QUIET)),
        Spot(_BESIDE_CODE, 29.5, Style(8.5, colour=INK, leading=13), width=46, lines=2),
        Spot(_BESIDE_CODE, 40.5, Style(6.6, colour=QUIET, leading=9), width=46, lines=2),
    ),
    issuer=Spot(_SEAL_MIDDLE, 2.8, Style(11.5, colour=INK), "middle", width=60),
    date=Spot(_SEAL_MIDDLE, 37.4, Style(11, colour=INK), "middle"),
    seal=Area(_SEAL_MIDDLE - 21, 6.0, 42.0, 42.0),
    seal_colour=SEAL_RED,
    notice=Spot(_LEFT, 64.5, Style(9, colour=INK)),
    notice_english=Spot(_LEFT, 68.8, Style(7.2, colour=QUIET)),
    rules=(Rule(_LEFT, 59.0, _ACROSS, 0.4, LINE),),
)

_REMARKS = Remarks(
    Spot(_LEFT + 4, 8.0, Style(10, colour=INK, leading=14.5), width=_ACROSS - 4, lines=0),
    between=1.5,
    bar=Upright(_LEFT + 1.2, 0, 0, 1.6, INK),
)

PAGE = Layout(
    width=WIDTH,
    height=HEIGHT,
    lowest=207.0,
    warning=Spot(_LEFT, 20.5, Style(8.5, bold=True, colour=SEAL_RED)),
    serial=Spot(_RIGHT, 20.5, Style(9, colour=INK), "right", width=80),
    title=Spot(_MIDDLE, 42, Style(28, bold=True, colour=INK, tracking=14), "middle", width=_ACROSS),
    subtitle=Spot(_MIDDLE, 49.5, Style(8.5, colour=QUIET, tracking=2.6), "middle", width=_ACROSS),
    rules=(Rule(_LEFT, 56.0, _ACROSS, 1.4, INK), Rule(_LEFT, 57.0, _ACROSS, 0.4, INK)),
    statement=Spot(_LEFT, 67.5, Style(11.5, colour=INK, leading=17), width=_ACROSS, lines=0),
    statement_english=Spot(_LEFT, 5.1, Style(8, colour=QUIET, leading=11), width=_ACROSS, lines=0),
    table=_TABLE,
    remarks=_REMARKS,
    blank_below=Spot(_MIDDLE, 6.5, Style(9, colour=QUIET), "middle"),
    foot=_FOOT,
    foot_y=212.0,
    scales=(1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6),
    watermark=(
        Watermark("样张", 98.0, 150.0, 120.0, 35.0, WATERMARK),
        Watermark("SPECIMEN", 111.0, 172.0, 52.0, 35.0, WATERMARK),
    ),
)

PAGE_PORTRAIT = Portrait(width=37.0, height=45.6, gap=4.0, beside=True)  # four rows of the table
PAGE_RESULT = Spot(_LEFT, 68.5, Style(15, bold=True, colour=INK, leading=22), width=_ACROSS, lines=0)
PAGE_LIMITS = replace(  # what the paper is not for, in larger type
    _REMARKS, spot=replace(_REMARKS.spot, style=Style(11.5, bold=True, colour=INK, leading=17))
)
SEAL = _FOOT.seal.below(PAGE.foot_y).points(HEIGHT)  # the same on every page
