"""Ending a way in that somebody has lost and says so by a call: from their page, under its purpose and ticket.

Whose it is stands in a sealed handle; neither a card's number nor anybody's name is on these pages.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from records.console import paths
from records.console.pages import go, page
from records.console.routes.persons import Given, form_page, unfit
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules.roles import Right
from records.rules.way_losses import LossBasis
from records.services.gates import losses
from records.services.gates.losses import Losable
from records.services.refusals import ReadingUnfitError, WayOverError
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
Handle = Annotated[str, Form(max_length=500)]
Text = Annotated[str, Form(max_length=64)]
_ENDED = "way-ended"
_Given = tuple[str, str, str]  # what is wrong with the form, the way and the reason that were chosen


@router.post("/persons/ways", dependencies=FORM)
def open_ways(here: AnyVisitor, session: AtConsole, handle: Handle = "") -> Response:
    """What can be lost: its kind and since when."""
    session.needs(Right.PERSONS)
    try:
        found = losses.of_handle(here.records, session, handle)
    except ReadingUnfitError as error:
        return form_page(here, session, unfit(Given(), error))
    return _again(here, session) if found is None else _ways(here, session, handle, found)


@router.post("/persons/ways/lost", dependencies=FORM)
def lost(
    here: AnyVisitor, session: AtConsole, handle: Handle = "", way: Text = "", basis: Text = "", confirmed: Text = ""
) -> Response:
    """What it means, to be confirmed; confirmed, it opens nothing any more."""
    session.needs(Right.PERSONS)
    try:
        found = losses.of_handle(here.records, session, handle)
        if found is None:
            return _again(here, session)
        chosen = next((each for each in found.ways if each.way_id == way), None)
        if chosen is None or basis not in set(LossBasis):
            problem = "loss-way" if chosen is None else "loss-basis"
            return _ways(here, session, handle, found, (problem, way, basis))
        if confirmed != "yes":
            return page(here, "loss.html", session, handle=handle, way=chosen, basis=basis)
        losses.end(here.records, session, handle, way, LossBasis(basis))
    except (ReadingUnfitError, WayOverError) as error:
        return _failed(here, session, error)
    return go(paths.PERSONS, _ENDED)


def _failed(here: Visitor, session: Session, error: ReadingUnfitError | WayOverError) -> Response:
    if isinstance(error, ReadingUnfitError):
        return form_page(here, session, unfit(Given(), error))
    return go(paths.PERSONS, error.code)


def _again(here: Visitor, session: Session) -> Response:
    """The page was open for too long: number, purpose and ticket are asked for."""
    return form_page(here, session, Given(problem="reading-again", status=409))


def _ways(here: Visitor, session: Session, handle: str, found: Losable, given: _Given = ("", "", "")) -> Response:
    problem, way, basis = given
    chosen = {"problem": problem, "way": way, "basis": basis}
    values = {"handle": handle, "found": found, "bases": tuple(LossBasis), **chosen}
    return page(here, "losses.html", session, status=422 if problem else 200, **values)
