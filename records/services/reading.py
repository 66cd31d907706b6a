"""The one door to a named person's data at the console.

Each look takes a right, a purpose that opens what is looked at, and a ticket's number; it is limited per hour, written
into the audit and where the resident who asks sees it, and only then is anything shown. Nobody, and somebody who is
hidden, get the same answer by the same work.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from records.context import Records
from records.population.source import Resident
from records.rules.periods import bureau_time, start_of_day
from records.rules.purposes import OPENS, Purpose, View, ticket_refusal
from records.rules.roles import Right, Role
from records.services import looking
from records.services.looking import Why
from records.services.refusals import ReadingLimitError, ReadingUnfitError
from records.services.sessions import Session
from records.store import alerts, audit, counters, life_events, reads
from records.store.alerts import AlertKind, Raise
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.reads import Outcome, ReadRow

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A look as the resident is told of it: never whose. ``shown``: else somebody looked and found nothing."""

    at: datetime
    role: Role
    purpose: Purpose
    ticket: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a look is at. ``about``: what the keyed hash is of, the person's handle, or the number that nobody has;
    empty: a flat, whose people are looked at beside. ``person``: who may be shown, None: nobody."""

    about: str
    person: Resident | None


def why(purpose: str, ticket: str, view: View) -> Why:
    """What was given as purpose and ticket. ReadingUnfitError: purpose, or ticket-missing, -form, -personal."""
    if purpose not in set(Purpose) or view not in OPENS[Purpose(purpose)]:
        raise ReadingUnfitError("purpose")
    if unfit := ticket_refusal(ticket.strip()):
        raise ReadingUnfitError(f"ticket-{unfit}")
    return Why(Purpose(purpose), ticket.strip())


def by_number(records: Records, session: Session, typed: str, given: Why) -> Resident | None:
    """The person of a whole citizen number. ReadingUnfitError (number), ReadingLimitError."""
    session.needs(Right.PERSONS)
    try:
        number = IdNumber(typed)
    except InvalidValueError:
        raise ReadingUnfitError("number") from None
    return look(records, session, given, _target(records, number)).person


def by_handle(records: Records, session: Session, handle: str) -> tuple[Resident | None, Why] | None:
    """Somebody whom a page named; None: the handle is none, or too old. ReadingLimitError."""
    session.needs(Right.PERSONS)
    opened = looking.unseal(records, session, handle)
    if opened is None:
        return None
    person_id, given = opened
    return look(records, session, given, target_of(records, person_id)).person, given


def look(records: Records, session: Session, given: Why, target: Target, beside: tuple[Target, ...] = ()) -> Target:
    """Write the look down, and those at people who stand ``beside``; it counts once. ReadingLimitError: nothing may be
    shown; that it was tried is written down too."""
    now, who = records.clock.now(), session.officer.officer_id
    with records.database.writing() as transaction:
        counters.following(transaction, "look")  # one at a time, or two at once would both be within the limit
        wait = _wait(records, transaction, who, now)
        if wait is None:
            _note(records, transaction, session, given, target)
            for each in beside:
                _note_beside(records, transaction, session, given, each)
        else:
            _refuse(records, transaction, session, given)
    if wait is not None:
        raise ReadingLimitError(wait)
    return target


def reads_of(records: Records, transaction: Transaction, person_id: str) -> tuple[Seen, ...]:
    """Who looked at a person, the newest first: what the resident who asks is told."""
    rows = reads.of_person(transaction, records.keyed_hash("person", person_id))
    return tuple(
        Seen(row.at, Role(row.role), Purpose(row.purpose), row.ticket, row.outcome is Outcome.SHOWN) for row in rows
    )


def target_of(records: Records, person_id: str) -> Target:
    """Somebody whom records know, as far as others may see them."""
    return Target(person_id, records.population.resident(person_id))


def _target(records: Records, number: IdNumber) -> Target:
    """All are asked, whatever any says: whoever is hidden hears that somebody looked. Whoever had the number before is
    found by it here, and nowhere else."""
    registered, seen = records.register.find(number), records.population.find(number)
    with records.database.reading() as transaction:
        before = life_events.who_had(transaction, number.reveal())
    if registered is None and before:
        return target_of(records, before)
    return Target(registered.person_id if registered is not None else number.reveal(), seen)


def _wait(records: Records, transaction: Transaction, who: str, now: datetime) -> int | None:
    """Minutes until the account may look again; None: now."""
    recent = reads.counted_since(transaction, who, now - _HOUR)
    over = len(recent) - records.settings.reading.per_hour
    if over < 0:
        return None
    return math.ceil((recent[over] + _HOUR - now).total_seconds() / 60)


def _note(records: Records, transaction: Transaction, session: Session, given: Why, target: Target) -> None:
    about = records.keyed_hash("person", target.about) if target.about else ""
    shown = target.person is not None or not target.about
    reads.add(transaction, _row(records, session, given, Outcome.SHOWN if shown else Outcome.NOTHING, about))
    action = "person-read" if target.about else "flat-read"
    _audit(records, transaction, session, given, (action, about, shown))


def _note_beside(records: Records, transaction: Transaction, session: Session, given: Why, each: Target) -> None:
    """Of who is hidden the audit says nothing, or their number would show; they themselves are told."""
    about, shown = records.keyed_hash("person", each.about), each.person is not None
    outcome = Outcome.SHOWN if shown else Outcome.NOTHING
    reads.add(transaction, replace(_row(records, session, given, outcome, about), counted=False))
    if shown:
        _audit(records, transaction, session, given, ("person-read", about, True))


def _refuse(records: Records, transaction: Transaction, session: Session, given: Why) -> None:
    """Write down that the limit refused; often enough, officers see an alert."""
    now, who = records.clock.now(), session.officer.officer_id
    reads.add(transaction, replace(_row(records, session, given, Outcome.LIMIT, ""), counted=False))
    _audit(records, transaction, session, given, ("read-refused", "", False))
    refused = reads.refused_since(transaction, who, start_of_day(now))
    if refused >= records.settings.reading.alert_after:
        account = records.keyed_hash("officer", who)  # which, the audit says: an alert blames nobody before all
        day = bureau_time(now).date()
        alerts.note(transaction, Raise(AlertKind.READS_LIMIT, day, refused, now, number_hash=account))


def _row(records: Records, session: Session, given: Why, outcome: Outcome, about: str) -> ReadRow:
    officer, now = session.officer, records.clock.now()
    return ReadRow(now, officer.officer_id, officer.role.value, given.purpose.value, given.ticket, outcome, about)


def _audit(
    records: Records, transaction: Transaction, session: Session, given: Why, did: tuple[str, str, bool]
) -> None:
    """``did``: the action, the person's keyed hash, whether anything was found."""
    action, about, found = did
    told = {
        "officer": session.officer.officer_id,
        "role": session.officer.role.value,
        "purpose": given.purpose.value,
        "ticket": given.ticket,
        "found": found,
    }
    audit.append(transaction, Deed(records.clock.now(), action, subject=about, facts=tuple(told.items())))
