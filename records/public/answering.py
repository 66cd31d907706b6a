"""A landlord's answer by the code of their text, as an application of its own, mounted under /answer.

It says which flat and which days, and nobody's name. Yes and no are two equal buttons; no script is needed, nothing is
kept in the browser, and the code stands in no address. Who guesses is slowed (``landlord_codes``).
"""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from anyio.to_thread import run_sync
from fastapi import Request, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from backend_client.contract.base import ProblemCode
from records.api.edge import App
from records.api.problems import UNWELL
from records.console.headers import Hardened
from records.console.texts import Words
from records.context import Records
from records.errors import RefusedError
from records.public.pages import STATIC, asked_in, bare, day, foreign, household_of, minute, page_below
from records.services.tenancies import landlord_codes
from records.services.tenancies.landlord_codes import About

Found = TypeVar("Found")
_LONGEST: Final = 40  # characters that are looked at: ten, and blanks and dashes between them
_page = page_below("answer")


def answers(records: Records) -> App:
    """The pages below /answer."""

    def ask(request: Request) -> Response:
        """Where the code is typed."""
        return _asked(asked_in(request))

    async def look(request: Request) -> Response:
        """What it is about."""
        words, (code, _) = asked_in(request), await _sent(request)
        if not code:
            return _asked(words, "empty")
        asked = partial(landlord_codes.look, records, code, household_of(records, request))
        return await _said(words, asked, lambda about: _about(words, about, code))

    async def given(request: Request) -> Response:
        """The answer to that."""
        words, (code, said) = asked_in(request), await _sent(request)
        if foreign(request) or said not in {"yes", "no"}:
            return _asked(words, "again", status=400)
        who = household_of(records, request)
        answer = partial(landlord_codes.answer, records, code, who, yes=said == "yes")
        return await _said(words, answer, lambda _: _page(words, "answered.html", said=said))

    pages = Route("/", ask), Route("/", look, methods=["POST"]), Route("/given", given, methods=["POST"])
    return Hardened(bare(_no_such_page, *pages, Mount("/static", StaticFiles(directory=STATIC))))


async def _sent(request: Request) -> tuple[str, str]:
    """The code and the answer; what can't be read is empty."""
    async with request.form(max_files=0, max_fields=3) as form:
        code, said = form.get("code"), form.get("said")
    return (code.strip()[:_LONGEST] if isinstance(code, str) else "", said if isinstance(said, str) else "")


async def _said(words: Words, do: Callable[[], Found], then: Callable[[Found], Response]) -> Response:
    """What becomes of a code: the next page, or the first one again with why not."""
    try:
        return then(await run_sync(do))
    except RefusedError as refusal:
        if refusal.problem is ProblemCode.TOO_MANY_REQUESTS:
            return _asked(words, "slowed", status=429, seconds=refusal.retry_after_s)
        return _asked(words, "unknown", status=404)
    except UNWELL:
        return _asked(words, "away", status=503)


def _asked(words: Words, why: str = "", *, status: int = 200, **values: object) -> Response:
    problem = words(f"answer.problem.{why}", **values) if why else ""
    return _page(words, "answer.html", status=status, problem=problem)


def _about(words: Words, about: About, code: str) -> Response:
    told = {
        "kind": about.kind.value,
        "address": about.address,
        "starts_on": day(about.starts_on, words),
        "ends_on": day(about.ends_on, words),
        "silence": words(
            "answer.goes_on" if about.goes_on else "answer.waits_for_officer", until=minute(about.until, words)
        ),
    }
    return _page(words, "answer_about.html", about=told, code=code)


async def _no_such_page(request: Request, error: Exception) -> Response:
    del error
    return _page(asked_in(request), "answer.html", status=404, problem="")
