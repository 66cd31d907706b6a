"""Which paper is made of what was asked for."""

from dataclasses import dataclass
from typing import assert_never

from backend_client.contract.base import ProblemCode
from backend_client.contract.policy import LaterRules
from forms.paper import Paper, PaperKind
from records.context import Records
from records.criminal.source import Finding
from records.errors import RefusedError
from records.services import applications
from records.services.asking import Asked
from records.services.making.head import Head, head
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
    """The photograph, or the finding. Refused: record-unclear."""
    if applications.asks_source(asked):
        return Read(finding=records.criminal.query(asked.about))
    if asked.rules.kind is PaperKind.TEMPORARY_ID_PROOF:
        return Read(portrait=portrait(records, asked))
    return Read()


def make(records: Records, transaction: Transaction, asked: Asked, read: Read) -> Made:
    """The paper, or the receipt in its place; with a serial of the one series either way."""
    later = asked.rules.later
    if later is not None and applications.at_window(records, transaction, asked, read.finding, later):
        return _receipt(records, transaction, asked, read, later)
    own = head(records, transaction, asked, asked.rules.wording, asked.purpose.title.zh)
    return Made(_paper(transaction, asked, own, read))


def _receipt(records: Records, transaction: Transaction, asked: Asked, read: Read, later: LaterRules) -> Made:
    own = head(records, transaction, asked, later.wording, asked.rules.wording.title.zh)
    application = applications.of_receipt(transaction, asked, read.finding, later, own["serial"])
    return Made(later_receipt(asked, own, later, application), application.serial)


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
