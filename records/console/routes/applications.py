"""Applications that are answered at the window: which wait, and, with a reason, what was found."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response
from starlette.exceptions import HTTPException

from records.console import paths
from records.console.pages import go, page
from records.console.routes.cases import Filled
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules import reasons
from records.services import settling
from records.services.refusals import ReadingLimitError, ReadingUnfitError, ReasonUnfitError
from records.services.sessions import Session
from records.services.settling import Waiting
from records.store.applications import ApplicationState

router = APIRouter()
FORM = [Depends(genuine_form)]
Serial = Annotated[str, Path(max_length=32)]
Typed = Annotated[str, Form(max_length=40)]


@router.get("/applications")
def list_page(here: AnyVisitor, session: AtConsole) -> Response:
    """Those that are not over, the oldest first."""
    return _list(here, session)


@router.post("/applications/receipt", dependencies=FORM)
def open_with_receipt(here: AnyVisitor, session: AtConsole, receipt: Typed = "", number: Typed = "") -> Response:
    """The application of whoever stands at the window with their receipt and their document."""
    try:
        found, opened = settling.opened_with_receipt(here.records, session, receipt.strip(), number)
    except ReadingUnfitError as error:
        return _list(here, session, here.words(f"problem.reading-{error.detail}"), 422)
    except ReadingLimitError as error:
        limit = here.records.settings.reading.per_hour
        return _list(here, session, here.words("problem.reading-limit", limit=limit, minutes=error.minutes), 429)
    return page(here, "application.html", session, found=found, opened=opened)


@router.get("/applications/{serial}")
def reason_page(here: AnyVisitor, session: AtConsole, serial: Serial) -> Response:
    """What for: the form."""
    return _reason_form(here, session, _found(here, session, serial), Filled())


@router.post("/applications/{serial}", dependencies=FORM)
def open_application(
    here: AnyVisitor, session: AtConsole, serial: Serial, reason: Annotated[str, Form()] = ""
) -> Response:
    """The application with what was found: shown in answer to this form alone."""
    found = _found(here, session, serial)
    try:
        opened = settling.opened(here.records, session, found.row, reason)
    except ReasonUnfitError as error:
        return _reason_form(here, session, found, Filled(f"reason-{error.detail}", reason))
    return page(here, "application.html", session, found=found, opened=opened)


@router.post("/applications/{serial}/settle", dependencies=FORM)
def settle(here: AnyVisitor, session: AtConsole, serial: Serial, state: Annotated[str, Form()] = "") -> Response:
    """The answer is ready at the window, or was handed over."""
    found = _found(here, session, serial)
    if state in set(ApplicationState):
        settling.settle(here.records, session, found.row, ApplicationState(state))
    return go(paths.APPLICATIONS)


def _list(here: Visitor, session: Session, problem: str = "", status: int = 200) -> Response:
    waiting = settling.waiting(here.records, session)
    return page(here, "applications.html", session, status=status, waiting=waiting, problem=problem)


def _found(here: Visitor, session: Session, serial: str) -> Waiting:
    found = settling.find(here.records, session, serial)
    if found is None:
        raise HTTPException(404)
    return found


def _reason_form(here: Visitor, session: Session, found: Waiting, filled: Filled) -> Response:
    values = {"found": found, "longest": reasons.LONGEST, "filled": filled}
    return page(here, "application_reason.html", session, status=filled.status, **values)
