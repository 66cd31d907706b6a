"""What waits for a second account, and agreeing to it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response

from records.console import paths
from records.console.pages import go, page
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.services import approvals, protection
from records.services.life_events import asking, doing, telling
from records.services.refusals import (
    ApprovalOverError,
    CheckFailedError,
    ConsoleRefusalError,
    EventUnfitError,
    MustWaitError,
    SameAccountError,
)
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
ApprovalId = Annotated[str, Path(max_length=64)]
Typed = Annotated[str, Form(max_length=60)]
Proof = Annotated[str, Form(max_length=64)]
DO = protection.DO | doing.DO
REFUSALS = (ApprovalOverError, CheckFailedError, EventUnfitError, MustWaitError, SameAccountError)


@router.get("/approvals")
def approvals_page(here: AnyVisitor, session: AtConsole) -> Response:
    """All that is open, one's own among it."""
    return _page(here, session)


@router.post("/approvals/{approval_id}/read", dependencies=FORM)
def read(
    here: AnyVisitor, session: AtConsole, approval_id: ApprovalId, number: Typed = "", again: Typed = ""
) -> Response:
    """What is to be written down; for who types the person's number as the file has it, and what it says besides."""
    try:
        row, proof = approvals.read(here.records, session, approval_id, number + again)
        lines = telling.written(here.records, row)
    except REFUSALS as error:
        return _refused(here, session, error)
    return page(here, "approval.html", session, row=row, proof=proof, lines=lines)


@router.post("/approvals/{approval_id}/approve", dependencies=FORM)
def approve(
    here: AnyVisitor, session: AtConsole, approval_id: ApprovalId, number: Typed = "", read: Proof = ""
) -> Response:
    """Agree: to what was read; or, where nothing is, with the person's number as the ticket's file has it."""
    try:
        approvals.approve(here.records, session, approval_id, DO, read or number)
    except REFUSALS as error:
        return _refused(here, session, error)
    return go(paths.APPROVALS)


@router.post("/approvals/{approval_id}/refuse", dependencies=FORM)
def refuse(here: AnyVisitor, session: AtConsole, approval_id: ApprovalId) -> Response:
    """Not so, or taken back by who asked."""
    try:
        approvals.refuse(here.records, session, approval_id)
    except ApprovalOverError as error:
        return _page(here, session, here.words(f"problem.{error.code}"), 409)
    return go(paths.APPROVALS)


def _refused(here: Visitor, session: Session, error: ConsoleRefusalError) -> Response:
    match error:
        case CheckFailedError():
            return _page(here, session, here.words("problem.approval-number"), 422)
        case MustWaitError():
            answer = _page(here, session, here.words("problem.must-wait", seconds=error.seconds), 429)
            answer.headers["Retry-After"] = str(error.seconds)
            return answer
        case _:
            return _page(here, session, here.words(f"problem.{error.code}"), 409)


def _page(here: Visitor, session: Session, problem: str = "", status: int = 200) -> Response:
    rows = approvals.list_open(here.records, session)
    shown = {"typed_again": asking.TYPED_AGAIN, "optional": asking.MAY_BE_EMPTY, "read_first": approvals.READ_FIRST}
    return page(here, "approvals.html", session, status=status, rows=rows, problem=problem, **shown)
