"""Asking that a person be hidden, or be hidden no longer. There is no list of who is: nothing here tells of anybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from records.console import paths
from records.console.pages import go, page
from records.console.returned import returned
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules.purposes import LONGEST_TICKET
from records.rules.roles import Right
from records.services import protection
from records.services.refusals import AskingUnfitError
from records.services.sessions import Session
from records.store.protection import Basis

router = APIRouter()
FORM = [Depends(genuine_form)]
Text = Annotated[str, Form()]
Typed = Annotated[str, Form(max_length=40)]


@router.get("/protection")
def protection_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The two forms."""
    session.needs(Right.PROTECTION)
    return _page(here, session)


@router.post("/protection", dependencies=FORM)
def hide(
    here: AnyVisitor, session: AtConsole, number: Typed = "", basis: Text = "", until: Text = "", ticket: Text = ""
) -> Response:
    """Ask that somebody be hidden."""
    session.needs(Right.PROTECTION)
    try:
        protection.ask_to_hide(here.records, session, number, basis, until, ticket)
    except AskingUnfitError as error:
        return _page(here, session, "hide", error, number=number, basis=basis, until=until, ticket=ticket)
    return go(paths.APPROVALS, "asked")


@router.post("/protection/end", dependencies=FORM)
def end(here: AnyVisitor, session: AtConsole, number: Typed = "", ticket: Text = "") -> Response:
    """Ask that somebody be hidden no longer."""
    session.needs(Right.PROTECTION)
    try:
        protection.ask_to_end(here.records, session, number, ticket)
    except AskingUnfitError as error:
        return _page(here, session, "end", error, number=number, ticket=ticket)
    return go(paths.APPROVALS, "asked")


def _page(
    here: Visitor, session: Session, which: str = "", error: AskingUnfitError | None = None, **typed: str
) -> Response:
    """``which``: the form that came back, with what of ``typed`` is nobody's number."""
    problem = error.detail if error else ""
    field = problem.partition("-")[0]
    values = {
        "which": which,
        "problem": problem,
        "wrong": field if field in typed else "",
        "bases": tuple(Basis),
        "longest_ticket": LONGEST_TICKET,
        **returned(typed, {"number"}),
    }
    return page(here, "protection.html", session, status=422 if problem else 200, **values)
