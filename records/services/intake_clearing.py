"""What a revoked device has sent, refused as one: whoever holds a stolen kiosk's key may have made up any of it.

An officer says once why; each is written down, and told to whom it names. What names somebody who is hidden is left to
the accounts that hid them.
"""

from dataclasses import replace
from typing import Final

from records.context import Records
from records.rules import reasons
from records.rules.intakes import ABOUT_FLATS, DEVICE_REVOKED, IntakeState
from records.rules.roles import Right
from records.services import hiding
from records.services.declarants import person_of
from records.services.intake_deciding import Decision, sight, tell, undecided
from records.services.intake_opening import content_of
from records.services.refusals import ReasonUnfitError, StaleError
from records.services.sessions import Session
from records.services.tenancies import by_officer
from records.services.tenancies.work import begun
from records.store import audit, devices, intakes
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.intakes import Among, IntakeRow

TURNS: Final = 10  # of one form, a page of intakes each: some seconds


def left(records: Records, session: Session) -> list[DeviceRow]:
    """The revoked devices of which this officer sees something undecided."""
    session.needs(Right.INTAKES)
    with records.database.reading() as transaction:
        seen, open_ones = sight(records, transaction, session), intakes.devices_of_undecided(transaction)
        gone = [each for each in _revoked(transaction) if each.device_id in open_ones]
        return [each for each in gone if undecided(transaction, None, seen, Among(each.device_id))]


def refuse_all(records: Records, session: Session, device_id: str, reason: str) -> None:
    """Refuse what is undecided of a revoked device, the oldest first, so many at most. ReasonUnfitError;
    StaleError: there is no such revoked device; PopulationAwayError: whose they are can't be asked now."""
    session.needs(Right.INTAKES)
    hiding.complete(records)
    words = reasons.on_one_line(reason)
    if unfit := reasons.refusal(words, None):
        raise ReasonUnfitError(unfit)
    with records.database.writing() as transaction:
        if device_id not in [each.device_id for each in _revoked(transaction)]:
            raise StaleError
        facts = (("officer", session.officer.officer_id), ("reason", words))
        audit.append(transaction, Deed(records.clock.now(), "intakes-cleared", device_id, facts=facts))
    for _ in range(TURNS):
        if not _turn(records, session, device_id):
            break


def _turn(records: Records, session: Session, device_id: str) -> bool:
    """A page of them; False: there is none left."""
    with records.database.reading() as transaction:
        rows = undecided(transaction, None, sight(records, transaction, session), Among(device_id))
    people = [person_of(records, content_of(row).who) for row in rows]  # not while others wait
    with records.database.writing() as transaction:
        seen = sight(records, transaction, session)
        for row, person_id in zip(rows, people, strict=True):
            known = replace(row, person_id=person_id)
            if seen(known):
                _refuse(records, transaction, session, known)
    return bool(rows)


def _refuse(records: Records, transaction: Transaction, session: Session, row: IntakeRow) -> None:
    """Unless a colleague was quicker."""
    state, by = IntakeState.REFUSED, session.officer.officer_id
    told = {"state": state.value, "reason": DEVICE_REVOKED, "decided_at": records.clock.now(), "decided_by": by}
    if intakes.update(transaction, row, **told, person_id=row.person_id):
        if row.kind in ABOUT_FLATS:
            by_officer.lapsed(begun(records, transaction, by), row)
        tell(records, transaction, session, row, Decision(state, DEVICE_REVOKED))


def _revoked(transaction: Transaction) -> list[DeviceRow]:
    return [each for each in devices.every(transaction) if each.revoked_at is not None]
