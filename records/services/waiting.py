"""How many wait for an officer, as the console's menu says it: of each kind, none that is hidden from them."""

from typing import Final

from records.context import Records
from records.rules.intakes import ABOUT_FLATS
from records.rules.periods import bureau_time
from records.rules.roles import Right, may
from records.services import intake_deciding, settling
from records.services.sessions import Session
from records.store import intakes, protection, waiting
from records.store.applications import ApplicationState
from records.store.database import Transaction
from records.store.waiting import Asks, Kind

MOST: Final = 99  # one more stands for all above
_LOOKED_AT: Final = 5 * (MOST + 1)  # intakes, where somebody is hidden
RIGHTS: Final = {
    Kind.APPLICATIONS: Right.APPLICATIONS,
    Kind.INTAKES: Right.INTAKES,
    Kind.TENANCIES: Right.INTAKES,
    Kind.APPROVALS: Right.SECOND,
    Kind.ALERTS: Right.ALERTS,
}
_MAY_HIDE: Final = {Kind.APPLICATIONS, Kind.INTAKES, Kind.TENANCIES}


def counts(records: Records, session: Session) -> dict[Kind, int]:
    """Of each kind that this account may see, MOST + 1 at most. A kind is missing while nobody can say of whom it has
    hidden ones: its page asks the register, and a menu does not."""
    kinds = {kind for kind, right in RIGHTS.items() if may(session.officer.role, right)}
    if not kinds:
        return {}
    now = records.clock.now()
    asks = Asks(session.officer.officer_id, now, bureau_time(now).date())
    asked = kinds | ({Kind.HIDDEN} if kinds & _MAY_HIDE else set())
    with records.database.reading(once=True) as transaction:
        found = waiting.counts(transaction, asks, asked, MOST + 1)
    if found.pop(Kind.HIDDEN, 0):
        with records.database.reading() as transaction:
            found |= _without_hidden(records, transaction, session)
            if protection.without_number(transaction):
                del found[Kind.INTAKES], found[Kind.TENANCIES]
    return found


def _without_hidden(records: Records, transaction: Transaction, session: Session) -> dict[Kind, int]:
    """Of the kinds that name people, by the lists' own rules."""
    seen = intake_deciding.sight(records, transaction, session)
    waits = [each for each in intakes.waiting(transaction, _LOOKED_AT) if seen(each)]
    of_persons = sum(each.kind not in ABOUT_FLATS for each in waits)
    rows = settling.rows(records, transaction, session)
    return {
        Kind.APPLICATIONS: min(MOST + 1, sum(each.state is ApplicationState.WAITING for each in rows)),
        Kind.INTAKES: min(MOST + 1, of_persons),
        Kind.TENANCIES: min(MOST + 1, sum(bool(each.queue) for each in waits)),
    }
