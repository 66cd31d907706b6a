"""``make papers``: every kind of paper, on both media, for a common and for a rare name, signed as records sign.

The real drivers print them: pages at the simulated IPP printer, strips at the simulated thermal printer. out/papers/
then holds each signed PDF, what the printer received as a picture, a contact sheet for each printer, and in trust/ what
``verify`` needs, for the keys are made for this run alone. The table says what programs that we did not write think of
every file; the command fails when one of them finds fault.
"""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from PIL import Image, ImageDraw, ImageFont

from civic.clock import Clock, SystemClock
from devices.page_printer.driver import IppPagePrinter
from devices.printing import Printed
from devices.thermal_printer.driver import EscPosStripPrinter
from devices.thermal_printer.model import StripModel
from forms.code import CodeKey, sign_code
from forms.fonts import Weight, font_file
from forms.paper import Medium, Paper
from forms.placement import seal_place
from forms.raster import Dots, strip
from forms.render import render
from forms.signature import Evidence, make_cms, prepare
from forms.test_page import render_test_page
from forms.test_strip import render_test_strip
from records import installation
from records.context import Records
from records.rules.periods import bureau_time
from records.services import policy, timestamps, validation
from simulators.page_printer import SimulatedPagePrinter
from simulators.paper_checks import Finding, check
from simulators.pcsc import free_port
from simulators.sample_papers import samples
from simulators.state import SimulatedState
from simulators.thermal_printer import SimulatedThermalPrinter

OUT = Path("out/papers")
_TEST = "test"
_SHEET_SECONDS, _ROWS_A_SECOND = 0.1, 60000.0
_BAND = 48  # rows; two fit into the simulated buffer
_MARGIN, _LABEL = 24, 34  # pixels of a contact sheet
_SCALES = {Medium.PAGE: 0.3, Medium.STRIP: 0.5}
_ROWS = {Medium.PAGE: 2, Medium.STRIP: 1}


class NotPrintedError(RuntimeError):
    """A printer did not print what it was given."""


@dataclass(frozen=True, slots=True)
class Document:
    """A signed paper."""

    name: str
    paper: Paper
    medium: Medium
    pdf: bytes


def main() -> int:
    """Make, print, judge and show them all; 0 when nobody found fault."""
    shutil.rmtree(OUT, ignore_errors=True)
    for medium in Medium:
        (OUT / medium).mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="lamplight-papers-") as folder:
        records = installation.prepare(Path(folder) / "records", SystemClock(), lambda _: None)
        documents = _signed(records)
        installation.write_trust(records, OUT / "trust", installation.url_of(records))
        for each in documents:
            (OUT / each.medium / f"{each.name}.pdf").write_bytes(each.pdf)
        print(f"{len(documents)} papers signed; printing them …", flush=True)
        _print_all(documents, Path(folder), records.clock)
        findings = _judged(documents, records.root_pem, Path(folder) / "checks")
    for medium in Medium:
        names = [each.name for each in documents if each.medium is medium]
        _contact_sheet(medium, (*names, _TEST)).save(OUT / f"sheet-{medium}.png")
    _tell(findings)
    return 0 if all(each.well for each in findings.values()) else 1


def _signed(records: Records) -> list[Document]:
    rules, at = policy.read_rules(policy.DEFAULT_FILE), bureau_time(records.clock.now()).replace(second=0)
    papers = samples(rules, records.keys.bureau, at)
    return [
        Document(name, paper, medium, _sealed(records, paper, medium)) for name, paper in papers for medium in Medium
    ]


def _sealed(records: Records, paper: Paper, medium: Medium) -> bytes:
    """As kiosk and records make it together: drawn, prepared, its digest signed and stamped."""
    keys, material = records.keys, validation.material(records)
    pdf = render(paper, sign_code(paper, CodeKey(keys.code.key)), medium)
    evidence = Evidence.from_base64(material.certificates, material.revocation_lists)
    prepared = prepare(pdf, paper.issued_at, evidence, seal_place(paper, medium))
    own, chain = keys.document, (keys.root.certificate,)
    return prepared.fill(make_cms(prepared.digest, own.key, own.certificate, chain, partial(timestamps.stamp, records)))


# --- at the printers ---


def _print_all(documents: list[Document], folder: Path, clock: Clock) -> None:
    """Both printers at once."""
    ways = {Medium.PAGE: _print_pages, Medium.STRIP: _print_strips}
    with ThreadPoolExecutor() as both:
        for done in [
            both.submit(way, [each for each in documents if each.medium is medium], folder, clock)
            for medium, way in ways.items()
        ]:
            done.result()


