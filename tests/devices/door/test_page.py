"""The technician's page names every reason that a door's health can say, and nothing that does not exist."""

import re
from pathlib import Path

from devices.door.api import DoorReason, Opening
from simulators.state import MODELS

PAGE = (Path(__file__).resolve().parents[3] / "docs/devices/door.md").read_text("utf-8")


def rows(heading: str) -> set[str]:
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE))


def test_every_reason_has_its_words_and_what_to_do() -> None:
    assert rows("What health says") == {reason.value for reason in DoorReason}
    assert rows("What opening answers") == {outcome.value for outcome in Opening}


def test_every_fault_that_can_be_tried_is_named() -> None:
    model = MODELS["door"]
    assert all(state in PAGE for state in model.states)
    assert all(f"{setting}=" in PAGE for setting in model.settings)
