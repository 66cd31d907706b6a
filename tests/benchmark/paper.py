"""A household certificate from fields to signed file, against typst and against the usual libraries used plainly; once
with a common name and once with one that needs a second typeface.

Every round makes a paper with another serial, so nothing but fonts and seals may be remembered between rounds.
"""

import io
import json
import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import segno
import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFNameBytes, TTFont
from reportlab.pdfgen.canvas import Canvas

from civic.assets import third_party
from forms.code import CodeKey, sign_code
from forms.content import compose
from forms.fonts import Weight, font_file
from forms.layout import POINTS_PER_MM, Area
from forms.layouts.page import HEIGHT as PAGE_HEIGHT
from forms.layouts.page import WIDTH as PAGE_WIDTH
from forms.outlines import outlined_line
from forms.paper import HouseholdCertificate
from forms.placement import Line, Placed, place
from forms.qr import modules
from forms.render import _draw, render
from forms.seal import SPECIMEN_LINE, _figures
from forms.signature import make_cms, prepare
from tests.support.papers import FULL, RARE
from tests.support.pki import Pki, make_pki

ROUNDS = 12
_RARE = "BabelStoneHan"
_TYPST_FAMILIES = '("Noto Serif SC", "BabelStone Han")'
_TEMPLATE = f"""
#set page(width: {PAGE_WIDTH}mm, height: {PAGE_HEIGHT}mm, margin: 0pt)
#set text(font: {_TYPST_FAMILIES}, top-edge: "baseline", bottom-edge: "baseline")
#let data = json(bytes(sys.inputs.page))
#let put(it, body) = place(top + left, dx: it.x * 1mm, dy: it.y * 1mm, body)
#for it in data.tints {{ put(it, rect(width: it.w * 1mm, height: it.h * 1mm, fill: luma(246))) }}
#for it in data.rules {{ put(it, line(length: it.w * 1mm, stroke: it.weight * 1pt)) }}
#for it in data.pictures {{ put(it, image(bytes(it.svg), width: it.w * 1mm)) }}
#for it in data.words {{
  let words = text(size: it.size * 1pt, weight: it.weight, tracking: it.tracking * 1pt, it.text)
  put(it, context move(dx: -it.shift * measure(words).width, words))
}}
"""


def measure() -> Iterable[tuple[str, float, str]]:
    """(name, our time over the peer's, what was compared)."""
    pki = make_pki()
    for title, sample in (("certificate", FULL), ("certificate with a rare name", RARE)):
        peers = {
            "ours": _ours(pki),
            "page": _ours_unsigned(pki),
            "typst": _typst(pki, sample),
            "bare": _typst(pki, sample, bare=True),
            "plain": _plain(pki, sample),
        }
        yield from _compared(title, _interleaved(peers, sample))


def _compared(title: str, times: dict[str, float]) -> Iterable[tuple[str, float, str]]:
    facts = ", ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in times.items())
    yield (
        f"{title}, signed PDF/A / typst's bare page",
        times["ours"] / times["bare"],
        f"typst's page without seal, code and signature ({facts})",
    )
    yield f"{title}, unsigned / typst", times["page"] / times["typst"], "page, seal and code on both sides"
    yield (
        f"{title}, signed PDF/A / reportlab + segno + pyHanko",
        times["ours"] / times["plain"],
        "the same words, seal, code and signature with the libraries used plainly",
    )


