"""What a failed sending asks for: patience, a look at the items, or somebody who sees to it."""

from enum import StrEnum

from backend_client.contract.base import ProblemCode
from backend_client.errors import DeviceRevokedError, RecordsError, RecordsRefusedError, RecordsUnreachableError

_AGAIN = frozenset({408, 425, 429})
_ABOUT_WHAT_WAS_SENT = frozenset({400, 413, 422})
_SERVER_ERROR = 500


class Course(StrEnum):
    """The closed set."""

    AGAIN = "again"  # nobody's fault that lasts: the same, later
    ITEMS = "items"  # something that was sent is wrong: find it, the rest goes on
    REST = "rest"  # not taken from this kiosk as it is now; asking more often changes nothing
    STOP = "stop"  # this device is revoked


def course_of(error: RecordsError) -> Course:
    """By the error alone."""
    if isinstance(error, DeviceRevokedError):
        return Course.STOP
    if isinstance(error, RecordsUnreachableError):
        return Course.AGAIN
    if not isinstance(error, RecordsRefusedError):
        return Course.REST
    status = error.problem.status
    if status in _AGAIN or status >= _SERVER_ERROR or error.problem.retryable:
        return Course.AGAIN
    return Course.ITEMS if status in _ABOUT_WHAT_WAS_SENT else Course.REST


def takes_no_more(error: RecordsError) -> bool:
    """Said of a file: as many as may wait for their items wait at records. What needs no file goes on."""
    return isinstance(error, RecordsRefusedError) and error.problem.code is ProblemCode.NO_ROOM


def asked_to_wait(error: RecordsError) -> float | None:
    """Seconds that the other end asked for, if it did."""
    if isinstance(error, RecordsUnreachableError):
        return error.retry_after_s
    wanted = error.problem.retry_after_s if isinstance(error, RecordsRefusedError) else None
    return None if wanted is None else float(wanted)
