"""An event that was written down by mistake: what can be is put back as it was; what was made meanwhile is void too."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from civic.document import DocumentKind
from records.context import Records
from records.rules.life_effects import WHEN_TAKEN_BACK, Thing
from records.services import approvals
from records.services.life_events import flats, row
from records.services.life_events.effects import perform
from records.services.life_events.happening import Happening
from records.services.refusals import EventUnfitError
from records.store import life_changes, life_events, residents
from records.store.approvals import ApprovalRow
from records.store.database import Transaction
from records.store.life_events import EventRow
from records.store.residents import DocumentRow

_MADE_MEANWHILE: Final = frozenset(
    {Thing.VISITS, Thing.COMPANIONS, Thing.PAPERS_OPEN, Thing.PAPERS_OWN, Thing.PAPERS_BY_GUARDIAN}
)


def meant(transaction: Transaction, person_id: str, ticket: str) -> str:
    """Which event an account asks to take back: the last of the person, under that ticket; ``0``: there is none."""
    event = life_events.latest(transaction, person_id)
    return str(event.event_id) if event is not None and event.ticket == ticket else "0"


def last(transaction: Transaction, told: Mapping[str, str]) -> EventRow | None:
    """The event that was meant, if it is still the last of the person."""
    event = life_events.latest(transaction, told["person"])
    return event if event is not None and str(event.event_id) == told["event"] else None


def understood(records: Records, transaction: Transaction, asked: ApprovalRow, by: str) -> tuple[Happening, EventRow]:
    """The event that was meant, as it is to be taken back. EventUnfitError: there was none, another has followed, or
    what it changed can't be put back."""
    told = approvals.told(asked)
    person, event = residents.by_person(transaction, told["person"]), last(transaction, told)
    if person is None or event is None:
        raise EventUnfitError
    it = Happening(records, transaction, event.kind, person, told, asked, by)
    if "numbers" in event.before and residents.by_number(transaction, event.before["numbers"][0]) is not None:
        raise EventUnfitError  # the number is somebody else's now
    return it, event


def take_back(it: Happening, event: EventRow) -> None:
    """Put back what the event changed."""
    before = event.before
    if it.kind in WHEN_TAKEN_BACK:
        meant = {"guardian": before["given"]} if "given" in before else {}
        perform(replace(it, kind=WHEN_TAKEN_BACK[it.kind], told={**it.told, **meant}), _MADE_MEANWHILE)
    for what, put_back in _PUT_BACK.items():
        if what in before:
            put_back(it, before[what])
    life_events.take_back(it.transaction, event.event_id, it.records.clock.now())


def _live_again(it: Happening, dwellings: list[str]) -> None:
    life_changes.live_again(it.transaction, it.person_id, dwellings)


def _wards(it: Happening, children: list[str]) -> None:
    for child in children:
        _guardianship(it, child, it.person_id)


def _guardians(it: Happening, guardians: list[str]) -> None:
    for guardian in guardians:
        _guardianship(it, it.person_id, guardian)


def _guardianship(it: Happening, child: str, guardian: str) -> None:
    """Unless it was given again meanwhile."""
    if guardian not in life_changes.guardians_of(it.transaction, child):
        residents.add_guardian(it.transaction, child, guardian)


def _not_given(it: Happening, guardian: str) -> None:
    life_changes.end_guardianship(it.transaction, it.person_id, guardian)


def _householder(it: Happening, named: dict[str, str]) -> None:
    life_changes.name_householder(it.transaction, named["household"], named["name"], named["before"])


def _documents(it: Happening, documents: list[dict[str, str]]) -> None:
    """Unless the register has given one of the same number since."""
    for each in documents:
        one = DocumentRow(DocumentKind(each["kind"]), each["issuing_state"], each["number"], it.person_id)
        if residents.by_document(it.transaction, one.kind, one.issuing_state, one.number) is None:
            residents.add_document(it.transaction, one)


def _numbers(it: Happening, numbers: list[str]) -> None:
    """The number that was never theirs finds nobody."""
    before, now = numbers
    life_events.had_no_more(it.transaction, before)
    life_changes.move_tries(it.transaction, it.records.number_hash(now), it.records.number_hash(before))


def _hidden_by(it: Happening, added: list[int]) -> None:
    life_changes.hide_no_more_by(it.transaction, added, it.by, it.records.clock.now())


_PUT_BACK: Final[dict[str, Callable[[Happening, Any], None]]] = {
    "lived": _live_again,
    "flats": flats.put_back,
    "wards": _wards,
    "guardians": _guardians,
    "given": _not_given,
    "householder": _householder,
    "documents": _documents,
    "numbers": _numbers,
    "hidden_by": _hidden_by,
    "row": row.put_back,
}
