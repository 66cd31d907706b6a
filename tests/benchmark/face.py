"""A face decision (find, align, take the vector, compare) against bare inference of the same two models."""

import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import onnxruntime

from devices.camera.api import Image
from devices.face.api import PortraitProblem, similarity
from devices.face.driver import InsightFaceEngine
from tests.support.camera import PACK, PORTRAITS

_ROUNDS = 40
_FRAME = (640, 480)


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note). The fastest round of each counts: the machine is never ours alone."""
    frame = _frame()
    decide, infer = _decision(frame), _bare_inference()
    ours, bare = _fastest(decide, infer)
    note = f"{1000 * ours:.1f} ms against {1000 * bare:.1f} ms: YuNet at 320 x 320 and SFace, onnxruntime, 2 threads"
    yield "face decision on a 640 x 480 frame / bare inference", ours / bare, note


def _frame() -> Image:
    image = cv2.imread(str(PORTRAITS / "person_b_2.jpg"))
    if image is None:
        raise FileNotFoundError("person_b_2.jpg")
    return cv2.resize(image, _FRAME).astype(np.uint8)


def _decision(frame: Image) -> Callable[[], object]:
    engine = InsightFaceEngine(PACK)
    engine.load()
    known = engine.portrait_vector((PORTRAITS / "person_b_1.jpg").read_bytes())
    if isinstance(known, PortraitProblem):
        raise TypeError(known)

    def decide() -> bool:
        face = engine.find_faces(frame)[0]
        return similarity(engine.vector(frame, face), known) >= engine.threshold.similarity

    return decide


def _bare_inference() -> Callable[[], object]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # as ours: two idle pools would fight
    sessions = []
    for name, side in (("detection", 320), ("recognition", 112)):
        session = onnxruntime.InferenceSession(PACK / f"{name}.onnx", options, providers=["CPUExecutionProvider"])
        sessions.append((session, {session.get_inputs()[0].name: np.zeros((1, 3, side, side), np.float32)}))

    def infer() -> list[object]:
        return [session.run(None, values) for session, values in sessions]

    return infer


def _fastest(*calls: Callable[[], object]) -> list[float]:
    best = [float("inf")] * len(calls)
    for _ in range(_ROUNDS):
        for index, call in enumerate(calls):
            start = time.perf_counter()
            call()
            best[index] = min(best[index], time.perf_counter() - start)
    return best
