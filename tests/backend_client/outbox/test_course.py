"""What a failure asks for, by what failed."""

import pytest

from backend_client.contract.base import Problem, ProblemCode
from backend_client.errors import (
    DeviceRevokedError,
    EnrolmentError,
    RecordsError,
    RecordsProtocolError,
    RecordsUnreachableError,
)
from backend_client.outbox.course import Course, asked_to_wait, course_of
from tests.support.outbox import refused

REVOKED = Problem(type="t", title="t", status=403, code=ProblemCode.DEVICE_REVOKED)


@pytest.mark.parametrize(
    ("error", "course"),
    [
        (RecordsUnreachableError("x"), Course.AGAIN),
        (refused(ProblemCode.INTERNAL, 500, retryable=True), Course.AGAIN),
        (refused(ProblemCode.INTERNAL, 503), Course.AGAIN),
        (refused(ProblemCode.TOO_MANY_REQUESTS, 429), Course.AGAIN),
        (refused(ProblemCode.MALFORMED, 408), Course.AGAIN),
        (refused(ProblemCode.MALFORMED, 425), Course.AGAIN),
        (refused(ProblemCode.IN_PROGRESS, 409, retryable=True), Course.AGAIN),
        (refused(ProblemCode.VALIDATION, 422), Course.ITEMS),
        (refused(ProblemCode.MALFORMED, 400), Course.ITEMS),
        (refused(ProblemCode.MALFORMED, 413), Course.ITEMS),
        (refused(ProblemCode.CERTIFICATE_UNKNOWN, 401), Course.REST),
        (refused(ProblemCode.NOT_PERMITTED, 403), Course.REST),
        (refused(ProblemCode.NOT_FOUND, 404), Course.REST),
        (refused(ProblemCode.IDEMPOTENCY_KEY_REUSED, 409), Course.REST),
        (RecordsProtocolError("x"), Course.REST),
        (EnrolmentError("x"), Course.REST),
        (DeviceRevokedError(REVOKED), Course.STOP),
    ],
)
def test_only_what_passes_by_itself_is_tried_again_soon(error: RecordsError, course: Course) -> None:
    """The network, 408, 425, 429 and 5xx; a revoked device never asks again."""
    assert course_of(error) is course


def test_what_the_other_end_asked_for_is_heard() -> None:
    """In a problem, or in a gateway's header."""
    assert asked_to_wait(refused(ProblemCode.TOO_MANY_REQUESTS, 429, after=30)) == 30
    assert asked_to_wait(RecordsUnreachableError("status 503", 12.0)) == 12
    assert asked_to_wait(RecordsUnreachableError("x")) is None
    assert asked_to_wait(RecordsProtocolError("x")) is None
