"""How long everything is kept that grows, and its deletion: one table, walked every hour by the service, or by
``records tidy``.

A row is deleted within the hour in which its time is over, a few at once, each few in a transaction of their own: who
writes meanwhile waits for no more than those. What no rule deletes stands in KEPT, with the reason; a test sees that
every table is in one of the two.

Nothing is deleted by a clock that has just jumped: it has to go on like that for a day first.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from backend_client.contract.gates import ReportKind
from backend_client.contract.tenancies import WayKind
from records.context import Records
from records.errors import ClockJumpedError
from records.rules import slowing
from records.services import duty, intake_lapsing, intakes
from records.settings import Settings
from records.store import approvals, audit, blobs, changes, counters
from records.store import intakes as stored_intakes
from records.store.audit import Deed
from records.store.database import Database, Transaction
from records.store.tables import metadata
from records.store.tables.columns import Instant
from records.store.tidying import delete_some

_CHUNK: Final = 200
_FILES: Final = 4  # at once: each may have 8 MiB
_LAST: Final = "tidied-minute"
_LAST_LOOK, _JUMPED = "tidy-looked-minute", "clock-jumped-minute"
_JUMP, _BELIEVED_AFTER = 7 * 24 * 60, 24 * 60  # minutes
_MINUTE_S: Final = 60
_THREE_YEARS: Final = 3 * 366  # PIPL 56, of what shows who read and shared what
_SEASON: Final = 90  # days
_MOST_CHANGES: Final = 200_000
_log = logging.getLogger("lamplight.records")

Delete = Callable[[Database, datetime, int], int]
"""(database, what is older than this, at most so many) -> how many were deleted, in one transaction."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is deleted when. ``table``: whose rows; ``keeps``: how long, by the settings; ``chunk``: so many at once."""

    table: str
    keeps: Callable[[Settings], timedelta]
    delete: Delete
    chunk: int = _CHUNK


