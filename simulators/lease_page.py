"""The pages of a made-up lease, held before the simulated camera in two hands.

A camera that photographs pages sees more than one for faces: frames are 3264 x 2448 (eight megapixels), which is what
150 dots to the inch of an A4 page take when it fills three quarters of the picture. Sizes, lens and light are those of
a hand before a kiosk; wrinkles, stamps and photocopied pages are not drawn, so figures from here say nothing of those.

``lease:1`` to ``lease:3`` are the pages, ``lease:back`` a blank one; ``lease:2-dark`` is one of them in a state that
is worse (``STATES``).
"""

import math
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from forms.fonts import Weight, font_file
from simulators.living_picture import Image

SIZE = (3264, 2448)  # pixels, across and down
_DOT = 8  # to the millimetre of a drawn page
_PAGE = (210, 297)  # mm
_FOCAL = float(SIZE[0])  # pixels: a lens that sees 53 degrees
_PAPER, _INK, _SKIN = 226, 42, 165  # grey levels: nothing here has a colour
_POINT = 25.4 / 72 * _DOT
_LEFT, _TOP, _LEADING = 28, 30, 1.75  # mm; times the letters' size
_LINE = 36  # characters

_CLAUSES = {
    "1": (
        "房屋租赁合同（示例）",
        "出租方（甲方）：王守业　　承租方（乙方）：张明灯",
        "甲乙双方就下列房屋的租赁，经平等协商，订立本合同。本合同中的人名、门牌、号码均为虚构，只供演示。",
        "第一条　房屋坐落于示例市灯火路 1 号平安灯小区 5 号楼 1 单元 1203 室，建筑面积 62.40 平方米，两室一厅。",
        "第二条　租赁期自 2026 年 12 月 1 日起至 2027 年 11 月 30 日止，共十二个月。期满前三十日，双方可以商定续租。",
        "第三条　月租金人民币贰仟肆佰元整，按季支付，每季首月五日前付清。押金贰仟肆佰元，退租结清后七日内退还。",
        "第四条　水、电、燃气、宽带由乙方承担；物业服务费、供暖费由甲方承担。交房时抄表，双方在交接单上签字。",
        "第五条　甲方应当保证房屋符合居住和消防的要求，不得在厨房、卫生间、阳台搭床出租，不得擅自进入房屋。",
    ),
    "2": (
        "第六条　乙方应当合理使用房屋和设施，不得擅自改变结构和用途。人为损坏的，由乙方修复或者赔偿。",
        "第七条　房屋及设施自然损坏，乙方通知后三日内由甲方维修；逾期不修的，乙方可以自行维修，费用由甲方承担。",
        "第八条　实际居住人：张明灯、李路灯、张小灯。增加居住人的，乙方应当告知甲方，并由本人办理登记。",
        "第九条　本合同由甲方向住房租赁主管部门备案；甲方未备案的，乙方可以备案。流动人口登记由公安机关另行办理。",
        "第十条　一方提前解除合同的，应当提前三十日书面通知对方。不得以断水、断电、换锁等方式迫使对方搬离。",
        "第十一条　因不可抗力致使房屋不能居住的，双方互不承担责任，租金按实际居住天数结算，多付的退还。",
        "第十二条　双方发生争议的，先行协商；协商不成的，可以向社区人民调解委员会申请调解，也可以向人民法院起诉。",
    ),
    "3": (
        "第十三条　送达地址以本合同载明的为准。一方变更联系方式的，应当在三日内告知另一方，否则后果自负。",
        "第十四条　本合同一式三份，甲乙双方各执一份，备案一份，自双方签字之日起生效。未尽事宜，另行补充约定。",
        "附件一　家具和设备清单：床两张、衣柜两个、餐桌一张、椅子四把、冰箱、洗衣机、空调各一台、热水器一台。",
        "附件二　交接时读数：水表 318 吨，电表 6042 度，燃气表 1177 立方。门禁卡两张，单元门钥匙两把，信箱钥匙一把。",
        "甲方（签字）：王守业　　　　　　乙方（签字）：张明灯",
        "二〇二六年十一月二十日　　　　　二〇二六年十一月二十日",
    ),
    "back": (),
}
PAGES = tuple(_CLAUSES)


@dataclass(frozen=True, slots=True)
class Hold:
    """How a page is held and lit. ``distance`` in mm; angles in degrees; ``shift`` in mm, right and down; ``blur`` and
    ``shake``: pixels, all round and sideways; ``noise``: grey levels of 255; ``light``: of full; ``glare``: grey levels
    that a lamp's reflection adds at its middle, at ``glare_at`` (parts of the frame); ``ground``: grey level behind;
    ``ink``: grey level of the letters; ``points``: their size."""

    distance: float = 450.0
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    blur: float = 0.6
    shake: float = 0.0
    noise: float = 3.0
    light: float = 0.95
    glare: float = 0.0
    glare_at: tuple[float, float] = (0.5, 0.5)
    ground: float = 95.0
    ink: int = _INK
    points: float = 10.5


STATES = {
    "": Hold(roll=1.5),
    "tilted": Hold(pitch=34, roll=2),
    "dark": Hold(light=0.22),
    "blurred": Hold(blur=5.0),
    "shaken": Hold(shake=22),
    "cut": Hold(shift=(0, 60)),
    "far": Hold(distance=640),
    "glare": Hold(glare=190, glare_at=(0.5, 0.42)),
    "faint": Hold(ink=182),
}


