"""A face at a gate, from a frame to the answer, against the least that it could take: the two models alone, and reading
the gallery's matrix once at the speed of this machine's memory.

The gallery: one member, by a portrait of some years before the one that comes, and random unit vectors beside them. Of
the answer's time nothing depends on whose vectors they are.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from devices.camera.api import Image
from devices.face.api import Instruction, PortraitProblem
from devices.face.driver import InsightFaceEngine
from devices.face.gallery import Gallery
from devices.face.identification import Offer, OperatingPoints, Point, offered
from devices.face.spot import Judge, Spot
from devices.face.template import Template
from tests.benchmark.face import bare_inference
from tests.support.camera import PACK, PORTRAITS, people

SIZES = (1_000, 12_000)
_LENGTHS = (128, 512)  # the default pack's vectors, and most licensed ones'
_FRAMES = 240
_SWEEP = 64 * 1024 * 1024  # bytes, beyond any cache: what reading memory costs
MEASURED = OperatingPoints((Point(1e-7, 0.5),), 40_000_000, "a licensed pack's, for the time that it takes")


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note). In turns with the peer; of both the median, and of ours the worst of a hundred too."""
    engine = InsightFaceEngine(PACK)
    engine.load()
    frame = people().subject("live:lan").at(0)
    bare = bare_inference(frame, PACK / "detection.onnx", PACK / "recognition.onnx")
    for size in SIZES:
        gallery = filled(engine, size)
        ours, models = _times(lambda: decide(engine, gallery, frame), bare)  # noqa: B023 - called before the next size
        limit = float(np.median(models)) + gallery.memory / bandwidth()
        p50, p99 = np.percentile(ours, (50, 99))
        note = f"p50 {1000 * p50:.1f} ms, p99 {1000 * p99:.1f} ms of {_FRAMES} frames, against {1000 * limit:.1f} ms"
        yield f"face at a gate of {size:,} members, frame to answer / its models and one read", p50 / limit, note
    yield from _searches()


def filled(engine: InsightFaceEngine, size: int, holder: str = "member") -> Gallery:
    """A gallery of the default pack's length with the one who will come among so many, as ``holder``."""
    known = engine.portrait_vector((PORTRAITS / "person_b_1.jpg").read_bytes())
    if isinstance(known, PortraitProblem):
        raise TypeError(known)
    gallery = strangers(engine.model, size - 1, len(known))
    gallery.put(holder, Template(engine.model, known[None]))
    return gallery


def strangers(model: str, size: int, length: int) -> Gallery:
    """So many random unit vectors."""
    made, random = Gallery(model), np.random.default_rng(5)
    for number in range(size):
        made.put(f"{number:032x}", Template(model, random.normal(size=(1, length)).astype(np.float32)))
    return made


def decide(engine: InsightFaceEngine, gallery: Gallery, frame: Image) -> str:
    """All that a frame of an ask goes through; the second look of an ask takes as long again."""
    spot = Spot()
    image = spot.cut(frame)
    face = Judge(engine, spot.rules()).face(image)
    if isinstance(face, Instruction):
        raise TypeError(face)
    best = gallery.search(engine.vector(image, face))
    answer = offered(MEASURED, 0.01, gallery.vectors)
    if best is None or not isinstance(answer, Offer) or not best.other < answer.similarity <= best.score:
        raise ValueError("the benchmark's own member is not found")
    return best.holder


def _searches() -> Iterator[tuple[str, float, str]]:
    for size in SIZES:
        for length in _LENGTHS:
            gallery = strangers("any", size, length)
            asked = np.full(length, length**-0.5, np.float32)
            times, _ = _times(lambda: gallery.search(asked), lambda: None)  # noqa: B023 - as above
            p50, limit = float(np.median(times)), size * length * 4 / bandwidth()
            note = f"{1000 * p50:.2f} ms against {1000 * limit:.2f} ms; {gallery.memory / 2**20:.0f} MB held"
            yield f"search of {size:,} x {length} / reading it once from memory", p50 / limit, note


@dataclass(frozen=True, slots=True)
class _Sweep:
    rows: NDArray[np.float32]
    asked: NDArray[np.float32]

    def __call__(self) -> object:
        return self.rows @ self.asked


def bandwidth() -> float:
    """Bytes a second, of the very product that a search is, on a matrix that no cache holds; the fastest of ten."""
    sweep = _Sweep(np.ones((_SWEEP // 2048, 512), np.float32), np.ones(512, np.float32))
    taken, _ = _times(sweep, lambda: None, rounds=10)
    return _SWEEP / float(taken.min())


def _times(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int = _FRAMES
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds of each call, in turns, warm."""
    taken = np.empty((rounds, 2))
    ours(), theirs()
    for row in taken:
        for index, call in enumerate((ours, theirs)):
            start = time.perf_counter()
            call()
            row[index] = time.perf_counter() - start
    return taken[:, 0], taken[:, 1]
