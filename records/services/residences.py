"""A declared residence that an officer has seen to be so: the lease, the title or the permit lay before them."""

from backend_client.contract.messages import MessageKind
from backend_client.contract.papers import PaperState
from forms.paper import PaperKind
from records.context import Records
from records.errors import UnknownNameError
from records.rules import reasons
from records.rules.periods import bureau_time
from records.services import messages
from records.services.refusals import ReasonUnfitError
from records.store import audit, dwellings, papers
from records.store.audit import Deed
from records.store.papers import PaperRow


def confirm(records: Records, serial: str, reason: str) -> None:
    """Confirm what the residence receipt of this serial declares. UnknownNameError: there is none that counts, or its
    holder has declared another flat since; ReasonUnfitError."""
    paper = _declared(records, serial)
    person, dwelling = paper.about_id or paper.person_id, paper.dwelling_id
    words = _fit(records, person, reason)
    now = records.clock.now()
    with records.database.writing() as transaction:
        if not dwellings.confirm(transaction, person, dwelling, bureau_time(now).date()):
            raise UnknownNameError(f"the holder of {serial} has declared another flat since")
        subject, facts = records.keyed_hash("person", person), (("serial", serial), ("reason", words))
        audit.append(transaction, Deed(now, "residence-confirmed", subject=subject, facts=facts))
        holder = paper.person_id  # for a child, the guardian
        messages.append(records, transaction, holder, MessageKind.RESIDENCE_CONFIRMED, ref=serial)


def _declared(records: Records, serial: str) -> PaperRow:
    """The receipt."""
    with records.database.reading() as transaction:
        paper = papers.find(transaction, serial)
    if paper is None or paper.kind != PaperKind.RESIDENCE_RECEIPT or paper.state is PaperState.VOID:
        raise UnknownNameError(f"no residence receipt that counts has the serial {serial}")
    return paper


def _fit(records: Records, person: str, reason: str) -> str:
    resident, words = records.register.resident(person), reasons.on_one_line(reason)
    if unfit := reasons.refusal(words, resident.name if resident else None):
        raise ReasonUnfitError(unfit)
    return words
