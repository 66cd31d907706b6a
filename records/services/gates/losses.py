"""What somebody has lost and says so by a call, because they can't come to a kiosk: an officer who looks at them for a
purpose that opens it ends that one way, as they themselves would have there.

A face can't be lost. Its consent is taken back by whoever gave it, at a kiosk.
"""

from dataclasses import dataclass

from backend_client.contract.messages import MessageKind
from backend_client.contract.tenancies import WayKind
from records.context import Records
from records.rules.purposes import View
from records.rules.roles import Right
from records.rules.way_losses import LossBasis
from records.services import looking, messages, reading
from records.services.gates import deriving
from records.services.looking import Why
from records.services.refusals import WayOverError
from records.services.sessions import Session
from records.store import audit, ways
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.ways import Ended, WayRow


@dataclass(frozen=True, slots=True, repr=False)
class Losable:
    """What of somebody's can be lost. ``given``: under what they are looked at; ``ways``: the oldest first."""

    given: Why
    ways: tuple[WayRow, ...]


def of_handle(records: Records, session: Session, handle: str) -> Losable | None:
    """Of somebody whose page is open; None: it was open too long, or nobody may be shown. ReadingUnfitError: its
    purpose does not open this."""
    found = _whose(records, session, handle)
    if found is None:
        return None
    person_id, given = found
    with records.database.reading() as transaction:
        return Losable(given, _open(records, transaction, person_id))


def end(records: Records, session: Session, handle: str, way_id: str, basis: LossBasis) -> bool:
    """It opens nothing from now on: the gates hear of it, and its holder. False: as None of ``of_handle``.
    ReadingUnfitError; WayOverError: it is none of theirs, or over."""
    found = _whose(records, session, handle)
    if found is None:
        return False
    person_id, given = found
    with records.database.writing() as transaction:
        row = next((each for each in _open(records, transaction, person_id) if each.way_id == way_id), None)
        if row is None or not ways.cancel(transaction, [way_id], Ended.LOST, records.clock.now()):
            raise WayOverError
        _note(records, transaction, session, (row, given, basis))
        deriving.renew(records, transaction, (person_id,))
        messages.append(records, transaction, person_id, MessageKind.WAY_LOST, state=row.kind.value)
    return True


def _whose(records: Records, session: Session, handle: str) -> tuple[str, Why] | None:
    session.needs(Right.PERSONS)
    opened = looking.unseal(records, session, handle)
    if opened is None:
        return None
    person_id, given = opened
    why = reading.why(given.purpose.value, given.ticket, View.WAYS)
    return (person_id, why) if records.population.resident(person_id) is not None else None


def _open(records: Records, transaction: Transaction, person_id: str) -> tuple[WayRow, ...]:
    """The guard's code is none of their own ways, and over today."""
    found = ways.open_of(transaction, person_id, records.clock.now())
    return tuple(each for each in found if each.kind is not WayKind.FACE and each.label != deriving.GUARD)


def _note(records: Records, transaction: Transaction, session: Session, did: tuple[WayRow, Why, LossBasis]) -> None:
    row, given, basis = did
    told = {
        "officer": session.officer.officer_id,
        "role": session.officer.role.value,
        "purpose": given.purpose.value,
        "ticket": given.ticket,
        "kind": row.kind.value,
        "basis": basis.value,
    }
    about = records.keyed_hash("person", row.person_id)
    audit.append(transaction, Deed(records.clock.now(), "way-lost-by-call", subject=about, facts=tuple(told.items())))
