"""Looking at one person: by their whole number, for a listed purpose and a ticket. No list, no search by name.

What was found stands in the answer to the form alone: its address shows the form.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from records.console.pages import page
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.population.source import Resident
from records.rules.purposes import LONGEST_TICKET, View, for_view
from records.rules.reasons import tells_a_number
from records.rules.roles import Right
from records.services import persons, reading
from records.services.looking import Why
from records.services.refusals import ReadingLimitError, ReadingUnfitError
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
Text = Annotated[str, Form()]
Typed = Annotated[str, Form(max_length=40)]
_NOBODY = 404


@dataclass(frozen=True, slots=True)
class Given:
    """Purpose and ticket as they come back to who filled them in, never the number: ``typed``, whether there was one.
    ``problem``: a key of the words, empty at first; ``minutes``: what it tells."""

    purpose: str = ""
    ticket: str = ""
    problem: str = ""
    minutes: int = 0
    status: int = 200
    typed: bool = False


@router.get("/persons")
def find_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The form."""
    session.needs(Right.PERSONS)
    return form_page(here, session, Given())


@router.post("/persons", dependencies=FORM)
def find(here: AnyVisitor, session: AtConsole, number: Typed = "", purpose: Text = "", ticket: Text = "") -> Response:
    """One person, or nobody."""
    session.needs(Right.PERSONS)
    given = Given(purpose, ticket[:LONGEST_TICKET], typed=bool(number))
    try:
        why = reading.why(purpose, ticket, View.IDENTITY)
        found = reading.by_number(here.records, session, number, why)
    except (ReadingUnfitError, ReadingLimitError) as error:
        return form_page(here, session, unfit(given, error))
    return _shown(here, session, found, why)


@router.post("/persons/member", dependencies=FORM)
def look_at_another(
    here: AnyVisitor, session: AtConsole, handle: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Somebody whom the page before named, under its purpose and ticket: a look of its own."""
    session.needs(Right.PERSONS)
    try:
        found = reading.by_handle(here.records, session, handle)
    except ReadingLimitError as error:
        return form_page(here, session, unfit(Given(), error))
    if found is None:
        return form_page(here, session, Given(problem="reading-again", status=409))
    return _shown(here, session, *found)


def unfit(given: Given, error: ReadingUnfitError | ReadingLimitError) -> Given:
    """What was given, with what is wrong with it."""
    ticket = "" if tells_a_number(given.ticket) else given.ticket
    if isinstance(error, ReadingLimitError):
        return replace(given, ticket=ticket, problem="reading-limit", minutes=error.minutes, status=429)
    return replace(given, ticket=ticket, problem=f"reading-{error.detail}", status=422)


def _shown(here: Visitor, session: Session, found: Resident | None, why: Why) -> Response:
    if found is None:
        return page(here, "person_nobody.html", session, status=_NOBODY)
    return page(here, "person.html", session, opened=persons.opened(here.records, session, found, why), View=View)


def form_page(here: Visitor, session: Session, given: Given) -> Response:
    """The form, with what was given."""
    limit = here.records.settings.reading.per_hour
    values = {"given": given, "purposes": for_view(View.IDENTITY), "limit": limit, "longest_ticket": LONGEST_TICKET}
    return page(here, "person_find.html", session, status=given.status, **values)
