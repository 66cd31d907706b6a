"""What came about flats, carried out right behind its arrival: each intake in a transaction of its own.

The register is asked before that: it may be elsewhere. While it is away what came waits, and is taken up with the next
batch or within the hour; an intake that is sent twice is carried out once.
"""

import logging
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from records.context import Records
from records.errors import IntakeUnreadableError, RecordsError
from records.rules.intakes import ABOUT_FLATS
from records.rules.tenancies import QueueKind
from records.services.intake_opening import content_of
from records.services.tenancies.carrying_out import carry_out
from records.services.tenancies.understanding import understand
from records.services.tenancies.work import begun, to_officer
from records.store import intakes
from records.store.intakes import IntakeRow

KINDS: Final = ABOUT_FLATS
_AT_ONCE: Final = 100
_log = logging.getLogger("lamplight.records")


def carry_out_all(records: Records, stop: Callable[[], bool] = lambda: False) -> int:
    """Whatever came and was not looked at yet, in the order in which it came; how many were carried out or put before
    an officer. What can't be looked at now is left, and holds up nothing behind it."""
    with records.database.reading() as transaction:
        rows = intakes.not_looked_at(transaction, KINDS, _AT_ONCE)
    return sum(_one(records, row) for row in rows if not stop())


def _one(records: Records, row: IntakeRow) -> bool:
    try:
        content = content_of(row)
        who = understand(records, content)
        with records.database.writing() as transaction:
            return carry_out(begun(records, transaction), row.intake_id, content, who)
    except (IntakeUnreadableError, DataError, IntegrityError):  # it can't be kept as it is, today or later
        return _left_to_an_officer(records, row)
    except RecordsError as error:  # the register is away, or the keys are
        _log.warning("intake waits", extra={"error": error.code})
        return False
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - one that nobody foresaw holds up nothing behind it
        _log.error("intake not carried out", extra={"error": type(error).__name__})
        return _left_to_an_officer(records, row)


def _left_to_an_officer(records: Records, row: IntakeRow) -> bool:
    with records.database.writing() as transaction:
        to_officer(begun(records, transaction), row.intake_id, QueueKind.UNKNOWN_PERSON)
    return True
