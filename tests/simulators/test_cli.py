"""The ``sim`` command: what it says, and what it refuses."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.cli import main
from simulators.state import MODELS, SimulatedState

CAMERA = {"state": "ok", "subject": "nobody", "pose": "front", "scene": "plain", "cheat": "none"}


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """An empty folder of state files."""
    return str(tmp_path)


def test_the_list_names_every_device_and_all_it_can_be(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """States, and settings with their values."""
    assert main(["--folder", folder, "list"]) == 0
    said = capsys.readouterr().out
    for device, model in MODELS.items():
        assert f"\n{device}: {model.states[0]}" in f"\n{said}"
        assert f"can be: {', '.join(model.states)}\n" in said
    assert "card= none, deng, lan, rare" in said
    assert "pose= front, left, right, up, down\n" in said


def test_no_word_at_all_is_the_list(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The first thing that one tries."""
    assert main(["--folder", folder]) == 0
    assert "page_printer: ok  then=none\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "device", "expected"),
    [
        ("page_printer paper-out", "page_printer", {"state": "paper-out", "then": "none"}),
        ("set page_printer paper-out", "page_printer", {"state": "paper-out", "then": "none"}),
        ("id_card card=deng", "id_card", {"state": "ok", "card": "deng", "status": "41", "baud": "115200"}),
        ("set id_card card=deng", "id_card", {"state": "ok", "card": "deng", "status": "41", "baud": "115200"}),
        (
            "set id_card state=noise card=lan",
            "id_card",
            {"state": "noise", "card": "lan", "status": "41", "baud": "115200"},
        ),
        ("camera subject=live:deng pose=left", "camera", CAMERA | {"subject": "live:deng", "pose": "left"}),
        ("camera stalled subject=still:lan", "camera", CAMERA | {"state": "stalled", "subject": "still:lan"}),
        ("camera scene=seated,helper-behind", "camera", CAMERA | {"scene": "seated,helper-behind"}),
        (
            "id_card status status=3f baud=9600",
            "id_card",
            {"state": "status", "card": "none", "status": "3f", "baud": "9600"},
        ),
        ("records down", "records", {"state": "down"}),
    ],
)
def test_a_device_is_set(
    folder: str, capsys: pytest.CaptureFixture[str], words: str, device: str, expected: dict[str, str]
) -> None:
    """With or without the word 'set'; the new state is said back."""
    assert main(["--folder", folder, *words.split()]) == 0
    assert SimulatedState(Path(folder)).read(device) == expected
    assert capsys.readouterr().out.startswith(f"{device}: {expected['state']}")


def test_one_device_is_shown(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name alone."""
    main(["--folder", folder, "id_card", "card=lan"])
    capsys.readouterr()
    assert main(["--folder", folder, "id_card"]) == 0
    assert capsys.readouterr().out == "id_card: ok  card=lan  status=41  baud=115200\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("toaster on", "there is: id_card, camera, page_printer, records"),
        ("toaster", "there is: id_card, camera"),
        ("toaster card=deng", "there is: id_card, camera"),
        ("id_card on-fire", "id_card can be: ok, unplugged, hung"),
        ("id_card card=bob", "card can be: none, deng, lan"),
        ("id_card status=90", "status can be: 80, 81, 41"),
        ("id_card baud=300", "baud can be: 115200, 57600"),
        ("id_card weight=3", "id_card has: state, card, status, baud"),
        ("camera pose=away", "pose can be: front, left, right, up, down"),
        ("camera scene=seated,asleep", "scene can be: plain, near"),
        ("camera subject=deng", "subject can be: nobody, live:NAME, still:NAME"),
        ("set", "For example: sim set id_card card=deng"),
        ("set id_card", "For example: sim set id_card card=deng"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(
    folder: str, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    """Status 2, one plain sentence, and nothing is changed."""
    assert main(["--folder", folder, *words.split()]) == 2
    refused = capsys.readouterr()
    assert refused.err.startswith("sim: ")
    assert said in refused.err
    assert refused.out == ""
    assert list(Path(folder).iterdir()) == []


def test_watching_prints_changes_until_it_is_interrupted(folder: str) -> None:
    """Each change once; Ctrl-C ends it without a traceback."""
    command = [sys.executable, "-u", "-m", "simulators.cli", "--folder", folder, "watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = [process.stdout.readline() for _ in MODELS]
        assert first[0] == "id_card: ok  card=none  status=41  baud=115200\n"
        SimulatedState(Path(folder)).set("id_card", "hung")
        assert process.stdout.readline() == "id_card: hung  card=none  status=41  baud=115200\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
        assert (process.stdout.read(), process.stderr.read()) == ("", "")
