"""The benchmark's parts can be run one by one."""

import pytest

from tests.benchmark.__main__ import main, parts


def test_a_part_is_chosen_by_how_its_name_begins() -> None:
    assert parts(["gate"]) == ["gate_face", "gate_first_frame", "gate_relay", "gate_ways"]
    assert set(parts(["gate"])) < set(parts())
    assert "__main__" not in parts()


def test_an_unknown_part_is_an_error_before_anything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["gate", "moon"])
    assert "no moon among" in capsys.readouterr().err
