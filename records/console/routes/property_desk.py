"""The property desk: one field, one right, nothing else; and the guard's code for a day after a right's end.

What was opened stands in the answer to the form alone: no address leads to it, no list has it.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from records.console.pages import page
from records.console.routes.cases import Filled
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules import reasons
from records.rules.roles import Right
from records.services.gates import desk, guests
from records.services.refusals import GuardCodeUnfitError, ReasonUnfitError, SlipUnknownError
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
Slip = Annotated[str, Form(max_length=64)]
_UNKNOWN = 404


@router.get("/slips")
def slip_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The field."""
    session.needs(Right.SLIPS)
    return page(here, "slips.html", session, problem="")


@router.post("/slips", dependencies=FORM)
def open_slip(here: AnyVisitor, session: AtConsole, slip: Slip = "") -> Response:
    """The right of the slip that was scanned or typed."""
    try:
        opened = desk.open_right(here.records, session, slip)
    except SlipUnknownError:
        return page(here, "slips.html", session, status=_UNKNOWN, problem=here.words("problem.slip-unknown"))
    return page(here, "slip.html", session, opened=opened)


@router.get("/slips/code")
def code_page(here: AnyVisitor, session: AtConsole) -> Response:
    """What a code for today is for, and the form."""
    session.needs(Right.GUARD_CODES)
    return _code_form(here, session, Filled())


@router.post("/slips/code", dependencies=FORM)
def make_code(here: AnyVisitor, session: AtConsole, slip: Slip = "", reason: Annotated[str, Form()] = "") -> Response:
    """The code, in this answer alone."""
    try:
        code = guests.guard(here.records, session, slip, reason)
    except ReasonUnfitError as error:
        return _code_form(here, session, Filled(f"reason-{error.detail}", reason[: reasons.LONGEST]))
    except (SlipUnknownError, GuardCodeUnfitError) as error:
        return _code_form(here, session, Filled(error.code, reason[: reasons.LONGEST]))
    return page(here, "slip_code_made.html", session, code=code)


def _code_form(here: Visitor, session: Session, filled: Filled) -> Response:
    values = {"filled": filled, "longest": reasons.LONGEST}
    return page(here, "slip_code.html", session, status=filled.status, **values)
