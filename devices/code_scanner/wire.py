"""Lines out of bytes: a scanner sends the text of a code, and CR, LF or both. Whatever is no such text is dropped."""

from devices.code_scanner.api import LONGEST

_MOST_BYTES = 4 * LONGEST  # of a code in UTF-8


class Lines:
    """Not thread-safe. ``dropped``: how many lines were no text, broken off, or longer than a code may be."""

    def __init__(self) -> None:
        self.dropped = 0
        self._part = bytearray()
        self._overlong = False

    def feed(self, came: bytes) -> list[str]:
        """The codes that are whole now, in the order in which they came."""
        found = []
        for piece in came.replace(b"\r", b"\n").splitlines(keepends=True):
            self._add(piece.rstrip(b"\n"))
            if piece.endswith(b"\n"):
                found += self._end()
        return found

    def break_off(self) -> None:
        """What has begun does not go on: its end was lost, and the next code must not become part of it."""
        if self._part or self._overlong:
            self.dropped += 1
        self._part.clear()
        self._overlong = False

    @property
    def began(self) -> bool:
        """Whether a line has begun and is not whole."""
        return bool(self._part) or self._overlong

    def _add(self, piece: bytes) -> None:
        if len(self._part) + len(piece) > _MOST_BYTES:
            self._overlong = True
            self._part.clear()
        if not self._overlong:
            self._part += piece

    def _end(self) -> list[str]:
        """The line as a code; nothing where it is empty, or none."""
        if not self.began:
            return []
        text = None if self._overlong else _text(bytes(self._part))
        if text is None:
            self.break_off()
            return []
        self._part.clear()
        return [text]


def _text(line: bytes) -> str | None:
    """None: no UTF-8, longer than a code, or with characters that no code of ours has."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if len(text) <= LONGEST and text.isprintable() else None
