"""What is asked for before a camera that looks at a face, drawn so that nobody has to read: a face or somebody standing,
the camera, and an amber arrow for what is to be done."""

from math import cos, radians, sin

from terminal.widgets.drawing import Box, Drawing, Oval, Stroke, arc

FACE: Drawing = (
    Stroke(arc(50, 52, 19, 0, 360, flat=1.25), 3.4, "pen"),
    Stroke(arc(50, -4, 36, 25, 155, flat=0.85), 3.4, "pen"),
)
CAMERA: Drawing = (Box(34, 88, 32, 10, 5, "pen"), Oval(50, 93, 6, 6, "glow"))
_WALL_CAMERA: Drawing = (Stroke((93, 6, 93, 92), 4, "pen"), Box(78, 70, 15, 14, 4, "pen"), Oval(80, 77, 6, 6, "glow"))
_FLOOR: Drawing = (Stroke((4, 6, 93, 6), 3, "line"),)


def _eyes(x: float, y: float, mouth: float) -> Drawing:
    return (Oval(x - 7, y, 4, 4), Oval(x + 7, y, 4, 4), Stroke(arc(x, y - 10, mouth, 215, 325), 2.6))


def _sideways(x: float) -> Drawing:
    return (Oval(x - 6, 56, 4, 4), Oval(x + 6, 56, 4, 4), Stroke(arc(x, 46, 6, 215, 325), 2.6))


def _person(x: float, colour: str = "blue") -> Drawing:
    """Somebody standing, from head to foot."""
    return (
        Oval(x, 68, 16, 16, colour),
        Stroke((x, 54, x, 40), 13, colour),
        Stroke((x - 4, 38, x - 5, 14), 5.6, colour),
        Stroke((x + 4, 38, x + 5, 14), 5.6, colour),
    )


def _spot(x: float) -> Drawing:
    return (Stroke(arc(x, 13, 20, 0, 360, flat=0.3), 3.4, "amber"),)


def _across(start: float, end: float, y: float) -> Drawing:
    """An arrow to the right, or to the left where ``end`` is."""
    wing = 8 if end > start else -8
    return (Stroke((start, y, end, y), 4, "amber"), Stroke((end - wing, y + 8, end, y, end - wing, y - 8), 4, "amber"))


def _upright(tail: float, head: float) -> Drawing:
    wing = 6 if head > tail else -6
    return (
        Stroke((86, tail, 86, head), 3.2, "amber"),
        Stroke((80, head - wing, 86, head, 92, head - wing), 3.2, "amber"),
    )


def _sun(x: float, y: float, radius: float) -> Drawing:
    """A disc, and rays around it."""
    rays = []
    for step in range(8):
        along, across = cos(radians(45 * step)), sin(radians(45 * step))
        near, far = radius + 3, radius + 9
        rays.append(Stroke((x + near * along, y + near * across, x + far * along, y + far * across), 3, "glow"))
    return (Oval(x, y, 2 * radius, 2 * radius, "glow"), *rays)


LOOK_HERE: Drawing = (*FACE, *_eyes(50, 56, 8), *CAMERA, *_upright(70, 92))
TURN_LEFT: Drawing = (*FACE, *_sideways(42), *_across(26, 3, 54))
TURN_RIGHT: Drawing = (*FACE, *_sideways(58), *_across(74, 97, 54))
LOOK_UP: Drawing = (*FACE, *_eyes(50, 65, 7), *_upright(46, 74))
LOOK_DOWN: Drawing = (*FACE, *_eyes(50, 47, 7), *_upright(74, 46))
HOLD_STILL: Drawing = (*FACE, *_eyes(50, 56, 8), *CAMERA, *(Oval(x, 56, 6, 6, "amber") for x in (10, 22, 78, 90)))
COME_CLOSER: Drawing = (*_FLOOR, *_WALL_CAMERA, *_spot(60), *_person(18), *_across(32, 58, 48))
STEP_BACK: Drawing = (*_FLOOR, *_WALL_CAMERA, *_spot(30), *_person(68), *_across(54, 28, 48))
TO_THE_MIDDLE: Drawing = (*CAMERA, *_spot(50), *_person(18), *_across(32, 54, 48))
ONE_PERSON: Drawing = (*CAMERA, *_spot(34), *_person(34), *_person(66, "line"), *_across(78, 98, 48))
TO_THE_LIGHT: Drawing = (*_sun(18, 80, 9), *FACE, *_eyes(46, 57, 7), *_across(26, 4, 50))
AWAY_FROM_LIGHT: Drawing = (*_sun(18, 80, 9), *FACE, *_eyes(50, 54, 8), *_across(76, 97, 54))
UNCOVER_FACE: Drawing = (
    *FACE,
    Oval(43, 60, 4, 4),
    Oval(57, 60, 4, 4),
    Box(35, 34, 30, 18, 7, "tint"),
    Stroke((35, 48, 31, 56), 2.4, "pen"),
    Stroke((65, 48, 69, 56), 2.4, "pen"),
    *_upright(58, 30),
)
LEVEL_HEAD: Drawing = (
    *FACE,
    Oval(42, 60, 4, 4),
    Oval(57, 53, 4, 4),
    Stroke(arc(48, 46, 7, 200, 310), 2.6),
    Stroke(arc(50, 54, 34, 130, 60), 4, "amber"),
    Stroke((58, 89, 68, 83, 64, 94), 4, "amber"),
)
