"""What the public pages share: their words, their frame, the hardened answer, and whose request it is."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from forms.content import chinese_date, chinese_minute
from forms.paper import CHINA_TIME
from records import console
from records.console.texts import LANGUAGES, Words, load
from records.context import Records
from records.public.sender import address_of
from records.services.failures import neighbourhood

FOLDER: Final = Path(__file__).parent
STATIC: Final = Path(console.__file__).parent / "static"  # one look for all pages of records
_OWN_SITE: Final = ("same-origin", "none", "")  # Sec-Fetch-Site; browsers from before 2023 do not say
_WORDS: Final = {language: load(FOLDER / "texts", language) for language in LANGUAGES}
_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
Page = Callable[..., HTMLResponse]
NoSuchPage = Callable[[Request, Exception], Awaitable[Response]]


def bare(no_such_page: NoSuchPage, *routes: BaseRoute) -> Starlette:
    """A few pages, whose handlers take a request and nothing else: there is nothing to describe to anybody."""
    return Starlette(routes=routes, exception_handlers={HTTPException: no_such_page})


def words_of(language: str) -> Words:
    """The words of this language, Chinese for any that is not spoken here."""
    return _WORDS[language if language in LANGUAGES else LANGUAGES[0]]


def asked_in(request: Request) -> Words:
    """The words of the language that its address asks for."""
    return words_of(request.query_params.get("language", ""))


def page_below(place: str) -> Page:
    """How a page is made whose addresses are below ``/place/``: ``page(words, template, *, status=200, **values)``."""

    def page(words: Words, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        return HTMLResponse(text(place, words, template, **values), status)

    return page


def text(place: str, words: Words, template: str, **values: object) -> str:
    """The same page as text."""
    frame = {"place": place, "product": words(f"product.{place}"), "words": words}
    return _environment.get_template(template).render(**frame, **values)


def minute(moment: datetime, words: Words) -> str:
    """An instant on the wall clock in China, to the minute."""
    return chinese_minute(moment) if words.language == "zh" else f"{moment.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"


def day(when: date, words: Words) -> str:
    """A day as people write it."""
    return chinese_date(when) if words.language == "zh" else when.isoformat()


def household_of(records: Records, request: Request) -> str:
    """Whose tries are counted together: an address, or as much of it as one subscriber has."""
    return neighbourhood(address_of(request, str(records.settings.server.check_proxy)))


def foreign(request: Request) -> bool:
    """Whether another site's page sent this."""
    return request.headers.get("Sec-Fetch-Site", "") not in _OWN_SITE


def closed(answer: Response) -> Response:
    """The same, and the connection ends: of what was sent some may be on its way still."""
    answer.headers["Connection"] = "close"
    return answer
