"""How often pages that can be read are taken, and others refused with the right word:
``python -m tests.devices.document_camera.rate [SCENES]``.

The pages are drawn (simulators.lease_page), so the figures say how tilt, distance, blur, noise and light work on the
judgement, and nothing about wrinkled or photocopied paper.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from devices.document_camera.api import PageInstruction as Say
from devices.document_camera.finder import grey_of
from devices.document_camera.legibility import judged
from simulators.lease_page import Hold, held

TAKEN = "taken"
WRITTEN = ("1", "2", "3")
WORSE: dict[str, tuple[Say, Callable[[Hold, Random], Hold]]] = {
    "tilted": (Say.FLATTER, lambda hold, chance: replace(hold, pitch=chance.choice((-1, 1)) * chance.uniform(29, 38))),
    "turned": (
        Say.FLATTER,
        lambda hold, chance: replace(hold, distance=560, yaw=chance.choice((-1, 1)) * chance.uniform(33, 40)),
    ),
    "far": (Say.COME_CLOSER, lambda hold, chance: replace(hold, distance=chance.uniform(600, 800))),
    "cut": (Say.WHOLE_PAGE, lambda hold, chance: replace(hold, shift=(0, chance.choice((-1, 1)) * 55))),
    "near": (Say.WHOLE_PAGE, lambda hold, chance: replace(hold, distance=chance.uniform(300, 360))),
    "dark": (Say.TOO_DARK, lambda hold, chance: replace(hold, light=chance.uniform(0.16, 0.3))),
    "glare": (
        Say.GLARE,
        lambda hold, chance: replace(
            hold,
            glare=chance.uniform(120, 220),
            glare_at=(chance.uniform(0.42, 0.58), chance.uniform(0.25, 0.65)),
        ),
    ),
    "blurred": (Say.BLURRED, lambda hold, chance: replace(hold, blur=chance.uniform(3.2, 6.5))),
    "shaken": (Say.BLURRED, lambda hold, chance: replace(hold, shake=chance.uniform(14, 30))),
    "faint": (Say.FAINT, lambda hold, chance: replace(hold, ink=chance.randrange(180, 192))),
    "blank": (Say.BLANK, lambda hold, _: hold),
    "away": (Say.SHOW_PAGE, lambda hold, _: replace(hold, distance=4000)),
}


def common(chance: Random) -> Hold:
    """A page in two hands, as people hold one."""
    return Hold(
        chance.uniform(450, 478),
        roll=chance.uniform(-5, 5),
        yaw=chance.uniform(-8, 8),
        pitch=chance.uniform(-8, 8),
        shift=(chance.uniform(-12, 12), chance.uniform(-4, 4)),
        blur=chance.uniform(0.5, 1.1),
        shake=chance.choice((0, 0, 3)),
        noise=chance.choice((2.0, 4.0, 6.0)),
        light=chance.uniform(0.6, 1.05),
        ground=chance.uniform(40, 125),
        ink=chance.choice((30, 42, 70, 95)),
        points=chance.choice((9, 10.5, 12)),
    )


def scenes(count: int, seed: int = 7) -> Iterator[tuple[str, str, Hold]]:
    """(kind, page, how it is held): every other one is legible, the others are worse in one way, in turn."""
    chance, worse = Random(seed), tuple(WORSE)
    for number in range(count):
        hold, page = common(chance), WRITTEN[number % len(WRITTEN)]
        kind = TAKEN if number % 2 == 0 else worse[number // 2 % len(worse)]
        hold = WORSE[kind][1](hold, chance) if kind in WORSE else hold
        yield kind, "back" if kind == "blank" else page, hold


def outcome(page: str, hold: Hold, seed: int) -> str:
    """``taken``, or the instruction."""
    answer = judged(grey_of(held(page, hold, seed)))
    return answer.value if isinstance(answer, Say) else TAKEN


def wanted(kind: str) -> str:
    """What a scene of this kind is to be answered with."""
    return WORSE[kind][0].value if kind in WORSE else TAKEN


def main() -> None:
    """Print one line for each kind of scene."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 240
    table: dict[str, Counter[str]] = {}
    began = time.perf_counter()
    for number, (kind, page, hold) in enumerate(scenes(count)):
        table.setdefault(kind, Counter())[outcome(page, hold, number)] += 1
    for kind, counts in table.items():
        right = counts[wanted(kind)]
        said = ", ".join(f"{name} {times}" for name, times in counts.most_common())
        print(f"{kind:8} {right:3} of {counts.total():3} as wanted: {said}")
    print(f"{(time.perf_counter() - began) / count * 1000:.0f} ms a scene, drawing it included")


if __name__ == "__main__":
    main()
