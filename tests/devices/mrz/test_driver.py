"""Pages before the camera, as the engine sees them: read, or one thing to do about it."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from civic.mrz import MrzKey
from devices.errors import DeviceMisconfiguredError
from devices.health import Level
from devices.mrz.api import PageInstruction
from devices.mrz.driver import MODEL, OnnxMrzEngine
from simulators.chip.documents import documents
from simulators.travel_page import PAGES, Pose, TravelPage, seen

PASSPORT, CARD = 155.0, 110.0  # mm from the lens: the page fills most of the picture


@pytest.mark.parametrize(
    ("page", "distance", "number", "born", "expires"),
    [
        ("passport", PASSPORT, "L898902C3", date(1974, 8, 12), date(2012, 4, 15)),
        ("visitor", PASSPORT, "X00000001", date(1990, 1, 1), date(2035, 1, 1)),
        ("card", CARD, "D23145890", date(1974, 8, 12), date(2012, 4, 15)),
        ("permit", CARD, "C00000001", date(1990, 1, 1), date(2035, 1, 1)),
    ],
)
def test_each_kind_of_page_gives_what_opens_its_chip(
    engine: OnnxMrzEngine, page: str, distance: float, number: str, born: date, expires: date
) -> None:
    key = engine.read(seen(PAGES[page], Pose(distance)))
    assert isinstance(key, MrzKey)
    assert key.number.reveal() == number
    assert (key.birth_date, key.expiry_date) == (born, expires)
    assert key.permit == (page == "permit")


@pytest.mark.parametrize("name", documents())
def test_the_page_of_every_simulated_document_opens_its_chip(engine: OnnxMrzEngine, name: str) -> None:
    assert engine.read(TravelPage(name).at(0)) == documents()[name].key


@pytest.mark.parametrize(
    "pose",
    [
        Pose(PASSPORT, roll=9, noise=4),
        Pose(PASSPORT, roll=-22),
        Pose(PASSPORT, yaw=14, pitch=-12, blur=0.5),
        Pose(195, blur=0.4),
        Pose(PASSPORT, light=0.4, noise=5),
        Pose(PASSPORT, glare=90, glare_at=(0.5, 0.3)),
    ],
    ids=["crooked", "very crooked", "tilted", "far", "dim", "lamp above the zone"],
)
def test_a_hand_is_no_vice(engine: OnnxMrzEngine, pose: Pose) -> None:
    key = engine.read(seen(PAGES["passport"], pose))
    assert isinstance(key, MrzKey)
    assert key.information() == "L898902C3674081221204159"


@pytest.mark.parametrize(
    ("pose", "instruction"),
    [
        (Pose(330, blur=0.8), PageInstruction.COME_CLOSER),
        (Pose(PASSPORT, blur=3.0), PageInstruction.HOLD_STILL),
        (Pose(PASSPORT, light=0.1, noise=10), PageInstruction.TOO_DARK),
        (Pose(PASSPORT, glare=400, glare_at=(0.5, 0.78)), PageInstruction.GLARE),
    ],
)
def test_what_can_t_be_read_says_what_to_do(engine: OnnxMrzEngine, pose: Pose, instruction: PageInstruction) -> None:
    assert engine.read(seen(PAGES["passport"], pose)) is instruction


def test_an_empty_desk_asks_for_the_page(engine: OnnxMrzEngine) -> None:
    assert engine.read(np.full((480, 640, 3), 160, np.uint8)) is PageInstruction.SHOW_PAGE


@pytest.mark.parametrize("place", [0, 13, 21, 27, 43])
def test_a_page_whose_check_digit_does_not_hold_is_not_read(engine: OnnxMrzEngine, place: int) -> None:
    """One digit of the lower line is another one: number, birth, expiry, or a check digit itself."""
    upper, lower = PAGES["passport"]
    wrong = {"L": "M"}.get(lower[place]) or str((int(lower[place]) + 1) % 10)
    altered = lower[:place] + wrong + lower[place + 1 :]
    assert isinstance(engine.read(seen((upper, altered), Pose(PASSPORT))), PageInstruction)


def test_no_poor_frame_is_misread(engine: OnnxMrzEngine) -> None:
    """What a poor frame yields is the right key or none."""
    chance = np.random.default_rng(3)
    for seed in range(12):
        roll, yaw, pitch = chance.uniform(-15, 15, 3).tolist()
        blur, noise, light = chance.uniform((0.5, 5, 0.3), (2, 25, 1)).tolist()
        pose = Pose(chance.uniform(140, 300), roll, yaw, pitch, blur=blur, noise=noise, light=light)
        key = engine.read(seen(PAGES["passport"], pose, seed))
        assert isinstance(key, PageInstruction) or key.information() == "L898902C3674081221204159"


def test_the_engine_says_how_it_is(engine: OnnxMrzEngine, tmp_path: Path) -> None:
    assert (engine.health().level, engine.health().reason) == (Level.READY, "ok")
    missing = OnnxMrzEngine(tmp_path)
    assert missing.health().reason == "no-model"
    with pytest.raises(DeviceMisconfiguredError):
        missing.load()
    (tmp_path / MODEL).write_bytes(b"no network")
    assert OnnxMrzEngine(tmp_path).health().reason == "loading"
    broken = OnnxMrzEngine(tmp_path)
    with pytest.raises(DeviceMisconfiguredError):
        broken.read(np.zeros((480, 640, 3), np.uint8))
    assert (broken.health().level, broken.health().reason) == (Level.DOWN, "broken-model")
