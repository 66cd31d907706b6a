"""The state files: read at any moment, whole, by whoever wants to."""

from pathlib import Path
from threading import Event, Thread

import pytest

from simulators.state import MODELS, SimulatedState, UnknownSettingError


def test_a_device_that_nobody_touched_is_well(tmp_path: Path) -> None:
    """The first state and the first settings; reading writes nothing."""
    state = SimulatedState(tmp_path / "not-there-yet")
    assert state.read("id_card") == {"state": "ok", "card": "none"}
    assert not (tmp_path / "not-there-yet").exists()


def test_settings_stay_when_only_the_state_changes(tmp_path: Path) -> None:
    """And the other way round."""
    state = SimulatedState(tmp_path)
    state.set("id_card", card="deng")
    state.set("id_card", "hung")
    assert state.set("camera", subject="live:deng")["state"] == "ok"
    assert state.read("id_card") == {"state": "hung", "card": "deng"}


@pytest.mark.parametrize("content", ["", "{", "null", "[]", '"ok"', "\x00"])
def test_a_file_that_holds_no_state_counts_as_none(tmp_path: Path, content: str) -> None:
    """Somebody edited it by hand, or the disk was full."""
    (tmp_path / "id_card.json").write_text(content, "utf-8")
    assert SimulatedState(tmp_path).read("id_card") == {"state": "ok", "card": "none"}


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
