"""Process start to first frame: the kiosk's attract screen against a bare Kivy window of the same size."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

_ROOT = Path(__file__).resolve().parents[2]
_ROUNDS = 7
FRAME = """
from kivy.base import EventLoop
from terminal.boot import running_for
EventLoop.idle()
print(running_for())
"""
"""What a program ends with that has its window: one frame, and how long it took to get there."""
_BARE = """
from terminal.kivy_setup import configure
configure()
from kivy.base import runTouchApp
from kivy.uix.label import Label
runTouchApp(Label(text="Lamplight"), embedded=True)
"""
_OURS = """
from terminal.kivy_setup import configure
configure()
from kiosk.ui.app import KioskApp
from tests.support.gallery import chrome, views
app = KioskApp(lambda _: None, lambda: None, lambda window: window.show(views()["attract"], chrome()))
app._run_prepare()
"""


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note): our median over the bare window's, in turns, in processes of their own."""
    times: dict[str, list[float]] = {_OURS: [], _BARE: []}
    for _ in range(_ROUNDS):
        for program, found in times.items():
            found.append(first_frame_s(program + FRAME))
    ours, bare = (median(found) for found in times.values())
    note = f"{1000 * ours:.0f} ms against {1000 * bare:.0f} ms: 1080 x 1920, off screen, software GL"
    yield "process start to first frame / bare Kivy window", ours / bare, note


def first_frame_s(program: str) -> float:
    """What it prints last: seconds. Run by itself, without a display."""
    environment = {**os.environ, "SDL_VIDEODRIVER": "offscreen", "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=_ROOT, check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])
