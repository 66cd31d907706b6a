"""A gate's process start to its first frame, against a bare Kivy window of its size: the screen that waits by itself,
and the whole gate behind it, with its store, its door and its jobs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from simulators.street import street
from tests.benchmark.first_frame import FRAME, first_frame_s
from tests.support.gate_alone import settings_of

_ROUNDS = 7
_SIZE = """
from terminal.kivy_setup import GATE_PORTRAIT, configure
configure(GATE_PORTRAIT)
"""
_BARE = f"""{_SIZE}
from kivy.base import runTouchApp
from kivy.uix.label import Label
runTouchApp(Label(text="Lamplight"), embedded=True)
{FRAME}
"""
_SCREEN = f"""{_SIZE}
from pathlib import Path
from gate.presenters.gallery import samples
from gate.ui.app import GateApp
from terminal.texts import Catalogue
name, view, row = next(samples(Catalogue.load(Path("assets/texts/gate")).in_language("zh")))
GateApp(lambda _: None, lambda: None, lambda window: window.show(view, row))._run_prepare()
{FRAME}
"""
_WHOLE = """
import time
from pathlib import Path
from gate.config import load
from gate.main import Application
from terminal.boot import running_for
application = Application(load(Path({file!r})))
seen = []
application.first_frame = lambda: (seen.append(running_for()), application.stop())
application.serve()
print(*seen)
"""


def measure(rounds: int = _ROUNDS) -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note): our medians over the bare window's, in turns, in processes of their own."""
    with tempfile.TemporaryDirectory() as made, street(Path(made) / "sim") as around:
        settings_of(Path(made), around)
        programs = {"bare": _BARE, "screen": _SCREEN, "whole": _WHOLE.format(file=str(Path(made) / "gate/gate.toml"))}
        times: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(rounds):
            for name, program in programs.items():
                times[name].append(first_frame_s(program))
    bare, screen, whole = (median(found) for found in times.values())
    where = "800 x 1280, off screen, software GL"
    for name, ours in (("its screen alone", screen), ("the whole gate", whole)):
        note = f"{1000 * ours:.0f} ms against {1000 * bare:.0f} ms: {where}"
        yield f"a gate's process start to first frame, {name} / bare Kivy window", ours / bare, note
