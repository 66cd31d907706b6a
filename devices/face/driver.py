"""Face verification through InsightFace, on whatever model pack the site has installed.

The default pack is built by ``devices.face.pack``; a licensed one (with or without a manifest) is loaded by the very
same call. Nothing is ever downloaded: a folder that is missing is an error here, before InsightFace would fetch one.
"""

import math
import threading
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from devices.camera.api import Image
from devices.errors import DeviceMisconfiguredError
from devices.face.api import Face, PortraitProblem, Threshold, Vector
from devices.face.passive import InsightFacePassiveCheck, passive_facts
from devices.health import Health, Level

DEFAULT_THRESHOLD = Threshold(
    similarity=0.461,
    false_match_rate=1e-4,
    source=(
        "SFace on 900,062 pooled impostor pairs of public sets (LFW, ORL, Bollywood, deepface), own measurement; "
        "East Asian faces unmeasured and expected to be harder: a site measures its own before service"
    ),
)

_DETECTION_SIZE = (320, 320)  # pixels; a face at a kiosk is large, and this finds it in a quarter of the time of 640
_DETECTION_SCORE = 0.6
_THREADS = 2  # per inference: the rest of the machine draws the screen
_RIVAL = 0.5  # a second face at least this wide, compared with the first, makes a portrait ambiguous


