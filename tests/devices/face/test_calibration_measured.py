"""Recordings become rates: measured by an engine whose vectors are the pictures' colours."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.camera.api import Image
from devices.face import calibrate_cli
from devices.face.api import Face, PortraitProblem, Threshold, Vector
from devices.face.calibration import report
from devices.face.calibration.measurement import Examiner
from devices.face.calibration.rates import PairScores
from devices.face.calibration.recordings import open_recordings
from devices.face.calibration.results import Comparisons, Measurement, Presentations, Run, Settings
from devices.face.driver import InsightFaceEngine
from devices.face.settings import FaceSettings
from devices.health import Health, Level
from tests.support.recordings import NOTE, at_the_kiosk, save, write_note


class ColourEngine:
    """A FaceEngine for pictures of one colour: the colour is the vector, and black has no face."""

    threshold = Threshold(0.5, 0.1, "none")
    model = "colours"

    def health(self) -> Health:
        return Health("face", Level.READY)

    def load(self) -> None:
        """Nothing to load."""

    def find_faces(self, image: Image) -> list[Face]:
        face = Face((0, 0, 9, 9), np.zeros((5, 2), np.float32), 1.0, 0.0, 0.58, 0.0)
        return [face] if image.any() else []

    def vector(self, image: Image, face: Face) -> Vector:
        assert face.confidence
        colour = image.reshape(-1, 3).mean(axis=0).astype(np.float32)
        return np.asarray(colour / np.linalg.norm(colour), np.float32)

    def portrait_vector(self, encoded: bytes) -> Vector | PortraitProblem:
        image = np.asarray(cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR), np.uint8)
        faces = self.find_faces(image)
        return self.vector(image, faces[0]) if faces else PortraitProblem.NO_FACE


class Brightness:
    """A PassiveCheck: bright pictures are alive, and the brightest can't be judged."""

    threshold = 0.5
    model = "brightness"

    def score(self, image: Image, face: Face) -> float | None:
        assert face.confidence
        value = float(image.max()) / 255
        return None if value > 0.95 else value


def any_face(_: Image, faces: Sequence[Face]) -> bool:
    return bool(faces)


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    """Blue, green and red people. One trial shows nobody; one attack is taken for live, one is too bright."""
    root = tmp_path / "colours"
    for code, channel in (("p01", 0), ("p02", 1), ("p03", 2)):
        shown = np.zeros((64, 64, 3), np.uint8)
        shown[..., channel] = 200
        (root / "genuine" / code).mkdir(parents=True)
        save(root / "genuine" / code / "reference.png", shown)
        save(root / "genuine" / code / "trial1.png", shown)
    save(root / "genuine/p01/trial2.png", np.zeros((64, 64, 3), np.uint8))
    (root / "attacks/paper/p01").mkdir(parents=True)
    (root / "attacks/screen/p01").mkdir(parents=True)
    for name, level in (
        ("paper/p01/trial1", 60),
        ("screen/p01/trial1", 60),
        ("screen/p01/trial2", 180),
        ("screen/p01/trial3", 255),
    ):
        save(root / f"attacks/{name}.png", np.full((64, 64, 3), level, np.uint8))
    write_note(root, NOTE)
    return root


@pytest.fixture
def run(colours: Path) -> Run:
    recordings = open_recordings(colours)
    measured = Examiner(ColourEngine(), Brightness(), any_face).measure(recordings, lambda _: None)
    return Run(recordings.note, Settings("colours", 0.01, "brightness", 0.5), measured)


def test_apcer_stands_for_each_species_and_the_worst_one_by_itself(run: Run) -> None:
    attacks = run.measured.attacks
    paper, screen = attacks["paper"].accepted(0.5), attacks["screen"].accepted(0.5)
    assert (paper.errors, paper.trials) == (0, 1)
    assert (screen.errors, screen.trials) == (1, 2)
    worst = run.measured.worst(0.5)
    assert worst is not None
    assert worst[0] == "screen"