def _interleaved(
    peers: dict[str, Callable[[HouseholdCertificate], bytes]], sample: HouseholdCertificate
) -> dict[str, float]:
    """The median time of each in milliseconds, taken in turns after one round to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in peers}
    for number in range(ROUNDS + 1):
        paper = replace(sample, serial=f"PAD-2026-{number:08}")
        for name, make in peers.items():
            start = time.perf_counter()
            made = make(paper)
            taken[name].append((time.perf_counter() - start) * 1000)
            assert made.startswith(b"%PDF")
    return {name: statistics.median(each[1:]) for name, each in taken.items()}


def _signed(pdf: bytes, paper: HouseholdCertificate, pki: Pki) -> bytes:
    prepared = prepare(pdf, paper.issued_at)
    chain = (pki.root.certificate,)
    return prepared.fill(make_cms(prepared.digest, pki.document.key, pki.document.certificate, chain))


def _ours(pki: Pki) -> Callable[[HouseholdCertificate], bytes]:
    key = CodeKey(pki.code.key)
    return lambda paper: _signed(render(paper, sign_code(paper, key)), paper, pki)


def _ours_unsigned(pki: Pki) -> Callable[[HouseholdCertificate], bytes]:
    key = CodeKey(pki.code.key)
    return lambda paper: _draw(paper, compose(paper), sign_code(paper, key))


@dataclass(frozen=True)
class _Recorded:
    """Our page as a list of what stands where, for the peers to draw."""

    placed: Placed
    words: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    tints: list[dict[str, Any]]


def _recorded(paper: HouseholdCertificate) -> _Recorded:
    placed = place(paper)
    return _Recorded(
        placed,
        [_word(line) for line in placed.lines],
        [{"x": rule.x, "y": rule.y, "w": rule.width, "weight": rule.weight} for rule in placed.rules],
        [{"x": area.x, "y": area.y, "w": area.width, "h": area.height} for area, _ in placed.tints],
    )


def _word(line: Line) -> dict[str, Any]:
    style = line.style
    weight = "bold" if style.bold else "regular"
    return {"x": line.x, "y": line.y, "size": style.size, "tracking": style.tracking} | {
        "weight": weight,
        "shift": 0.0,
        "text": line.text,
    }


def _typst(pki: Pki, sample: HouseholdCertificate, *, bare: bool = False) -> Callable[[HouseholdCertificate], bytes]:
    key, mark, seal = CodeKey(pki.code.key), _watermark_svg(), _seal_svg()
    fonts = [str(third_party("fonts"))]
    compiler: Any = typst.Compiler(None, font_paths=fonts, ignore_system_fonts=True)
    page = _recorded(sample)  # typst gets its layout for nothing

    def make(paper: HouseholdCertificate) -> bytes:
        words = [it | {"text": it["text"].replace(sample.serial, paper.serial)} for it in page.words]
        pictures = [] if bare else [_at(page.placed.seal, seal), mark]
        if not bare:
            pictures.append(_at(page.placed.code, _code_svg(sign_code(paper, key))))
        data = {"words": words, "rules": page.rules, "tints": page.tints, "pictures": pictures}
        made: bytes = compiler.compile(_TEMPLATE.encode(), sys_inputs={"page": json.dumps(data)})
        return made

    return make


def _at(area: Area, svg: str) -> dict[str, Any]:
    return {"x": area.x, "y": area.y, "w": area.width, "svg": svg}


def _svg_path(operators: str) -> str:
    """PDF path operators, written before their letter's place in SVG."""
    steps = re.findall(r"([-\d. ]*?)\s*([mlch])(?=\s|$)", operators)
    return " ".join({"m": "M", "l": "L", "c": "C", "h": "Z"}[letter] + numbers for numbers, letter in steps)


def _svg(size: float, body: str) -> str:
    half = size / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-half} {-half} {size} {size}">'
        f'<g transform="scale(1,-1)">{body}</g></svg>'
    )


def _seal_svg() -> str:
    radius = 21 * POINTS_PER_MM
    star_and_arc = _figures(radius, FULL.issuer, SPECIMEN_LINE).split(" q ")[0].replace(" f", "")
    ring = f'<circle r="{0.97 * radius}" fill="none" stroke="red" stroke-width="{0.056 * radius}"/>'
    return _svg(2 * radius, f'{ring}<path fill="red" d="{_svg_path(star_and_arc)}"/>')


def _watermark_svg() -> dict[str, Any]:
    words = outlined_line("\u6837\u5f20 SPECIMEN", Weight.BOLD, 60, 6)
    return {"x": 25, "y": 78, "w": 160, "svg": _svg(450, f'<path fill="#eee" d="{_svg_path(words)}"/>')}


def _code_svg(code: str) -> str:
    symbol = modules(code)
    bars = "".join(f"M{x} {y}h1v1h-1z" for y, line in enumerate(symbol) for x, dark in enumerate(line) if dark)
    side = len(symbol)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{bars}"/></svg>'


