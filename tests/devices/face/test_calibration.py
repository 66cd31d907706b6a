"""Recordings become rates, or words that an operator can act on; of a face nothing is left behind."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.face import calibrate_cli
from devices.face.calibration.recordings import RecordingError, frames, open_recordings
from tests.support.camera import PACK, PORTRAITS
from tests.support.recordings import NOTE, at_the_kiosk, film, save, write_note
from tests.support.tiny_liveness import write_mean_of

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
