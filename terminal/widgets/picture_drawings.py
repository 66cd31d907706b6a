"""What hands and eyes must do, drawn: a still part, and a part that moves where moving explains."""

from dataclasses import dataclass

from terminal.views import Picture
from terminal.widgets import face_drawings as face
from terminal.widgets import gate_drawings as gate
from terminal.widgets.drawing import Box, Drawing, Oval, Stroke, arc, frame


@dataclass(frozen=True, slots=True)
class Scene:
    """``moving`` comes from (dx, dy) away to its place; still at its place when nothing may move."""

    still: Drawing
    moving: Drawing = ()
    dx: float = 0.0
    dy: float = 0.0


def _card(x: float, y: float) -> Drawing:
    return (
        Box(x, y, 56, 36, 5, "card"),
        Stroke(frame(x, y, 56, 36, 5), 2, "blue"),
        Oval(x + 15, y + 22, 10, 10, "blue"),
        Stroke(arc(x + 15, y + 7, 8, 0, 180), 4, "blue"),
        Stroke((x + 30, y + 26, x + 49, y + 26), 2.4, "line"),
        Stroke((x + 30, y + 18, x + 45, y + 18), 2.4, "line"),
        Stroke((x + 30, y + 10, x + 49, y + 10), 2.4, "line"),
    )


def _arrow(x: float, tail: float, head: float, colour: str = "amber") -> Drawing:
    wing = 6 if head > tail else -6
    return (
        Stroke((x, tail, x, head), 3.2, colour),
        Stroke((x - 6, head - wing, x, head, x + 6, head - wing), 3.2, colour),
    )


def _page(x: float, y: float, width: float, height: float, *, sealed: bool = True) -> Drawing:
    rows = tuple(
        Stroke(
            (x + 7, y + height - 10 - 6 * row, x + width - 9 - 7 * (row % 2), y + height - 10 - 6 * row), 1.8, "line"
        )
        for row in range(max(0, int((height - 16) / 6)))
    )
    seal = (
        Stroke(arc(x + width - 13, y + 12, 7, 0, 360), 1.6, "red"),
        Oval(x + width - 13, y + 12, 4, 4, "red"),
    )
    return (
        Box(x, y, width, height, 1.5, "card"),
        Stroke(frame(x, y, width, height, 1.5), 1.4, "pen"),
        *rows,
        *(seal if sealed else ()),
    )


_READER: Drawing = (
    Box(4, 2, 92, 66, 8, "pen"),
    Box(18, 12, 64, 46, 7, "blue"),
    Stroke(frame(22, 16, 56, 38, 5), 1, "tint"),
)
_SLOT: Drawing = (Box(4, 66, 92, 30, 6, "pen"), Box(18, 68, 64, 5, 2, "glow"), Oval(86, 86, 5, 5, "glow"))
_OFFICER: Drawing = (
    Oval(50, 66, 24, 24, "blue"),
    Box(34, 76, 32, 6, 3, "pen"),
    Stroke((38, 82, 62, 82, 58, 92, 42, 92, 38, 82), 3, "pen"),
    Oval(50, 87, 5, 5, "glow"),
    Stroke((22, 20, *arc(50, 20, 28, 170, 10), 78, 20), 3.4, "blue"),
    Stroke((50, 46, 50, 22), 2.4, "blue"),
)
_DIAL: Drawing = (
    Stroke(arc(50, 50, 34, 0, 360), 3.4, "pen"),
    Stroke((50, 50, 50, 72), 3.4),
    Stroke((50, 50, 64, 42), 3.4),
)


def _passport(x: float, y: float) -> Drawing:
    """Closed: a cover with its chip sign."""
    return (
        Box(x, y, 40, 54, 4, "blue"),
        Stroke(frame(x, y, 40, 54, 4), 2, "pen"),
        Stroke(arc(x + 20, y + 32, 9, 0, 360), 2.2, "glow"),
        Box(x + 13, y + 10, 14, 8, 2, "glow"),
    )


_PHOTO_PAGE: Drawing = (  # open, with a photograph and two lines below
    Box(14, 26, 72, 48, 3, "card"),
    Stroke(frame(14, 26, 72, 48, 3), 2, "blue"),
    Oval(30, 60, 11, 11, "blue"),
    Stroke(arc(30, 44, 9, 0, 180), 4, "blue"),
    Stroke((46, 64, 76, 64), 2.4, "line"),
    Stroke((46, 56, 70, 56), 2.4, "line"),
    Stroke((20, 38, 80, 38), 3, "pen"),
    Stroke((20, 32, 80, 32), 3, "pen"),
)
_LAMP: Drawing = (
    Stroke((50, 100, 50, 74), 2),
    Stroke(arc(50, 58, 17, 0, 180), 3.4, "pen"),
    Box(31, 54, 38, 5, 2.5, "pen"),
    Oval(50, 50, 15, 15, "glow"),
)

_SHEET_WITH_PRINT: Drawing = (
    Box(27, 12, 46, 62, 2, "card"),
    Stroke(frame(27, 12, 46, 62, 2), 2, "blue"),
    *(Stroke((34, y, end, y), 2.4, "pen") for y, end in ((66, 66), (57, 66), (48, 66), (39, 58), (30, 66), (21, 50))),
)
_SHEET_WITH_CODE: Drawing = (
    Box(27, 16, 46, 58, 2, "card"),
    Stroke(frame(27, 16, 46, 58, 2), 2, "blue"),
    *(Stroke((34, y, end, y), 2.4, "line") for y, end in ((66, 66), (58, 66), (50, 58))),
    *(
        shape
        for x, y in ((42, 33), (54, 33), (42, 21))
        for shape in (Box(x - 1, y, 8, 8, 1, "pen"), Box(x + 1.5, y + 2.5, 3, 3, 0.5, "card"))
    ),
    *(Box(x, y, 3, 3, 0.5, "pen") for x, y in ((53, 21), (58, 21), (55.5, 25), (58, 28), (53, 28))),
)

