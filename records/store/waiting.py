"""How many wait for an officer, of each kind: every page of the console asks, so one statement answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa

from records.rules.intakes import ABOUT_FLATS, IntakeState
from records.store.applications import ApplicationState
from records.store.approvals import ApprovalState
from records.store.database import Transaction
from records.store.rows import of_community
from records.store.tables.intakes import intakes
from records.store.tables.issuing import applications
from records.store.tables.persons import approvals, protections
from records.store.tables.visiting import alerts

_OF_FLATS = sorted(each.value for each in ABOUT_FLATS)


class Kind(StrEnum):
    """What waits."""

    APPLICATIONS = "applications"  # nobody has made the answer ready
    INTAKES = "intakes"  # nobody has decided it, nor asked for more papers
    TENANCIES = "tenancies"  # the same, of what the rules of flats have put before an officer
    APPROVALS = "approvals"  # another account asked for it
    ALERTS = "alerts"
    HIDDEN = "hidden"  # not work: how many protections stand, by which some of the others may not be seen


@dataclass(frozen=True, slots=True)
class Asks:
    """Who asks, and when. ``today``: of the bureau's."""

    officer_id: str
    now: datetime
    today: date


def counts(transaction: Transaction, asks: Asks, kinds: Collection[Kind], most: int) -> dict[Kind, int]:
    """Of each of ``kinds`` how many there are, no more than ``most``."""
    every = _conditions(asks)
    tables = {kind: every[kind] for kind in sorted(kinds)}
    query = sa.select(*(_counted(transaction, kind, *told, most) for kind, told in tables.items()))
    return dict(zip(tables, transaction.connection.execute(query).one(), strict=True))


def _counted(
    transaction: Transaction, kind: Kind, table: sa.Table, conditions: list[sa.ColumnElement[bool]], most: int
) -> sa.Label[int]:
    some = sa.select(sa.literal(1).label("one")).where(of_community(table, transaction), *conditions).limit(most)
    return sa.select(sa.func.count()).select_from(some.subquery(f"of_{kind}")).scalar_subquery().label(kind.value)


def _conditions(asks: Asks) -> dict[Kind, tuple[sa.Table, list[sa.ColumnElement[bool]]]]:
    still = sa.or_(protections.c.until.is_(None), protections.c.until >= asks.today)
    waiting = applications.c.state == ApplicationState.WAITING.value
    undecided = intakes.c.state == IntakeState.WAITING.value
    asked = approvals.c.state == ApprovalState.OPEN.value, approvals.c.expires_at > asks.now
    return {
        Kind.APPLICATIONS: (applications, [waiting, applications.c.valid_until >= asks.today]),
        Kind.INTAKES: (intakes, [undecided, intakes.c.kind.not_in(_OF_FLATS)]),
        Kind.TENANCIES: (intakes, [undecided, intakes.c.queue != ""]),
        Kind.APPROVALS: (approvals, [*asked, approvals.c.asked_by != asks.officer_id]),
        Kind.ALERTS: (alerts, [alerts.c.closed_at.is_(None)]),
        Kind.HIDDEN: (protections, [protections.c.ended_at.is_(None), still]),
    }
