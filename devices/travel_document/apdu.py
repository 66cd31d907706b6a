"""Commands and responses (ISO/IEC 7816-4, 5), in short and extended length."""

from dataclasses import dataclass
from typing import Final, Protocol

from devices.chip.channel import Channel
from devices.travel_document.api import DocumentProblem
from devices.travel_document.problems import DocumentError

DONE: Final = 0x9000
END_OF_FILE: Final = 0x6282  # done, and the file had less than was asked for
WRONG_LENGTH: Final = 0x6700
ACCESS_DENIED: Final = 0x6982
NOT_NOW: Final = 0x6985
NOT_FOUND: Final = 0x6A82

MOST_SHORT: Final = 256  # of response data, with a short Le
MOST_EXTENDED: Final = 65536
_MOST_SHORT_DATA = 255
_STATUS_BYTES = 2
_WRONG_KEY = frozenset({ACCESS_DENIED, NOT_NOW, 0x6988, 0x6A80})


@dataclass(frozen=True, slots=True, repr=False)
class Command:
    """One command. ``le``: how much response data is asked for at most; 0 leaves Le out, as strict chips ask it for
    commands that have no answer."""

    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int = 0
    cla: int = 0

    @property
    def header(self) -> bytes:
        """CLA INS P1 P2."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    @property
    def extended(self) -> bool:
        """Whether it has no short form."""
        return len(self.data) > _MOST_SHORT_DATA or self.le > MOST_SHORT

    def encode(self) -> bytes:
        """The bytes to be sent."""
        wide = 2 if self.extended else 1
        lc = len(self.data).to_bytes(wide, "big") if self.data else b""
        le = (self.le % 256**wide).to_bytes(wide, "big") if self.le else b""  # the most is written as 0
        return self.header + (b"\0" if self.extended else b"") + lc + self.data + le

    def __repr__(self) -> str:
        return f"Command({self.header.hex(' ')})"


@dataclass(frozen=True, slots=True, repr=False)
class Response:
    """What a chip answered. ``status``: SW1 SW2."""

    data: bytes
    status: int

    @classmethod
    def decode(cls, encoded: bytes) -> "Response":
        """Raises DocumentError: there is no status word."""
        if len(encoded) < _STATUS_BYTES:
            raise DocumentError(DocumentProblem.REFUSED, "no status word")
        return cls(encoded[:-_STATUS_BYTES], int.from_bytes(encoded[-_STATUS_BYTES:], "big"))

    def __repr__(self) -> str:
        return f"Response({len(self.data)} bytes, {self.status:04X})"


class Session(Protocol):
    """A way to talk to a chip, in the clear or not."""

    def exchange(self, command: Command) -> Response:
        """Raises ChipGoneError, ChipSilentError, DeviceError, DocumentError."""


@dataclass(frozen=True, slots=True)
class PlainSession:
    """In the clear, before access is granted."""

    channel: Channel

    def exchange(self, command: Command) -> Response:
        """Send it as it is."""
        return Response.decode(self.channel.transmit(command.encode()))


def refusal(way: str, status: int) -> DocumentError:
    """What it means that a chip refused the proof: 63xx by the standard, and what chips are known to say instead."""
    wrong_key = status >> 8 == 0x63 or status in _WRONG_KEY  # noqa: PLR2004 - verification failed
    return DocumentError(DocumentProblem.WRONG_KEY if wrong_key else DocumentProblem.REFUSED, f"{way} {status:04X}")
