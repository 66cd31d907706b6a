"""Whether a frame is good enough to be compared, and if not, the one thing to say.

Three questions, cheapest first: ``framing`` (who is there, and where) and ``posture`` (how the head is held) are pure
and cost nothing; ``picture`` looks at some thousands of pixels of the face: light, covered parts, blur.

Limits are relative to the face's own brightness wherever that is possible, so that they are the same for any skin.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from devices.camera.api import Image
from devices.face.api import Face, Instruction

Pixels = NDArray[np.float32]  # grey levels, 0 to 255


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits, each with its reason. Lengths are in frame widths (x, width) or heights (y); grey levels are 0 to 255."""

    near: float = 0.16  # width of a face that has the pixels to be compared: 100 of 640
    close: float = 0.55  # wider than this, a lens bends a face, and a step back costs nobody anything
    bystander: float = 0.6  # faces narrower than this part of the resident's stand behind, and do not count
    aside: float = 0.27  # the face's middle so far from the picture's: it would leave it at the first turn
    rim: float = 0.02  # of the picture, over which a detected face may reach; up and down nothing else is asked
    straight: float = 0.22  # yaw up to which a look is straight; people hold their heads up to 0.15 off
    raised: float = 0.38  # pitch below which a head is raised; straight portraits have 0.53 to 0.60, and a camera
    lowered: float = 0.78  # above or below the eyes, or a seated resident, moves that by some 0.1
    level: float = 14.0  # degrees of roll as detected, which is half of what there is; straight ones have up to 11
    dark: float = 50.0  # the face's brightest twentieth: eyes and highlights shine on any skin, unless it is dark
    glare: float = 0.2  # part of the face that is all but white (above 250): no features left there
    backlit: float = 110.0  # picture beside the head brighter than the face's brightest by this, and that ...
    shaded: float = 80.0  # ... below this: the camera has exposed for the window behind
    blurred: float = 0.14  # sharpness: portraits have 0.20 and more, moved by a tenth of the face 0.10 to 0.15
    eyes: float = 0.4  # contrast along a band: portraits have 0.74 and more, a cap's brim 0.25 and less
    mouth: float = 0.35  # as well: 0.56 and more (a beard lowers it), a mask 0.14 and less, a hand 0.2 to 0.6
    unsure: float = 0.7  # the detector's own confidence: bare faces have 0.9


@dataclass(frozen=True, slots=True)
class Sighting:
    """One face in one frame, its box in parts of the frame's width (left, right) and height (top, bottom)."""

    left: float
    top: float
    right: float
    bottom: float
    yaw: float = 0.0
    pitch: float = 0.58
    roll: float = 0.0

    @property
    def width(self) -> float:
        """In frame widths."""
        return self.right - self.left

    @property
    def x(self) -> float:
        """The middle, in frame widths."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """The middle, in frame heights."""
        return (self.top + self.bottom) / 2


def sighting(face: Face, image: Image) -> Sighting:
    """What the engine found, without pixels."""
    height, width = image.shape[:2]
    left, top, right, bottom = face.box
    return Sighting(left / width, top / height, right / width, bottom / height, face.yaw, face.pitch, face.roll)


def framing(face: Sighting, rules: Rules) -> Instruction | None:
    """Whether the face is well in the picture. A seated resident's is low in it, and that is fine."""
    if face.width < rules.near:
        return Instruction.COME_CLOSER
    if face.width > rules.close or (face.top < -rules.rim and face.bottom > 1 + rules.rim):
        return Instruction.STEP_BACK
    inside = min(face.left, face.top, 1 - face.right, 1 - face.bottom) >= -rules.rim
    return None if inside and abs(face.x - 0.5) <= rules.aside else Instruction.TO_THE_MIDDLE


def posture(face: Sighting, rules: Rules) -> Instruction | None:
    """Whether the head is held level and looks straight."""
    if abs(face.roll) > rules.level:
        return Instruction.LEVEL_HEAD
    straight = abs(face.yaw) <= rules.straight and rules.raised <= face.pitch <= rules.lowered
    return None if straight else Instruction.LOOK_STRAIGHT


@dataclass(frozen=True, slots=True)
class Measures:
    """What a face's pixels say. ``brightest``: its brightest twentieth; ``beside``: the picture left and right of the
    head; ``glare``: the part that is all but white; ``eyes``, ``mouth``: contrast there over the whole face's."""

    brightest: float
    beside: float
    glare: float
    sharpness: float
    eyes: float
    mouth: float
    confidence: float


