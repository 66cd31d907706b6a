"""Writing down what happened in somebody's life, and asking that it be taken back. What an event does is shown before
it is asked for; of the person nothing is, whoever they are.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Response
from pydantic import BaseModel, Field

from records.console import paths
from records.console.pages import go, page
from records.console.returned import returned
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules.life_effects import BASES, TABLE, Effect, EventKind, Thing, lasting
from records.rules.purposes import LONGEST_TICKET
from records.rules.roles import Right
from records.services.life_events import asking, listing
from records.services.refusals import AskingUnfitError, ReadingLimitError, ReadingUnfitError
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]


class Written(BaseModel):
    """What an officer typed; what an event does not ask for is empty."""

    number: str = Field("", max_length=40, repr=False)
    ticket: str = Field("", max_length=LONGEST_TICKET)
    since: str = Field("", max_length=20)
    basis: str = Field("", max_length=24)
    document: str = Field("", max_length=asking.LONGEST_DOCUMENT)
    of_ticket: str = Field("", max_length=LONGEST_TICKET)
    name: str = Field("", max_length=60, repr=False)
    latin: str = Field("", max_length=100, repr=False)
    new_number: str = Field("", max_length=40, repr=False)
    address: str = Field("", max_length=asking.LONGEST_ADDRESS, repr=False)
    division: str = Field("", max_length=6)
    householder: str = Field("", max_length=40, repr=False)
    relation: str = Field("", max_length=10)
    guardian: str = Field("", max_length=40, repr=False)


PERSONAL: Final = frozenset({"number", "name", "latin", "new_number", "householder", "guardian"})
"""What does not come back with the page."""
Form_ = Annotated[Written, Form()]


@router.get("/life-events")
def life_events_page(here: AnyVisitor, session: AtConsole) -> Response:
    """Every kind of event, and what earlier ones have left to decide."""
    session.needs(Right.LIFE_EVENTS)
    elsewhere = bool(here.records.settings.population.url)
    rows = listing.left_open(here.records, session)
    return page(here, "life_events.html", session, kinds=tuple(EventKind), elsewhere=elsewhere, rows=rows)


@router.get("/life-events/taken-back")
def take_back_page(here: AnyVisitor, session: AtConsole) -> Response:
    """What is put back and what is not, and the form."""
    session.needs(Right.LIFE_EVENTS)
    return _back_page(here, session, Written())


@router.post("/life-events/taken-back", dependencies=FORM)
def take_back(here: AnyVisitor, session: AtConsole, written: Form_) -> Response:
    """Ask that a person's last event be taken back."""
    session.needs(Right.LIFE_EVENTS)
    try:
        asking.ask_back(here.records, session, written.model_dump())
    except (AskingUnfitError, ReadingUnfitError, ReadingLimitError) as error:
        return _back_page(here, session, written, error)
    return go(paths.APPROVALS, "asked")


@router.get("/life-events/{kind}")
def life_event_page(here: AnyVisitor, session: AtConsole, kind: EventKind) -> Response:
    """What the event does, and the form."""
    session.needs(Right.LIFE_EVENTS)
    return _event_page(here, session, kind, Written())


@router.post("/life-events/{kind}", dependencies=FORM)
def write_down(here: AnyVisitor, session: AtConsole, kind: EventKind, written: Form_) -> Response:
    """Ask that it be written down."""
    session.needs(Right.LIFE_EVENTS)
    try:
        asking.ask(here.records, session, kind, written.model_dump())
    except (AskingUnfitError, ReadingUnfitError, ReadingLimitError) as error:
        return _event_page(here, session, kind, written, error)
    return go(paths.APPROVALS, "asked")


_Refusal = AskingUnfitError | ReadingUnfitError | ReadingLimitError


def _event_page(
    here: Visitor, session: Session, kind: EventKind, written: Written, error: _Refusal | None = None
) -> Response:
    changed = [(thing, effect) for thing, effect in TABLE[kind].items() if effect is not Effect.KEPT]
    return _page(
        here,
        "life_event.html",
        session,
        written,
        error,
        kind=kind,
        fields=asking.FIELDS[kind],
        optional=asking.MAY_BE_EMPTY,
        bases=BASES[kind],
        changed=changed,
        lasting=lasting(kind),
    )


def _back_page(here: Visitor, session: Session, written: Written, error: _Refusal | None = None) -> Response:
    return _page(here, "life_back.html", session, written, error, stays=_stays())


def _stays() -> list[tuple[tuple[Thing, ...], list[EventKind]]]:
    """What stays, with the kinds of event after which just that does."""
    alike: dict[tuple[Thing, ...], list[EventKind]] = {}
    for kind in EventKind:
        alike.setdefault(lasting(kind), []).append(kind)
    return [(things, kinds) for things, kinds in alike.items() if things]


def _page(
    here: Visitor,
    template: str,
    session: Session,
    written: Written,
    error: _Refusal | None,
    **values: object,
) -> Response:
    """``problem``: a key below ``problem.``; ``wrong``: the field that it is about, empty: none."""
    problem, wrong, minutes, status = "", "", 0, 200
    if isinstance(error, ReadingLimitError):
        problem, minutes, status = "reading-limit", error.minutes, 429
    elif error is not None:
        family = "life" if isinstance(error, AskingUnfitError) else "reading"
        problem, wrong, status = f"{family}-{error.detail}", error.detail.partition("-")[0], 422
    typed = written.model_dump()
    limit = here.records.settings.reading.per_hour
    wrong = wrong if wrong in typed else ""
    told = {"problem": problem, "wrong": wrong, "minutes": minutes, "limit": limit, "longest_ticket": LONGEST_TICKET}
    return page(here, template, session, status=status, **told, **values, **returned(typed, PERSONAL))
