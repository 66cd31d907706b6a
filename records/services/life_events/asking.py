"""Writing an event down, and asking that one be taken back. It is performed when a second account has agreed.

Whatever number is typed, the answer is the same: that it waits for a second account. A look at the person is written
down first, as for any look (records.services.reading); of what was found nothing is shown here.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.person_name import PersonName
from records.context import Records
from records.rules import reasons
from records.rules.life_effects import BASES, EventKind
from records.rules.periods import bureau_time
from records.rules.purposes import Purpose, View, ticket_refusal
from records.rules.roles import Right
from records.services import approvals, reading
from records.services.approvals import Body
from records.services.life_events import taking_back
from records.services.life_events.numbers import whose
from records.services.refusals import AskingUnfitError
from records.services.sessions import Session
from records.store.approvals import Matter

LONGEST_DOCUMENT: Final = 64
LONGEST_NAME: Final = 50
LONGEST_ADDRESS: Final = 200
_EARLIEST: Final = date(1900, 1, 1)
_RELATION: Final = re.compile(r"\w{1,10}")
_DIVISION: Final = re.compile(r"\d{6}", re.ASCII)

Typed = Mapping[str, str]

FIELDS: Final[dict[EventKind, tuple[str, ...]]] = {
    EventKind.DEATH: (),
    EventKind.NAME_CHANGE: ("name", "latin"),
    EventKind.NUMBER_CHANGE: ("new_number",),
    EventKind.MOVE_IN: ("address", "division", "householder", "relation"),
    EventKind.MOVE_OUT: ("address", "division"),
    EventKind.GUARDIAN_GIVEN: ("guardian",),
    EventKind.GUARDIAN_ENDED: ("guardian",),
    EventKind.GUARDIAN_DISPUTED: (),
}
"""What each event says besides whom it is about, since when, and by which document."""
TYPED_AGAIN: Final[dict[Matter, str]] = {
    Matter.NAME_CHANGE: "name",
    Matter.NUMBER_CHANGE: "new_number",
    Matter.MOVE_IN: "householder",
    Matter.GUARDIAN_GIVEN: "guardian",
    Matter.GUARDIAN_ENDED: "guardian",
}
"""What the second account types from the file besides the number: who and which number is not for comparing by eye."""
MAY_BE_EMPTY: Final = frozenset({"latin", "householder", "relation"})


def ask(records: Records, session: Session, kind: EventKind, typed: Typed) -> None:
    """Ask that an event be written down. AskingUnfitError (which field, or ``many``, ``elsewhere``), ReadingUnfitError
    (number, ticket-…), ReadingLimitError."""
    _require_own_register(records, session)
    basis, document = typed.get("basis", ""), reasons.on_one_line(typed.get("document", ""))
    if basis not in BASES[kind]:
        raise AskingUnfitError("basis")
    if not 1 < len(document) <= LONGEST_DOCUMENT or reasons.tells_a_number(document):
        raise AskingUnfitError("document")
    body = {"since": _day(records, typed.get("since", "")), "basis": basis, "document": document}
    more = {name: _CHECKS[name](records, typed.get(name, "").strip()) for name in FIELDS[kind]}
    _ask(records, session, Matter(kind.value), typed, {**body, **more})


def ask_back(records: Records, session: Session, typed: Typed) -> None:
    """Ask that the last event of a person be taken back. ``of_ticket``: under which it was written down. The same
    errors."""
    _require_own_register(records, session)
    before = typed.get("of_ticket", "").strip()
    if ticket_refusal(before):
        raise AskingUnfitError("of_ticket")
    _ask(records, session, Matter.LIFE_TAKEN_BACK, typed, {})


def _ask(records: Records, session: Session, matter: Matter, typed: Typed, body: Body) -> None:
    given = reading.why(Purpose.REGISTER_CORRECTION, typed.get("ticket", ""), View.IDENTITY)
    reading.by_number(records, session, typed.get("number", ""), given)
    number, again = typed["number"], typed.get(TYPED_AGAIN.get(matter, ""), "")
    person = whose(records, IdNumber(number))
    if matter is Matter.LIFE_TAKEN_BACK:
        with records.database.reading() as transaction:
            body = {"event": taking_back.meant(transaction, person, typed["of_ticket"].strip())}
    whole = {**body, "person": person}
    approvals.ask(records, session, matter, given.ticket, whole, check=IdNumber(number).reveal() + again)


def _require_own_register(records: Records, session: Session) -> None:
    """Of a register elsewhere, events come from there with everything else."""
    session.needs(Right.LIFE_EVENTS)
    if records.settings.population.url:
        raise AskingUnfitError("elsewhere")


# --- what each field may be ------------------------------------------------------------------------------------------


def _day(records: Records, text: str) -> str:
    """A day until today, as ISO 8601."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise AskingUnfitError("since") from None
    if not _EARLIEST <= day <= bureau_time(records.clock.now()).date():
        raise AskingUnfitError("since")
    return day.isoformat()


def _name(_records: Records, text: str) -> str:
    try:
        name = PersonName(text).reveal()
    except InvalidValueError:
        raise AskingUnfitError("name") from None
    if len(name) > LONGEST_NAME:
        raise AskingUnfitError("name")
    return name


def _latin(_records: Records, text: str) -> str:
    if not re.fullmatch(r"[A-Z ]{0,100}", text.upper()):
        raise AskingUnfitError("latin")
    return text.upper()


def _new_number(_records: Records, text: str) -> str:
    try:
        return IdNumber(text).reveal()
    except InvalidValueError:
        raise AskingUnfitError("new_number") from None


def _address(_records: Records, text: str) -> str:
    if not 0 < len(text) <= LONGEST_ADDRESS:
        raise AskingUnfitError("address")
    return reasons.on_one_line(text)


def _division(_records: Records, text: str) -> str:
    if not _DIVISION.fullmatch(text):
        raise AskingUnfitError("division")
    return text


def _relation(_records: Records, text: str) -> str:
    if text and not _RELATION.fullmatch(text):
        raise AskingUnfitError("relation")
    return text


def _somebody(field: str) -> Callable[[Records, str], str]:
    """Somebody else by their number: as their handle, ``-`` where the register has no such number."""

    def handle(records: Records, text: str) -> str:
        if not text and field in MAY_BE_EMPTY:
            return ""
        try:
            return whose(records, IdNumber(text)) or "-"
        except InvalidValueError:
            raise AskingUnfitError(field) from None

    return handle


_CHECKS: Final[dict[str, Callable[[Records, str], str]]] = {
    "name": _name,
    "latin": _latin,
    "new_number": _new_number,
    "address": _address,
    "division": _division,
    "householder": _somebody("householder"),
    "relation": _relation,
    "guardian": _somebody("guardian"),
}
