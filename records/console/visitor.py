"""Who is at the browser: a cookie, a language, and once signed in a session.

One random cookie serves before and after signing in, but never the same one: signing in makes a new token, so that a
token which somebody put there beforehand opens nothing. Each form carries a token of its own, made from the cookie and
the form's address; it can't be had by a page from elsewhere, nor serve for another form.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from records.api.dependencies import OpenRecords
from records.console import paths
from records.console.texts import LANGUAGES, Words, words
from records.context import Records
from records.services import sessions
from records.services.sessions import Session

COOKIE: Final = "__Host-lamplight-console"
LANGUAGE_COOKIE: Final = "__Host-lamplight-language"
NOTICE_COOKIE: Final = "__Host-lamplight-notice"  # what was done, until the next page has said it: no address tells it
TOKEN_FIELD: Final = "form_token"  # noqa: S105 - its name
_TOKEN_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
_NOTICE_S = 60
_OWN_SITE = ("same-origin", "none", "")  # Sec-Fetch-Site; browsers from before 2023 do not say


class DetourError(Exception):
    """This page is not to be had now; ``path`` says where to go first."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class ForgedFormError(Exception):
    """The form was not made by us for this cookie: too old, or from elsewhere."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever sends this request. ``fresh``: they have no cookie yet. ``notice``: of the words below ``notice.``, what
    they have just done."""

    records: Records
    path: str
    address: str
    token: str = field(repr=False)
    fresh: bool
    words: Words
    notice: str = ""

    def form_token(self, action: str) -> str:
        """The token of the form that is sent to ``action``."""
        return self.records.keyed_hash("console-form", self.token, action)


def visitor(request: Request, records: OpenRecords) -> Visitor:
    """Read the cookies."""
    token = request.cookies.get(COOKIE, "")
    known = bool(_TOKEN_FORM.fullmatch(token))
    language = request.cookies.get(LANGUAGE_COOKIE, "")
    return Visitor(
        records=records,
        path=request.url.path,
        address=request.client.host if request.client else "",
        token=token if known else secrets.token_urlsafe(32),
        fresh=not known,
        words=words(language if language in LANGUAGES else LANGUAGES[0]),
        notice="" if request.url.path in paths.BY_THEMSELVES else request.cookies.get(NOTICE_COOKIE, ""),
    )


AnyVisitor = Annotated[Visitor, Depends(visitor)]


async def genuine_form(request: Request, here: AnyVisitor) -> None:
    """ForgedFormError: the form is not one of ours, for this address and this cookie."""
    form = await request.form()
    given = form.get(TOKEN_FIELD, "")
    expected = here.form_token(here.path)
    own = isinstance(given, str) and hmac.compare_digest(given.encode("utf-8"), expected.encode("ascii"))
    if not own or here.fresh or request.headers.get("Sec-Fetch-Site", "") not in _OWN_SITE:
        raise ForgedFormError


def at_console(here: AnyVisitor) -> Session:
    """The session, fit for this page. DetourError: sign in, choose a password or unlock first."""
    session = sessions.resume(here.records, here.token, by_itself=here.path in paths.BY_THEMSELVES)
    if session is None:
        raise DetourError(paths.SIGN_IN)
    if session.officer.password_is_initial and here.path not in paths.WITH_INITIAL_PASSWORD:
        raise DetourError(paths.PASSWORD)
    if session.locked and here.path not in paths.WHILE_LOCKED:
        raise DetourError(paths.UNLOCK)
    return session


AtConsole = Annotated[Session, Depends(at_console)]


def set_cookie(response: Response, name: str, value: str) -> None:
    """A cookie of this host alone, for as long as the browser runs; no script and no other site sees it."""
    response.set_cookie(name, value, path="/", secure=True, httponly=True, samesite="strict")


def tell_next(response: Response, notice: str) -> None:
    """Have the page that comes next say it, once."""
    response.set_cookie(
        NOTICE_COOKIE, notice, max_age=_NOTICE_S, path="/", secure=True, httponly=True, samesite="strict"
    )


def forget_cookie(response: Response, name: str = COOKIE) -> None:
    """Take a cookie away."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="strict")
