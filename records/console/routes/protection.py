"""Asking that a person be hidden, or be hidden no longer. There is no list of who is: nothing here tells of anybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from records.console import paths
from records.console.pages import go, page
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
        return _page(here, session, "hide", error.detail)
    return go(paths.APPROVALS, "asked")


@router.post("/protection/end", dependencies=FORM)
def end(here: AnyVisitor, session: AtConsole, number: Typed = "", ticket: Text = "") -> Response:
    """Ask that somebody be hidden no longer."""
    session.needs(Right.PROTECTION)
    try:
        protection.ask_to_end(here.records, session, number, ticket)
    except AskingUnfitError as error:
        return _page(here, session, "end", error.detail)
    return go(paths.APPROVALS, "asked")


def _page(here: Visitor, session: Session, which: str = "", problem: str = "") -> Response:
    """``which``: the form that came back, for ``problem``."""
    values = {"which": which, "problem": problem, "bases": tuple(Basis), "longest_ticket": LONGEST_TICKET}
    return page(here, "protection.html", session, status=422 if problem else 200, **values)
