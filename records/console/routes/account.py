"""Signing in and out, unlocking, a new password, the language."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from records.console import paths
from records.console.pages import go, page
from records.console.texts import LANGUAGES
from records.console.visitor import (
    COOKIE,
    LANGUAGE_COOKIE,
    AnyVisitor,
    AtConsole,
    forget_cookie,
    genuine_form,
    set_cookie,
)
from records.services import officers, sessions
from records.services.passwords import SHORTEST
from records.services.refusals import MustWaitError, PasswordUnfitError, SignInRefusedError
from records.services.sessions import Attempt

router = APIRouter()
FORM = [Depends(genuine_form)]
Text = Annotated[str, Form()]
_OWN_PAGE = re.compile(r"/console/[A-Za-z0-9/_-]*")


@router.get("/sign-in")
def sign_in_page(here: AnyVisitor) -> Response:
    """The form."""
    return page(here, "sign_in.html", account="", problem="")


@router.post("/sign-in", dependencies=FORM)
def sign_in(here: AnyVisitor, account: Text = "", password: Text = "", code: Text = "") -> Response:
    """Begin a session under a new cookie."""
    attempt = Attempt(account.strip().lower(), password, code, here.address)
    try:
        token = sessions.sign_in(here.records, attempt)
    except SignInRefusedError:
        return page(here, "sign_in.html", status=403, account=account, problem=here.words("problem.sign-in"))
    except MustWaitError as error:
        return _wait(page(here, "sign_in.html", status=429, account=account, problem=_patience(here, error)), error)
    answer = go(paths.HOME)
    set_cookie(answer, COOKIE, token)
    return answer


@router.post("/sign-out", dependencies=FORM)
def sign_out(here: AnyVisitor, session: AtConsole) -> Response:
    """End the session, and the duty with it."""
    sessions.sign_out(here.records, session)
    answer = go(paths.SIGN_IN)
    forget_cookie(answer)
    return answer


@router.get("/unlock")
def unlock_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The form."""
    return page(here, "unlock.html", session, problem="")


@router.post("/unlock", dependencies=FORM)
def unlock(here: AnyVisitor, session: AtConsole, code: Text = "") -> Response:
    """The officer is back at the desk."""
    try:
        sessions.unlock(here.records, session, code)
    except SignInRefusedError:
        return page(here, "unlock.html", session, status=403, problem=here.words("problem.unlock"))
    except MustWaitError as error:
        return _wait(page(here, "unlock.html", session, status=429, problem=_patience(here, error)), error)
    return go(paths.HOME)


@router.get("/password")
def password_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The form."""
    return page(here, "password.html", session, shortest=SHORTEST, problem="")


@router.post("/password", dependencies=FORM)
def change_password(here: AnyVisitor, session: AtConsole, old: Text = "", new: Text = "", again: Text = "") -> Response:
    """The officer's own password; every other session of theirs ends, and this one gets a new cookie."""
    try:
        officers.change_password(here.records, session.officer, old, new, again)
    except PasswordUnfitError as error:
        problem = here.words(f"problem.password-{error.detail}", shortest=SHORTEST)
        return page(here, "password.html", session, status=422, shortest=SHORTEST, problem=problem)
    except MustWaitError as error:
        problem = _patience(here, error)
        return _wait(page(here, "password.html", session, status=429, shortest=SHORTEST, problem=problem), error)
    answer = go(paths.HOME)
    set_cookie(answer, COOKIE, sessions.renew(here.records, session))
    return answer


@router.post("/language", dependencies=FORM)
def choose_language(here: AnyVisitor, language: Text = "", back: Text = "") -> Response:
    """Go on in another language, on the page where it was chosen."""
    answer = go(back if _OWN_PAGE.fullmatch(back) else paths.HOME)
    if language in LANGUAGES:
        set_cookie(answer, LANGUAGE_COOKIE, language)
    if here.fresh:
        set_cookie(answer, COOKIE, here.token)
    return answer


def _patience(here: AnyVisitor, error: MustWaitError) -> str:
    return here.words("problem.must-wait", seconds=error.seconds)


def _wait(answer: Response, error: MustWaitError) -> Response:
    answer.headers["Retry-After"] = str(error.seconds)
    return answer
