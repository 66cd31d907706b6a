"""Looking up criminal records in a time of our own: what a source takes, or whether it ever answers, shows nowhere.

Whatever it says, and however soon, the search ends when its time does: so what is made of it begins for everybody at
the same moment, and an answer that is late is as late for all. Each search runs on a thread of its own. One that is
late goes on by itself, and what it says then is heard by nobody: the application says "not at once", and whoever
settles it looks again.
"""

import time
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread  # noqa: TID251 - one that hangs must not keep the service from ending
from typing import Final

from records.criminal.source import CriminalRecordSource, Finding
from records.population.source import Resident

SHORTEST_ANSWER_S: Final = 0.5  # the fixed time of an answer; in less, a search would show by how long it took
_SHARE: Final = 0.5  # of that time; the rest is for setting, writing and signing the paper
_AT_ONCE: Final = 16  # searches; as many may hang for good before every further one counts as late
_free = BoundedSemaphore(_AT_ONCE)


def seconds_of(answer_s: float) -> float:
    """How long a source is heard whose answer leaves after ``answer_s``: in time for that, whatever it does."""
    return max(answer_s, SHORTEST_ANSWER_S) * _SHARE


def found_within(source: CriminalRecordSource, person: Resident, seconds: float) -> Finding:
    """What the source says of a person, after ``seconds`` and never before; UNAVAILABLE when it fails, is late, or too
    many before it hang."""
    until = time.monotonic() + seconds
    finding = _heard(source, person, until)
    time.sleep(max(0.0, until - time.monotonic()))  # noqa: TID251 - nobody ends a request in the middle
    return finding


def _heard(source: CriminalRecordSource, person: Resident, until: float) -> Finding:
    said = SimpleQueue[Finding]()
    if not _free.acquire(timeout=max(0.0, until - time.monotonic())):
        return Finding.UNAVAILABLE
    Thread(target=_search, args=(source, person, said), name="criminal-records", daemon=True).start()
    try:
        return said.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        return Finding.UNAVAILABLE


def _search(source: CriminalRecordSource, person: Resident, said: SimpleQueue[Finding]) -> None:
    """If it fails for some people only, nobody sees for whom, not in the log either: that it does stands with the
    application."""
    try:
        said.put(source.query(person))
    except Exception:  # noqa: BLE001 - whatever it was: an error would tell
        said.put(Finding.UNAVAILABLE)
    finally:
        _free.release()
