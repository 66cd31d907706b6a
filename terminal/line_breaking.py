"""Where a line of Chinese, Latin or mixed text may end.

The rules are those of CLREQ (W3C, Requirements for Chinese Text Layout, 3.1.4 prohibition rules for line start and
line end): closing punctuation never begins a line, opening punctuation never ends one, and Latin words, numbers and
their units stay whole. Pure: how wide a text is, the caller measures.
"""

from collections.abc import Callable, Iterable

Measure = Callable[[str], float]

NEVER_FIRST = frozenset("，。、；：？！）】》〉」』”’…—～·％%,.;:?!)]}°℃")
NEVER_LAST = frozenset("（【《〈「『“‘([{￥¥#№")
_PAUSES = frozenset("、，。；：？！")
_LOPSIDED = 3  # a line this many times as long as the other is worse than a word divided
_HALVINGS = 5  # half of the width, to within a character
_JOINERS = frozenset("-_/.,:@'+&")


def break_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Return the lines of ``text``, each at most ``width`` wide in the unit of ``measure``.

    A line break in the text is kept. Only an unbreakable piece wider than a whole line is cut, by character.
    """
    return [line for paragraph in text.split("\n") for line in _break_paragraph(paragraph, width, measure)]


def balance_lines(text: str, width: float, measure: Measure) -> list[str]:
    """Return no more lines than ``break_lines``, of about the same length: no lone character on the last one.

    Two lines divide where the sentence pauses, if it does.
    """
    if "\n" in text:
        return [line for paragraph in text.split("\n") for line in balance_lines(paragraph, width, measure)]
    lines = break_lines(text, width, measure)
    if len(lines) < 2:  # noqa: PLR2004
        return lines
    if len(lines) == 2 and (halves := _at_a_pause(text, width, measure)):  # noqa: PLR2004
        return halves
    narrowest, widest, least = width / 2, width, widest_piece(text, measure)
    for _ in range(_HALVINGS):
        middle = (narrowest + widest) / 2
        narrower = break_lines(text, middle, measure)
        fits = len(narrower) == len(lines) and least <= middle
        lines, narrowest, widest = (narrower, narrowest, middle) if fits else (lines, middle, widest)
    return lines


def pieces(text: str) -> list[str]:
    """Cut a paragraph into pieces that no line end may divide; trailing spaces belong to the piece before them."""
    result: list[str] = []
    for token in _tokens(text):
        if result and _sticks(result[-1], token):
            result[-1] += token
        else:
            result.append(token)
    return result


def widest_piece(text: str, measure: Measure) -> float:
    """How wide a line must be so that no piece is cut."""
    return max((measure(piece.rstrip()) for line in text.split("\n") for piece in pieces(line)), default=0.0)


def _at_a_pause(text: str, width: float, measure: Measure) -> list[str]:
    """Return the two lines that end at the pause nearest to the middle; none where a half is too wide or too short."""
    parts = pieces(text)
    cuts = [index for index in range(1, len(parts)) if parts[index - 1][-1] in _PAUSES]
    halves = [["".join(parts[:cut]), "".join(parts[cut:])] for cut in cuts]
    widths = [(max(sizes), min(sizes), half) for half in halves for sizes in [[measure(line) for line in half]]]
    fitting = [(widest, half) for widest, narrowest, half in widths if widest <= min(width, narrowest * _LOPSIDED)]
    return min(fitting, key=lambda one: one[0])[1] if fitting else []


def _tokens(text: str) -> Iterable[str]:
    """Words, or single characters; a space goes with what stands before it."""
    token = ""
    for character in text:
        if token and not _joins(token, character):
            yield token
            token = ""
        token += character
    if token:
        yield token


def _joins(token: str, character: str) -> bool:
    if character == " ":
        return True
    last = token[-1]
    if last == " ":
        return False
    return _is_word(last) and _is_word(character)


def _is_word(character: str) -> bool:
    """Letters and digits that are read as one word: anything alphabetic or numeric below the CJK blocks."""
    return (character.isalnum() and ord(character) < 0x2E80) or character in _JOINERS or character == "*"  # noqa: PLR2004


def _sticks(before: str, token: str) -> bool:
    if before[-1] == " ":
        return False
    return token[0] in NEVER_FIRST or before[-1] in NEVER_LAST


def _break_paragraph(text: str, width: float, measure: Measure) -> list[str]:
    if measure(text.rstrip()) <= width:
        return [text.strip()]  # most are no longer than their line, and need no look at each piece
    lines = [""]
    for piece in pieces(text):
        if measure((lines[-1] + piece).rstrip()) <= width:
            lines[-1] += piece
        elif measure(piece.rstrip()) <= width:
            lines.append(piece)
        else:
            _cut(piece, width, measure, lines)
    return [line.strip() for line in lines if line.strip()] or [""]


def _cut(piece: str, width: float, measure: Measure, lines: list[str]) -> None:
    """Spread a piece that no line can hold, character by character."""
    for character in piece:
        if lines[-1] and measure(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
