"""Which start of the machine it is."""

import time
from pathlib import Path

from terminal.boot import boot_id, running_for


def test_the_kernel_s_number_is_the_same_for_every_process_of_one_start(tmp_path: Path) -> None:
    """It is read, not made."""
    file = tmp_path / "boot_id"
    file.write_text("2f1c7f4e-9f0a-4d6f-8a39-0f6f3c1f6a11\n")
    assert boot_id(file) == boot_id(file)
    assert str(boot_id(file)) == "2f1c7f4e-9f0a-4d6f-8a39-0f6f3c1f6a11"


def test_where_there_is_none_each_process_is_a_start_of_its_own(tmp_path: Path) -> None:
    """Rather a clock that nobody trusts than one that is trusted wrongly."""
    (tmp_path / "nonsense").write_text("nonsense")
    made = {boot_id(tmp_path / name) for name in ("none", "nonsense") for _ in range(2)}
    assert len(made) == 4


def test_how_long_this_process_has_run_counts_from_its_very_start() -> None:
    """Its interpreter and imports are in it, which its own clock began after."""
    before = running_for()
    assert 0 < before <= running_for()
    assert before < time.clock_gettime(time.CLOCK_BOOTTIME)
