"""The bench panel writes the simulators' state files, and shows what they say."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from simulators.bench_rows import DEVICES, sections
from simulators.cli import main as sim
from simulators.message_gateway import end as gateway
from simulators.state import MODELS, SimulatedState
from terminal.kivy_setup import configure

if TYPE_CHECKING:  # importing it would open the window
    from simulators.touch import TouchDriver

_CHINESE = range(0x4E00, 0x9FFF)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> SimulatedState:
    return SimulatedState(tmp_path_factory.mktemp("sim"))


@pytest.fixture(scope="module")
def driver_of_module(state: SimulatedState) -> "Iterator[TouchDriver]":
    if "kivy.core.window" not in sys.modules:
        configure((540, 960))
    from simulators.bench_panel import BenchApp
    from simulators.touch import TouchDriver

    driver = TouchDriver(BenchApp(state))
    driver.start()
    yield driver
    driver.stop()


@pytest.fixture
def driver(driver_of_module: "TouchDriver", state: SimulatedState) -> "TouchDriver":
    """The panel, and all is well."""
    for name, model in MODELS.items():
        state.set(name, model.states[0], **model.settings)
    well = {f"{name} state={model.states[0]}" for name, model in MODELS.items()}
    assert driver_of_module.wait_until(lambda: well <= shown(driver_of_module), 3)
    return driver_of_module


def shown(driver: "TouchDriver") -> set[str]:
    """The values that stand out."""
    return {target.action for target in driver.targets() if getattr(target, "on", False)}


def test_a_tap_changes_the_state_file(driver: "TouchDriver", state: SimulatedState) -> None:
    """One setting each, and the others stay."""
    driver.tap("camera subject=live:deng")
    driver.tap("camera pose=left")
    driver.tap("camera state=dark")
    shown = {"state": "dark", "subject": "live:deng", "pose": "left", "scene": "plain", "cheat": "none"}
    assert state.read("camera") == shown


def test_what_was_set_elsewhere_is_shown(driver: "TouchDriver", state: SimulatedState) -> None:
    """The sim command and the panel are two hands on the same thing."""
    assert "page_printer state=ok" in shown(driver)
    assert sim(["--folder", str(state.folder), "page_printer", "paper-out"]) == 0
    assert driver.wait_until(lambda: "page_printer state=paper-out" in shown(driver), 3)
    assert "page_printer state=ok" not in shown(driver)


def test_all_is_well_again_at_one_touch(driver: "TouchDriver", state: SimulatedState) -> None:
    """Every device, and nobody is there."""
    state.set("id_card", "hung", card="lan")
    state.set("records", "down")
    driver.tap("reset")
    for name, model in MODELS.items():
        assert state.read(name) == {"state": model.states[0], **model.settings}


def test_the_last_text_is_there_to_be_read(driver: "TouchDriver", state: SimulatedState) -> None:
    """Whoever tries the kiosk has no phone for it: the code stands on the panel."""
    assert driver.app.root._sections[gateway.DEVICE].said == ""
    for code in ("111111", "482913"):
        gateway.Gateway(state).take(code, "13800001234", f"平安灯：验证码{code}")
    assert driver.wait_until(lambda: "482913" in driver.app.root._sections[gateway.DEVICE].said, 3)


def test_every_value_has_its_button_and_sets_itself(driver: "TouchDriver", state: SimulatedState) -> None:
    """Nothing that sim can set is missing, and no button says one thing and does another."""
    for device, rows in sections().items():
        for row in rows:
            for option in row.options:
                driver.find(f"{device} {row.setting}={option.value}").press()
                assert state.read(device)[row.setting] == option.value


def test_every_device_and_every_state_is_there_in_chinese() -> None:
    """A new fault without its words fails here."""
    assert set(DEVICES) == set(MODELS)
    rows = [row for rows in sections().values() for row in rows]
    assert {(row.device, row.setting) for row in rows} == {
        (name, setting) for name, model in MODELS.items() for setting in ("state", *model.settings)
    }
    for option in (option for row in rows for option in row.options):
        assert any(ord(character) in _CHINESE or ord(character) > 0xFFFF for character in option.words), option
