"""From what somebody sends to what the page tells them: the code's own facts, and what is true of the paper now."""

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PIL import Image

from backend_client.contract.verification import PaperStanding
from forms.code import LONGEST_CODE, PREFIX, Claims, open_code
from forms.errors import AlteredCodeError, UnknownIssuerError, UnreadableCodeError, UnreadablePaperError
from forms.reading import find_code
from records.context import Records
from records.services import verification

_MOST_PIXELS: Final = 30_000_000  # what a telephone's camera takes
_KINDS: Final = (b"\x89PNG", b"\xff\xd8\xff")  # of files; a PDF is for the verify command, which nobody shares


class Answer(StrEnum):
    """What the page says first."""

    COMPARE = "compare"  # the code is ours and stands; nobody but its reader has looked at the words on the sheet
    NOT_YET = "not-yet"
    VOID = "void"
    EXPIRED = "expired"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    NO_CODE = "no-code"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """The answer; ``claims``: what the code states, where our key signed it."""

    answer: Answer
    claims: Claims | None = None


_STANDINGS: Final = {
    PaperStanding.GENUINE: Answer.COMPARE,
    PaperStanding.NOT_YET: Answer.NOT_YET,
    PaperStanding.VOID: Answer.VOID,
    PaperStanding.EXPIRED: Answer.EXPIRED,
    PaperStanding.UNKNOWN: Answer.UNKNOWN,
}


def checked(records: Records, text: str, picture: bytes) -> Checked:
    """Look at a code's text, or at a picture of the paper that carries it. Nothing of either is kept."""
    code = "".join(text.split())
    if not code and not picture:
        return Checked(Answer.NOTHING)
    if not code:
        try:
            code = _code_in(picture)
        except UnreadablePaperError:
            return Checked(Answer.NO_CODE)
    return _of_code(records, _whole(text) if text.strip() else code)


def _whole(text: str) -> str:
    """A pasted code: a space may be one of its characters, a line's end is the mail program's."""
    return "".join(text.splitlines()).strip()[: LONGEST_CODE + 1]


def _code_in(picture: bytes) -> str:
    """Raises UnreadablePaperError."""
    if not picture.startswith(_KINDS):
        raise UnreadablePaperError("no picture")
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            pixels = opened.width * opened.height  # known before it is decoded
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadablePaperError("no picture") from error
    if pixels > _MOST_PIXELS:
        raise UnreadablePaperError("the picture is too large")
    return find_code(picture)


def _of_code(records: Records, code: str) -> Checked:
    if not code.startswith(PREFIX):  # a bare serial opens nothing
        return Checked(Answer.UNREADABLE)
    try:
        claims = open_code(code, records.trust)
    except UnreadableCodeError:
        return Checked(Answer.UNREADABLE)
    except AlteredCodeError:
        return Checked(Answer.ALTERED)
    except UnknownIssuerError:
        return Checked(Answer.UNKNOWN)
    answer = _STANDINGS[verification.standing_of(records, claims)]
    return Checked(answer, None if answer is Answer.UNKNOWN else claims)
