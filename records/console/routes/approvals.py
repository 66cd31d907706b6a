"""What waits for a second account, and agreeing to it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response

from records.console import paths
from records.console.pages import go, page
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.services import approvals, protection
from records.services.life_events import asking, doing
from records.services.refusals import (
    ApprovalOverError,
    CheckFailedError,
    EventUnfitError,
    MustWaitError,
    SameAccountError,
)
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
ApprovalId = Annotated[str, Path(max_length=64)]
Typed = Annotated[str, Form(max_length=60)]
DO = protection.DO | doing.DO


@router.get("/approvals")
def approvals_page(here: AnyVisitor, session: AtConsole) -> Response:
    """All that is open, one's own among it."""
    return _page(here, session)


@router.post("/approvals/{approval_id}/approve", dependencies=FORM)
def approve(
    here: AnyVisitor, session: AtConsole, approval_id: ApprovalId, number: Typed = "", again: Typed = ""
) -> Response:
    """Agree; where a person is meant, with their number as the ticket's file has it, and with what it says besides."""
    try:
        approvals.approve(here.records, session, approval_id, DO, number + again)
    except CheckFailedError:
        return _page(here, session, here.words("problem.approval-number"), 422)
    except MustWaitError as error:
        answer = _page(here, session, here.words("problem.must-wait", seconds=error.seconds), 429)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    except (ApprovalOverError, SameAccountError, EventUnfitError) as error:
        return _page(here, session, here.words(f"problem.{error.code}"), 409)
    return go(paths.APPROVALS)


@router.post("/approvals/{approval_id}/refuse", dependencies=FORM)
def refuse(here: AnyVisitor, session: AtConsole, approval_id: ApprovalId) -> Response:
    """Not so, or taken back by who asked."""
    try:
        approvals.refuse(here.records, session, approval_id)
    except ApprovalOverError as error:
        return _page(here, session, here.words(f"problem.{error.code}"), 409)
    return go(paths.APPROVALS)


def _page(here: Visitor, session: Session, problem: str = "", status: int = 200) -> Response:
    rows = approvals.list_open(here.records, session)
    return page(
        here, "approvals.html", session, status=status, rows=rows, problem=problem, typed_again=asking.TYPED_AGAIN
    )