class InsightFaceEngine:
    """``pack``: the folder of the models. ``threshold`` belongs to the pack: another pack needs its own. ``passive``:
    the passive check that goes with it, if there is one; the technician's page names it."""

    def __init__(
        self, pack: Path, threshold: Threshold = DEFAULT_THRESHOLD, passive: InsightFacePassiveCheck | None = None
    ) -> None:
        self.threshold = threshold
        self.model = pack.name
        self._passive = passive
        self._pack = pack
        self._detector: Any = None
        self._recogniser: Any = None
        self._template: NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._failure = ""
        self._loading = threading.Lock()

    def health(self) -> Health:
        """Never raises. Reasons: ok, loading, no-pack, broken-pack, broken-passive-model."""
        reason = "ok" if self._recogniser else self._failure or ("loading" if self._pack.is_dir() else "no-pack")
        level = {"ok": Level.READY, "loading": Level.UNKNOWN}.get(reason, Level.DOWN)
        facts = (
            ("model", self.model),
            ("threshold", f"{self.threshold.similarity:.3f}"),
            ("false-match-rate", f"{self.threshold.false_match_rate:.0e}"),
            ("threshold-source", self.threshold.source),
            *passive_facts(self._passive),
        )
        return Health("face", level, reason, facts)

    def load(self) -> None:
        """Load the pack, once (a second or so), and the passive model. Raises DeviceMisconfiguredError when one of them
        is missing or broken: a check that the operator wants is not left out in silence."""
        with self._loading:
            if self._recogniser:
                return
            if not self._pack.is_dir():
                self._failure = "no-pack"
                raise DeviceMisconfiguredError("no-pack")
            self._load_passive()
            try:
                self._load()
            except Exception as error:  # InsightFace, onnx and onnxruntime share no base class
                self._failure = "broken-pack"
                raise DeviceMisconfiguredError("broken-pack") from error
            self._failure = ""

    def _load_passive(self) -> None:
        try:
            if self._passive is not None:
                self._passive.load()
        except DeviceMisconfiguredError as error:
            self._failure = error.detail
            raise

    def _load(self) -> None:
        # Imported here: they take a second, and the screen should not wait for them.
        import onnxruntime  # noqa: PLC0415
        from insightface.app import FaceAnalysis  # noqa: PLC0415
        from insightface.utils.face_align import arcface_dst  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.log_severity_level = 3  # errors; its warnings would fill the log, and name nothing to act on
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # leave the cores alone between frames
        analysis = FaceAnalysis(
            name=str(self._pack),
            allowed_modules=["detection", "recognition"],
            providers=["CPUExecutionProvider"],
            sess_options=options,
        )
        analysis.prepare(ctx_id=0, det_thresh=_DETECTION_SCORE, det_size=_DETECTION_SIZE)
        recogniser = analysis.models["recognition"]
        size = recogniser.input_size[0]
        # The template is for 112 pixels; packs of 128 centre the same face in a wider picture.
        self._template = (
            arcface_dst * (size // 112) if size % 112 == 0 else (arcface_dst + np.array([8, 0])) * (size // 128)
        )
        self._detector = analysis.det_model
        self.model = analysis.model_package.model_id if analysis.model_package else self._pack.name
        self.find_faces(np.zeros((480, 640, 3), np.uint8))  # the first call allocates
        recogniser.get_feat(np.zeros((size, size, 3), np.uint8))
        self._recogniser = recogniser

    def find_faces(self, image: Image) -> list[Face]:
        """All faces in a picture (height x width x 3, BGR), widest first. Needs ``load``."""
        boxes, points = self._detector.detect(image)
        faces = [
            Face(
                box=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
                landmarks=landmarks,
                confidence=float(box[4]),
                yaw=yaw_of(landmarks),
                pitch=pitch_of(landmarks),
                roll=roll_of(landmarks),
            )
            for box, landmarks in zip(boxes, points, strict=True)
        ]
        return sorted(faces, key=_width, reverse=True)

    def vector(self, image: Image, face: Face) -> Vector:
        """The face's feature vector, aligned by its landmarks, of unit length. Needs ``load``."""
        import cv2  # noqa: PLC0415 - as in _load

        size = self._recogniser.input_size
        crop = cv2.warpAffine(image, alignment(face.landmarks, self._template), size)
        feature = np.ravel(self._recogniser.get_feat(crop)).astype(np.float32)
        return cast("Vector", feature / np.linalg.norm(feature))

    def portrait_vector(self, encoded: bytes) -> Vector | PortraitProblem:
        """Decode a portrait (JPEG, PNG, JPEG 2000), in RAM, and take its one face's vector. Needs ``load``."""
        image = _decode(encoded)
        if image is None:
            return PortraitProblem.UNREADABLE
        faces = self.find_faces(image)
        if not faces:
            return PortraitProblem.NO_FACE
        if len(faces) > 1 and _width(faces[1]) > _RIVAL * _width(faces[0]):
            return PortraitProblem.SEVERAL_FACES
        return self.vector(image, faces[0])


def yaw_of(landmarks: NDArray[np.float32]) -> float:
    """How far the nose stands from the middle of the eyes, along the line of the eyes, in eye distances.

    Positive to the picture's right. Near 0 looking straight, 0.7 to 1.1 at 50 degrees.
    """
    left_eye, right_eye, nose = landmarks[:3]
    eyes = right_eye - left_eye
    return float(np.dot(nose - (left_eye + right_eye) / 2, eyes) / max(np.dot(eyes, eyes), 1e-6))


def pitch_of(landmarks: NDArray[np.float32]) -> float:
    """How far the nose stands down from the eyes to the mouth, across the line of the eyes: 0 at the eyes, 1 at the
    mouth. Some 0.58 looking straight (0.53 to 0.60 on six portraits), less looking up.

    A ratio along one line stays the same when a flat picture is tilted; only a nose that stands out can change it.
    """
    left_eye, right_eye, nose = landmarks[:3]
    eyes = (left_eye + right_eye) / 2
    down = np.array([left_eye[1] - right_eye[1], right_eye[0] - left_eye[0]])
    mouth = np.dot((landmarks[3] + landmarks[4]) / 2 - eyes, down)
    return float(np.dot(nose - eyes, down) / mouth) if mouth > 0 else 0.0


def roll_of(landmarks: NDArray[np.float32]) -> float:
    """Degrees by which the line of the eyes leans, positive clockwise in the picture."""
    x, y = landmarks[1] - landmarks[0]
    return math.degrees(math.atan2(y, x))


def alignment(points: NDArray[np.float32], template: NDArray[np.float32]) -> NDArray[np.float64]:
    """The turn, scale and shift (2 x 3) that bring points nearest to a template (both n x 2), by least squares.

    In complex numbers such a map is z -> a z + b, so the best one is a one-line regression. It is what InsightFace's
    own alignment computes too, by a call of scikit-image that warns of its removal at every face.
    """
    source, target = points @ (1, 1j), template @ (1, 1j)
    offsets = source - source.mean()
    a = np.vdot(offsets, target - target.mean()) / np.vdot(offsets, offsets)
    b = target.mean() - a * source.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def _width(face: Face) -> float:
    return face.box[2] - face.box[0]


def _decode(encoded: bytes) -> Image | None:
    import cv2  # noqa: PLC0415 - as in InsightFaceEngine._load

    try:
        image = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # no bytes at all, or a size that it refuses
        return None
    return None if image is None else cast("Image", image)
