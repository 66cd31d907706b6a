"""Every refusal as a problem detail (RFC 9457), those of the framework included. No problem says anything personal."""

import logging
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DataError, InterfaceError, InternalError, NotSupportedError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from backend_client.contract.base import Problem, ProblemCode
from records.errors import RefusedError

MEDIA_TYPE: Final = "application/problem+json"
_TYPE = "tag:lamplight.invalid,2026:problem:"
_SCHEMA = {"schema": {"$ref": "#/components/schemas/Problem"}}
_RETRYABLE = {
    ProblemCode.IN_PROGRESS,
    ProblemCode.CONTACT_UNREACHABLE,
    ProblemCode.NOT_READY,
    ProblemCode.TOO_MANY_REQUESTS,
    ProblemCode.INTERNAL,
}
_RETRYABLE |= {ProblemCode.KEY_AWAY, ProblemCode.BLOB_MISSING, ProblemCode.NO_ROOM}
_LONGEST_DETAIL = 300
_MOST_PLACES = 5
_ALWAYS = (
    ProblemCode.MALFORMED,
    ProblemCode.TOO_LARGE,
    ProblemCode.VALIDATION,
    ProblemCode.TOO_MANY_REQUESTS,
    ProblemCode.INTERNAL,
)
_ALWAYS_TOO = (  # too slow, compressed, busy
    (ProblemCode.MALFORMED, 408),
    (ProblemCode.MALFORMED, 415),
    (ProblemCode.INTERNAL, 503),
)
UNWELL: Final = (OperationalError, InternalError, InterfaceError, NotSupportedError, PoolTimeoutError)  # the database's
_log = logging.getLogger("lamplight.records")

_MEANINGS: Final[dict[ProblemCode, tuple[int, str]]] = {
    ProblemCode.MALFORMED: (400, "The request can't be read."),
    ProblemCode.TOO_LARGE: (413, "The request is too large."),
    ProblemCode.VALIDATION: (422, "The request breaks the contract."),
    ProblemCode.CERTIFICATE_UNKNOWN: (401, "No enrolled device holds this connection."),
    ProblemCode.DEVICE_REVOKED: (403, "This device is no longer welcome."),
    ProblemCode.NOT_PERMITTED: (403, "This device may not do that."),
    ProblemCode.NOT_FOUND: (404, "There is no such thing here."),
    ProblemCode.ENROLMENT_CODE_INVALID: (403, "The enrolment code is wrong, used or too old."),
    ProblemCode.AUDIT_FORK: (409, "The device's own audit is not the one that records have heard of."),
    ProblemCode.SUBJECT_EXPIRED: (410, "The visit is over."),
    ProblemCode.STATEMENT_INVALID: (422, "The statement is not this device's, or not of this visit."),
    ProblemCode.NOBODY_ON_DUTY: (409, "No officer is on duty."),
    ProblemCode.PORTRAIT_ALREADY_GIVEN: (409, "The portrait was given in this visit."),
    ProblemCode.IDENTITY_NOT_PROVEN: (403, "The identity is not proven."),
    ProblemCode.PURPOSE_NOT_OFFERED: (422, "The policy offers no such paper for such a purpose."),
    ProblemCode.RECORD_UNCLEAR: (409, "An officer must look at this record."),
    ProblemCode.NOT_ELIGIBLE: (409, "The policy gives this person no such paper here."),
    ProblemCode.YEARLY_LIMIT: (409, "More applications this year need a reason, at the window."),
    ProblemCode.TOO_YOUNG: (409, "The policy has a guardian ask for somebody of this age."),
    ProblemCode.RESIDENCE_UNCONFIRMED: (409, "The declared residence must be confirmed first, at the window."),
    ProblemCode.NO_PORTRAIT: (409, "The register has no photograph of this person."),
    ProblemCode.DWELLING_UNKNOWN: (404, "This community has no such flat."),
    ProblemCode.PAPER_TOO_LONG: (409, "The words of this paper don't fit on anything it may be printed on."),
    ProblemCode.INTAKE_UNREADABLE: (422, "The seal does not open, or is not this item's."),
    ProblemCode.INTAKE_CONTENT: (422, "What was sent or sealed breaks the contract."),
    ProblemCode.INTAKE_OTHER: (422, "Another item has this number."),
    ProblemCode.KEY_AWAY: (503, "The key that opens this seal can't be used now."),
    ProblemCode.BLOB_MISSING: (409, "A file that it names has not arrived."),
    ProblemCode.NO_ROOM: (507, "Too much waits here already."),
    ProblemCode.BLOB_MISMATCH: (422, "The bytes are not those of that hash."),
    ProblemCode.REISSUE_LIMIT: (409, "No more reissues today."),
    ProblemCode.ALREADY_SEALED: (409, "Another document was sealed under this serial."),
    ProblemCode.PAPER_VOID: (409, "The paper is void."),
    ProblemCode.PAPER_DELIVERED: (409, "The paper is delivered."),
    ProblemCode.PAPER_NOT_SEALED: (409, "The paper is not sealed."),
    ProblemCode.RESERVATION_VOID: (409, "The reservation is void."),
    ProblemCode.IDEMPOTENCY_KEY_REUSED: (422, "The key was used for another request."),
    ProblemCode.IN_PROGRESS: (409, "The same request is being answered."),
    ProblemCode.CURSOR_EXPIRED: (410, "So much has changed since then that a snapshot must be read first."),
    ProblemCode.STALE_REVISION: (412, "It was changed meanwhile: read it again."),
    ProblemCode.CONTACT_CODE_WRONG: (403, "The code is wrong or too old."),
    ProblemCode.CONTACT_UNREACHABLE: (503, "No text can be sent now."),
    ProblemCode.NOT_READY: (503, "Records can't do their work now."),
    ProblemCode.TOO_MANY_REQUESTS: (429, "Too many requests."),
    ProblemCode.INTERNAL: (500, "Records failed; the same request may be sent again."),
}