def test_a_trial_without_a_response_is_no_error_and_is_counted_by_itself(run: Run) -> None:
    """APNRR and BPNRR: nobody was seen, or the face could not be judged."""
    assert (run.measured.attacks["screen"].silent.errors, run.measured.attacks["screen"].silent.trials) == (1, 3)
    assert (run.measured.genuine.silent.errors, run.measured.genuine.silent.trials) == (1, 4)
    assert (run.measured.genuine.rejected(0.5).errors, run.measured.genuine.rejected(0.5).trials) == (0, 3)
    assert run.measured.genuine.rejected(0.9).errors == 3


def test_each_trial_meets_its_own_reference_and_all_others(run: Run) -> None:
    """Attacks meet none: whom they resemble is not asked here."""
    found = run.measured.comparisons
    assert found.genuine == pytest.approx([1.0, 1.0, 1.0])
    assert found.impostors == pytest.approx([0.0] * 6, abs=0.05)
    assert found.pairs.pairs == 3
    assert found.missed(0.5).errors == found.matched(0.5).errors == 0


def test_a_trial_is_the_mean_of_its_first_five_usable_frames(tmp_path: Path) -> None:
    """As one look of an attempt is. Black frames have no face, white ones can't be judged, bright ones are too late."""
    home = tmp_path / "genuine/p01"
    (home / "trial1").mkdir(parents=True)
    for number, level in enumerate([0, 100, 0, 100, 255, 110, 90, 100, 200, 200], start=1):
        save(home / f"trial1/{number:02}.png", np.full((64, 64, 3), level, np.uint8))
    save(home / "reference.png", np.full((64, 64, 3), 100, np.uint8))
    write_note(tmp_path, NOTE)
    measured = Examiner(ColourEngine(), Brightness(), any_face).measure(open_recordings(tmp_path), lambda _: None)
    assert measured.genuine.scores == pytest.approx([100 / 255])


