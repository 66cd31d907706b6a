import pytest

from devices.travel_document.apdu import Command, Response, refusal
from devices.travel_document.api import DocumentProblem
from devices.travel_document.problems import DocumentError


@pytest.mark.parametrize(
    ("command", "encoded"),
    [
        (Command(0xA4, 4, 0x0C, bytes.fromhex("A0000002471001")), "00A4040C07A0000002471001"),
        (Command(0x84, 0, 0, le=8), "0084000008"),
        (Command(0xB0, 0, 0, le=256), "00B0000000"),
        (Command(0xB0, 0x12, 0x34, le=2048), "00B01234000800"),
        (Command(0xB0, 0, 0, le=65536), "00B00000000000"),
        (Command(0x86, 0, 0, b"\x7c\0", 256, cla=0x10), "10860000027C0000"),
        (Command(0xB0, 0, 0, b"\x8e\0", 65536, cla=0x0C), "0CB00000000002" + "8E00" + "0000"),
    ],
)
def test_a_command_is_written_in_the_shortest_form_that_holds_it(command: Command, encoded: str) -> None:
    """ISO/IEC 7816-4, 5.1: short and extended length, with and without data and Le."""
    assert command.encode().hex().upper() == encoded


def test_more_than_255_bytes_of_data_need_the_extended_form() -> None:
    assert Command(0x86, 0, 0, bytes(256)).encode()[4:7] == bytes.fromhex("000100")


def test_a_response_without_status_is_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        Response.decode(b"\x90")
    assert refused.value.problem is DocumentProblem.REFUSED


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (0x6300, DocumentProblem.WRONG_KEY),
        (0x63C2, DocumentProblem.WRONG_KEY),
        (0x6988, DocumentProblem.WRONG_KEY),
        (0x6D00, DocumentProblem.REFUSED),
        (0x6F00, DocumentProblem.REFUSED),
    ],
)
def test_a_refused_proof_is_a_wrong_key_or_another_matter(status: int, problem: DocumentProblem) -> None:
    assert refusal("BAC", status).problem is problem


def test_what_is_sent_and_answered_does_not_show_itself() -> None:
    assert "53" not in repr(Command(0xA4, 0, 0, b"SECRET"))
    assert repr(Response(b"SECRET", 0x9000)) == "Response(6 bytes, 9000)"