def status_of(code: ProblemCode) -> int:
    """The HTTP status that a problem usually comes with."""
    return _MEANINGS[code][0]


def response(
    code: ProblemCode,
    detail: str = "",
    *,
    status: int | None = None,
    retry_after_s: int | None = None,
    instance: str = "",
) -> Response:
    """A problem detail, ready to send."""
    usual, title = _MEANINGS[code]
    problem = Problem(
        type=_TYPE + code.value,
        title=title,
        status=status or usual,
        detail=detail[:_LONGEST_DETAIL],
        instance=instance,
        code=code,
        retryable=code in _RETRYABLE,
        retry_after_s=retry_after_s,
    )
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s is not None else None
    return Response(problem.model_dump_json(), problem.status, headers, MEDIA_TYPE)


def documented(*codes: ProblemCode) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route: what it may refuse with, besides what every route may."""
    usual = ((code, status_of(code)) for code in (*codes, *_ALWAYS))
    by_status: dict[int | str, list[ProblemCode]] = {}
    for code, status in dict.fromkeys((*usual, *_ALWAYS_TOO)):
        by_status.setdefault(status, []).append(code)
    return {
        status: {
            "description": " ".join(f"`{code.value}`: {_MEANINGS[code][1]}" for code in together),
            "content": {MEDIA_TYPE: _SCHEMA},
        }
        for status, together in by_status.items()
    }


def install(app: FastAPI) -> None:
    """Answer every failure with a problem detail."""
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(DataError, _unfit)
    for each in UNWELL:
        app.add_exception_handler(each, _busy)


def _instance(request: Request) -> str:
    """The request's own number, under which it stands in the log."""
    return f"urn:uuid:{request.state.request_id}"


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101 - as registered
    return response(error.problem, error.words, retry_after_s=error.retry_after_s, instance=_instance(request))


async def _invalid(request: Request, error: Exception) -> Response:
    """Where and which rule; never what was sent."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as registered
    found = error.errors()
    unreadable = any(each["type"] == "json_invalid" for each in found)
    places = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in found[:_MOST_PLACES])
    code = ProblemCode.MALFORMED if unreadable else ProblemCode.VALIDATION
    return response(code, places, instance=_instance(request))


async def _framework(request: Request, error: Exception) -> Response:
    """No such route, no such method, an unreadable body."""
    assert isinstance(error, HTTPException)  # noqa: S101 - as registered
    code = ProblemCode.NOT_FOUND if error.status_code == status_of(ProblemCode.NOT_FOUND) else ProblemCode.MALFORMED
    answer = response(code, status=error.status_code, instance=_instance(request))
    answer.headers.update(error.headers or {})
    if "allow" in answer.headers:
        answer.headers["Allow"] = _methods(request) or answer.headers["Allow"]
    return answer


def _methods(request: Request) -> str:
    """All that this path may be asked, as it is described: the framework names those of the first route that has it."""
    described = request.app.openapi()["paths"].get(getattr(request.scope.get("route"), "path", ""), {})
    return ", ".join(sorted(method.upper() for method in described))


async def _unfit(request: Request, error: Exception) -> Response:
    """A value that the database can't hold, as a text with a NUL. Which one, its error says by quoting it: we don't."""
    _log.info("unfit value", extra={"error": type(error).__name__})
    return response(ProblemCode.VALIDATION, instance=_instance(request))


async def _busy(request: Request, error: Exception) -> Response:
    """The database did not let us in, in time, or lost the transaction, or is a standby that takes no writes yet: the
    same request may be sent again."""
    _log.error("database busy", extra={"error": type(error).__name__})
    return response(ProblemCode.INTERNAL, status=503, retry_after_s=1, instance=_instance(request))
