"""A chip's files: which there are, and how one is read whole (ICAO 9303-10, 3.6 and 4; ISO/IEC 7816-4, 11.2)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from devices.chip import tlv
from devices.chip.channel import ChipGoneError, ChipSilentError
from devices.errors import DeviceCancelledError, DeviceError
from devices.travel_document.apdu import DONE, END_OF_FILE, MOST_SHORT, NOT_FOUND, Command, Response, Session
from devices.travel_document.api import DocumentProblem
from devices.travel_document.problems import DocumentError, understanding
from devices.travel_document.secure_messaging import OVERHEAD, SessionEndedError

SHORT_CHUNK: Final = 0xDF  # as much as fits a short response under secure messaging, tags, padding and MAC included
USUAL_CHUNK: Final = 2048
_LARGEST_CHUNK = 4096  # 80 ms on the air: more saves little, and is as long that a cancelled visit must wait
_LARGEST_FILE = 256 * 1024  # a chip has no more, and a portrait needs a tenth
_MOST_COMMANDS = 2048  # for one file: enough even in pieces of 0xDF
_LONGEST_HEADER = 5
_FIRST_FAR_OFFSET = 0x8000  # READ BINARY with an even INS has 15 bits for the offset
_FAR_MARGIN = 8  # the header of far data, up to the next block
_DATA = 0x53
_OFFSET = 0x54
_EXTENDED_LENGTHS = 0x7F66  # in EF.ATR/INFO: the longest command and response


@dataclass(frozen=True, slots=True)
class ChipFile:
    """A file's name, its identifier, and the tag that it begins with."""

    name: str
    identifier: int
    tag: int


CARD_ACCESS: Final = ChipFile("EF.CardAccess", 0x011C, 0x31)
ATR_INFO: Final = ChipFile("EF.ATR/INFO", 0x2F01, 0)  # several objects, none around them
COM: Final = ChipFile("EF.COM", 0x011E, 0x60)
SOD: Final = ChipFile("EF.SOD", 0x011D, 0x77)
ZONE, PORTRAIT, DETAILS, DOCUMENT_DETAILS = 1, 2, 11, 12
DATA_GROUPS: Final = {
    ZONE: ChipFile("EF.DG1", 0x0101, 0x61),
    PORTRAIT: ChipFile("EF.DG2", 0x0102, 0x75),
    DETAILS: ChipFile("EF.DG11", 0x010B, 0x6B),
    DOCUMENT_DETAILS: ChipFile("EF.DG12", 0x010C, 0x6C),
}
"""Those that are read here."""


class ExtendedLengthError(DocumentError):
    """Reader or chip did not take the first extended command: all must be asked again, in short ones."""

    code = "extended-length"


@dataclass(slots=True)
class FileReader:
    """Reads files over ``session``, ``chunk`` bytes at a time."""

    session: Session
    chunk: int = SHORT_CHUNK
    _proven: bool = field(default=False, init=False)  # an extended command has worked

    def read(self, file: ChipFile, on_share: Callable[[float], None] = lambda _: None) -> bytes | None:
        """The whole file, or None where there is none. ``on_share``: how much of it is here, from 0 to 1.

        Raises DocumentError: REFUSED, or DAMAGED where it has no end, or another beginning than its own;
        ExtendedLengthError; what the channel raises.
        """
        if not self._select(file):
            return None
        content = self._piece(file, 0, _LONGEST_HEADER)
        total = _length(file, content)
        for _ in range(_MOST_COMMANDS):
            if len(content) >= total:
                return content[:total]
            piece = self._piece(file, len(content), total - len(content))
            if not piece:
                break
            content += piece
            on_share(min(1.0, len(content) / total))
        raise DocumentError(DocumentProblem.DAMAGED, f"{file.name}: ends early")

    def read_start(self, file: ChipFile) -> bytes | None:
        """What one command gets of the file, or None."""
        return self._piece(file, 0, SHORT_CHUNK) if self._select(file) else None

    def _select(self, file: ChipFile) -> bool:
        answer = self.session.exchange(Command(0xA4, 0x02, 0x0C, file.identifier.to_bytes(2, "big")))
        if answer.status == NOT_FOUND:
            return False
        if answer.status != DONE:
            raise DocumentError(DocumentProblem.REFUSED, f"{file.name} {answer.status:04X}")
        return True

    def _piece(self, file: ChipFile, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes from ``offset`` on, as many as one command gets."""
        command = _read_binary(offset, length, self.chunk)
        answer = self._exchange(command) if command.extended and not self._proven else self.session.exchange(command)
        if answer.status not in {DONE, END_OF_FILE}:
            raise DocumentError(DocumentProblem.REFUSED, f"{file.name} {answer.status:04X}")
        if command.ins % 2 == 0:
            return answer.data
        with understanding(file.name):
            return tlv.read(answer.data, _DATA)

    def _exchange(self, command: Command) -> Response:
        """The first extended command: whatever goes wrong but a lifted or silent chip is put down to its length."""
        try:
            answer = self.session.exchange(command)
        except (ChipGoneError, ChipSilentError, DeviceCancelledError):
            raise
        except (DeviceError, SessionEndedError) as error:
            raise ExtendedLengthError(DocumentProblem.REFUSED, error.detail) from None
        if answer.status not in {DONE, END_OF_FILE}:
            raise ExtendedLengthError(DocumentProblem.REFUSED, f"{answer.status:04X}")
        self._proven = True
        return answer


def chunk_of(atr_info: bytes | None) -> int:
    """How much to ask for in one extended command, by what EF.ATR/INFO says of responses."""
    try:
        lengths = tlv.objects(tlv.need(atr_info or b"", _EXTENDED_LENGTHS))
    except tlv.TlvError:  # most chips have no such file
        return USUAL_CHUNK
    longest = int.from_bytes(lengths[-1].value, "big") if lengths else 0
    return max(SHORT_CHUNK, min(longest - OVERHEAD, _LARGEST_CHUNK))


def _read_binary(offset: int, length: int, most: int) -> Command:
    """``most``: of all that the response holds; beyond 32 KiB a header counts, too, and not for every chip in Le."""
    if offset < _FIRST_FAR_OFFSET:
        return Command(0xB0, offset >> 8, offset & 0xFF, le=_askable(min(length, most)))
    where = tlv.encode(_OFFSET, offset.to_bytes(3, "big"))
    return Command(0xB1, 0, 0, where, le=_askable(min(length + _LONGEST_HEADER, most - _FAR_MARGIN)))


def _askable(length: int) -> int:
    """What asks for no more than 256 bytes goes as a short command: then the protected response must fit into one."""
    return length if length > MOST_SHORT else min(length, SHORT_CHUNK)


def _length(file: ChipFile, start: bytes) -> int:
    """Of the whole file, by its first bytes."""
    with understanding(file.name):
        head = tlv.header(start)
        if head.tag != file.tag:
            raise tlv.TlvError("tag")
        if head.end > _LARGEST_FILE:
            raise tlv.TlvError("length")
    return head.end
