"""Recordings become rates, or words that an operator can act on; of a face nothing is left behind."""

import json
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from devices.camera.api import Image
from devices.face import calibrate_cli
from devices.face.api import Face, PortraitProblem, Threshold, Vector
from devices.face.calibration import report
from devices.face.calibration.measurement import Examiner
from devices.face.calibration.rates import PairScores
from devices.face.calibration.recordings import RecordingError, frames, open_recordings
from devices.face.calibration.results import Comparisons, Measurement, Presentations, Run, Settings
from devices.face.driver import InsightFaceEngine
from devices.face.settings import FaceSettings
from devices.health import Health, Level
from tests.support.camera import PACK, PORTRAITS
from tests.support.tiny_liveness import write_mean_of

NOTE = """
recorded_by = "duty desk 3"
recorded_on = 2026-11-20
camera = "front camera"
place = "示例警务室"
consent_noted = true
"""
PEOPLE = {"p01": ("person_a_1", "person_a_2"), "p02": ("person_b_1", "person_b_2"), "p03": ("impostor_1", "impostor_1")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three people, a film of the third among the trials, and one attack; synthetic, and saying so."""
    root = tmp_path / "recordings"
    for code, (reference, trial) in PEOPLE.items():
        home = root / "genuine" / code
        home.mkdir(parents=True)
        shutil.copy(PORTRAITS / f"{reference}.jpg", home / "reference.jpg")
        save(home / "trial1.jpg", at_the_kiosk(trial))
    film(root / "genuine/p03/trial2.avi", at_the_kiosk("impostor_1"), count=25)
    attack = root / "attacks/print-a4/p01/trial1"
    attack.mkdir(parents=True)
    save(attack / "0001.jpg", at_the_kiosk("person_a_2"))
    write_note(root, NOTE + "synthetic = true\n")
    return root


def at_the_kiosk(portrait: str) -> Image:
    """A portrait in the middle of a camera's picture."""
    image = cv2.imread(str(PORTRAITS / f"{portrait}.jpg"))
    assert image is not None
    small = cv2.resize(image, (round(image.shape[1] * 400 / image.shape[0]), 400), interpolation=cv2.INTER_AREA)
    picture = np.full((480, 640, 3), 120, np.uint8)
    left = (640 - small.shape[1]) // 2
    picture[40:440, left : left + small.shape[1]] = small
    return picture


def save(path: Path, image: Image) -> None:
    assert cv2.imwrite(str(path), image)


def film(path: Path, image: Image, count: int) -> None:
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (640, 480))
    for _ in range(count):
        writer.write(image)
    writer.release()


def write_note(root: Path, text: str) -> None:
    (root / "recording.toml").write_text(text, "utf-8")


def refusal(folder: Path) -> str:
    """What the operator reads."""
    with pytest.raises(RecordingError) as raised:
        open_recordings(folder)
    return raised.value.detail


# --- the folder ---


def test_a_folder_is_listed_by_person_and_species(folder: Path) -> None:
    found = open_recordings(folder)
    assert [person.code for person in found.genuine] == ["p01", "p02", "p03"]
    assert [trial.name for trial in found.genuine[2].trials] == ["trial1.jpg", "trial2.avi"]
    assert {species: [person.code for person in who] for species, who in found.attacks.items()} == {"print-a4": ["p01"]}
    assert found.note.synthetic


