"""What is handed in: papers, what a forger does to them, and how they reach the verifier."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import pikepdf

from forms.carried import CarriedList, void_hashes
from forms.code import CodeKey, sign_code
from forms.paper import HouseholdCertificate, LaterReceipt, Medium, NoCriminalRecord, Paper, ResidenceReceipt
from forms.signature import make_cms, prepare
from forms.trust import TrustStore
from forms.verification import Outcome, Verdict, verify_against, verify_paper
from tests.support.carried import revocations
from tests.support.forged import as_jpeg, drawn, near, on_dots, scanned, tilted
from tests.support.papers import CHILD, FULL, ISSUED_AT, LATER, LONG, NO_RECORD, PROOF, RARE, RAREST, RESIDENCE, SPARSE
from tests.support.pki import Pki, make_pki
from tests.support.sheets import as_png


class Way(StrEnum):
    """How a paper is handed in."""

    PDF = "PDF"
    SCAN_300 = "300 dpi scan"
    SCAN_200 = "200 dpi scan"
    WITH_PDF = "200 dpi, with its PDF"
    TILTED = "tilted photo"
    JPEG = "JPEG 40"
    STRIP = "strip"
    TILTED_STRIP = "tilted strip"


class Wrong(StrEnum):
    """What was done to it."""

    UNTOUCHED = "untouched"
    NAME = "name changed"
    DIGIT = "date digit"
    LOOKALIKE = "己 for 已"
    VARIANT = "淸 for 清, 彔 for 录"
    ADDRESS = "another flat"
    SWAPPED = "code swapped"
    VOID = "void"
    EXPIRED = "expired"
    FOREIGN = "foreign issuer"


CHANGED = (Wrong.NAME, Wrong.DIGIT, Wrong.LOOKALIKE, Wrong.VARIANT, Wrong.ADDRESS, Wrong.SWAPPED)
NOW = ISSUED_AT + timedelta(hours=1)
_PUT = {Wrong.LOOKALIKE: {"\u5df1": "\u5df2"}, Wrong.VARIANT: {"\u6e05": "\u6df8", "\u5f55": "\u5f54"}}


@dataclass(frozen=True, slots=True)
class Bench:
    """The keys of an issuer and of a stranger, and whom the verifier believes."""

    pki: Pki
    stranger: Pki
    trust: TrustStore
    codes: dict[Paper, str] = field(default_factory=dict)

    @classmethod
    def made(cls) -> "Bench":
        """Fresh keys."""
        pki = make_pki()
        return cls(pki, make_pki("Stranger"), pki.trust())

    def code(self, paper: Paper) -> str:
        """The genuine code of a paper: the same one for whoever draws it."""
        if paper not in self.codes:
            self.codes[paper] = sign_code(paper, CodeKey(self.pki.code.key))
        return self.codes[paper]

    def carried(self, *void: str) -> CarriedList:
        """A list of void papers."""
        issuers = (self.pki.code.certificate,)
        revoked = revocations(self.pki, NOW)
        return CarriedList("", NOW, NOW + timedelta(days=7), issuers, revoked, void_hashes(void))


def papers() -> dict[str, Paper]:
    """Several people and all kinds; each says 己 somewhere, and 清 or 录."""
    lane = "\u77e5\u5df1\u6e05\u5f55\u91cc18\u53f7"  # a made-up address
    people: dict[str, Paper] = {
        "household, full": replace(FULL, name="\u738b\u6e05\u5df1"),
        "household, sparse": replace(SPARSE, address=SPARSE.address + lane),
        "household, long": replace(LONG, householder="\u5f20\u5df1\u6e05"),
        "household, child": replace(CHILD, address=FULL.address + lane),
        "household, rare": replace(RARE, address=FULL.address + lane),
        "household, rarest": replace(FULL, serial="PAD-2026-00000128", name=RAREST, address=FULL.address + lane),
        "temporary proof": replace(PROOF, address=PROOF.address + lane),
        "no record": replace(NO_RECORD, name="\u5f55\u6e05\u5df1"),
        "residence": replace(RESIDENCE, address=RESIDENCE.address + lane),
        "later": replace(LATER, window=LATER.window + lane),
    }
    return people


def shown(paper: Paper, wrong: Wrong) -> Paper:
    """What a forger's page says."""
    match wrong:
        case Wrong.NAME:
            return replace(paper, name=("\u738b\u5c0f\u670b" if paper.name != "\u738b*\u660e" else "\u738b*\u670b"))
        case Wrong.DIGIT:
            return _one_digit(paper)
        case Wrong.LOOKALIKE | Wrong.VARIANT:
            return _with(_PUT[wrong], paper)
        case Wrong.ADDRESS:
            return _elsewhere(paper)
        case Wrong.SWAPPED:
            return _of_another(paper)
        case _:
            return paper


