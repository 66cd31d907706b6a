"""``make screens``: every screen of kiosk and gate, in both languages, both sizes of type, upright and lying, drawn.

Fails, naming them, when words are cut, stand outside of the window, or lie over other words: this is looked for in all
eight forms of each screen. A screen with the layout of an earlier one and only other words is drawn in two of them, all
others in eight. Contact sheets show as many screens as one can look at. What becomes of a paper is on sheets of its
own, in all its words, upright, in both languages and both sizes of type.

``python -m simulators.screens portrait number slowed`` draws less: one orientation, the screens named so; ``gate`` is
in every name of a gate's. A name that no screen has is an error, before anything is drawn.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from enum import Enum
from itertools import product
from pathlib import Path

from PIL import Image

from terminal.kivy_setup import GATE_LANDSCAPE, GATE_PORTRAIT, LANDSCAPE, PORTRAIT, configure
from terminal.views import Chrome, View

Sample = tuple[str, View, Chrome]
Source = Callable[[str, bool], Iterable[Sample]]  # of a language, and whether in large type

GATE = "gate-"  # how the names of its screens and forms begin
FORMS = {
    "portrait": PORTRAIT,
    "landscape": LANDSCAPE,
    "gate-portrait": GATE_PORTRAIT,
    "gate-landscape": GATE_LANDSCAPE,
}
SIZES = ("normal", "large")
LANGUAGES = ("zh", "en")
VARIANTS_IN = {"zh-normal-portrait", "en-large-landscape"}  # forms in which known layouts are drawn again
# of which every sentence is drawn: printing, its faults, handing over, void and made again, verification
PAPER = ("issuing-", "take-paper", "take-strip", "take-receipt", "voiding", "ended-", "check-")
EVERY_WORD = {"portrait": PAPER, "landscape": ()}
OUT = Path("out/screens")
_TEXTS = Path(__file__).resolve().parent.parent / "assets" / "texts"
_THUMBNAIL = 0.3
_ROWS_AND_COLUMNS = {"portrait": (2, 8), "landscape": (4, 4)}  # of a sheet
_OF_GATE = {"portrait": (2, 6), "landscape": (4, 3)}  # whose screen is small: less is made of it
_GATE_THUMBNAIL = 0.42


def gallery(language: str, large: bool) -> Iterable[Sample]:  # noqa: FBT001 - Source's signature
    """Every screen that the presenters of kiosk and gate make."""
    from gate.presenters import gallery as gate  # noqa: PLC0415 - sources among others
    from kiosk.presenters import gallery as kiosk  # noqa: PLC0415
    from terminal.texts import Catalogue  # noqa: PLC0415

    yield from kiosk.samples(Catalogue.load(_TEXTS).in_language(language), large=large)
    yield from gate.samples(Catalogue.load(_TEXTS / "gate").in_language(language), large=large)


def render(form: str, out: Path, source: Source = gallery) -> list[str]:
    """Write the pictures of one form (one of FORMS). Return what is wrong with them, a line each."""
    configure(FORMS[form], max_fps=120)
    from gate.ui.app import GateApp  # noqa: PLC0415 - Kivy is configured only now
    from kiosk.ui.app import KioskApp  # noqa: PLC0415
    from simulators.touch import TouchDriver  # noqa: PLC0415
    from terminal.theme import GATE_PIXEL_PITCH_MM, PIXEL_PITCH_MM, theme  # noqa: PLC0415

    theme.motion = False
    theme.pixel_pitch_mm = GATE_PIXEL_PITCH_MM if form.startswith(GATE) else PIXEL_PITCH_MM
    app = (GateApp if form.startswith(GATE) else KioskApp)(lambda _: None, lambda: None, lambda _: None)
    driver = TouchDriver(app)
    driver.start()
    problems = []
    sides = _sides(form)
    for language, size in product(LANGUAGES, SIZES):
        folder = out / f"{language}-{size}-{form}"
        shutil.rmtree(folder, ignore_errors=True)  # with screens that are no more
        known: set[object] = set()
        for number, (name, view, chrome) in enumerate(_of(form, source(language, size == "large"))):
            app.root.show(view, chrome)
            driver.lay_out()
            every_word = (
                form.startswith(GATE) or folder.name in VARIANTS_IN or (form == "portrait" and name.startswith(PAPER))
            )
            if every_word or layout(view, chrome) not in known:
                driver.screenshot(folder / f"{number:03}-{name}.png")
            known.add(layout(view, chrome))
            problems += [f"{folder.name}/{name}: {problem}" for problem in offenders(app.root)]
        contact_sheets(folder, folder.name, "", *sides)
        if form == "portrait":
            contact_sheets(folder, f"paper-{folder.name}", PAPER, *sides)
    driver.stop()
    return problems


def _of(form: str, samples: Iterable[Sample]) -> Iterator[Sample]:
    """Of these, the screens that a form is for."""
    return (each for each in samples if each[0].startswith(GATE) == form.startswith(GATE))


def _sides(form: str) -> tuple[int, int]:
    kind = form.removeprefix(GATE)
    return (_OF_GATE if form.startswith(GATE) else _ROWS_AND_COLUMNS)[kind]


def layout(*shown: object) -> object:
    """What decides how a screen looks, but for its words: equal for two screens that differ in words alone."""
    return tuple(_form(each) for each in shown)


def _form(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Enum):
        return bool(value)
    if isinstance(value, tuple):
        return tuple(_form(each) for each in value)
    if is_dataclass(value):
        return type(value), tuple(_form(getattr(value, each.name)) for each in fields(value))
    return value


def offenders(root: object) -> Iterator[str]:
    """Yield what is wrong with the words below a widget: cut, outside of the window, over each other."""
    from simulators.word_check import cut_words, outside, overlaps  # noqa: PLC0415 - needs Kivy

    yield from cut_words(root)
    yield from outside(root)
    yield from overlaps(root)


def contact_sheets(folder: Path, title: str, begins: str | tuple[str, ...], rows: int, columns: int) -> None:
    """Put the pictures of a folder whose names begin so on sheets beside it: ``sheet-TITLE-1.png`` and on."""
    for old in folder.parent.glob(f"sheet-{title}-*.png"):
        old.unlink()
    paths = sorted(path for path in folder.glob("*.png") if path.name.partition("-")[2].startswith(begins))
    for number, first in enumerate(range(0, len(paths), rows * columns), 1):
        sheet = _sheet(paths[first : first + rows * columns], rows, columns)
        sheet.save(folder.parent / f"sheet-{title}-{number}.png")


def _sheet(paths: list[Path], rows: int, columns: int) -> Image.Image:
    pictures = [Image.open(path) for path in paths]
    small_screen = min(pictures[0].size) < min(PORTRAIT)
    scale = _GATE_THUMBNAIL if small_screen else _THUMBNAIL
    width, height = (round(side * scale) for side in pictures[0].size)
    sheet = Image.new("RGB", (columns * (width + 8), rows * (height + 8)), "#808080")
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        small = picture.resize((width, height), reducing_gap=2.0)
        sheet.paste(small, (column * (width + 8), row * (height + 8)))
    return sheet


def _named(parts: list[str]) -> Source:
    """The screens with one of these in their names; without any, all."""

    def source(language: str, large: bool) -> Iterable[Sample]:  # noqa: FBT001 - as above
        return (each for each in gallery(language, large) if not parts or any(part in each[0] for part in parts))

    return source


def complaints(parts: list[str]) -> list[str]:
    """A line for each of these that no screen has in its name, with the names that come near it."""
    names = list(dict.fromkeys(name for name, _, _ in gallery(LANGUAGES[0], False))) if parts else []  # noqa: FBT003
    unknown = [part for part in parts if not any(part in name for name in names)]
    return [f"no screen has {part!r} in its name{_near(part, names)}" for part in unknown]


def _near(part: str, names: list[str]) -> str:
    """Of whole names and of their words: most people know a word of it."""
    words = (word for name in names for word in name.split("-"))
    near = get_close_matches(part, list(dict.fromkeys((*FORMS, *names, *words))), cutoff=0.5)
    return f"; near: {', '.join(near)}" if near else f"; there are {len(names)}, such as {', '.join(names[:3])}"


def main(arguments: list[str]) -> int:
    """Render one form, or each in a process of its own: a window has one size for its life."""
    if {"-h", "--help"} & {*arguments}:
        print(__doc__)
        return 0
    forms = [each for each in arguments if each in FORMS]
    parts = [each for each in arguments if each not in FORMS]
    if unknown := complaints(parts):
        print("\n".join(f"screens: {line}" for line in unknown), file=sys.stderr)
        return 1
    if len(forms) == 1:
        problems = render(forms[0], OUT, _named(parts))
        print("\n".join(problems))
        return int(bool(problems))
    command = [sys.executable, "-m", "simulators.screens"]
    environment = {**os.environ, "SDL_VIDEODRIVER": "offscreen"}
    print("Rendering every screen: some minutes.", flush=True)
    wanted = [form for form in forms or FORMS if any(_of(form, _named(parts)(LANGUAGES[0], False)))]  # noqa: FBT003
    started = [subprocess.Popen([*command, form, *parts], env=environment) for form in wanted]
    results = [process.wait() for process in started]
    print(f"Contact sheets: {OUT}/sheet-*.png ({len(list(OUT.glob('sheet-*.png')))}). Each screen: {OUT}/FORM/.")
    return int(any(results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
