"""Command APDUs as a chip takes them apart (ISO/IEC 7816-3 12.1, all seven cases)."""

from dataclasses import dataclass
from typing import Self

_HEADER = 4
_SHORT_MOST = 256
_EXTENDED_MOST = 65536


class StatusError(Exception):
    """The command ends with this status word, and without data."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Command:
    """``le``: the most data that the reader takes; None: it expects none. ``extended``: its lengths are long ones."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None
    extended: bool = False

    @property
    def p1p2(self) -> int:
        """Both parameters as one number."""
        return self.p1 << 8 | self.p2

    @property
    def header(self) -> bytes:
        """The first four bytes."""
        return bytes([self.cla, self.ins, self.p1, self.p2])

    @classmethod
    def parse(cls, apdu: bytes) -> Self:
        """Raises StatusError (6700) when the lengths do not fit."""
        if len(apdu) < _HEADER:
            raise StatusError(0x6700)
        (cla, ins, p1, p2), body = apdu[:_HEADER], apdu[_HEADER:]
        if len(body) > 2 and body[0] == 0:  # noqa: PLR2004 - 00 and two more: the lengths are long ones
            data, rest = _split(body[1:], 2)
            return cls(cla, ins, p1, p2, data, _expected(rest, 2, _EXTENDED_MOST), extended=True)
        data, rest = _split(body, 1)
        return cls(cla, ins, p1, p2, data, _expected(rest, 1, _SHORT_MOST))


def _split(body: bytes, width: int) -> tuple[bytes, bytes]:
    """The data, and what follows it. A length alone is Le."""
    if len(body) <= width:
        return b"", body
    size = int.from_bytes(body[:width], "big")
    if size == 0 or len(body) < width + size:
        raise StatusError(0x6700)
    return body[width : width + size], body[width + size :]


def _expected(rest: bytes, width: int, most: int) -> int | None:
    if not rest:
        return None
    if len(rest) != width:
        raise StatusError(0x6700)
    return int.from_bytes(rest, "big") or most