def _print_pages(documents: list[Document], folder: Path, clock: Clock) -> None:
    """What comes out is what went in, byte for byte."""
    pages = {each.name: each.pdf for each in documents} | {_TEST: render_test_page(bureau_time(clock.now()))}
    (OUT / Medium.PAGE / f"{_TEST}.pdf").write_bytes(pages[_TEST])
    with SimulatedPagePrinter(folder / "sim", free_port(), folder / "tray", _SHEET_SECONDS) as simulated:
        printer = IppPagePrinter(simulated.uri)
        for number, (name, pdf) in enumerate(pages.items(), 1):
            _expect_printed(name, printer.print_pdf(pdf, lambda *_: None, Event()))
            received = simulated.tray / f"{number:04}.pdf"
            if received.read_bytes() != pdf:
                raise NotPrintedError(f"{name}: the printer received something else")
            shutil.copyfile(received.with_suffix(".png"), OUT / Medium.PAGE / f"{name}.png")


def _print_strips(documents: list[Document], folder: Path, clock: Clock) -> None:
    """What falls into the tray is what was rastered, dot for dot, and the feed before the cut."""
    strips = {each.name: strip(each.pdf) for each in documents} | {_TEST: render_test_strip(bureau_time(clock.now()))}
    state, tray = SimulatedState(folder / "sim"), folder / "strips"
    with SimulatedThermalPrinter(state, tray, rows_a_second=_ROWS_A_SECOND) as simulated:
        printer = EscPosStripPrinter(f"tcp://127.0.0.1:{simulated.port}", StripModel(band=_BAND))
        printer.health()  # clears, and cuts off, what an earlier user may have left
        known = set(tray.glob("*.png"))
        for name, dots in strips.items():
            _expect_printed(name, printer.print_strip(dots, lambda *_: None, Event()))
            (fallen,) = set(tray.glob("*.png")) - known
            known.add(fallen)
            if not _same(fallen, dots):
                raise NotPrintedError(f"{name}: other dots were burnt")
            shutil.copyfile(fallen, OUT / Medium.STRIP / f"{name}.png")


def _expect_printed(name: str, result: object) -> None:
    if not isinstance(result, Printed):
        raise NotPrintedError(f"{name}: {result}")


def _same(fallen: Path, dots: Dots) -> bool:
    with Image.open(fallen) as picture:
        burnt = picture.convert("1").crop((0, 0, dots.shape[1], dots.shape[0]))
        return burnt.tobytes() == Image.fromarray(~dots).tobytes()


# --- what is said and shown of them ---


def _judged(documents: list[Document], root_pem: str, folder: Path) -> dict[str, Finding]:
    folder.mkdir()
    return check({f"{each.medium}-{each.name}": (each.paper, each.pdf) for each in documents}, root_pem, folder)


def _tell(findings: dict[str, Finding]) -> None:
    print(f"{'file':<37} {'pdfsig':<7} {'qpdf':<5} {'PDF/A-1b':<9} text as meant")
    for name, found in findings.items():
        medium, _, rest = name.partition("-")
        file = f"{medium}/{rest}.pdf"
        print(f"{file:<37} {found.pdfsig:<7} {found.qpdf:<5} {found.preflight:<9} {found.text}")
    print(f"Everything is in {OUT}; side by side: {', '.join(f'{OUT}/sheet-{medium}.png' for medium in Medium)}.")


def _contact_sheet(medium: Medium, names: Sequence[str]) -> Image.Image:
    """All that a printer printed, side by side, each with its name."""
    pictures = {name: _small(OUT / medium / f"{name}.png", _SCALES[medium]) for name in names}
    columns = -(-len(pictures) // _ROWS[medium])
    across = max(each.width for each in pictures.values()) + _MARGIN
    down = max(each.height for each in pictures.values()) + _MARGIN + _LABEL
    sheet = Image.new(
        "L" if medium is Medium.STRIP else "RGB", (columns * across + _MARGIN, _ROWS[medium] * down), "#c8c8c8"
    )
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(font_file(Weight.REGULAR)), 20)
    for index, (name, picture) in enumerate(pictures.items()):
        row, column = divmod(index, columns)
        x, y = _MARGIN + column * across, row * down
        pen.text((x, y + _LABEL - 8), name, fill="black", font=font, anchor="ls")
        sheet.paste(picture, (x, y + _LABEL))
    return sheet


def _small(path: Path, scale: float) -> Image.Image:
    with Image.open(path) as picture:
        grey = picture.convert("L" if picture.mode == "1" else picture.mode)
        return grey.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BOX)


if __name__ == "__main__":
    sys.exit(main())