def _plain(pki: Pki, sample: HouseholdCertificate) -> Callable[[HouseholdCertificate], bytes]:
    key = CodeKey(pki.code.key)
    page = _recorded(sample)
    for it in page.words:
        it["text"] = it["text"].replace(sample.serial, "{serial}")
    for name in (*Weight, _RARE):
        font: Any = TTFont(f"plain-{name}", str(font_file(name)))
        # reportlab keeps one font to a face, and without another name that would be ours
        font.face.name = TTFNameBytes(b"Plain" + font.face.name)
        pdfmetrics.registerFont(font)
    signer = _plain_signer(pki)

    def make(paper: HouseholdCertificate) -> bytes:
        rl_config.useA85 = 1  # the library's own default
        try:
            pdf = _plain_page(page, paper, sign_code(paper, key))
        finally:
            rl_config.useA85 = 0
        metadata = signers.PdfSignatureMetadata(
            field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES, certify=True, md_algorithm="sha256"
        )
        signed: bytes = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer).getvalue()
        return signed

    return make


def _plain_signer(pki: Pki) -> signers.SimpleSigner:
    def asn1(certificate: Any) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))

    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(asn1(pki.root.certificate))
    der = pki.document.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(asn1(pki.document.certificate), asn1_keys.PrivateKeyInfo.load(der), store)


def _plain_page(page: _Recorded, paper: HouseholdCertificate, code: str) -> bytes:
    output = io.BytesIO()
    canvas = Canvas(output, (PAGE_WIDTH * POINTS_PER_MM, PAGE_HEIGHT * POINTS_PER_MM), pageCompression=1)
    for it in page.words:
        runs = _plain_runs(it["text"].replace("{serial}", paper.serial), it["weight"])
        across = sum(pdfmetrics.stringWidth(text, font, it["size"]) for font, text in runs)
        x = it["x"] * POINTS_PER_MM - it["shift"] * across
        for font, text in runs:
            canvas.setFont(font, it["size"])
            canvas.drawString(x, (PAGE_HEIGHT - it["y"]) * POINTS_PER_MM, text)
            x += pdfmetrics.stringWidth(text, font, it["size"])
    for it in page.rules:
        y = (PAGE_HEIGHT - it["y"]) * POINTS_PER_MM
        canvas.line(it["x"] * POINTS_PER_MM, y, (it["x"] + it["w"]) * POINTS_PER_MM, y)
    _plain_seal(canvas, page.placed, paper.issuer)
    _plain_code(canvas, page.placed, code)
    canvas.save()
    return output.getvalue()


def _plain_runs(text: str, weight: str) -> list[tuple[str, str]]:
    """The text in the page's typeface, and what that lacks in the second one."""
    first, second = f"plain-{Weight[weight.upper()]}", f"plain-{_RARE}"
    has: Any = pdfmetrics.getFont(first)
    grouped = groupby(text, key=lambda character: first if ord(character) in has.face.charToGlyph else second)
    return [(font, "".join(characters)) for font, characters in grouped]


def _plain_seal(canvas: Canvas, placed: Placed, authority: str) -> None:
    """A circle, and its letters as turned text: what one writes first."""
    left, bottom, right, top = placed.points(placed.seal)
    canvas.setStrokeColorRGB(0.8, 0.1, 0.1)
    canvas.circle((left + right) / 2, (bottom + top) / 2, (right - left) / 2)
    canvas.setFont(f"plain-{Weight.BOLD}", 14)
    for index, letter in enumerate(authority):
        canvas.saveState()
        canvas.translate((left + right) / 2, (bottom + top) / 2)
        canvas.rotate(18 * ((len(authority) - 1) / 2 - index))
        canvas.drawCentredString(0, 40, letter)
        canvas.restoreState()


def _plain_code(canvas: Canvas, placed: Placed, code: str) -> None:
    left, _, right, top = placed.points(placed.code)
    matrix = segno.make(code, error="m", micro=False).matrix
    side = (right - left) / len(matrix)
    for row, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                canvas.rect(left + column * side, top - (row + 1) * side, side, side, stroke=0, fill=1)
