from dataclasses import dataclass, field

import pytest

from devices.chip import tlv
from devices.chip.channel import ChipGoneError
from devices.errors import DeviceCancelledError, DeviceFaultError
from devices.travel_document import files
from devices.travel_document.apdu import Command, Response
from devices.travel_document.api import DocumentProblem
from devices.travel_document.files import DATA_GROUPS, PORTRAIT, SHORT_CHUNK, ExtendedLengthError, FileReader, chunk_of
from devices.travel_document.problems import DocumentError

FILE = DATA_GROUPS[PORTRAIT]


@dataclass
class FileChip:
    """A chip with one file. ``most``: what it gives at once; ``extended``: how it answers extended commands."""

    content: bytes | None
    most: int = 65536
    extended: Response | Exception | None = None
    sent: list[Command] = field(default_factory=list)

    def exchange(self, command: Command) -> Response:
        self.sent.append(command)
        if command.ins == 0xA4:
            return Response(b"", 0x6A82 if self.content is None else 0x9000)
        match self.extended if command.extended else None:
            case Exception() as error:
                raise error
            case Response() as answer:
                return answer
            case _:
                return self._read(command)

    def _read(self, command: Command) -> Response:
        content = self.content or b""
        if command.ins == 0xB0:
            offset, room = command.p1 << 8 | command.p2, command.le
        else:
            offset, room = int.from_bytes(tlv.read(command.data, 0x54), "big"), command.le - 4
        piece = content[offset : offset + min(room, self.most)]
        data = piece if command.ins == 0xB0 else tlv.encode(0x53, piece)
        return Response(data, 0x9000 if len(piece) == room else 0x6282)


def _file(size: int) -> bytes:
    return tlv.encode(FILE.tag, bytes(at % 251 for at in range(size)))


@pytest.mark.parametrize("size", [0, 1, 3, 200, 5000, 32_760, 32_768, 70_000])
@pytest.mark.parametrize("chunk", [SHORT_CHUNK, 2048, 4096])
def test_a_file_of_any_size_is_read_whole(size: int, chunk: int) -> None:
    """Beyond 32 KiB by READ BINARY with an odd INS."""
    chip = FileChip(_file(size))
    assert FileReader(chip, chunk).read(FILE) == _file(size)
    assert all(command.le <= chunk for command in chip.sent)
    assert any(command.ins == 0xB1 for command in chip.sent) == (size > 32_768)


def test_a_chip_may_give_less_than_it_is_asked_for() -> None:
    assert FileReader(FileChip(_file(3000), most=100), 2048).read(FILE) == _file(3000)


def test_what_follows_the_file_is_left_alone() -> None:
    """Chips pad files to the size that was allotted."""
    assert FileReader(FileChip(_file(300) + bytes(500)), 2048).read(FILE) == _file(300)


def test_a_file_that_is_not_there_is_none() -> None:
    assert FileReader(FileChip(None)).read(FILE) is None


def test_progress_grows_to_the_whole() -> None:
    shares: list[float] = []
    FileReader(FileChip(_file(10_000)), 2048).read(FILE, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) == 5


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x75",
        b"\x75\x84\x7f\xff\xff\xff",
        _file(300_000),
        tlv.encode(0x61, bytes(50)),
        _file(300)[:200],
    ],
)
def test_a_file_without_end_or_with_another_beginning_is_damaged(content: bytes) -> None:
    """Nothing is read for a length that no chip has."""
    chip = FileChip(content)
    with pytest.raises(DocumentError) as refused:
        FileReader(chip).read(FILE)
    assert refused.value.problem is DocumentProblem.DAMAGED
    assert refused.value.detail.startswith("EF.DG2")
    assert len(chip.sent) < 5


def test_a_chip_that_gives_a_few_bytes_at_a_time_is_given_up() -> None:
    """It could keep a visit busy for minutes."""
    with pytest.raises(DocumentError) as refused:
        FileReader(FileChip(_file(20_000), most=5)).read(FILE)
    assert refused.value.detail == "EF.DG2: ends early"


@pytest.mark.parametrize("answer", [Response(b"", 0x6700), Response(b"", 0x6C00), DeviceFaultError("no long ones")])
def test_the_first_extended_command_may_fail(answer: Response | Exception) -> None:
    """Reader or chip: the whole is to be asked again in short ones."""
    with pytest.raises(ExtendedLengthError):
        FileReader(FileChip(_file(3000), extended=answer), 2048).read(FILE)


@pytest.mark.parametrize("error", [ChipGoneError(), DeviceCancelledError()])
def test_a_lifted_chip_and_a_left_visit_are_no_matter_of_length(error: Exception) -> None:
    with pytest.raises(type(error)):
        FileReader(FileChip(_file(3000), extended=error), 2048).read(FILE)


def test_a_later_failure_is_no_matter_of_length() -> None:
    """An extended command has worked."""
    chip = FileChip(_file(3000))
    reader = FileReader(chip, 2048)
    reader.read(FILE)
    chip.extended = Response(b"", 0x6F00)
    with pytest.raises(DocumentError) as refused:
        reader.read(FILE)
    assert (refused.value.problem, refused.value.detail) == (DocumentProblem.REFUSED, "EF.DG2 6F00")
    assert not isinstance(refused.value, ExtendedLengthError)


@pytest.mark.parametrize(
    ("atr_info", "chunk"),
    [
        (None, 2048),
        ("43018A", 2048),
        ("7F6608020203E8020203E8", 936),
        ("43018A7F660A02030100000203010000", 4096),
        ("7F6608020201000202 0100", SHORT_CHUNK),
        ("7F66", 2048),
        ("7F6600", SHORT_CHUNK),
    ],
)
def test_a_chip_is_asked_for_what_it_says_it_can_give(atr_info: str | None, chunk: int) -> None:
    """EF.ATR/INFO, ISO/IEC 7816-4, 12.7.1."""
    assert chunk_of(bytes.fromhex(atr_info) if atr_info else None) == chunk


def test_each_file_has_its_identifier() -> None:
    """ICAO 9303-10, table 38."""
    names = {file.name: file.identifier for file in (*DATA_GROUPS.values(), files.COM, files.SOD, files.CARD_ACCESS)}
    assert names == {
        "EF.DG1": 0x0101,
        "EF.DG2": 0x0102,
        "EF.DG11": 0x010B,
        "EF.DG12": 0x010C,
        "EF.COM": 0x011E,
        "EF.SOD": 0x011D,
        "EF.CardAccess": 0x011C,
    }
