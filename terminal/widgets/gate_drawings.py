"""What a gate draws: where a card, a code and a person go, and what the door does."""

from terminal.widgets.drawing import Box, Drawing, Oval, Stroke, arc, frame

_DISC: Drawing = (Oval(50, 50, 100, 100, "card"),)
_FRAME: Drawing = (Stroke((26, 14, 26, 84, 68, 84, 68, 14), 4, "pen"), Stroke((14, 14, 86, 14), 4, "pen"))
_LEAF_AJAR: Drawing = (
    Stroke((26, 84, 8, 76, 8, 6, 26, 14), 4, "blue"),
    Oval(13, 44, 5, 5, "blue"),
)
_LEAF_SHUT: Drawing = (Box(28, 16, 38, 66, 1, "line"), Oval(60, 48, 5, 5, "pen"))


def _walker(x: float) -> Drawing:
    """Somebody on their way to the right."""
    return (
        Oval(x + 4, 71, 11, 11, "blue"),
        Stroke((x + 2, 60, x, 42), 6, "blue"),
        Stroke((x, 42, x + 9, 32, x + 6, 18), 4.6, "blue"),
        Stroke((x, 42, x - 5, 30, x - 13, 24), 4.6, "blue"),
        Stroke((x + 2, 59, x + 11, 50, x + 17, 53), 4, "blue"),
        Stroke((x + 2, 59, x - 8, 52, x - 9, 43), 4, "blue"),
    )


def _to_right(start: float, end: float, y: float) -> Drawing:
    return (Stroke((start, y, end, y), 4, "amber"), Stroke((end - 8, y + 8, end, y, end - 8, y - 8), 4, "amber"))


READER_ON_WALL: Drawing = (
    Box(56, 16, 36, 68, 6, "pen"),
    Oval(74, 72, 5, 5, "glow"),
    *(Stroke(arc(88, 46, radius, 138, 222), 3, "glow") for radius in (12, 19, 26)),
)
CARD_IN_HAND: Drawing = (
    Box(4, 34, 44, 28, 4, "card"),
    Stroke(frame(4, 34, 44, 28, 4), 2.4, "blue"),
    Oval(15, 51, 8, 8, "blue"),
    Stroke(arc(15, 40, 6, 0, 180), 3.4, "blue"),
    Stroke((27, 53, 42, 53), 2.4, "line"),
    Stroke((27, 45, 38, 45), 2.4, "line"),
)
SCANNER_ON_WALL: Drawing = (
    Box(56, 16, 36, 68, 6, "pen"),
    Box(63, 34, 22, 30, 3, "tint"),
    Stroke((63, 49, 85, 49), 2.4, "red"),
    Oval(74, 75, 5, 5, "glow"),
)
_SQUARE: Drawing = (
    *(
        shape
        for x, y in ((15, 53), (28, 53), (15, 40))
        for shape in (Box(x - 1, y, 10, 10, 1, "pen"), Box(x + 2, y + 3, 4, 4, 0.5, "card"))
    ),
    *(Box(x, y, 3.6, 3.6, 0.5, "pen") for x, y in ((28, 40), (34, 40), (31, 45))),
)
PHONE_WITH_CODE: Drawing = (
    Box(8, 22, 36, 56, 6, "card"),
    Stroke(frame(8, 22, 36, 56, 6), 3, "blue"),
    *_SQUARE,
    Stroke((22, 28, 30, 28), 2.4, "line"),
)
SLIP_WITH_CODE: Drawing = (
    Box(6, 18, 40, 66, 1.5, "card"),
    Stroke(frame(6, 18, 40, 66, 1.5), 1.8, "pen"),
    Stroke((13, 75, 30, 75), 2.4, "line"),
    *_SQUARE,
    Stroke((13, 31, 39, 31), 2.4, "line"),
    Stroke((13, 24, 30, 24), 2.4, "line"),
)
STANDING_SPOT: Drawing = (
    Stroke(arc(50, 16, 32, 0, 360, flat=0.3), 3.4, "amber"),
    Oval(50, 70, 17, 17, "blue"),
    Stroke((50, 56, 50, 40), 14, "blue"),
    Stroke((45, 38, 44, 17), 6, "blue"),
    Stroke((55, 38, 56, 17), 6, "blue"),
    Box(36, 90, 28, 9, 4.5, "pen"),
    Oval(50, 94.5, 5, 5, "glow"),
)
DOOR_OPEN: Drawing = (*_DISC, Stroke((32, 18, 32, 80, 70, 80, 70, 18), 4, "pen"), Stroke((20, 18, 80, 18), 4, "pen"),
    Box(34, 20, 34, 58, 0.5, "glow"), Stroke((32, 80, 16, 73, 16, 11, 32, 18), 4, "blue"), Oval(21, 44, 4.6, 4.6, "blue"))  # fmt: skip
DOOR_SHUT: Drawing = (*_FRAME, *_LEAF_SHUT)
DOOR_TO_CLOSE: Drawing = (*_FRAME, *_LEAF_AJAR, *_to_right(36, 58, 50))
WAY_OUT: Drawing = (*_DISC, Stroke((58, 18, 58, 82, 84, 82), 4, "pen"), Stroke((84, 82, 84, 18), 4, "pen"),
    Stroke((14, 18, 90, 18), 4, "pen"), *_walker(36), *_to_right(62, 79, 52))  # fmt: skip
TELEPHONE: Drawing = (
    Oval(50, 50, 88, 88, "tint"),
    Stroke(
        (
            34,
            76,
            42,
            76,
            46,
            63,
            39,
            57,
            45,
            46,
            55,
            39,
            61,
            46,
            74,
            42,
            74,
            34,
            67,
            26,
            48,
            32,
            32,
            48,
            26,
            67,
            34,
            76,
        ),
        4.4,
        "blue",
    ),
)