def picture(seen: Measures, rules: Rules) -> Instruction | None:
    """Light first: in the dark nothing else can be told."""
    if seen.brightest < rules.shaded and seen.beside - seen.brightest > rules.backlit:
        return Instruction.TOO_BRIGHT
    if seen.brightest < rules.dark:
        return Instruction.TOO_DARK
    if seen.glare > rules.glare:
        return Instruction.TOO_BRIGHT
    if seen.eyes < rules.eyes or seen.mouth < rules.mouth or seen.confidence < rules.unsure:
        return Instruction.UNCOVER_FACE
    return Instruction.HOLD_STILL if seen.sharpness < rules.blurred else None


_FINE = 64  # pixels across a face, at which it is measured: sensor noise averages out, pores go, eyelids stay
_REACH = 4  # of these pixels: what a blurred picture still shows


def measure(image: Image, face: Face) -> Measures:
    """Look at the face's pixels: some thousands of them, whatever the picture's size."""
    grey = image[..., 1]  # green: most of what an eye calls brightness, at no cost
    small = _small(grey, face)
    eyes, mouth = face.landmarks[:2].mean(axis=0), face.landmarks[3:].mean(axis=0)
    whole = max(float(small.std()), 1.0)
    return Measures(
        brightest=float(np.percentile(small, 95)),
        beside=_beside(grey, face),
        glare=float((small > 250).mean()),  # noqa: PLR2004 - all but white
        sharpness=_sharpness(small),
        eyes=_contrast(grey, face, eyes) / whole,
        mouth=_contrast(grey, face, mouth) / whole,
        confidence=face.confidence,
    )


def light(image: Image) -> float:
    """The picture's brightest twentieth: in a dark room there is no face to be found, and that is to be told."""
    return float(np.percentile(image[::8, ::8, 1], 95))


def _window(grey: NDArray[np.uint8], left: float, top: float, right: float, bottom: float) -> NDArray[np.uint8]:
    """A part of the picture, as far as it lies inside; one pixel at least."""
    height, width = grey.shape
    x, y = min(max(int(left), 0), width - 1), min(max(int(top), 0), height - 1)
    return grey[y : max(int(bottom), y + 1), x : max(int(right), x + 1)]


def _small(grey: NDArray[np.uint8], face: Face) -> Pixels:
    """The middle of the face, some 64 pixels wide, each the mean of those it stands for."""
    left, top, right, bottom = face.box
    x, y, width, height = (left + right) / 2, (top + bottom) / 2, (right - left) * 0.4, (bottom - top) * 0.4
    seen = _window(grey, x - width, y - height, x + width, y + height)
    step = max(round((right - left) / _FINE), 1)
    rows, columns = (max(length // step, 1) * step for length in seen.shape)
    cut = seen[:rows, :columns]
    if step == 1 or min(cut.shape) < step:
        return cut.astype(np.float32)
    blocks = cut.reshape(rows // step, step, columns // step, step)
    return cast("Pixels", blocks.mean(axis=(1, 3), dtype=np.float32))


def _sharpness(small: Pixels) -> float:
    """The finest differences over coarser ones, in the direction where less of them is left: a moved face is blurred
    in one direction only."""
    if min(small.shape) <= 2 * _REACH:
        return 0.0
    return min(_bend(small, 1) / max(_bend(small, _REACH), 1e-3), _bend(small.T, 1) / max(_bend(small.T, _REACH), 1e-3))


def _bend(small: Pixels, reach: int) -> float:
    """The mean second difference along the rows."""
    return float(np.abs(small[:, : -2 * reach] - 2 * small[:, reach:-reach] + small[:, 2 * reach :]).mean())


def _contrast(grey: NDArray[np.uint8], face: Face, point: NDArray[np.float32]) -> float:
    """How much changes along a band through this point, somewhat wider than the eyes are apart. Along, not across:
    brims, fingers and the folds of a mask are level lines."""
    apart = float(np.linalg.norm(face.landmarks[1] - face.landmarks[0]))
    x, y, half, height = point[0], point[1], 0.7 * apart, 0.25 * apart
    band = _window(grey, x - half, y - height, x + half, y + height)
    return float(band.std(axis=1).mean())


def _beside(grey: NDArray[np.uint8], face: Face) -> float:
    """The mean of the picture left and right of the head, at its height."""
    left, top, right, bottom = face.box
    width = right - left
    sides = (left - 0.9 * width, left - 0.4 * width), (right + 0.4 * width, right + 0.9 * width)
    return float(np.mean([_window(grey, start, top, end, bottom).mean() for start, end in sides]))
