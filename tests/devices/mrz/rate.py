"""How many drawn pages are read, and how long a frame takes: ``python -m tests.devices.mrz.rate``.

The pages are drawn (simulators.travel_page), so the figures say how tilt, distance, blur, noise and light work on this
engine, and nothing about real pages.
"""

import statistics
import time
from collections import Counter
from random import Random

from civic.mrz import MrzKey
from devices.mrz.api import PageInstruction
from devices.mrz.driver import OnnxMrzEngine
from simulators.travel_page import PAGES, Pose, seen
from tests.support.camera import THIRD_PARTY

_FRAMES = 200
_NEAREST = {"passport": 150.0, "visitor": 150.0, "card": 105.0, "permit": 105.0}  # mm: the page just fits the picture


def pose(page: str, chance: Random, *, hard: bool) -> Pose:
    """A page in a hand. Hard: blurred, noisy, with a lamp reflected somewhere in one of four."""
    return Pose(
        _NEAREST[page] * chance.uniform(1, 1.35),
        roll=chance.uniform(-8, 8),
        yaw=chance.uniform(-15, 15),
        pitch=chance.uniform(-15, 15),
        shift=(chance.uniform(-4, 4), chance.uniform(-3, 3)),
        blur=chance.uniform(0, 1.2 if hard else 0.7),
        noise=chance.uniform(0, 12 if hard else 6),
        light=chance.uniform(0.45, 1.1),
        glare=chance.choice((0, 0, 0, 90)) if hard else 0,
        glare_at=(chance.uniform(0.2, 0.8), chance.uniform(0.2, 0.9)),
    )


def outcome(answer: MrzKey | PageInstruction, page: str) -> str:
    """``read``, ``WRONG``, or the instruction."""
    if isinstance(answer, PageInstruction):
        return answer.value
    zone = "".join(PAGES[page])
    holds = all(item in zone for item in (answer.number.reveal(), f"{answer.birth_date:%y%m%d}"))
    return "read" if holds else "WRONG"


def main() -> None:
    """Print one line for each kind of page."""
    engine = OnnxMrzEngine(THIRD_PARTY / "mrz")
    engine.load()
    chance, seconds = Random(7), []
    table: dict[tuple[str, bool], Counter[str]] = {}
    for number in range(_FRAMES):
        page, hard = list(PAGES)[number % len(PAGES)], bool(number // len(PAGES) % 2)
        image = seen(PAGES[page], pose(page, chance, hard=hard), number)
        began = time.perf_counter()
        answer = engine.read(image)
        seconds.append(time.perf_counter() - began)
        table.setdefault((page, hard), Counter())[outcome(answer, page)] += 1
    for (page, hard), counts in sorted(table.items()):
        print(f"{page:10}{'hard' if hard else 'easy':6}", *(f"{name} {count}" for name, count in counts.most_common()))
    print(f"median {statistics.median(seconds) * 1000:.0f} ms a frame, slowest {max(seconds) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