SCENES: dict[Picture, Scene] = {
    Picture.LAY_CARD: Scene((*_READER, *_arrow(90, 98, 76)), _card(22, 17), dy=32),
    Picture.LIFT_CARD: Scene((*_READER, *_arrow(90, 74, 98)), _card(22, 56), dy=-39),
    Picture.TAKE_CARD: Scene((*_READER, *_arrow(90, 74, 98)), _card(22, 56), dy=-39),
    Picture.LOOK_HERE: Scene(face.LOOK_HERE),
    Picture.TURN_LEFT: Scene(face.TURN_LEFT),
    Picture.TURN_RIGHT: Scene(face.TURN_RIGHT),
    Picture.TAKE_PAPER: Scene((*_page(24, 12, 52, 57), *_SLOT, *_arrow(88, 52, 22))),
    Picture.TAKE_STRIP: Scene((*_page(35, 6, 30, 63), *_SLOT, *_arrow(82, 52, 22))),
    Picture.PRINTING: Scene(_SLOT, _page(24, 30, 52, 39), dy=12),
    Picture.TAKE_SLIP_PAGE: Scene((*_page(24, 12, 52, 57, sealed=False), *_SLOT, *_arrow(88, 52, 22))),
    Picture.TAKE_SLIP: Scene((*_page(35, 6, 30, 63, sealed=False), *_SLOT, *_arrow(82, 52, 22))),
    Picture.PRINTING_SLIP: Scene(_SLOT, _page(24, 30, 52, 39, sealed=False), dy=12),
    Picture.DESK: Scene((
        Oval(50, 70, 19, 19, "blue"),
        Stroke((31, 42, *arc(50, 40, 19, 170, 10), 69, 42), 3.4, "blue"),
        Box(6, 34, 88, 8, 3, "pen"),
        Stroke((16, 34, 16, 4), 4),
        Stroke((84, 34, 84, 4), 4),
        Stroke((86, 42, 86, 66), 2.4),
        Stroke((86, 66, 77, 72), 2.4),
        Oval(74, 70, 9, 9, "amber"),
    )),
    Picture.DONE: Scene((Oval(50, 50, 84, 84, "tint"), Stroke((30, 50, 44, 36, 72, 66), 8, "blue"))),
    Picture.LAMP: Scene(_LAMP),
    Picture.LOOK_UP: Scene(face.LOOK_UP),
    Picture.LOOK_DOWN: Scene(face.LOOK_DOWN),
    Picture.SHOW_PAGE: Scene((*face.CAMERA, *_arrow(92, 66, 86)), _PHOTO_PAGE, dy=-14),
    Picture.LAY_DOCUMENT: Scene((*_READER, *_arrow(92, 98, 76)), _passport(30, 8), dy=34),
    Picture.READ_DOCUMENT: Scene(_READER, _passport(30, 8)),
    Picture.LIFT_DOCUMENT: Scene((*_READER, *_arrow(90, 74, 98)), _passport(30, 44), dy=-36),
    Picture.OFFICER: Scene(_OFFICER),
    Picture.WAIT: Scene(_DIAL),
    Picture.WORKING: Scene((*_LAMP, *(Oval(x, 14, 8, 8, "line") for x in (34, 50, 66))), (Oval(66, 14, 8, 8, "amber"),), dx=-32),
    Picture.PAPER: Scene(_page(22, 8, 56, 84)),
    Picture.SHOW_CODE: Scene((*face.CAMERA, *_arrow(92, 66, 86)), _SHEET_WITH_CODE, dy=-14),
    Picture.SHOW_SHEET: Scene((*face.CAMERA, *_arrow(92, 66, 86)), _SHEET_WITH_PRINT, dy=-14),
    Picture.TAP_CARD: Scene(gate.READER_ON_WALL, gate.CARD_IN_HAND, dx=-12),
    Picture.SCAN_CODE: Scene(gate.SCANNER_ON_WALL, gate.PHONE_WITH_CODE, dx=-12),
    Picture.SCAN_SLIP: Scene(gate.SCANNER_ON_WALL, gate.SLIP_WITH_CODE, dx=-12),
    Picture.STAND_HERE: Scene(gate.STANDING_SPOT),
    Picture.COME_CLOSER: Scene(face.COME_CLOSER),
    Picture.STEP_BACK: Scene(face.STEP_BACK),
    Picture.TO_THE_MIDDLE: Scene(face.TO_THE_MIDDLE),
    Picture.ONE_PERSON: Scene(face.ONE_PERSON),
    Picture.TO_THE_LIGHT: Scene(face.TO_THE_LIGHT),
    Picture.AWAY_FROM_LIGHT: Scene(face.AWAY_FROM_LIGHT),
    Picture.UNCOVER_FACE: Scene(face.UNCOVER_FACE),
    Picture.LEVEL_HEAD: Scene(face.LEVEL_HEAD),
    Picture.HOLD_STILL: Scene(face.HOLD_STILL),
    Picture.OPEN_DOOR: Scene(gate.DOOR_OPEN),
    Picture.SHUT_DOOR: Scene(gate.DOOR_SHUT),
    Picture.CLOSE_DOOR: Scene(gate.DOOR_TO_CLOSE),
    Picture.LEAVE: Scene(gate.WAY_OUT),
    Picture.CALL: Scene(gate.TELEPHONE),
}  # fmt: skip