def tidy(records: Records, stop: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Delete all whose time is over, and close what nobody decided; how many rows of each table. ``stop``: asked
    between the transactions. ClockJumpedError: the clock has jumped, and nothing is deleted by it yet."""
    _require_steady(records)
    counts = {rule.table: _applied(records, rule, stop) for rule in RULES}
    intakes.discard_keys(records)
    _forget_unanswered(records)
    deleted = {table: count for table, count in counts.items() if count}
    _note(records, deleted)
    intake_lapsing.lapse(records, stop)
    return deleted


def last_run(transaction: Transaction) -> datetime | None:
    """When it was last walked through to its end, to the minute."""
    minute = counters.last(transaction, _LAST)
    return datetime.fromtimestamp(minute * _MINUTE_S, tz=UTC) if minute else None


def _require_steady(records: Records) -> None:
    """An hour with the year wrong must not delete what only the right one may. A clock that goes back deletes less."""
    now = int(records.clock.now().timestamp()) // _MINUTE_S
    with records.database.writing() as transaction:
        last, since = counters.last(transaction, _LAST_LOOK), counters.last(transaction, _JUMPED)
        counters.put(transaction, _LAST_LOOK, now)
        if last and now - last > _JUMP:
            counters.put(transaction, _JUMPED, since := now)
            audit.append(transaction, Deed(records.clock.now(), "clock-jumped", facts=(("minutes", now - last),)))
    if 0 <= now - since < _BELIEVED_AFTER:
        raise ClockJumpedError("nothing is deleted until it has gone on like this for a day")


def _applied(records: Records, rule: Rule, stop: Callable[[], bool]) -> int:
    before, total, last = records.clock.now() - rule.keeps(records.settings), 0, rule.chunk
    while last >= rule.chunk and not stop():
        last = rule.delete(records.database, before, rule.chunk)
        total += last
    return total


def _note(records: Records, deleted: dict[str, int]) -> None:
    now = records.clock.now()
    with records.database.writing() as transaction:
        if deleted:
            audit.append(transaction, Deed(now, "tidied", facts=tuple(deleted.items())))
        counters.put(transaction, _LAST, int(now.timestamp()) // _MINUTE_S)
    if deleted:
        _log.info("tidied")


def _forget_unanswered(records: Records) -> None:
    """What nobody agreed to in its week says nothing of anybody any more."""
    with records.database.writing() as transaction:
        approvals.forget_over(transaction, records.clock.now())


def _days(count: int) -> Callable[[Settings], timedelta]:
    return lambda _settings: timedelta(days=count)


def _in_turn(forget: Callable[[Transaction, datetime, int], int]) -> Delete:
    """What looks and deletes in one transaction: it finds by an index."""

    def forgotten(database: Database, before: datetime, most: int) -> int:
        with database.writing() as transaction:
            return forget(transaction, before, most)

    return forgotten


def _older(table: str, column: str) -> Delete:
    """Rows whose ``column`` is before that time."""
    rows = metadata.tables[table]
    return lambda database, before, most: delete_some(database, rows, rows.c[column] < before, most=most)


def _old_days(table: str, column: str) -> Delete:
    """The same, of a column that holds a day."""
    rows = metadata.tables[table]
    return lambda database, before, most: delete_some(database, rows, rows.c[column] < before.date(), most=most)


def _ended_confirmations(database: Database, before: datetime, most: int) -> int:
    rows = metadata.tables["confirmations"]
    ended = sa.func.coalesce(rows.c.decided_at, rows.c.expires_at, type_=Instant())
    return delete_some(database, rows, ended < before, most=most)


def _unsigned_drafts(database: Database, before: datetime, most: int) -> int:
    """Those that were signed stay: the newest of them are the rules."""
    rows = metadata.tables["policy_drafts"]
    return delete_some(database, rows, rows.c.expires_at < before, rows.c.state != "signed", most=most)


def _left_contents(database: Database, before: datetime, most: int) -> int:
    """Of papers whose kiosk never said what became of them."""
    rows, papers = metadata.tables["paper_contents"], metadata.tables["papers"]
    theirs = (papers.c.community_id == rows.c.community_id, papers.c.serial == rows.c.serial)
    long_ago = sa.exists(sa.select(sa.literal(1)).select_from(papers).where(*theirs, papers.c.reserved_at < before))
    return delete_some(database, rows, long_ago, most=most)


def _ended_ways(database: Database, before: datetime, most: int) -> int:
    """A face's row is its consent: three years. A slip's code still finds the slip that somebody holds."""
    rows, slips = metadata.tables["ways"], metadata.tables["slips"]
    ended = sa.func.coalesce(rows.c.cancelled_at, rows.c.until, type_=Instant())
    face = sa.and_(rows.c.kind == WayKind.FACE, ended >= before - timedelta(days=_THREE_YEARS - _SEASON))
    held = sa.exists().where(slips.c.community_id == rows.c.community_id, slips.c.way_id == rows.c.way_id)
    return delete_some(database, rows, ended < before, sa.not_(face), sa.not_(held), most=most)


def _ended_slips(database: Database, before: datetime, most: int) -> int:
    """Those that another took the place of, and those of a right that ended."""
    rows, rights = metadata.tables["slips"], metadata.tables["rights"]
    theirs = (rights.c.community_id == rows.c.community_id, rights.c.right_id == rows.c.right_id)
    right_over = sa.exists().where(*theirs, rights.c.ended_at < before)
    return delete_some(database, rows, sa.or_(rows.c.ended_at < before, right_over), most=most)


def _idle_holders(database: Database, before: datetime, most: int) -> int:
    """Of whom no gate was told anything for so long: a next number is another one."""
    rows, grants = metadata.tables["holders"], metadata.tables["grants"]
    theirs = (grants.c.community_id == rows.c.community_id, grants.c.person_id == rows.c.person_id)
    return delete_some(database, rows, rows.c.made_at < before, sa.not_(sa.exists().where(*theirs)), most=most)


def _old_reports(database: Database, before: datetime, most: int) -> int:
    """That a face's template is gone, the gate's signed word says for three years. Which gates have one is known while
    its consent stands, and long enough behind it to hear that it is gone from each."""
    rows, ways = metadata.tables["gate_reports"], metadata.tables["ways"]
    receipt = sa.and_(
        rows.c.kind == ReportKind.TEMPLATE_DELETED,
        rows.c.received_at >= before - timedelta(days=_THREE_YEARS - _SEASON),
    )
    theirs = (ways.c.community_id == rows.c.community_id, ways.c.way_id == rows.c.way_id)
    lasting = sa.or_(ways.c.cancelled_at.is_(None), ways.c.cancelled_at >= before)
    made = sa.and_(rows.c.kind == ReportKind.TEMPLATE_MADE, sa.exists().where(*theirs, lasting))
    return delete_some(database, rows, rows.c.received_at < before, sa.not_(receipt), sa.not_(made), most=most)


def _ended_consents(database: Database, before: datetime, most: int) -> int:
    """Those that were withdrawn, and those that ended with the right that they were given for."""
    rows, rights = metadata.tables["consents"], metadata.tables["rights"]
    theirs = (rights.c.community_id == rows.c.community_id, rights.c.right_id == rows.c.right_id)
    right_over = sa.exists().where(*theirs, rights.c.ended_at < before)
    return delete_some(database, rows, sa.or_(rows.c.withdrawn_at < before, right_over), most=most)


RULES: Final = (
    Rule("visits", _days(1), _older("visits", "expires_at")),
    Rule("companions", _days(1), _older("companions", "at")),
    Rule("confirmations", _days(1), _ended_confirmations),
    Rule("console_sessions", lambda _settings: duty.LONGEST, _older("console_sessions", "created_at")),
    Rule("console_failures", lambda _settings: slowing.FORGOTTEN_AFTER, _older("console_failures", "last_at")),
    Rule("dwelling_questions", _days(1), _older("dwelling_questions", "since")),
    Rule("enrolment_codes", _days(30), _older("enrolment_codes", "expires_at")),
    Rule("idempotency", _days(30), _older("idempotency", "created_at")),
    Rule("paper_contents", _days(1), _left_contents),
    Rule("tries", lambda settings: timedelta(days=settings.guessing.kept_days), _older("tries", "at")),
    Rule("alerts", lambda settings: timedelta(days=settings.guessing.alerts_kept_days), _old_days("alerts", "day")),
    Rule("applications", _days(90), _old_days("applications", "valid_until")),
    Rule("changes", _days(60), _in_turn(lambda each, before, most: changes.forget(each, before, _MOST_CHANGES, most))),
    Rule("alarms", _days(30), _older("alarms", "received_at")),
    Rule("reads", _days(_THREE_YEARS), _older("reads", "at")),
    Rule("approvals", _days(90), _older("approvals", "expires_at")),
    Rule("policy_drafts", _days(90), _unsigned_drafts),
    Rule("protections", _days(_THREE_YEARS), _older("protections", "ended_at")),
    Rule("contacts", _days(2 * 365), _older("contacts", "verified_at")),
    Rule("contact_codes", _days(1), _older("contact_codes", "expires_at")),
    Rule("texts", lambda settings: timedelta(days=settings.messages.texts_kept_days), _older("texts", "created_at")),
    Rule("messages", lambda settings: timedelta(days=settings.messages.kept_days), _older("messages", "at")),
    Rule(
        "intakes", lambda settings: timedelta(days=settings.intakes.kept_days), _in_turn(stored_intakes.forget_decided)
    ),
    Rule("phone_links", _days(1), _older("phone_links", "expires_at")),
    Rule("slips", _days(_SEASON), _ended_slips),
    Rule("asks", _days(_SEASON), _older("asks", "answered_at")),
    Rule("landlord_codes", _days(1), _older("landlord_codes", "expires_at")),
    Rule("consents", _days(_THREE_YEARS), _ended_consents),
    Rule("ways", _days(_SEASON), _ended_ways),
    Rule("grants", _days(_SEASON), _older("grants", "over_at")),
    Rule("holders", _days(_SEASON), _idle_holders),
    Rule("gate_reports", _days(_SEASON), _old_reports),
    Rule("pass_answers", _days(7), _older("pass_answers", "asked_at")),
    Rule("pass_asks", _days(7), _older("pass_asks", "approved_at")),
    Rule("blobs", lambda settings: timedelta(days=settings.intakes.files_kept_days), _in_turn(blobs.forget), _FILES),
)

KEPT: Final = {
    "residents": "the register itself",
    "guardianships": "the register itself",
    "person_documents": "the register itself",
    "portraits": "the register itself",
    "life_events": "why the register says what it says: by the archive rule of the bureau",
    "former_numbers": "the register itself: whose a number was",
    "criminal_records": "the source itself, where no other is connected",
    "dwellings": "the houses that there are",
    "residences": "who lives or lived where: by the archive rule of the bureau",
    "ownerships": "whose the flats are: the register of owners itself",
    "tenancies": "who lives or lived where: by the archive rule of the bureau",
    "rights": "who lives or lived where: by the archive rule of the bureau",
    "papers": "what was issued, by the archive rule of the bureau: a paper is checked years later",
    "paper_voids": "with its paper",
    "officers": "accounts are disabled, never deleted: the audit names them",
    "gate_doors": "one row a gate: where it stands",
    "devices": "one row a machine: the audit names it, and a revoked one must be known",
    "policies": "a few versions a year, which kiosks may still hold",
    "counters": "one row a counter: no number is given twice",
    "audit": "three years and longer (PIPL 56): taken out by the owner alone, up to an anchor",
    "audit_anchors": "where the audit begins",
    "intake_blobs": "gone with the intake",
}
"""What no rule deletes, and why."""
