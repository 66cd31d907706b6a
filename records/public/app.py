"""The page as an application of its own, mounted by ``records.app`` under /check."""

from collections.abc import AsyncGenerator
from functools import partial
from typing import Final

import anyio
from fastapi import Request, Response
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from forms.code import Claims
from forms.content import chinese_date, chinese_minute
from forms.paper import CHINA_TIME
from records.api.edge import App
from records.console.headers import Hardened
from records.console.texts import Words
from records.context import Records
from records.public.checking import Answer, Checked, checked
from records.public.intake import LARGEST, Intake, TurnedAwayError
from records.public.line import Line
from records.public.pages import STATIC, asked_in, bare, closed, minute, page_below
from records.public.places import FullError
from records.public.sender import address_of

_LONGEST_NAME: Final = 60  # characters of a file's name that are said back
_GRAVE: Final = (Answer.VOID, Answer.EXPIRED, Answer.ALTERED, Answer.UNKNOWN)
_page = page_below("check")


def public(records: Records) -> App:
    """The page below /check."""
    intake, line = Intake(records.clock), Line()

    def ask(request: Request) -> Response:
        """The form."""
        return _page(asked_in(request), "ask.html", problem="")

    async def tell(request: Request) -> Response:
        """The answer to it."""
        words, address = asked_in(request), address_of(request, str(records.settings.server.check_proxy))
        try:
            text, picture, name = await _form(request.headers, await intake.body(address, request.receive))
            look = partial(checked, records, text, picture)
            found = await (line.look(address, look) if picture else anyio.to_thread.run_sync(look))
        except TurnedAwayError as refusal:
            return _refused(words, refusal.status, refusal.why)
        except FullError:
            return _refused(words, 503, "busy")
        except ConnectionError:
            return Response(status_code=400)  # the sender is gone: nobody reads it
        if found.answer in (Answer.NOTHING, Answer.NO_CODE, Answer.UNREADABLE):
            return _page(words, "ask.html", problem=words(f"problem.{found.answer}"))
        return _page(words, "told.html", told=_told(found, words), of=name, now=minute(records.clock.now(), words))

    pages = Route("/", ask), Route("/", tell, methods=["POST"])
    return Hardened(bare(_no_such_page, *pages, Mount("/static", StaticFiles(directory=STATIC))))


async def _form(headers: Headers, body: bytes) -> tuple[str, bytes, str]:
    """The code's text, else the picture and its file's name; what can't be read is empty."""
    parser = MultiPartParser(headers, _once(body), max_files=1, max_fields=3, max_part_size=LARGEST)
    parser.spool_max_size = LARGEST  # all of it stays in memory: else it would be written to a temporary file
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        return "", b"", ""
    text, sent = form.get("code"), form.get("paper")
    picture, name = (await sent.read(), sent.filename or "") if isinstance(sent, UploadFile) else (b"", "")
    await form.close()
    if isinstance(text, str) and text.strip():
        return text, b"", ""
    return "", picture, name if len(name) <= _LONGEST_NAME else f"…{name[1 - _LONGEST_NAME :]}"


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


def _refused(words: Words, status: int, why: str) -> Response:
    """The form again, with why not. Of what was sent some may be on its way still: the connection ends here."""
    return closed(_page(words, "ask.html", status=status, problem=words(f"problem.{why}")))


async def _no_such_page(request: Request, error: Exception) -> Response:
    del error
    return _page(asked_in(request), "ask.html", status=404, problem="")


def _told(found: Checked, words: Words) -> dict[str, object]:
    claims = found.claims
    facts = list(_facts(claims, words)) if claims else []
    return {
        "answer": found.answer.value,
        "grave": found.answer in _GRAVE,
        "facts": facts,
        "specimen": bool(claims and claims.specimen),
    }


def _facts(claims: Claims, words: Words) -> list[tuple[str, str]]:
    """What the code states, which the paper shows; nothing comes from our books."""
    chinese = words.language == "zh"
    local = claims.expires_at.astimezone(CHINA_TIME)
    by_day = (local.hour, local.minute) == (0, 0)
    return [
        (words("fact.kind"), words(f"kind.{claims.kind}")),
        (words("fact.serial"), claims.serial),
        *((label.chinese if chinese else label.english, text) for label, text in claims.facts),
        (words("fact.until"), chinese_date(claims.valid_until) if by_day else chinese_minute(local)),
        (words("fact.issuer"), claims.issuer),
        (words("fact.date"), chinese_date(claims.issued_at.astimezone(CHINA_TIME).date())),
    ]
