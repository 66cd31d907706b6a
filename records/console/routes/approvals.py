"""What waits for a second account, and agreeing to it."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Path, Response

from records.console import paths
from records.console.pages import go, page
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.services import approvals, protection
from records.services.approvals import Do, Tell
from records.services.gates import passes
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
from records.store.approvals import Matter

router = APIRouter()
FORM = [Depends(genuine_form)]
ApprovalId = Annotated[str, Path(max_length=64)]
Typed = Annotated[str, Form(max_length=60)]
Proof = Annotated[str, Form(max_length=64)]
DO: Final[dict[Matter, Do]] = protection.DO | doing.DO | passes.DO
TELL: Final[dict[Matter, Tell]] = protection.TELL | telling.TELL | passes.TELL
REFUSALS = (ApprovalOverError, CheckFailedError, EventUnfitError, MustWaitError, SameAccountError)


@router.get("/approvals")
def approvals_page(here: AnyVisitor, session: AtConsole) -> Response:
    """All that is open, one's own among it."""
    return _page(here, session)


@router.post("/approvals/{approval_id}/read", dependencies=FORM)
def read(
    here: AnyVisitor, session: AtConsole, approval_id: ApprovalId, number: Typed = "", again: Typed = ""
) -> Response:
    """What was asked for; for who types the person's number as the file has it, and what it says besides."""
    try:
        row, proof = approvals.read(here.records, session, approval_id, number + again)
        lines = TELL[row.matter](here.records, row)
    except REFUSALS as error:
        return _refused(here, session, approval_id, error)
    return page(here, "approval.html", session, row=row, proof=proof, lines=lines)


@router.post("/approvals/{approval_id}/approve", dependencies=FORM)
def approve(here: AnyVisitor, session: AtConsole, approval_id: ApprovalId, read: Proof = "") -> Response:
    """Agree to what was read."""
    try:
        approvals.approve(here.records, session, approval_id, DO, read)
    except REFUSALS as error:
        return _refused(here, session, approval_id, error)
    return go(paths.APPROVALS, "agreed")


@router.get("/approvals/{approval_id}/refuse")
def refuse_page(here: AnyVisitor, session: AtConsole, approval_id: ApprovalId) -> Response:
    """Whether it is meant: what was refused or taken back has to be asked for anew."""
    try:
        row = approvals.still_open(here.records, session, approval_id)
    except ApprovalOverError as error:
        return _refused(here, session, approval_id, error)
    return page(here, "approval_refuse.html", session, row=row)


@router.post("/approvals/{approval_id}/refuse", dependencies=FORM)
def refuse(here: AnyVisitor, session: AtConsole, approval_id: ApprovalId) -> Response:
    """Not so, or taken back by who asked."""
    try:
        state = approvals.refuse(here.records, session, approval_id)
    except ApprovalOverError as error:
        return _refused(here, session, approval_id, error)
    return go(paths.APPROVALS, state)


def _refused(here: Visitor, session: Session, approval_id: str, error: ConsoleRefusalError) -> Response:
    match error:
        case CheckFailedError():
            return _page(here, session, approval_id, here.words("problem.approval-number"), 422)
        case MustWaitError():
            problem = here.words("problem.must-wait", seconds=error.seconds)
            answer = _page(here, session, approval_id, problem, 429)
            answer.headers["Retry-After"] = str(error.seconds)
            return answer
        case _:
            return _page(here, session, approval_id, here.words(f"problem.{error.code}"), 409)


def _page(here: Visitor, session: Session, about: str = "", problem: str = "", status: int = 200) -> Response:
    """``problem``: stands at the entry that it is ``about``, or where that is gone, above all of them."""
    rows = approvals.list_open(here.records, session)
    at = about if about in {row.approval_id for row in rows} else ""
    shown = {"typed_again": asking.TYPED_AGAIN, "optional": asking.MAY_BE_EMPTY, "problem": problem, "at": at}
    return page(here, "approvals.html", session, status=status, rows=rows, **shown)
