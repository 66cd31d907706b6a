"""Which paper is made of what was asked for, and whether it can be set on anything that it may be printed on."""

from dataclasses import dataclass
from typing import assert_never

from backend_client.contract.base import ProblemCode
from backend_client.contract.policy import LaterRules
from forms.errors import AssetsMissingError, MissingGlyphError
from forms.paper import Medium, Paper, PaperKind
from forms.placement import fits
from records.context import Records
from records.criminal.source import Finding
from records.errors import RefusedError
from records.services import applications, searching
from records.services.asking import Asked
from records.services.making.head import Head, head, receipt_head
from records.services.making.household import household_certificate
from records.services.making.later import later_receipt
from records.services.making.no_record import no_criminal_record
from records.services.making.residence import residence_receipt
from records.services.making.temporary import portrait, temporary_id_proof
from records.store import dwellings
from records.store.database import Transaction


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """What a kind needs besides, read before the transaction: whoever is asked for it may take their time."""

    portrait: str = ""
    finding: Finding = Finding.CLEAN


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """``application``: what it is a receipt of; empty: it is no receipt."""

    paper: Paper
    application: str = ""


def read(records: Records, asked: Asked) -> Read:
    """The photograph, or the finding. Refused: no-portrait."""
    if applications.asks_source(asked):
        return Read(finding=_finding(records, asked, asked.rules.later))
    if asked.rules.kind is PaperKind.TEMPORARY_ID_PROOF:
        return Read(portrait=portrait(records, asked))
    return Read()


def _finding(records: Records, asked: Asked, later: LaterRules | None) -> Finding:
    """What the source says in time for an answer that leaves when every answer does."""
    seconds = searching.seconds_of(later.answer_s if later else 0)
    return searching.found_within(records.criminal, asked.about, seconds)


def make(records: Records, transaction: Transaction, asked: Asked, read: Read) -> Made:
    """The paper, or the receipt in its place; with a serial of the one series either way. Refused: paper-too-long.

    Where there may be a receipt, it must fit for everybody, and stands also for a paper that does not: who is refused,
    or gets a paper, learns nothing by it.
    """
    own, later = head(records, transaction, asked), asked.rules.later
    if later is not None:
        _require_room(_possible_receipt(asked, own, later), later.media)
        if applications.at_window(records, transaction, asked, read.finding, later):
            return _receipt(transaction, asked, own, read, later)
    paper = _paper(transaction, asked, own, read)
    if later is not None and not _has_room(paper, asked.rules.media):
        return _receipt(transaction, asked, own, read, later)
    _require_room(paper, asked.rules.media)
    return Made(paper)


def _receipt(transaction: Transaction, asked: Asked, own: Head, read: Read, later: LaterRules) -> Made:
    application = applications.of_receipt(transaction, asked, read.finding, later, own["serial"])
    return Made(later_receipt(asked, receipt_head(own, asked, later.wording), later, application), application.serial)


def _possible_receipt(asked: Asked, own: Head, later: LaterRules) -> Paper:
    """The receipt as it would be; nothing is opened by it."""
    opened = applications.new(asked, Finding.UNAVAILABLE, later, own["serial"])
    return later_receipt(asked, receipt_head(own, asked, later.wording), later, opened)


def _require_room(paper: Paper, media: tuple[Medium, ...]) -> None:
    if not _has_room(paper, media):
        raise RefusedError(ProblemCode.PAPER_TOO_LONG)


def _has_room(paper: Paper, media: tuple[Medium, ...]) -> bool:
    """Whether it can be set on some of them; the kiosk prints it on one of those."""
    return any(_settable(paper, each) for each in media)


def _settable(paper: Paper, medium: Medium) -> bool:
    """Glyphs are the kiosk's to judge, by the fonts that it draws with, before it asks."""
    try:
        return fits(paper, medium)
    except (MissingGlyphError, AssetsMissingError):
        return True


def _paper(transaction: Transaction, asked: Asked, own: Head, read: Read) -> Paper:
    match asked.rules.kind:
        case PaperKind.HOUSEHOLD_CERTIFICATE:
            return household_certificate(asked, own)
        case PaperKind.TEMPORARY_ID_PROOF:
            return temporary_id_proof(asked, own, read.portrait)
        case PaperKind.NO_CRIMINAL_RECORD:
            return no_criminal_record(asked, own)
        case PaperKind.RESIDENCE_RECEIPT:
            return _residence(transaction, asked, own)
        case PaperKind.LATER_RECEIPT:  # never asked for by itself
            raise RefusedError(ProblemCode.PURPOSE_NOT_OFFERED)
        case _:
            assert_never(asked.rules.kind)


def _residence(transaction: Transaction, asked: Asked, own: Head) -> Paper:
    if asked.flat is None:  # asked for with none, which is refused before
        raise RefusedError(ProblemCode.DWELLING_UNKNOWN)
    since = dwellings.declare(transaction, asked.about.person_id, asked.flat.dwelling_id, asked.at.date())
    return residence_receipt(asked, own, asked.flat, since)
