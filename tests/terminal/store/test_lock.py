"""One terminal process at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from terminal.store.errors import AlreadyRunningError
from terminal.store.lock import SingleInstance

HOLDER = """
import sys, time
from pathlib import Path
from terminal.store.lock import SingleInstance
lock = SingleInstance(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_instance_is_told_which_process_holds_the_lock(tmp_path: Path) -> None:
    """So that a technician knows what to end."""
    with (
        SingleInstance(tmp_path / "lock"),
        pytest.raises(AlreadyRunningError, match=f"process {os.getpid()} holds lock"),
    ):
        SingleInstance(tmp_path / "lock")


def test_the_lock_is_free_once_released(tmp_path: Path) -> None:
    """A restart needs no clean-up."""
    SingleInstance(tmp_path / "lock").release()
    with SingleInstance(tmp_path / "lock"):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    """kill -9: the kernel lets go."""
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunningError, match=str(holder.pid)):
            SingleInstance(path)
        holder.kill()
    SingleInstance(path).release()
