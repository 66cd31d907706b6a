"""The screen of a wait that nobody has to do anything about."""

from kiosk.presenters.surroundings import Surroundings
from terminal.views import Picture, PictureView, Steps, View


def waiting(key: str, around: Surroundings, step: int | None = None, *, back: bool = False) -> View:
    """``key``: of the catalogue, with ``_question``, ``_spoken`` and ``_help``. ``back``: one may leave meanwhile."""
    words = around.words
    return PictureView(
        words(f"{key}_question"),
        words(f"{key}_spoken"),
        words(f"{key}_help"),
        steps=Steps() if step is None else around.steps(step),
        back=around.back() if back else None,
        picture=Picture.WORKING,
        line=words("common.moment"),
        busy=True,
    )
