"""How each paper would look under a draft's rules: made-up people, marked 样张, without seal, code and portrait."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypedDict

from backend_client.contract.policy import Desk, LaterRules, PaperRules, PaperWording
from forms.content import compose
from forms.errors import AssetsMissingError, MissingGlyphError
from forms.paper import (
    HouseholdCertificate,
    LaterReceipt,
    Medium,
    NoCriminalRecord,
    Paper,
    PaperKind,
    ResidenceReceipt,
    TemporaryIdProof,
    Wording,
)
from forms.placement import fits
from forms.reading import pictures
from forms.render import sample
from records.rules.policy_slips import Slip
from records.services.policy import Rules

_AT: Final = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)  # a Monday's morning in China: the same page for the same rules
_NAME, _SEX, _NATION = "示例", "女", "汉"
_NUMBER: Final = "990101199001010000"
_MASKED: Final = "9901**********0000"
_ADDRESS: Final = "示例省示例市平安区灯火路2号"
_BORN: Final = date(1990, 1, 1)
_WIDTH: Final = 900  # pixels: an A4 page can be read on a desk's screen


class _Head(TypedDict):
    serial: str
    issuer: str
    machine: str
    issued_at: datetime
    specimen: bool


_HEAD: Final = _Head(serial="0000-0000-000000-00", issuer="样张", machine="kiosk-0000", issued_at=_AT, specimen=True)


def papers(rules: Rules) -> dict[PaperKind, tuple[Paper, Medium]]:
    """One of each kind that these rules let be printed, and what it is printed on first."""
    printed = (made for each in rules.papers for made in _printed(each, rules.desk))
    return {paper.kind: (paper, media[0]) for paper, media in printed}


def unprintable(rules: Rules) -> tuple[Slip, ...]:
    """Papers that fit on nothing that they may be printed on, or for which the type has no picture."""
    return tuple(
        Slip(("papers", index), code, "can't be printed")
        for index, each in enumerate(rules.papers)
        for paper, media in _printed(each, rules.desk)
        if (code := _unfit(paper, media))
    )


def _unfit(paper: Paper, media: tuple[Medium, ...]) -> str:
    try:
        return "" if any(fits(paper, medium) for medium in media) else "too_long"
    except MissingGlyphError:
        return "glyph"
    except AssetsMissingError:  # no type here at all: nothing can be said
        return ""


def differ(old: Rules, new: Rules) -> frozenset[PaperKind]:
    """The papers that would look different, new ones among them."""
    before, after = papers(old), papers(new)
    return frozenset(kind for kind in after if kind not in before or _looks(before[kind]) != _looks(after[kind]))


def picture(paper: Paper, medium: Medium) -> bytes:
    """The sheet as PNG. Raises MissingGlyphError, PaperTooLongError."""
    (sheet,) = pictures(sample(paper, medium))
    sheet.thumbnail((_WIDTH, sheet.height))
    output = io.BytesIO()
    sheet.convert("L").save(output, "PNG", optimize=True)
    return output.getvalue()


def _printed(rules: PaperRules, desk: Desk) -> Iterator[tuple[Paper, tuple[Medium, ...]]]:
    """The paper, and the receipt that may come in its place."""
    if (paper := _paper(rules)) is not None:
        yield paper, rules.media
    if rules.later is not None:
        yield _later(rules, rules.later, desk), rules.later.media


def _looks(made: tuple[Paper, Medium]) -> tuple[tuple[str, ...], Medium]:
    paper, medium = made
    return tuple(compose(paper).texts()), medium


def _paper(rules: PaperRules) -> Paper | None:
    words, purposes = _wording(rules.wording), tuple(each.title.zh for each in rules.purposes)
    until = _AT.date() + timedelta(days=rules.validity_days)
    match rules.kind:
        case PaperKind.HOUSEHOLD_CERTIFICATE:
            return HouseholdCertificate(
                **_HEAD, wording=words, purpose=purposes[0], name=_NAME, former_name="", sex=_SEX, nation=_NATION,
                birth_date=_BORN, id_number=_NUMBER, birthplace=_ADDRESS, native_place=_ADDRESS, address=_ADDRESS,
                household_type="家庭户", householder=_NAME, relation="户主", moved_in="", valid_until=until,
            )  # fmt: skip
        case PaperKind.TEMPORARY_ID_PROOF:
            hours = rules.purposes[0].validity_hours or 24 * rules.validity_days
            return TemporaryIdProof(
                **_HEAD, wording=words, purpose=purposes[0], name=_NAME, sex=_SEX, nation=_NATION, birth_date=_BORN,
                id_number=_NUMBER, address=_ADDRESS, portrait="", purposes=purposes, valid_from=_AT,
                valid_until=_AT + timedelta(hours=hours),
            )  # fmt: skip
        case PaperKind.NO_CRIMINAL_RECORD:
            return NoCriminalRecord(
                **_HEAD, wording=words, purpose=purposes[0], name=_NAME, sex=_SEX, birth_date=_BORN, nationality="中国",
                document="居民身份证", document_number=_NUMBER, queried_from=None, queried_until=_AT.date(),
                valid_until=until,
            )  # fmt: skip
        case PaperKind.RESIDENCE_RECEIPT:
            return ResidenceReceipt(
                **_HEAD, wording=words, purpose=purposes[0], name=_NAME, id_number=_MASKED, address=_ADDRESS,
                declared_on=_AT.date(), permit_from=date(2027, 7, 4), valid_until=until,
            )  # fmt: skip
        case PaperKind.LATER_RECEIPT:
            return None  # it stands with the paper in whose place it comes


def _later(rules: PaperRules, later: LaterRules, desk: Desk) -> Paper:
    day = _AT.date()
    return LaterReceipt(
        **_HEAD,
        wording=_wording(later.wording),
        purpose=rules.wording.title.zh,
        name="示*",
        id_number="*" * 14 + "0000",
        ready_on=day + timedelta(days=later.working_days),
        window=f"{desk.name.zh}　{desk.address.zh}",
        hours=desk.hours.zh,
        phone=desk.phone,
        bring=later.bring.zh,
        valid_until=day + timedelta(days=later.validity_days),
    )


def _wording(words: PaperWording) -> Wording:
    return Wording(words.title.zh, words.title.en, words.statement.zh, words.statement.en, words.remarks)
