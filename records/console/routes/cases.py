"""From the visit code to the decision.

The code is in no address: it is sent in a form, and a handle stands for the case.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response

from records.console import paths
from records.console.pages import go, minutes_since, page
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules import reasons
from records.rules.decisions import BASES, Basis, Confirmed, Declined, How, Seen
from records.rules.roles import Right
from records.services import cases
from records.services.cases import Case
from records.services.refusals import CaseOverError, CodeUnknownError, MustWaitError, ReasonUnfitError
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
Text = Annotated[str, Form()]
Handle = Annotated[str, Path(max_length=80)]


@router.get("/code")
def code_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The form."""
    session.needs(Right.CASES)
    return page(here, "code.html", session, problem="")


@router.post("/code", dependencies=FORM)
def open_case(here: AnyVisitor, session: AtConsole, code: Text = "") -> Response:
    """Open the case of a visit code."""
    try:
        handle = cases.open_by_code(here.records, session, code)
    except CodeUnknownError:
        return page(here, "code.html", session, status=404, problem=here.words("problem.code"))
    except MustWaitError as error:
        problem = here.words("problem.must-wait", seconds=error.seconds)
        answer = page(here, "code.html", session, status=429, problem=problem)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    return go(paths.case(handle))


@router.get("/cases/{handle}")
def case_page(here: AnyVisitor, session: AtConsole, handle: Handle) -> Response:
    """What there is to know, or how it ended."""
    found = cases.look(here.records, session, handle)
    template = "case.html" if found.is_open else "case_over.html"
    return page(here, template, session, case=found, minutes=minutes_since(here, found.asked_at))


@router.get("/cases/{handle}/portrait")
def portrait(here: AnyVisitor, session: AtConsole, handle: Handle) -> Response:
    """The portrait from the records."""
    image = cases.portrait(here.records, session, handle)
    return Response(status_code=404) if image is None else Response(image.reveal(), media_type="image/jpeg")


@router.get("/cases/{handle}/confirm/{how}")
def confirm_page(here: AnyVisitor, session: AtConsole, handle: Handle, how: How) -> Response:
    """The form."""
    return _confirm_form(here, session, handle, how, Filled())


@router.post("/cases/{handle}/confirm/{how}", dependencies=FORM)
def confirm(
    here: AnyVisitor, session: AtConsole, handle: Handle, how: How, basis: Text = "", reason: Text = ""
) -> Response:
    """It is the person."""
    if basis not in BASES[how]:
        return _confirm_form(here, session, handle, how, Filled("basis", reason))
    try:
        cases.decide(here.records, session, handle, Confirmed(how, Basis(basis), reason))
    except ReasonUnfitError as error:
        return _confirm_form(here, session, handle, how, Filled(f"reason-{error.detail}", reason, basis))
    return go(paths.case(handle))


@router.get("/cases/{handle}/decline")
def decline_page(here: AnyVisitor, session: AtConsole, handle: Handle) -> Response:
    """The form."""
    return _decline_form(here, session, handle, Filled())


@router.post("/cases/{handle}/decline", dependencies=FORM)
def decline(here: AnyVisitor, session: AtConsole, handle: Handle, reason: Text = "") -> Response:
    """Not by this way today."""
    try:
        cases.decide(here.records, session, handle, Declined(reason))
    except ReasonUnfitError as error:
        return _decline_form(here, session, handle, Filled(f"reason-{error.detail}", reason))
    return go(paths.case(handle))


@router.post("/cases/{handle}/seen", dependencies=FORM)
def seen(here: AnyVisitor, session: AtConsole, handle: Handle) -> Response:
    """The person is awaited at the window."""
    cases.decide(here.records, session, handle, Seen())
    return go(paths.case(handle))


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it comes back to who filled it in. ``problem``: what is wrong with it, empty at first."""

    problem: str = ""
    reason: str = ""
    basis: str = ""

    @property
    def status(self) -> int:
        """The answer's status."""
        return 422 if self.problem else 200


def _confirm_form(here: Visitor, session: Session, handle: str, how: How, filled: Filled) -> Response:
    found = _open_and_clear(here, session, handle)
    values = {"case": found, "how": how.value, "bases": BASES[how], "longest": reasons.LONGEST, "filled": filled}
    return page(here, "confirm.html", session, status=filled.status, **values)


def _decline_form(here: Visitor, session: Session, handle: str, filled: Filled) -> Response:
    found = _open_and_clear(here, session, handle)
    values = {"case": found, "longest": reasons.LONGEST, "filled": filled}
    return page(here, "decline.html", session, status=filled.status, **values)


def _open_and_clear(here: Visitor, session: Session, handle: str) -> Case:
    """A case that may be confirmed. CaseOverError: it is closed, or the record is unclear."""
    found = cases.look(here.records, session, handle)
    if not found.is_open or found.doubt:
        raise CaseOverError("unclear" if found.is_open else found.state.value)
    return found
