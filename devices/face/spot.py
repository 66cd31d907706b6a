"""The marked spot before a gate: the part of the picture that is looked at. Who passes beside it is not looked for."""

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from threading import Event

from devices.camera.api import Camera, Frame, Image
from devices.face import quality
from devices.face.api import Face, FaceEngine, Instruction
from devices.health import Health

_WIDEST = 0.95  # of the spot: a face that fills it is cut at the first turn


@dataclass(frozen=True, slots=True)
class Spot:
    """Its edges in the picture, in parts of its width and height; the gate's settings say where it is painted.
    ``near``: the width of a face, in parts of the whole picture's, from which somebody stands on it: two steps back in
    the queue nobody does."""

    left: float = 0.2
    top: float = 0.0
    right: float = 0.8
    bottom: float = 1.0
    near: float = 0.16

    def cut(self, image: Image) -> Image:
        """Its part of a picture; no pixel is copied."""
        height, width = image.shape[:2]
        return image[
            round(self.top * height) : round(self.bottom * height), round(self.left * width) : round(self.right * width)
        ]

    def rules(self) -> quality.Rules:
        """What a good frame is here: lengths are parts of the spot's width."""
        usual, width = quality.Rules(), self.right - self.left
        return replace(usual, near=self.near / width, close=min(usual.close / width, _WIDEST))


@dataclass(frozen=True, slots=True)
class SpotCamera:
    """A camera that shows the spot alone."""

    camera: Camera
    spot: Spot

    def health(self) -> Health:
        """The camera's."""
        return self.camera.health()

    def frames(self, cancel: Event) -> Generator[Frame, None, None]:
        """The camera's, cut; they end, and the camera closes, as soon as nobody wants more."""
        frames = self.camera.frames(cancel)
        try:
            for frame in frames:
                yield replace(frame, image=self.spot.cut(frame.image))
        finally:
            if isinstance(frames, Generator):
                frames.close()


@dataclass(frozen=True, slots=True)
class Judge:
    """Who stands on the spot, and whether the frame is good enough to be compared."""

    engine: FaceEngine
    rules: quality.Rules = field(default_factory=quality.Rules)

    def face(self, image: Image) -> Face | Instruction:
        """The one face of a picture of the spot, or the one thing to say. Needs ``engine.load``."""
        faces = self.engine.find_faces(image)
        if not faces:
            return Instruction.TOO_DARK if quality.light(image) < self.rules.dark else Instruction.NO_FACE
        seen = [quality.sighting(face, image) for face in faces]
        if len(seen) > 1 and seen[1].width >= self.rules.bystander * seen[0].width:
            return Instruction.ONE_PERSON
        flaw = quality.framing(seen[0], self.rules) or quality.posture(seen[0], self.rules)
        return flaw or quality.picture(quality.measure(image, faces[0]), self.rules) or faces[0]
