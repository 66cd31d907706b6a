"""An operator's own recordings: a folder with a note of who recorded what, where, and that those shown agreed.

    recording.toml
    genuine/PERSON/reference.jpg, trial*.mp4 | trial*.jpg | trial*/ (a folder of pictures)
    attacks/SPECIES/PERSON/trial*

PERSON is a code (p01), never a name. Nothing is passed over in silence: what does not belong there is an error.
"""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic.complaints import complaints
from civic.errors import CodedError
from devices.camera.api import Image

NOTE_FILE = "recording.toml"
_PICTURES = frozenset({".jpg", ".jpeg", ".png"})
_FILMS = frozenset({".mp4", ".avi", ".mkv", ".mov"})
_REFERENCE = "reference"
_TRIAL = "trial"
_PER_SECOND = 5  # frames looked at; neighbouring ones say the same
_MOST = 50  # of one trial: ten seconds, as long as an attempt
_USUAL_PACE = 25.0  # frames per second, of a film that does not say


class RecordingError(CodedError):
    """These recordings can't be measured; ``detail`` says which file is wrong and what to do, for the operator."""

    code = "recordings"


class RecordingNote(BaseModel):
    """recording.toml. ``consent_noted``: each person's consent is on file. ``synthetic``: made, not recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recorded_by: str = Field(min_length=1)
    recorded_on: date
    camera: str = Field(min_length=1)
    place: str = Field(min_length=1)
    consent_noted: bool
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """``code``: the folder's name. ``reference``: the portrait to compare with; attacks have none of their own."""

    code: str
    reference: Path | None
    trials: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Recordings:
    """``attacks``: species of attack instrument -> whom the attacks pretended to be."""

    note: RecordingNote
    genuine: tuple[Person, ...]
    attacks: dict[str, tuple[Person, ...]]


def open_recordings(folder: Path) -> Recordings:
    """Read the note and list the trials. Raises RecordingError."""
    note = _note(folder / NOTE_FILE)
    for path in _entries(folder):
        if path.name not in {NOTE_FILE, "genuine", "attacks"}:
            raise RecordingError(f"{_named(path)}: only {NOTE_FILE}, genuine and attacks belong here. Move it away.")
    genuine = tuple(_person(path, genuine=True) for path in _folders(folder / "genuine"))
    if not genuine:
        raise RecordingError("genuine: there is nobody in it. Record people as docs/face-calibration.md says.")
    attacks = {
        species.name: tuple(_person(path, genuine=False) for path in _folders(species))
        for species in _folders(folder / "attacks")
    }
    return Recordings(note, genuine, attacks)


def frames(trial: Path) -> Iterator[Image]:
    """A trial's pictures, five a second of a film, all of a folder; 50 at most. Raises RecordingError."""
    found = 0
    for found, image in enumerate(_pictures(trial), start=1):  # noqa: B007 - counted for the line after the loop
        yield image
    if not found:
        raise RecordingError(f"{_named(trial)}: there is no picture in it. Record it again, or save it as MP4 (H.264).")


def _pictures(trial: Path) -> Iterator[Image]:
    if trial.is_dir():
        return (_picture(path) for path in _entries(trial)[:_MOST])
    return iter((_picture(trial),)) if trial.suffix.lower() in _PICTURES else _film(trial)


def _note(path: Path) -> RecordingNote:
    try:
        note = RecordingNote.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError:
        raise RecordingError(
            f"{NOTE_FILE} is missing. Write who recorded what, as docs/face-calibration.md shows."
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecordingError(f"{NOTE_FILE} is no TOML file: {error}.") from None
    except ValidationError as error:
        wrong = "; ".join(complaints(RecordingNote, error))
        raise RecordingError(f"{NOTE_FILE} is not complete: {wrong}.") from None
    if not note.consent_noted:
        raise RecordingError(f"{NOTE_FILE}: consent_noted is false. Without each person's consent nothing is measured.")
    return note


def _person(folder: Path, *, genuine: bool) -> Person:
    reference, trials = None, []
    for path in _entries(folder):
        if genuine and path.stem == _REFERENCE and path.suffix.lower() in _PICTURES:
            reference = path
        elif path.name.startswith(_TRIAL) and (path.is_dir() or path.suffix.lower() in _PICTURES | _FILMS):
            trials.append(path)
        else:
            raise RecordingError(f"{_named(path)}: name it trial… (picture, film or folder), or move it away.")
    if genuine and reference is None:
        raise RecordingError(f"{_named(folder)}: reference.jpg is missing, the portrait to compare with.")
    if not trials:
        raise RecordingError(f"{_named(folder)}: there is no trial in it. Record one, or remove the folder.")
    return Person(folder.name, reference, tuple(trials))


def _entries(folder: Path) -> list[Path]:
    """In order of names; hidden files are the file manager's."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "Thumbs.db")))
    except OSError as error:
        raise RecordingError(f"{_named(folder)}: {error.strerror}. Name a folder that can be read.") from None


def _folders(folder: Path) -> list[Path]:
    """No folder at all is an empty one."""
    found = _entries(folder) if folder.exists() else []
    for path in found:
        if not path.is_dir():
            raise RecordingError(f"{_named(path)}: a folder is expected here. Move the file away.")
    return found


def _picture(path: Path) -> Image:
    import cv2  # noqa: PLC0415 - the command's help should not wait for it

    try:
        image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except (cv2.error, OSError):
        image = None
    if image is None:
        raise RecordingError(f"{_named(path)}: it can't be read as a picture. Save it as JPEG or PNG.")
    return cast("Image", image)


def _film(path: Path) -> Iterator[Image]:
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "8")  # what it would print, we raise
    import cv2  # noqa: PLC0415 - as in _picture

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    try:
        every = max(1, round((capture.get(cv2.CAP_PROP_FPS) or _USUAL_PACE) / _PER_SECOND))
        for number in range(every * _MOST):
            if not capture.grab():
                return
            if number % every == 0:
                yield cast("Image", capture.retrieve()[1])
    finally:
        capture.release()


def _named(path: Path) -> str:
    """By its last three parts: enough to find it."""
    return "/".join(path.parts[-3:])
