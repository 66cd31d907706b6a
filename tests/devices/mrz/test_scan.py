"""Frame after frame until two agree: what is said meanwhile, and how it ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from civic.masking import PersonalText
from civic.mrz import MrzKey
from devices.camera.api import Frame, Image
from devices.camera.driver import OpenCvCamera
from devices.errors import DeviceCancelledError, DeviceTimeoutError, DeviceUnavailableError
from devices.health import Health, Level
from devices.mrz.api import PageInstruction as Say
from devices.mrz.api import PageRead
from devices.mrz.driver import OnnxMrzEngine
from devices.mrz.scan import PATIENCE, scan
from tests.support.camera import stage

ONE = MrzKey(PersonalText("L898902C3"), date(1974, 8, 12), date(2012, 4, 15))
OTHER = MrzKey(PersonalText("L898902C8"), date(1974, 8, 12), date(2012, 4, 15))


@dataclass
class Told:
    """An engine that says in turn what it was told to, and what came of it."""

    answers: list[MrzKey | Say]
    said: list[Say] = field(default_factory=list)
    frames: int = 0

    def health(self) -> Health:
        return Health("mrz", Level.READY)

    def load(self) -> None:
        """Nothing to load."""

    def read(self, image: Image) -> MrzKey | Say:
        assert image.shape == (480, 640, 3)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def show(self, _: Frame) -> None:
        self.frames += 1


@dataclass
class Film:
    """A camera with so many frames, half a second apart; then it is cancelled, or gone."""

    count: int
    gone: bool = False

    def health(self) -> Health:
        return Health("camera", Level.READY)

    def frames(self, cancel: Event) -> Iterator[Frame]:
        for number in range(self.count):
            yield Frame(np.zeros((480, 640, 3), np.uint8), number, 1000 + number / 2)
            if cancel.is_set():
                return
        if self.gone:
            raise DeviceUnavailableError
        cancel.set()


def read(answers: list[MrzKey | Say], film: Film) -> tuple[PageRead | None, Told]:
    told = Told(answers)
    return scan(film, told, Event(), told.said.append, told.show), told


def test_two_frames_must_say_the_same() -> None:
    page, told = read([ONE, OTHER, Say.HOLD_STILL, OTHER], Film(9))
    assert page == PageRead(OTHER)
    assert told.frames == 4


def test_an_instruction_is_given_once_and_not_for_one_odd_frame() -> None:
    answers: list[MrzKey | Say] = [
        Say.SHOW_PAGE,
        Say.SHOW_PAGE,
        Say.GLARE,
        Say.SHOW_PAGE,
        Say.COME_CLOSER,
        Say.COME_CLOSER,
    ]
    answers += [ONE, ONE]
    _, told = read(answers, Film(9))
    assert told.said == [Say.SHOW_PAGE, Say.COME_CLOSER]


def test_nothing_read_for_thirty_seconds_ends_it() -> None:
    with pytest.raises(DeviceTimeoutError):
        read([Say.SHOW_PAGE], Film(int(PATIENCE * 2) + 5))


def test_leaving_ends_it() -> None:
    with pytest.raises(DeviceCancelledError):
        read([Say.SHOW_PAGE], Film(3))


def test_a_camera_that_goes_away_is_said_so() -> None:
    with pytest.raises(DeviceUnavailableError):
        read([Say.SHOW_PAGE], Film(3, gone=True))


def test_a_page_before_the_simulated_camera_is_read(engine: OnnxMrzEngine, tmp_path: Path) -> None:
    """The whole way: drawn, streamed as motion JPEG, decoded, found, recognised, agreed upon."""
    with stage(tmp_path, "page:passport") as wire:
        page = scan(OpenCvCamera(wire.url), engine, Event(), lambda _: None, lambda _: None)
    assert page.key == ONE
    assert "L898" not in repr(page)
