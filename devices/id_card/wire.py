"""The SAM-V module's frames (GA 450, GA 467): bytes to messages and back. Opens nothing.

    host   -> AA AA AA 96 69 | length 2 | command parameter [data]  | check
    module -> AA AA AA 96 69 | length 2 | SW1 SW2 SW3       [data]  | check

The length (big endian) counts what follows it, the check included; the check is the XOR of everything from the length
on. SW3 is the module's status; SW1 and SW2 are the card's own.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from struct import Struct

PREAMBLE = bytes.fromhex("AAAAAA9669")
LONGEST = 4096  # no answer of any module is longer; a larger length is noise
_LENGTH_BYTES = 2
_SHORTEST_ANSWER = 4  # SW1 SW2 SW3 check
_SAM_NUMBER = Struct("<HHIII")


class Command(IntEnum):
    """Command and parameter as one number."""

    RESET = 0x10FF
    STATUS = 0x11FF
    SAM_ID = 0x12FF
    FIND = 0x2001
    SELECT = 0x2002
    READ_BASE = 0x3001
    READ_NEW_ADDRESS = 0x3003
    READ_MANAGEMENT_NUMBER = 0x3005


class Status(IntEnum):
    """SW3 as public sources list it."""

    OK = 0x90
    CARD_FOUND = 0x9F
    NOT_ON_CARD = 0x91
    CHECKSUM_ERROR = 0x10
    LENGTH_ERROR = 0x11
    BAD_COMMAND = 0x21
    NO_PRIVILEGE = 0x23
    UNKNOWN_ERROR = 0x24
    CARD_REJECTS_SAM = 0x31
    SAM_REJECTS_CARD = 0x32
    INFORMATION_UNVERIFIED = 0x33
    FINGERPRINT_UNVERIFIED = 0x37
    INFORMATION_LENGTH = 0x3F
    UNKNOWN_CARD_TYPE = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SELF_TEST_FAILED = 0x60
    NOT_AUTHORISED = 0x66
    FIND_FAILED = 0x80  # no card, or the card was read already
    SELECT_FAILED = 0x81

    @property
    def word(self) -> str:
        """The name as the technician's page and the log write it: ``read-failed``."""
        return self.name.lower().replace("_", "-")


class FrameError(ValueError):
    """The bytes are no frame: incomplete, a wrong check or length, an unknown status. Holds none of them."""


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What the module said. The data may be a person's: they are never printed."""

    status: Status
    data: bytes = b""

    def __repr__(self) -> str:
        return f"Answer({self.status.name}, {len(self.data)} bytes)"


def check(content: bytes) -> int:
    """The XOR of all bytes."""
    return reduce(int.__xor__, content, 0)


def frame(content: bytes) -> bytes:
    """Preamble, length and check around a content."""
    body = (len(content) + 1).to_bytes(_LENGTH_BYTES, "big") + content
    return PREAMBLE + body + bytes([check(body)])


def request(command: Command) -> bytes:
    """A command as it goes over the wire."""
    return frame(command.to_bytes(2, "big"))


def missing(received: bytes) -> int:
    """How many more bytes are needed; 0: ``parse`` can answer. Junk before the preamble is skipped.

    Until the length is known, as many as the length needs: never more than are still to come. Raises FrameError when
    the length is impossible.
    """
    start = received.find(PREAMBLE)
    if start < 0:
        return len(PREAMBLE) + _LENGTH_BYTES - _tail_of_preamble(received)
    head = received[start + len(PREAMBLE) :]
    if len(head) < _LENGTH_BYTES:
        return _LENGTH_BYTES - len(head)
    length = int.from_bytes(head[:_LENGTH_BYTES], "big")
    if not _SHORTEST_ANSWER <= length <= LONGEST:
        raise FrameError("length")
    return max(0, _LENGTH_BYTES + length - len(head))


def parse(received: bytes) -> Answer:
    """The answer in bytes of which none is missing. Raises FrameError."""
    if missing(received):
        raise FrameError("incomplete")
    body = received[received.find(PREAMBLE) + len(PREAMBLE) :]
    body = body[: _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")]
    if check(body) != 0:
        raise FrameError("check")
    content = body[_LENGTH_BYTES:-1]
    try:
        return Answer(Status(content[2]), content[3:])
    except ValueError:
        raise FrameError("status") from None


def sam_number(data: bytes) -> str:
    """The module's own number, as it is printed on it: ``05.01-20131105-0001234567-0987654321``. Raises FrameError."""
    if len(data) != _SAM_NUMBER.size:
        raise FrameError("SAM number")
    return "{:02d}.{:02d}-{:08d}-{:010d}-{:010d}".format(*_SAM_NUMBER.unpack(data))


def _tail_of_preamble(received: bytes) -> int:
    """How much of the end may already belong to a preamble."""
    return max(
        (size for size in range(1, len(PREAMBLE)) if received.endswith(PREAMBLE[:size])),
        default=0,
    )