def handed_in(way: Way, paper: Paper, wrong: Wrong, bench: Bench) -> Iterator[tuple[bytes, str]]:
    """The files, each with what was done to it."""
    code = sign_code(paper, CodeKey(bench.stranger.code.key)) if wrong is Wrong.FOREIGN else bench.code(paper)
    medium = Medium.STRIP if way in {Way.STRIP, Way.TILTED_STRIP} else Medium.PAGE
    pdf = drawn(shown(paper, wrong), code, medium)
    if way is not Way.PDF:
        yield _PICTURED[way](pdf), "page drawn anew"
    elif wrong in CHANGED:
        yield pdf, "file made anew"
        yield _edited(_signed(drawn(paper, code), bench.pki)), "file edited"
    else:
        yield _signed(pdf, bench.stranger if wrong is Wrong.FOREIGN else bench.pki), "as it was"


def judged(way: Way, file: bytes, paper: Paper, wrong: Wrong, bench: Bench) -> Verdict:
    """What a verifier with a carried list says, and where it is the way, with the genuine PDF."""
    now = NOW + timedelta(days=4000) if wrong is Wrong.EXPIRED else NOW
    carried = bench.carried(paper.serial) if wrong is Wrong.VOID else bench.carried()
    if way is not Way.WITH_PDF:
        return verify_paper(file, bench.trust, now, carried)
    return verify_against(file, _signed(drawn(paper, bench.code(paper)), bench.pki), bench.trust, now, carried)


def allowed(wrong: Wrong) -> frozenset[Outcome]:
    """The answers that are right, or at least honest."""
    if wrong is Wrong.UNTOUCHED:
        return frozenset({Outcome.GENUINE, Outcome.COMPARE})
    if wrong in CHANGED:
        return frozenset({Outcome.ALTERED, Outcome.COMPARE})
    only = {Wrong.VOID: Outcome.VOID, Wrong.EXPIRED: Outcome.EXPIRED, Wrong.FOREIGN: Outcome.UNKNOWN_ISSUER}
    return frozenset({only[wrong]})


_PICTURED: dict[Way, Callable[[bytes], bytes]] = {
    Way.SCAN_300: lambda pdf: as_png(scanned(pdf, 300)),
    Way.SCAN_200: lambda pdf: as_png(scanned(pdf, 200)),
    Way.WITH_PDF: lambda pdf: as_png(scanned(pdf, 200)),
    Way.TILTED: lambda pdf: as_jpeg(tilted(scanned(pdf, 250)), 85),
    Way.JPEG: lambda pdf: as_jpeg(scanned(pdf, 200), 40),
    Way.STRIP: lambda pdf: as_png(on_dots(pdf)),
    Way.TILTED_STRIP: lambda pdf: as_jpeg(tilted(near(on_dots(pdf))), 85),
}


def _signed(pdf: bytes, pki: Pki) -> bytes:
    prepared = prepare(pdf, ISSUED_AT)
    return prepared.fill(make_cms(prepared.digest, pki.document.key, pki.document.certificate, (pki.root.certificate,)))


def _edited(document: bytes) -> bytes:
    """Two neighbouring glyphs exchanged by an editor that keeps the signature."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        page = pdf.pages[0]
        instructions: list[Any] = list(pikepdf.parse_content_stream(page))
        index = next(
            number
            for number, each in enumerate(instructions)
            if str(each.operator) == "Tj" and len(set(bytes(each.operands[0])[:2])) > 1
        )
        text = bytes(instructions[index].operands[0])
        swapped = [pikepdf.String(text[1:2] + text[:1] + text[2:])]
        instructions[index] = pikepdf.ContentStreamInstruction(swapped, instructions[index].operator)
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
        output = io.BytesIO()
        pdf.save(output)
    return output.getvalue()


def _one_digit(paper: Paper) -> Paper:
    match paper:
        case LaterReceipt():
            return replace(paper, ready_on=_next(paper.ready_on))
        case ResidenceReceipt():
            return replace(paper, valid_until=_next(paper.valid_until))
        case NoCriminalRecord() | HouseholdCertificate():
            return replace(paper, birth_date=_next(paper.birth_date))
        case _:
            return replace(paper, birth_date=_next(paper.birth_date))


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _with(others: dict[str, str], paper: Paper) -> Paper:
    """Some characters exchanged for others."""
    exchanged = str.maketrans(others)
    values: dict[str, Any] = {
        name: value.translate(exchanged)
        for name in ("name", "address", "householder", "window")
        if isinstance(value := getattr(paper, name, None), str)
    }
    return replace(paper, **values)


def _elsewhere(paper: Paper) -> Paper:
    """Another door of the same street; of a paper without an address, another kind of document."""
    match paper:
        case NoCriminalRecord():
            return replace(paper, document="\u62a4\u7167")
        case LaterReceipt():
            return replace(paper, window=paper.window.replace("1\u53f7", "7\u53f7"))
        case _:
            return replace(paper, address=paper.address.replace("01\u5ba4", "02\u5ba4"))


def _of_another(paper: Paper) -> Paper:
    """Another person's page, under the first one's code; even the serial is made to fit."""
    values: dict[str, Any] = {"name": "\u8d75\u82e5\u5170" if "*" not in paper.name else "\u8d75*\u5170"}
    if hasattr(paper, "birth_date"):
        values |= {"birth_date": date(1985, 12, 24)}
    for name, number in (("id_number", "990101198512240025"), ("document_number", "990101198512240025")):
        if hasattr(paper, name):
            values[name] = number if "*" not in getattr(paper, name) else getattr(paper, name)[:-4] + "0025"
    return replace(paper, **values)
