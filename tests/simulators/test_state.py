"""The state files: read at any moment, whole, by whoever wants to."""

import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from simulators.state import MODELS, SimulatedState, UnknownSettingError


def test_a_device_that_nobody_touched_is_well(tmp_path: Path) -> None:
    """The first state and the first settings; reading writes nothing."""
    state = SimulatedState(tmp_path / "not-there-yet")
    assert state.read("id_card") == {"state": "ok", "card": "none", "status": "41", "baud": "115200"}
    assert not (tmp_path / "not-there-yet").exists()


def test_settings_stay_when_only_the_state_changes(tmp_path: Path) -> None:
    """And the other way round."""
    state = SimulatedState(tmp_path)
    state.set("id_card", card="deng")
    state.set("id_card", "hung")
    assert state.set("camera", subject="live:deng")["state"] == "ok"
    assert state.read("id_card") == {"state": "hung", "card": "deng", "status": "41", "baud": "115200"}


@pytest.mark.parametrize(
    "content", ["", "{", "null", "[]", '"ok"', "\x00", '{"state": 1}', '{"state": "of-long-ago"}', '{"colour": "red"}']
)
def test_a_file_that_holds_no_state_counts_as_none(tmp_path: Path, content: str) -> None:
    """Somebody edited it by hand, the disk was full, or it is another version's. It is replaced at the next change."""
    state = SimulatedState(tmp_path)
    (tmp_path / "id_card.json").write_text(content, "utf-8")
    assert state.read("id_card") == {"state": "ok", "card": "none", "status": "41", "baud": "115200"}
    state.set("id_card", "hung")
    assert state.read("id_card") == {"state": "hung", "card": "none", "status": "41", "baud": "115200"}


@pytest.mark.parametrize("device", ["id_card", "camera", "page_printer", "records"])
def test_what_a_device_cannot_be_is_refused(tmp_path: Path, device: str) -> None:
    """The message lists what it can be."""
    state = SimulatedState(tmp_path)
    with pytest.raises(UnknownSettingError, match=MODELS[device].states[-1]):
        state.set(device, "melted")
    with pytest.raises(UnknownSettingError, match="state"):
        state.set(device, colour="red")
    with pytest.raises(UnknownSettingError, match="id_card, camera"):
        state.set("toaster")


def test_a_reader_never_sees_half_a_change(tmp_path: Path) -> None:
    """Each change replaces the whole file at once."""
    state, done, seen = SimulatedState(tmp_path), Event(), set()
    state.set("id_card", "hung", card="deng")

    def watch() -> None:
        while not done.is_set():
            now = state.read("id_card")
            seen.add((now["state"], now["card"]))

    watching = Thread(target=watch)
    watching.start()
    for _ in range(100):
        state.set("id_card", "noise", card="lan")
        state.set("id_card", "hung", card="deng")
    done.set()
    watching.join()
    assert seen <= {("noise", "lan"), ("hung", "deng")}
    assert not list(tmp_path.glob("*.part"))


def test_two_who_set_different_things_at_once_do_not_undo_one_another(tmp_path: Path) -> None:
    """The walker lays cards while somebody at the bench breaks the reader, each from a process of its own."""
    code = (
        "import sys; from pathlib import Path; from simulators.state import SimulatedState\n"
        "for _ in range(300): SimulatedState(Path(sys.argv[1])).set('id_card', 'hung')\n"
    )
    state, lost = SimulatedState(tmp_path), 0
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) as other:
        while other.poll() is None:
            for card in ("deng", "none"):
                state.set("id_card", card=card)
                lost += state.read("id_card")["card"] != card
    assert (other.returncode, lost) == (0, 0)
    assert state.read("id_card") == {"state": "hung", "card": "none", "status": "41", "baud": "115200"}