def test_only_frames_that_the_kiosk_would_compare_are_looked_at(engine: InsightFaceEngine) -> None:
    """By its own rules: one person, near, level, straight, lit, sharp. A helper far behind is none of them."""
    good = at_the_kiosk("person_a_2")
    assert _is_usable(engine, good)
    assert not _is_usable(engine, np.full((480, 640, 3), 120, np.uint8))
    assert not _is_usable(engine, np.asarray(good // 8, np.uint8))
    far = np.full((480, 640, 3), 120, np.uint8)
    far[180:300, 240:400] = cv2.resize(good, (160, 120), interpolation=cv2.INTER_AREA)
    assert not _is_usable(engine, far)
    two = np.hstack([good[:, 160:480], at_the_kiosk("person_b_2")[:, 160:480]])
    assert not _is_usable(engine, two)
    assert len(engine.find_faces(two)) == 2


def _is_usable(engine: InsightFaceEngine, image: Image) -> bool:
    return calibrate_cli._usable(image, engine.find_faces(image))


def test_a_frame_that_is_not_usable_is_no_response(colours: Path) -> None:
    measured = Examiner(ColourEngine(), Brightness(), lambda *_: False).measure(
        open_recordings(colours), lambda _: None
    )
    assert measured.genuine.silent.errors == measured.genuine.trials == 4
    assert measured.worst(0.5) is None


def test_of_equal_species_the_one_tried_less_is_the_worst(run: Run) -> None:
    """Nothing got through either, and less is known of it."""
    few, many = (Presentations(1, n, n, np.full(n, 0.1)) for n in (3, 300))
    worst = Measurement(run.measured.genuine, {"many": many, "few": few}, run.measured.comparisons).worst(0.5)
    assert worst is not None
    assert worst[0] == "few"


def test_a_rate_never_stands_without_its_trials_and_bound(run: Run) -> None:
    said = "\n".join(report.text(run))
    assert "attack screen: APCER 0.5 (1 of 2; at most 0.97 with 95 % confidence); APNRR 0.33 (1 of 3;" in said
    assert "worst species: screen, APCER 0.5 (1 of 2" in said
    assert "genuine: BPCER 0 (0 of 3; at most 1 with 95 % confidence); BPNRR 0.25 (1 of 4" in said
    assert "genuine: 3 persons, 4 trials, 3 with a usable face" in said
    assert report.NOT_MEASURED in said


def test_a_rate_that_too_few_people_support_is_not_stated(run: Run) -> None:
    """Three people are three pairs, and 1 in 100 takes three hundred."""
    said = "\n".join(report.text(run))
    assert "a false-match rate of 0.01 can't be stated: it takes 300 pairs of persons, and there are 3" in said
    assert "no rate can be stated. Record more people." in said
    assert "threshold_source" not in said


def many(run: Run, people: int, rate: float) -> Run:
    """The same run, had there been so many people."""
    pairs = PairScores(np.linspace(-0.2, 0.35, people * (people - 1) // 2))
    found = Comparisons(np.linspace(0.3, 0.9, people), np.linspace(-0.2, 0.35, people * (people - 1)), pairs)
    genuine = Presentations(people, people, people, np.full(people, 0.9))
    settings = Settings("colours", rate, "brightness", 0.85)
    return Run(run.note, settings, Measurement(genuine, run.measured.attacks, found))


def test_the_smallest_rate_that_can_be_stated_is_named(run: Run) -> None:
    said = "\n".join(report.text(many(run, 25, 1e-4)))
    assert "it takes 30000 pairs of persons, and there are 300" in said
    assert "The smallest that can be stated is 0.01 (threshold 0.351): --rate 0.01" in said


def test_the_lines_for_kiosk_toml_are_settings_that_the_kiosk_takes(run: Run) -> None:
    """Pasted as they are; the source says where the number is from."""
    lines = list(report.settings_lines(many(run, 25, 0.01)))
    table = tomllib.loads("\n".join(lines))["devices"]["face"]
    settings = FaceSettings.model_validate({"pack": "pack", **table})
    assert (settings.threshold, settings.false_match_rate, settings.passive_threshold) == (0.351, 0.01, 0.85)
    assert settings.threshold_source == (
        "own recordings of 2026-11-20, 示例警务室, front camera: 25 persons, 300 pairs; pack colours"
    )


def test_two_codes_for_one_person_are_suspected_when_no_threshold_parts_them(run: Run) -> None:
    found = many(run, 25, 0.01)
    pairs = PairScores(np.ones(300))
    measured = Measurement(found.measured.genuine, {}, Comparisons(np.ones(25), np.ones(600), pairs))
    assert "Was somebody recorded under two codes?" in "\n".join(report.text(Run(found.note, found.settings, measured)))


def test_synthetic_recordings_give_counts_and_no_rate(run: Run) -> None:
    """However many there are."""
    synthetic = Run(run.note.model_copy(update={"synthetic": True}), *_rest(many(run, 100, 0.01)))
    said, written = "\n".join(report.text(synthetic)), json.loads(report.as_json(synthetic))
    assert "synthetic: no rates" in said
    assert not any(word in said for word in ("APCER", "BPCER", "FMR", "threshold"))
    assert (written["passive"], written["comparison"]) == (None, None)
    assert written["genuine"]["persons"] == 100
    assert list(report.settings_lines(synthetic)) == []


def _rest(run: Run) -> tuple[Settings, Measurement]:
    return run.settings, run.measured


def test_without_a_passive_model_nothing_is_said_of_it(run: Run) -> None:
    """No rate, no line to paste."""
    genuine = Presentations(3, 4, 3, np.empty(0))
    bare = Run(run.note, Settings("colours", 0.01, "", 0.8), Measurement(genuine, {}, run.measured.comparisons))
    assert "not measured: no model was named" in "\n".join(report.text(bare))
    assert json.loads(report.as_json(bare))["passive"] is None


def test_the_file_holds_the_report_s_numbers_and_no_person(run: Run) -> None:
    written = report.as_json(run)
    numbers = json.loads(written)
    assert numbers["passive"]["worst_species"] == "screen"
    assert numbers["passive"]["species"]["screen"]["apcer"]["trials"] == 2
    assert numbers["passive"]["bpnrr"]["errors"] == 1
    assert numbers["comparison"]["pairs_of_persons"] == 3
    assert {row["fnmr"]["trials"] for row in numbers["comparison"]["table"]} == {3}
    assert not any(word in written for word in ("p01", "p02", "p03", "duty desk"))
