"""Nobody: what stands in for a person, and a portrait, when a typed number is nobody's.

A plain drawn face in grey, with the grain of a camera, in the format and about the size of an identity photograph. A
face detector finds it, so that the kiosk has the same work to do; no comparison with it is ever accepted. Who has taken
a kiosk apart could tell such a drawing from a photograph by eye (docs/decisions/typed-number.md).
"""

import io
import random
from collections.abc import Iterator
from datetime import date

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from records.population.photograph import SIZE
from records.store.residents import ResidentRow

COUNT = 16
_FINER = 2  # drawn larger, then reduced: soft edges
_QUALITY = 88
_PAPER, _CLOTHES, _EYE_WHITE = 226, 86, 235


ROW = ResidentRow(
    person_id="",
    id_number="000000190001010009",
    name="无名氏",
    former_name="",
    sex="男",
    nation="汉",
    birth_date=date(1900, 1, 1),
    birthplace="无",
    native_place="无",
    address="无",
    household_type="家庭户",
    household="",
    householder="无名氏",
    relation="户主",
    moved_in="",
    unclear=True,
    synthetic=True,
)


def handle(index: int) -> str:
    """Under what the store keeps a portrait of nobody; no person has such a handle."""
    return f"nobody-{index:02}"


_HANDLES = frozenset(handle(index) for index in range(COUNT))


def is_handle(person_id: str) -> bool:
    """Whether a handle is nobody's."""
    return person_id in _HANDLES


def portraits() -> Iterator[tuple[str, bytes]]:
    """All of them: handle and JPEG."""
    for index in range(COUNT):
        yield handle(index), _jpeg(random.Random(index))  # noqa: S311 - nothing is secret


def _jpeg(chance: random.Random) -> bytes:
    drawing = _drawing(chance).reduce(_FINER).filter(ImageFilter.GaussianBlur(2))
    grain = Image.effect_noise(SIZE, chance.uniform(3, 6.5))
    buffer = io.BytesIO()
    ImageChops.add(drawing, grain, offset=-128).convert("RGB").save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def _drawing(chance: random.Random) -> Image.Image:
    picture = Image.new("L", (SIZE[0] * _FINER, SIZE[1] * _FINER), _PAPER)
    pen, head = _Pen(ImageDraw.Draw(picture)), _Head(chance)
    _shoulders_and_hair(pen, head)
    for side in (-1, 1):
        _eye(pen, head, side)
    _nose_and_mouth(pen, head)
    return picture


class _Head:
    """Where everything is (pixels), and how bright: drawn anew for each."""

    def __init__(self, chance: random.Random) -> None:
        width, height = SIZE[0] * _FINER, SIZE[1] * _FINER
        self.x, self.y = width / 2 + chance.uniform(-12, 12), height * 0.47 + chance.uniform(-12, 12)
        self.rx = width * chance.uniform(0.22, 0.26)
        self.ry = self.rx * chance.uniform(1.28, 1.4)
        self.tone, self.hair = chance.randint(150, 190), chance.randint(40, 70)
        self.eye_x, self.eye_y = self.rx * chance.uniform(0.38, 0.44), self.y - self.ry * chance.uniform(0.05, 0.12)
        self.eye = self.rx * chance.uniform(0.17, 0.21)
        self.nose, self.nose_y = self.rx * chance.uniform(0.16, 0.2), self.y + self.ry * chance.uniform(0.26, 0.32)
        self.mouth, self.mouth_y = self.rx * chance.uniform(0.32, 0.4), self.y + self.ry * chance.uniform(0.53, 0.6)


class _Pen:
    """Ellipses by their middle and half axes."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw = draw

    def spot(self, x: float, y: float, half: tuple[float, float], fill: int) -> None:
        """A filled ellipse."""
        self.draw.ellipse((x - half[0], y - half[1], x + half[0], y + half[1]), fill=fill)

    def bow(self, x: float, y: float, half: tuple[float, float], fill: int, width: int) -> None:
        """The upper part of one."""
        box = (x - half[0], y - half[1], x + half[0], y + half[1])
        self.draw.arc(box, 205, 335, fill=fill, width=width)


def _shoulders_and_hair(pen: _Pen, head: _Head) -> None:
    pen.spot(head.x, head.y + head.ry * 2.2, (head.rx * 2.1, head.ry), _CLOTHES)
    pen.spot(head.x, head.y + head.ry, (head.rx * 0.5, head.ry * 0.5), head.tone - 18)
    pen.spot(head.x, head.y - head.ry * 0.32, (head.rx * 1.12, head.ry * 0.88), head.hair)
    for side in (-1, 1):
        pen.spot(head.x + side * head.rx, head.y, (head.rx * 0.12, head.ry * 0.18), head.tone - 12)
    pen.spot(head.x, head.y, (head.rx, head.ry), head.tone)
    pen.bow(head.x, head.y - head.ry * 0.1, (head.rx * 1.02, head.ry), head.hair, round(head.rx * 0.25))


def _eye(pen: _Pen, head: _Head, side: int) -> None:
    x, y, half = head.x + side * head.eye_x, head.eye_y, head.eye
    pen.spot(x, y, (half * 1.3, half), head.tone - 14)
    pen.spot(x, y, (half, half * 0.5), _EYE_WHITE)
    pen.spot(x, y, (half * 0.5, half * 0.5), 46)
    pen.bow(x, y, (half * 1.05, half * 0.6), 56, 3 * _FINER)
    pen.bow(x, y - half * 0.6, (half * 1.4, half * 1.2), head.hair + 15, 5 * _FINER)


def _nose_and_mouth(pen: _Pen, head: _Head) -> None:
    pen.spot(head.x, (head.eye_y + head.nose_y) / 2, (head.nose * 0.35, head.ry * 0.2), head.tone - 8)
    pen.spot(head.x, head.nose_y, (head.nose, head.nose * 0.5), head.tone - 16)
    for side in (-1, 1):
        pen.spot(head.x + side * head.nose * 0.55, head.nose_y + head.nose * 0.3, (head.nose * 0.25,) * 2, 82)
    pen.spot(head.x, head.mouth_y, (head.mouth, head.mouth * 0.34), head.tone - 60)
    pen.spot(head.x, head.mouth_y, (head.mouth, _FINER), 66)