def test_attacks_may_be_missing(folder: Path) -> None:
    """Then there is no APCER; the comparison can still be measured."""
    shutil.rmtree(folder / "attacks")
    assert open_recordings(folder).attacks == {}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda root: (root / "recording.toml").unlink(), "recording.toml is missing"),
        (lambda root: write_note(root, "recorded_by = "), "recording.toml is no TOML file"),
        (lambda root: write_note(root, NOTE.replace("place", "plaice")), "place: is missing"),
        (lambda root: write_note(root, NOTE.replace("true", "false")), "Without each person's consent"),
        (lambda root: write_note(root, NOTE.replace("consent_noted = true", "")), "consent_noted: is missing"),
        (lambda root: (root / "notes.txt").touch(), "recordings/notes.txt: only recording.toml"),
        (lambda root: shutil.rmtree(root / "genuine"), "genuine: there is nobody in it"),
        (lambda root: (root / "genuine/p01/reference.jpg").unlink(), "genuine/p01: reference.jpg is missing"),
        (lambda root: (root / "genuine/p01/trial1.jpg").unlink(), "genuine/p01: there is no trial in it"),
        (lambda root: (root / "genuine/p01/take.jpg").touch(), "genuine/p01/take.jpg: name it trial"),
        (lambda root: (root / "genuine/p01/trial9.doc").touch(), "genuine/p01/trial9.doc: name it trial"),
        (lambda root: (root / "attacks/loose.mp4").touch(), "attacks/loose.mp4: a folder is expected"),
        (shutil.rmtree, "recording.toml is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_what_to_do(folder: Path, spoil: Any, words: str) -> None:
    """Nothing is passed over in silence: a trial that is not counted would change a rate."""
    spoil(folder)
    said = refusal(folder)
    assert words in said
    assert said.endswith(".")


def test_hidden_files_of_a_file_manager_are_no_trials(folder: Path) -> None:
    (folder / "genuine/p01/.DS_Store").touch()
    (folder / "genuine/p01/Thumbs.db").touch()
    assert len(open_recordings(folder).genuine[0].trials) == 1


def test_a_film_is_looked_at_five_times_a_second_for_ten_seconds(tmp_path: Path) -> None:
    """Of a folder each picture; neighbouring frames of a film say the same."""
    film(tmp_path / "short.avi", np.full((480, 640, 3), 90, np.uint8), count=50)
    assert len(list(frames(tmp_path / "short.avi"))) == 10
    film(tmp_path / "long.avi", np.full((480, 640, 3), 90, np.uint8), count=300)
    assert len(list(frames(tmp_path / "long.avi"))) == 50


@pytest.mark.parametrize("name", ["trial1.mp4", "trial1.jpg", "trial1.png"])
def test_a_trial_that_can_t_be_read_is_named(tmp_path: Path, name: str) -> None:
    """And an empty folder, too."""
    (tmp_path / name).write_bytes(b"\0" * 999)
    with pytest.raises(RecordingError, match=name):
        list(frames(tmp_path / name))
    (tmp_path / "trial2").mkdir()
    with pytest.raises(RecordingError, match="there is no picture in it"):
        list(frames(tmp_path / "trial2"))


# --- measuring, with an engine whose vectors are the pictures' colours ---


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


# --- the command, with the real engine ---


def test_the_whole_protocol_runs_on_synthetic_recordings(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line for each person, no person's code, no rate; and nothing new on the disk but the report."""
    model, out = write_mean_of(tmp_path / "mean.onnx", 0), tmp_path / "report.json"
    before = set(tmp_path.rglob("*"))
    arguments = [str(folder), "--pack", str(PACK), "--passive", str(model), "--out", str(out)]
    assert calibrate_cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert "genuine: person 3 of 3, 2 of 2 trials with a usable face" in said
    assert "print-a4: person 1 of 1, 1 of 1 trials with a usable face" in said
    assert "synthetic: no rates" in said
    assert "p01" not in said
    assert set(tmp_path.rglob("*")) - before == {out}
    assert json.loads(out.read_text("utf-8"))["genuine"] == {"persons": 3, "trials": 4, "usable": 4}


def test_real_recordings_of_too_few_people_end_with_status_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that a script notices that no threshold came out. The two pictures of one person are alike, and no others."""
    write_note(folder, NOTE)
    assert calibrate_cli.main([str(folder), "--pack", str(PACK), "--rate", "0.001"]) == 1
    said = capsys.readouterr().out
    assert "4 genuine comparisons, 8 impostor ones, 3 pairs" in said
    assert "it takes 3000 pairs of persons, and there are 3; no rate can be stated" in said
    assert "not measured: no model was named" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--pack", "none"], "The pack's folder is not there"),
        (["--pack", str(PACK), "--passive", "none.onnx"], "The passive model can't be used"),
        (["--pack", str(PACK), "--out", "none/report.json"], "none: there is no such folder"),
        (["--pack", str(PACK), "--out", "."], ". can't be written: Is a directory"),
    ],
)  # fmt: skip
def test_what_can_t_be_used_is_said_in_a_sentence(
    folder: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calibrate_cli.main([str(folder), *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_reference_without_a_face_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(folder / "genuine/p02/reference.jpg", np.full((400, 300, 3), 90, np.uint8))
    assert calibrate_cli.main([str(folder), "--pack", str(PACK)]) == 2
    assert "genuine/p02/reference.jpg: no face is found in it." in capsys.readouterr().err


@pytest.mark.parametrize("rate", ["0", "1", "many", "nan"])
def test_a_rate_lies_between_0_and_1(folder: Path, rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        calibrate_cli.main([str(folder), "--pack", str(PACK), "--rate", rate])
    assert ended.value.code == 2
    assert "a number between 0 and 1" in capsys.readouterr().err
