"""A job as a printer tells of it, and whose it is (RFC 8011, 5.3)."""

import re
from dataclasses import dataclass
from enum import IntEnum

from devices.errors import DeviceProtocolError
from devices.page_printer.reasons import integer, texts
from devices.page_printer.wire import Attributes

USER = "kiosk"  # nobody's name; a kiosk that shares its printer has one of its own, without a dot
OWNER_ATTRIBUTES = ("job-id", "job-name", "job-originating-user-name")
JOB_ATTRIBUTES = (
    *OWNER_ATTRIBUTES,
    "job-uuid",
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "job-media-sheets-completed",
)
_PRODUCT = "lamplight"
_NOBODY = frozenset({"anonymous", "guest", "hidden", "n/a", "no name", "nobody", "none", "private", "unknown", "user"})


class JobState(IntEnum):
    """RFC 8011 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen. ``processing-to-stop-point`` is a reason of PROCESSING, so not yet."""
        return self >= JobState.CANCELED


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the printer sees it. ``uuid`` tells it from another job that got the same number after a restart."""

    state: JobState
    reasons: tuple[str, ...]
    sheets: int
    uuid: str
    name: str = ""
    number: int = 0


def job_name(user: str, mark: str = "") -> str:
    """What printers log and show on their panel. ``mark``: of this one job."""
    return ".".join(filter(None, (_PRODUCT, user, mark)))


def is_of(user: str, job: Attributes) -> bool:
    """Whether a job that the printer listed as this user's is. A printer may show its jobs' names or users to nobody
    (RFC 8011, 9.4), or put a word of its own in their place: so its list is believed, unless it names somebody else."""
    users, names = texts(job, "job-originating-user-name"), texts(job, "job-name")
    called = job_name(user)
    if any(user in _parts(each) for each in users) or any(f"{each}.".startswith(f"{called}.") for each in names):
        return True
    return not any(each.startswith(f"{_PRODUCT}.") for each in names) and all(map(_is_masked, users))


def _parts(user: str) -> list[str]:
    """Some printers add where somebody came from: ``user@host``, ``HOST/user`` or with a backslash."""
    return re.split(r"[@/\\]", user.casefold())


def _is_masked(user: str) -> bool:
    """Whether this names nobody. Without a letter or digit (``*****``) it does not, either."""
    return user.strip().casefold() in _NOBODY or not any(each.isalnum() for each in user)


def job_from(attributes: Attributes) -> Job:
    """Raises DeviceProtocolError for one without a state."""
    try:
        state = JobState(integer(attributes, "job-state") or 0)
    except ValueError as error:
        raise DeviceProtocolError("a job without a state") from error
    reasons = tuple(texts(attributes, "job-state-reasons"))
    uuid, name = (next(iter(texts(attributes, each)), "") for each in ("job-uuid", "job-name"))
    return Job(state, reasons, _sheets(attributes), uuid, name, integer(attributes, "job-id") or 0)


def _sheets(attributes: Attributes) -> int:
    """One-sided: an impression is a sheet."""
    done = integer(attributes, "job-media-sheets-completed")
    return done if done is not None else integer(attributes, "job-impressions-completed") or 0
