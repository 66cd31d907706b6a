"""The page of a resident's own phone, as an application of its own, mounted under /pass.

The phone makes a key and keeps it, brings its public half with the one-time token of the kiosk's square, and shows from
then on a square that changes each half minute. The token comes behind the address's ``#``, which no browser sends: it
stands in no log of any server, and reaches records in the body of one request alone.
"""

from typing import Final

from anyio.to_thread import run_sync
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route

from backend_client.contract.base import ProblemCode
from records.api import problems
from records.api.edge import App
from records.console.headers import Hardened
from records.context import Records
from records.errors import RefusedError
from records.public.pace import Pace
from records.public.pages import asked_in, bare, foreign, household_of, page_below
from records.public.pass_files import JAVASCRIPT, files, own_worker
from records.services.gates import phones
from records.services.gates.phones import Redeemed

_JSON: Final = "application/json"  # which a page of another site may not send unasked (Fetch, 2.2.2)
_A_MINUTE: Final = 60  # seconds, as ``pace`` counts
_page = page_below("pass")


class _Key(BaseModel):
    """What the phone brings: the token, and its public key (base64 of SubjectPublicKeyInfo)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: str = Field(min_length=1, max_length=64, repr=False)
    public_key: str = Field(min_length=1, max_length=200, repr=False)


def passes(records: Records) -> App:
    """The pages below /pass."""
    pace, parts = Pace(records.clock), files()

    def show(request: Request) -> Response:
        """The page; the same for everybody."""
        return _page(asked_in(request), "pass.html")

    async def redeem(request: Request) -> Response:
        """The token and the key come, once."""
        if foreign(request) or request.headers.get("content-type", "").partition(";")[0].strip() != _JSON:
            return problems.response(ProblemCode.NOT_PERMITTED)
        if not pace.may_ask(household_of(records, request)):
            return problems.response(ProblemCode.TOO_MANY_REQUESTS, retry_after_s=_A_MINUTE)
        return await _redeemed(records, await request.body())

    async def time(_request: Request) -> Response:
        """Records' clock, for a phone whose own may be wrong."""
        return JSONResponse(_time(records))

    async def work(_request: Request) -> Response:
        """What keeps the page on the phone."""
        return Response(own_worker(), media_type=JAVASCRIPT)

    async def part(request: Request) -> Response:
        """A file of the page."""
        name = request.path_params["name"]
        if name not in parts:
            raise HTTPException(404)
        return Response(parts[name].content, media_type=parts[name].media_type)

    shown = Route("/", show), Route("/time", time), Route("/worker.js", work), Route("/static/{name}", part)
    return Hardened(bare(_no_such_page, *shown, Route("/keys", redeem, methods=["POST"])))


async def _redeemed(records: Records, body: bytes) -> Response:
    """What the phone needs from now on, or why not; never what was sent."""
    try:
        brought = _Key.model_validate_json(body)
        found = await run_sync(phones.redeem, records, brought.token, brought.public_key)
    except ValidationError:
        return problems.response(ProblemCode.VALIDATION)
    except RefusedError as refusal:
        return problems.response(refusal.problem, refusal.words, retry_after_s=refusal.retry_after_s)
    except problems.UNWELL:
        return problems.response(ProblemCode.NOT_READY, retry_after_s=1)
    return JSONResponse(_told(found) | _time(records))


def _told(found: Redeemed) -> dict[str, object]:
    return {
        "credential": found.credential,
        "community_id": found.community_id,
        "community": found.community.model_dump(mode="json"),
        "valid_to": found.valid_to.isoformat() if found.valid_to else None,
    }


def _time(records: Records) -> dict[str, object]:
    """``server_ms``: Unix time in milliseconds."""
    return {"server_ms": int(records.clock.now().timestamp() * 1000)}


async def _no_such_page(request: Request, error: Exception) -> Response:
    del error
    return _page(asked_in(request), "pass.html", status=404)
