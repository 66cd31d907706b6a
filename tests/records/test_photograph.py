"""A photograph of another shape is cut for the paper, never stretched; one that can't be cut well is on no paper."""

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from civic.masking import PersonalBytes
from records.context import Records
from records.errors import PhotographError
from records.population.photograph import SIZE, identity_photograph
from records.population.seeded import SeededPopulation
from tests.support.records_client import KioskClient

ORIENTATION, ON_ITS_SIDE = 0x0112, 6
WHITE, DISC = (255, 255, 255), (20, 20, 20)


def _picture(size: tuple[int, int], form: str = "JPEG", **saved: object) -> bytes:
    """A disc in the middle of a white ground, half as wide as the shorter side."""
    picture, buffer = Image.new("RGB", size, WHITE), io.BytesIO()
    radius, (x, y) = min(size) / 4, (size[0] / 2, size[1] / 2)
    ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), fill=DISC)
    picture.save(buffer, form, **saved)
    return buffer.getvalue()


def _disc(jpeg: bytes) -> tuple[int, int]:
    """How wide and how high the disc is in an identity photograph."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", SIZE, "RGB")
        box = picture.convert("L").point(lambda value: 255 * (value < 128)).getbbox()
    assert box is not None
    return box[2] - box[0], box[3] - box[1]


@pytest.mark.parametrize("size", [(441, 441), (600, 600), (300, 441), (480, 640), (716, 882)])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_of_another_shape_is_cut_and_a_circle_stays_one(size: tuple[int, int], form: str) -> None:
    width, height = _disc(identity_photograph(_picture(size, form)))
    assert abs(width - height) <= 3


def test_a_picture_that_lies_on_its_side_is_put_upright() -> None:
    """As its camera has written beside it; what the camera wrote is not kept."""
    exif = Image.Exif()
    exif[ORIENTATION] = ON_ITS_SIDE
    upright = identity_photograph(_picture((441, 358), exif=exif))
    width, height = _disc(upright)
    assert abs(width - height) <= 3
    with Image.open(io.BytesIO(upright)) as picture:
        assert len(picture.getexif()) == 0


def test_an_identity_photograph_stays_as_it_is() -> None:
    """Byte for byte: it is compressed once."""
    content = _picture(SIZE)
    assert identity_photograph(content) is content


@pytest.mark.parametrize("size", [(358, 900), (1600, 900), (100, 123)])
def test_what_would_cut_a_face_or_show_none_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(PhotographError, match=f"{size[0]} x {size[1]} pixels can't be cut to 358 x 441"):
        identity_photograph(_picture(size))


@pytest.mark.parametrize("content", [b"", b"no picture", _picture((400, 441))[:400]])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(PhotographError, match="no picture"):
        identity_photograph(content)


class _OtherPictures(SeededPopulation):
    """A bureau's own population source, with pictures as they come."""

    picture: bytes

    def portrait(self, person_id: str) -> PersonalBytes | None:
        return PersonalBytes(self.picture) if super().portrait(person_id) else None


@pytest.fixture
def other(records: Records) -> _OtherPictures:
    return _OtherPictures(records.database)


def test_a_paper_shows_another_sources_picture_in_its_own_shape(records: Records, other: _OtherPictures) -> None:
    other.picture = _picture((441, 441))
    kiosk = KioskClient(replace(records, register=other))
    answer = kiosk.reserve(kiosk.prove(), kind="temporary_id_proof", purpose="rail")
    width, height = _disc(base64.b64decode(answer.json()["paper"]["portrait"]))
    assert abs(width - height) <= 3


@pytest.mark.parametrize("picture", [_picture((1600, 900)), _picture((100, 123)), _picture((400, 441))[:400]])
def test_a_picture_that_can_not_be_cut_well_is_on_no_paper_and_that_is_said_early(
    records: Records, other: _OtherPictures, picture: bytes
) -> None:
    """In the list of services, before any answer is given; and where it is asked for all the same."""
    kiosk = KioskClient(replace(records, register=other))
    other.picture = _picture(SIZE)
    subject = kiosk.prove()
    assert kiosk.record(subject)["closed"] == []
    other.picture = picture
    assert kiosk.record(subject)["closed"] == [{"kind": "temporary_id_proof", "why": "no-portrait"}]
    answer = kiosk.reserve(subject, kind="temporary_id_proof", purpose="rail")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-portrait")