class LeasePage:
    """One page in two hands that rest on the shelf: it does not tremble. A subject of the simulated camera."""

    turns = (-12, 12)
    nods = (-10, 10)

    def __init__(self, name: str) -> None:
        """``name``: a page, or ``page-state``. Raises KeyError."""
        self._page, _, state = name.partition("-")
        self._hold = STATES[state]
        _ = _CLAUSES[self._page]

    def at(self, degrees: float, breath: float = 0.0, pitch: float = 0.0) -> Image:
        """Turned and tilted by so much more; ``breath`` changes nothing."""
        del breath
        return held(self._page, replace(self._hold, yaw=self._hold.yaw + degrees, pitch=self._hold.pitch + pitch))


def held(name: str, hold: Hold, seed: int = 0) -> Image:
    """What the camera sees (SIZE, BGR)."""
    page = drawn(name, hold.ink, hold.points)
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, _projected(corners, hold))
    scene = _hall(hold.ground, seed)
    cv2.warpPerspective(page, matrix, SIZE, dst=scene, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
    _thumbs(scene, np.asarray(matrix, np.float64))
    return cast("Image", cv2.cvtColor(_developed(scene, hold, seed), cv2.COLOR_GRAY2BGR))


@cache
def drawn(name: str, ink: int = _INK, points: float = 10.5) -> Image:
    """The flat page, at eight dots to the millimetre (grey)."""
    picture = Pictures.new("L", (_PAGE[0] * _DOT, _PAGE[1] * _DOT), _PAPER)
    pen, size = ImageDraw.Draw(picture), points * _POINT
    font = ImageFont.truetype(font_file(Weight.REGULAR), round(size))
    y = float(_TOP * _DOT)
    for clause in _CLAUSES[name]:
        for start in range(0, len(clause), _LINE):
            pen.text((_LEFT * _DOT, y), clause[start : start + _LINE], fill=ink, font=font)
            y += size * _LEADING
        y += size
    if _CLAUSES[name]:
        pen.text((_PAGE[0] * _DOT / 2, 282 * _DOT), f"第 {name} 页　共 3 页", fill=ink, font=font, anchor="mm")
    return np.asarray(picture)


def _projected(corners: NDArray[np.float32], hold: Hold) -> NDArray[np.float32]:
    """Where the lens sees a page's corners."""
    flat = corners / _DOT - np.array(_PAGE) / 2
    axes = (0.0, 0.0, hold.roll), (0.0, hold.yaw, 0.0), (hold.pitch, 0.0, 0.0)
    roll, yaw, pitch = (cv2.Rodrigues(np.radians(axis))[0] for axis in axes)
    points = np.column_stack([flat, np.zeros(len(flat))]) @ (roll @ yaw @ pitch).T
    points += (*hold.shift, hold.distance)
    return (points[:, :2] / points[:, 2:] * _FOCAL + np.array(SIZE) / 2).astype(np.float32)


def _hall(ground: float, seed: int) -> Image:
    """What is behind the page: out of focus, brighter here and darker there."""
    chance = np.random.default_rng(seed)
    coarse = np.clip(ground * chance.uniform(0.55, 1.2, (5, 7)), 0, 255).astype(np.uint8)
    soft = cv2.resize(coarse, (SIZE[0] // 16, SIZE[1] // 16), interpolation=cv2.INTER_CUBIC)
    return cast("Image", cv2.resize(soft, SIZE, interpolation=cv2.INTER_LINEAR))


def _thumbs(scene: Image, matrix: NDArray[np.float64]) -> None:
    """A thumb on either side, over the page's edge."""
    for x in (2.0, _PAGE[0] - 2.0):
        angles = np.linspace(0, math.tau, 40)
        outline = np.stack([x + 11 * np.cos(angles), 190 + 9 * np.sin(angles)], 1).astype(np.float32) * _DOT
        cv2.fillPoly(scene, [cv2.perspectiveTransform(outline[None], matrix)[0].astype(np.int32)], _SKIN)


def _developed(scene: Image, hold: Hold, seed: int) -> Image:
    """The picture with its light, reflection, blur and the sensor's noise."""
    image: Image = cast("Image", cv2.convertScaleAbs(scene, alpha=hold.light))
    if hold.glare:
        image = cast("Image", cv2.add(image, _reflection(hold)))
    if hold.blur:
        image = cast("Image", cv2.GaussianBlur(image, (0, 0), hold.blur))
    if hold.shake:
        image = cast("Image", cv2.blur(image, (round(hold.shake), 1)))
    if hold.noise:
        image = cast("Image", cv2.add(image, _noise(hold.noise, seed), dtype=cv2.CV_8U))
    return image


def _reflection(hold: Hold) -> Image:
    rows, columns = np.mgrid[: SIZE[1] // 8, : SIZE[0] // 8].astype(np.float32) * 8
    x, y = hold.glare_at[0] * SIZE[0], hold.glare_at[1] * SIZE[1]
    spot = hold.glare * np.exp(-(((columns - x) / 330) ** 2) - ((rows - y) / 190) ** 2)
    return cast("Image", cv2.resize(np.clip(spot, 0, 255).astype(np.uint8), SIZE, interpolation=cv2.INTER_LINEAR))


def _noise(level: float, seed: int) -> NDArray[np.int16]:
    """A part of one field of noise, from somewhere else for each seed."""
    top, left = (int(each) for each in np.random.default_rng(seed).integers(0, 512, 2))
    return _field(level)[top : top + SIZE[1], left : left + SIZE[0]]


@lru_cache(maxsize=4)
def _field(level: float) -> NDArray[np.int16]:
    return (_chance() * level).astype(np.int16)


@cache
def _chance() -> NDArray[np.float32]:
    return np.random.default_rng(7).standard_normal((SIZE[1] + 512, SIZE[0] + 512), np.float32)
