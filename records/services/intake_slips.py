"""An intake by the number on its slip, decided or not: whoever handed it in stands at the window with it."""

from civic.person_name import PersonName
from civic.slip_number import whose_slip
from records.context import Records
from records.rules.roles import Right
from records.services import hiding
from records.services.intake_deciding import Waiting, sight
from records.services.intake_opening import content_of
from records.services.sessions import Session
from records.store import intakes


def find(records: Records, session: Session, typed: str) -> Waiting | None:
    """``typed``: as it is read off a slip. None: there is none, or this officer sees none. PopulationAwayError: as
    ``hiding.complete``."""
    session.needs(Right.INTAKES)
    hiding.complete(records)
    with records.database.reading() as transaction:
        row = intakes.find(transaction, whose_slip(typed, intakes.ids(transaction)))
        seen = row is not None and sight(records, transaction, session)(row)
    return Waiting(row, PersonName(content_of(row).who.name)) if row is not None and seen else None
