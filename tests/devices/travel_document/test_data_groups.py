import struct
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.mrz import InvalidMrzError
from devices.chip import tlv
from devices.travel_document import data_groups, portrait
from devices.travel_document.api import DocumentProblem
from devices.travel_document.problems import DocumentError, understanding

PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
JPEG = b"\xff\xd8\xff\xe0 a picture"


def _dg1(zone: str) -> bytes:
    return tlv.encode(0x61, tlv.encode(0x5F1F, zone.encode()))


def _dg11(**items: bytes) -> bytes:
    tags = {"name": 0x5F0E, "number": 0x5F10}
    return tlv.encode(0x6B, b"".join(tlv.encode(tags[key], value) for key, value in items.items()))


def _dg2(image: bytes = JPEG, *, points: int = 0, mark: bytes = b"FAC\0", tag: int = 0x5F2E, images: int = 1) -> bytes:
    face = struct.pack(">IH14x", 20 + 8 * points + 12 + len(image), points) + bytes(8 * points) + bytes(12) + image
    record = struct.pack(">4s4sIH", mark, b"010\0", 14 + len(face), images) + face
    template = tlv.encode(0x7F60, tlv.encode(0xA1, b"") + tlv.encode(tag, record))
    return tlv.encode(0x75, tlv.encode(0x7F61, tlv.encode(0x02, b"\x01") + template))


def test_the_worked_examples_common_file_lists_its_groups() -> None:
    """ICAO 9303-11, D.4: LDS 1.6, DG1 and DG2."""
    com = bytes.fromhex("60145F0104303130365F36063034303030305C026175")
    assert data_groups.listed_groups(com) == {1, 2}


def test_groups_that_are_not_read_here_are_passed_over() -> None:
    com = tlv.encode(0x60, tlv.encode(0x5C, bytes.fromhex("617563676B6C6E6F")))
    assert data_groups.listed_groups(com) == {1, 2, 11, 12}


def test_the_zone_is_read_from_its_group() -> None:
    assert data_groups.zone(_dg1(PASSPORT)).number.reveal() == "L898902C3"
    with pytest.raises(InvalidMrzError):
        data_groups.zone(_dg1(PASSPORT[:-1] + "1"))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("王<<小明", "王小明"),
        ("王 小明", "王小明"),
        ("欧阳<<䶮", "欧阳䶮"),
        ("阿卜杜<<买买提·艾力", "阿卜杜买买提·艾力"),
    ],
)
def test_a_name_in_national_characters_is_kept_code_point_for_code_point(written: str, name: str) -> None:
    details = data_groups.additional_details(_dg11(name=written.encode()))
    assert details.name is not None
    assert details.name.reveal() == name


@pytest.mark.parametrize("written", ["", "ERIKSSON<<ANNA", "MÜLLER<<JÖRG", "ИВАНОВ<<ИВАН", "สมชาย", "やまだ", "<<"])
def test_a_name_that_is_not_chinese_is_not_taken_for_one(written: str) -> None:
    assert data_groups.additional_details(_dg11(name=written.encode())).name is None


def test_details_in_another_encoding_cost_the_document_nothing() -> None:
    """The standard asks for UTF-8; what is written otherwise is not guessed at, and the zone has its name still."""
    details = data_groups.additional_details(_dg11(name="张明灯".encode("utf-16"), number=b"99\xff"))
    assert (details.name, details.personal_number) == (None, "")


def test_a_personal_number_is_read_without_fillers() -> None:
    assert (
        data_groups.additional_details(_dg11(number=b"990101199001010018<<<")).personal_number == "990101199001010018"
    )
    assert data_groups.additional_details(_dg11()).personal_number == ""


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (b"20240301", date(2024, 3, 1)),
        (bytes.fromhex("20240301"), date(2024, 3, 1)),
        (b"20241332", None),
        (b"", None),
        (b"\xff\xff\xff\xff", None),
        ("二〇二四年".encode(), None),
    ],
)
def test_a_day_of_issue_is_read_as_states_write_it(written: bytes, day: date | None) -> None:
    """In digits, packed, or in a way that nothing may hang on."""
    assert data_groups.issued_on(tlv.encode(0x6C, tlv.encode(0x5F26, written))) == day


@pytest.mark.parametrize("tag", [0x5F2E, 0x7F2E])
@pytest.mark.parametrize("points", [0, 3])
@pytest.mark.parametrize("image", [JPEG, b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51 a code stream"])
def test_the_first_image_is_taken_as_it_is_encoded(image: bytes, points: int, tag: int) -> None:
    """JPEG and JPEG 2000, with and without feature points, in both kinds of block."""
    assert portrait.image(_dg2(image, points=points, tag=tag)) == image


@pytest.mark.parametrize("dg2", [_dg2(b"GIF89a"), _dg2(mark=b"FIR\0"), _dg2(images=0), _dg2(tag=0x81), b"\x75\x00"])
def test_a_record_without_a_portrait_is_refused(dg2: bytes) -> None:
    """Another format of image or record, no image, no block."""
    with pytest.raises(DocumentError), understanding("EF.DG2"):
        portrait.image(dg2)


def _outcome(take: Callable[[bytes], object], file: bytes) -> DocumentProblem | None:
    try:
        with understanding("EF"):
            take(file)
    except DocumentError as error:
        return error.problem
    return None


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=120), st.sampled_from([0x60, 0x61, 0x6B, 0x6C, 0x75]))
def test_any_bytes_are_a_group_or_damage(content: bytes, tag: int) -> None:
    """Never another error."""
    file = tlv.encode(tag, content)
    readings = (
        data_groups.listed_groups,
        data_groups.zone,
        data_groups.additional_details,
        data_groups.issued_on,
        portrait.image,
    )
    assert {_outcome(take, file) for take in readings} <= {None, DocumentProblem.DAMAGED}


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=80))
def test_any_record_is_a_portrait_or_damage(record: bytes) -> None:
    template = tlv.encode(0x7F60, tlv.encode(0x5F2E, b"FAC\0" + record))
    file = tlv.encode(0x75, tlv.encode(0x7F61, template))
    assert _outcome(portrait.image, file) in {None, DocumentProblem.DAMAGED}
