"""Write docs/devices/printer-reasons.md from tables and words: ``python -m scripts.draw_printer_reasons``.

What a printer can be, what it then says itself, what the resident reads and what the technician does. A test fails
where the committed page differs.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from devices.page_printer.keywords import AS_ERROR, AT_ANY_SEVERITY, BESIDES_PRINTING, EVENTS, FINISHERS
from devices.page_printer.reasons import HARMLESS, WORST_FIRST
from devices.thermal_printer.api import StripReason
from terminal.texts import Catalogue, Words

_ROOT = Path(__file__).resolve().parent.parent
PAGE = _ROOT / "docs" / "devices" / "printer-reasons.md"

_HEAD = """# What is wrong with a printer, in whose words

Drawn from the code and the text catalogue by `python -m scripts.draw_printer_reasons`.

## Page printer

The worst first: of several reasons the first is told, and the maintenance page shows all of the printer's own words. A
word's `-report`, `-warning` or `-error` is taken off; those after *as an error* stop only with `-error` or with none.
`*-` stands for a finisher (folder, stapler, ...). The registry's other words are events ({events} of them, such as
`configuration-change`), which stop only as an error, or of what no page passes ({besides}).
A word that is not in the registry is `other` as an error, and nothing otherwise.

| reason | the printer says | a job | the resident reads | the technician does |
|---|---|---|---|---|
"""
_STRIPS = """
## Strip printer

Its status bytes and what follows from them are in [thermal printer](thermal-printer.md).

| reason | the resident reads | the technician does |
|---|---|---|
"""


def draw() -> str:
    """The whole page."""
    words = Catalogue.load(_ROOT / "assets" / "texts")
    tongues = words.in_language("zh"), words.in_language("en")
    besides = ", ".join(f"`{prefix}`" for prefix in BESIDES_PRINTING)
    head = _HEAD.format(events=len(EVENTS), besides=besides)
    return head + "".join(_pages(tongues)) + _STRIPS + "".join(_strips(tongues))


def _pages(tongues: tuple[Words, ...]) -> Iterator[str]:
    for reason in WORST_FIRST:
        said = [_listed(word for word, of in AT_ANY_SEVERITY.items() if of is reason)]
        if errors := _listed(word for word, of in AS_ERROR.items() if of is reason):
            said.append(f"as an error: {errors}")
        job = "prints" if reason in HARMLESS else "stops"
        resident = "" if reason in HARMLESS else _both(tongues, f"ended.why.{reason}")
        told = "; ".join(filter(None, said)) or "loaded media without A4"
        yield _row(f"`{reason}`", told, job, resident, _both(tongues, f"device.page_printer_action.{reason}"))


def _strips(tongues: tuple[Words, ...]) -> Iterator[str]:
    for reason in StripReason:
        if reason is not StripReason.OK:
            resident = _both(tongues, f"reason.thermal_printer_reason.{reason}")
            yield _row(f"`{reason}`", resident, _both(tongues, f"device.thermal_printer_action.{reason}"))


def _listed(words: Iterable[str]) -> str:
    """Words of all finishers as one."""
    return ", ".join(f"`{word}`" for word in dict.fromkeys(_of_any_finisher(word) for word in words))


def _of_any_finisher(word: str) -> str:
    part = next((each for each in FINISHERS if word.startswith(f"{each}-") and word != "stacker-full"), "")
    return f"*{word.removeprefix(part)}" if part else word


def _both(tongues: tuple[Words, ...], key: str) -> str:
    return " ".join(words(key) for words in tongues if words.has(key))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(draw(), "utf-8")
