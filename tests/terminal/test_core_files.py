"""What is left when the kiosk's process is killed by its own fault."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import cast
from unittest.mock import MagicMock

import pytest

from kiosk import main
from kiosk.config import Configuration

ROOT = Path(__file__).parents[2]
_FALLS = """
import ctypes, os, resource
from terminal.core_files import leave_none

leave_none()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
os.abort()
"""


def test_a_kiosk_that_falls_leaves_no_core_file(tmp_path: Path) -> None:
    """Neither where it stood nor with a collector of such files: it is not dumpable."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-c", _FALLS], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert ended.returncode == -signal.SIGABRT
    assert ended.stdout.strip() == "(0, 0) 0"
    assert list(tmp_path.iterdir()) == []


def test_the_kiosk_sees_to_it_before_its_window_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a resident is in it any earlier."""
    both = MagicMock()
    monkeypatch.setattr(main, "leave_none", both.leave_none)
    monkeypatch.setattr(main, "Application", both.open)
    monkeypatch.setattr(signal, "signal", both.signal)
    main.run(cast("Configuration", None))
    assert [each[0] for each in both.mock_calls[:2]] == ["leave_none", "open"]
