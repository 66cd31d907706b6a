"""A face decision (find, align, take the vector, compare) against bare inference of the same two models."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from devices.camera.api import Image
from devices.face import quality
from devices.face.api import PortraitProblem, Vector, similarity
from devices.face.driver import InsightFaceEngine
from devices.face.freshness import Freshness
from tests.support.camera import MODELS, PACK, PORTRAITS

_ROUNDS = 40
_FRAME = (640, 480)
_RULES = quality.Rules()


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note). The fastest round of each counts: the machine is never ours alone."""
    frame = _frame()
    same = bare_inference(frame, PACK / "detection.onnx", PACK / "recognition.onnx")
    published = bare_inference(frame, PACK / "detection.onnx", MODELS / "sface.onnx")
    ours, bare, as_published = _fastest(_decision(frame), same, published)
    terms = "YuNet at 320 x 320 and SFace, onnxruntime, 2 threads"
    note = f"{1000 * ours:.1f} ms against {1000 * bare:.1f} ms: {terms}"
    yield "face decision on a 640 x 480 frame / bare inference of its models", ours / bare, note
    note = f"{1000 * ours:.1f} ms against {1000 * as_published:.1f} ms: {terms}"
    yield "face decision on a 640 x 480 frame / bare inference with SFace as published", ours / as_published, note
    kept, bare = _fastest(_kept_frame(frame), same)
    note = f"{1000 * kept:.1f} ms against {1000 * bare:.1f} ms: the same with the checks of a straight look's frame"
    yield "frame kept in guided capture (quality, copies) / bare inference of its models", kept / bare, note


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


def _kept_frame(frame: Image) -> Callable[[], object]:
    """What a frame of a straight look costs: found, judged, compared with 150 frames of before, and its vector taken.
    Other frames are judged by the five points alone, or only found."""
    engine = InsightFaceEngine(PACK)
    engine.load()
    freshness = Freshness()
    for shade in range(150):
        freshness.see(np.full_like(frame, shade), shade / 25)
    look: list[Vector] = []

    def keep() -> None:
        face = engine.find_faces(frame)[0]
        seen = quality.sighting(face, frame)
        told = quality.framing(seen, _RULES) or quality.posture(seen, _RULES)
        told = told or quality.picture(quality.measure(frame, face), _RULES)
        freshness.see(frame, 150 / 25)
        if told is None:
            look[:] = [engine.vector(frame, face)]

    keep()
    if not look:
        raise ValueError("the benchmark's own picture is not good enough")
    return keep


def bare_inference(frame: Image, detection: Path, recognition: Path) -> Callable[[], object]:
    """Nothing but two runs, on real pixels: how long they take depends on them."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # as ours: two idle pools would fight
    options.log_severity_level = 3  # the published file earns a page of warnings
    sessions = []
    for path, side in ((detection, 320), (recognition, 112)):
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        picture, *unused = session.get_inputs()
        values = {each.name: np.zeros(each.shape, np.float32) for each in unused}
        sessions.append((session, values | {picture.name: cv2.dnn.blobFromImage(frame, 1, (side, side), swapRB=True)}))

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
