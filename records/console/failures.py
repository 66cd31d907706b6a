"""What the console answers when it can't do what was asked: a page in words, or the way to another page."""

import logging
from functools import partial
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from records.api.dependencies import open_records
from records.console.pages import go, page
from records.console.visitor import DetourError, ForgedFormError, visitor
from records.errors import RefusedError
from records.services import sessions
from records.services.refusals import (
    CaseOverError,
    MustWaitError,
    NotYourRightError,
    StaleError,
    TakenUpError,
    UnopenedError,
)

_NOT_FOUND, _BUSY = 404, 503
_log = logging.getLogger("lamplight.records")

_STATUSES: Final[dict[type[Exception], tuple[int, str]]] = {
    ForgedFormError: (403, "forged-form"),
    NotYourRightError: (403, "not-your-right"),
    UnopenedError: (409, "unopened"),
    TakenUpError: (409, "taken-up"),
    StaleError: (409, "changed-meanwhile"),
    RefusedError: (409, "refused"),
    RequestValidationError: (400, "unreadable"),
    OperationalError: (_BUSY, "busy"),
    PoolTimeoutError: (_BUSY, "busy"),
    Exception: (500, "failed"),
}


def install(app: FastAPI) -> None:
    """Answer every failure with a page."""
    app.add_exception_handler(DetourError, _detour)
    app.add_exception_handler(MustWaitError, _must_wait)
    app.add_exception_handler(CaseOverError, _case_over)
    app.add_exception_handler(HTTPException, _framework)
    for kind in _STATUSES:
        app.add_exception_handler(kind, _failed)


def _say(request: Request, status: int, what: str, **values: object) -> Response:
    """The page, to whoever is signed in with their name, their menu and the strip of alarms. Not while the database is
    busy: it would be asked for them."""
    here = visitor(request, open_records(request))
    said = partial(page, here, "error.html", status=status, what=what, values=values)
    if here.fresh or status == _BUSY:
        return said()
    try:
        return said(sessions.resume(here.records, here.token, by_itself=True))
    except Exception:  # noqa: BLE001 - whatever failed may be part of every page
        return said()


def _detour(request: Request, error: Exception) -> Response:
    assert isinstance(error, DetourError)  # noqa: S101 - as registered
    del request
    return go(error.path)


def _must_wait(request: Request, error: Exception) -> Response:
    assert isinstance(error, MustWaitError)  # noqa: S101 - as registered
    answer = _say(request, 429, "must-wait", seconds=error.seconds)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _case_over(request: Request, error: Exception) -> Response:
    assert isinstance(error, CaseOverError)  # noqa: S101 - as registered
    return _say(request, 409, f"case-{error.detail}")


def _framework(request: Request, error: Exception) -> Response:
    """No such page, no such method, an unreadable form."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as registered
    answer = _say(request, error.status_code, "not-found" if error.status_code == _NOT_FOUND else "unreadable")
    answer.headers.update(error.headers or {})
    return answer


def _failed(request: Request, error: Exception) -> Response:
    """The nearest kind that is listed. Nothing of the error's own words, which may quote a form."""
    status, what = next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    if status >= _STATUSES[Exception][0]:
        _log.error("console failed", extra={"error": type(error).__name__})
    return _say(request, status, what)
