"""A paper that was voided without reaching its holder gives one new print, for a day and within the day's limit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import Reserve
from backend_client.contract.persons import OpenReissue
from forms.paper import PaperKind
from records.errors import RefusedError
from records.rules.papers import reissue_open
from records.rules.periods import start_of_day
from records.store import papers
from records.store.database import Transaction
from records.store.papers import PaperRow

_NO_REISSUE = "this serial gives no reissue"


def open_of(transaction: Transaction, person_id: str, about_id: str, now: datetime) -> tuple[OpenReissue, ...]:
    """The reissues a person may ask for now, the latest first. ``about_id``: of papers about that child; empty: about
    themselves. Whoever takes one for the other would get the wrong person's paper."""
    found = [each for kind in PaperKind for each in _open(papers.of_person(transaction, person_id, kind), now)]
    return tuple(
        OpenReissue(kind=each.kind, purpose=each.purpose, voided_at=each.voided_at, serial=each.serial)
        for each in reversed(found)
        if each.voided_at is not None and each.about_id == about_id
    )


def allow(transaction: Transaction, request: Reserve, person_id: str, now: datetime, per_day: int) -> None:
    """Refuse a reissue of a serial that is not this person's, not open, for another purpose, or over the limit."""
    mine = papers.of_person(transaction, person_id, request.kind)
    if request.replaces not in {each.serial for each in mine}:
        raise RefusedError(ProblemCode.NOT_FOUND)
    if request.replaces not in {each.serial for each in _open(mine, now) if each.purpose == request.purpose}:
        raise RefusedError(ProblemCode.NOT_PERMITTED, _NO_REISSUE)
    today = [each for each in mine if each.replaces and each.reserved_at >= start_of_day(now)]
    if len(today) >= per_day:
        raise RefusedError(ProblemCode.REISSUE_LIMIT)


@contextmanager
def once() -> Iterator[None]:
    """Write a reissue inside it. Refused (not-permitted): another request for the same serial was quicker, and the
    database saw it, whatever ``allow`` could see."""
    try:
        yield
    except IntegrityError:
        raise RefusedError(ProblemCode.NOT_PERMITTED, _NO_REISSUE) from None


def _open(mine: list[PaperRow], now: datetime) -> list[PaperRow]:
    replaced = {each.replaces for each in mine}
    return [
        each
        for each in mine
        if reissue_open(each.state, each.reason, each.voided_at, now, replaced=each.serial in replaced)
    ]
