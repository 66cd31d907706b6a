"""Negative controls: what is wrong with a gate, and what the judge has to notice. Planted each time that it starts."""

from enum import StrEnum


class Bug(StrEnum):
    """What is wrong."""

    WALL_CLOCK = "wall-clock"  # goes by its own clock: set back, it extends what is over; set ahead, it locks out
    PAGE_TWICE = "page-twice"  # the page before is applied once more, whatever came after it
    LOST = "lost"  # of the feed, what takes something away is dropped, and the cursor kept
    NO_END = "no-end"  # without a line nothing is over
    REPLAY = "replay"  # which half minutes a phone has shown is forgotten
    FACE_STAYS = "face-stays"  # a withdrawn consent deletes nothing
    PASSES_STAY = "passes-stay"  # nothing is forgotten
    DROPS = "drops"  # of a snapshot the second half is not kept
    ASKED_OUT = "asked-out"  # the button inside tells the gate, which opens
    STUCK = "stuck"  # the relay does not rest again
