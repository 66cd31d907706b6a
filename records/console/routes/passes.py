"""Asking gates when somebody came in: for a purpose, under a ticket, for some days, once a second account agrees.

Of whom is said by a slip that was brought, or on the page of a person that is open. The answer is shown once.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response
from pydantic import BaseModel, Field

from forms.paper import CHINA_TIME
from records.console import paths
from records.console.pages import go, page
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules.purposes import LONGEST_TICKET, View, for_view
from records.rules.reasons import tells_a_number
from records.rules.roles import Right
from records.services.gates import doors, passes
from records.services.refusals import ApprovalOverError, AskingUnfitError, ReadingUnfitError, SlipUnknownError
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
Day = Annotated[str, Form(max_length=20)]


class Written(BaseModel):
    """What an officer typed."""

    slip: str = Field("", max_length=64, repr=False)
    purpose: str = ""
    ticket: str = ""
    since: str = Field("", max_length=20)
    until: str = Field("", max_length=20)


Form_ = Annotated[Written, Form()]


@dataclass(frozen=True, slots=True)
class Question:
    """The form as it comes back, without the slip: ``typed``, whether there was one. ``problem``: a key of the words,
    empty at first."""

    purpose: str = ""
    ticket: str = ""
    since: str = ""
    until: str = ""
    problem: str = ""
    status: int = 200
    typed: bool = False


@router.get("/passes")
def passes_page(here: AnyVisitor, session: AtConsole) -> Response:
    """What this account asked, and the form."""
    return _page(here, session, Question())


@router.post("/passes", dependencies=FORM)
def ask_by_slip(here: AnyVisitor, session: AtConsole, written: Form_) -> Response:
    """Ask of the holder of a slip; a second account has to agree."""
    session.needs(Right.PASSES)
    why = written.purpose, written.ticket
    try:
        passes.ask_of_slip(here.records, session, written.slip, why, _span(here, written.since, written.until))
    except (ReadingUnfitError, AskingUnfitError, SlipUnknownError) as error:
        return _page(here, session, _returned(written, error))
    return go(paths.APPROVALS, "asked")


@router.post("/passes/person", dependencies=FORM)
def ask_of_person(
    here: AnyVisitor,
    session: AtConsole,
    handle: Annotated[str, Form(max_length=500)] = "",
    since: Day = "",
    until: Day = "",
) -> Response:
    """Ask of somebody whose page is open, under its purpose and ticket."""
    session.needs(Right.PASSES)
    try:
        passes.ask_of_handle(here.records, session, handle, _span(here, since, until))
    except (ReadingUnfitError, AskingUnfitError) as error:
        given = Question(since=since, until=until, problem=_problem(error))
        return page(here, "passes_person.html", session, status=422, handle=handle, given=given)
    return go(paths.APPROVALS, "asked")


@router.post("/passes/{ask_id}", dependencies=FORM)
def open_answer(here: AnyVisitor, session: AtConsole, ask_id: Annotated[str, Path(max_length=64)]) -> Response:
    """What gates answered, in this answer alone."""
    try:
        opened = passes.opened(here.records, session, ask_id)
    except ApprovalOverError as error:
        return _page(here, session, Question(problem=error.code, status=409))
    return page(here, "passes_answer.html", session, opened=opened, names=_names(here))


def _span(here: Visitor, since: str, until: str) -> tuple[datetime, datetime]:
    """From the first instant of a day to the last one of another, or to now. AskingUnfitError: no days."""
    try:
        first, last = date.fromisoformat(since.strip()), date.fromisoformat(until.strip())
    except ValueError:
        raise AskingUnfitError("span") from None
    now = here.records.clock.now().astimezone(CHINA_TIME)
    end = datetime.combine(last, time.max, CHINA_TIME)
    return datetime.combine(first, time.min, CHINA_TIME), now if last == now.date() else end


def _problem(error: ReadingUnfitError | AskingUnfitError | SlipUnknownError) -> str:
    """Its key below ``problem.``."""
    match error:
        case ReadingUnfitError():
            return f"reading-{error.detail}"
        case AskingUnfitError():
            return f"asking-{error.detail}"
        case _:
            return error.code


def _returned(written: Written, error: ReadingUnfitError | AskingUnfitError | SlipUnknownError) -> Question:
    """What was typed, but for the slip and what holds a citizen's number."""
    ticket = "" if tells_a_number(written.ticket) else written.ticket[:LONGEST_TICKET]
    days = written.since, written.until
    return Question(written.purpose, ticket, *days, _problem(error), 422, typed=bool(written.slip))


def _names(here: Visitor) -> dict[str, str]:
    """What doors are called."""
    zh = here.words.language == "zh"
    return {each.device_id: each.name_zh if zh else each.name_en for each in doors.every(here.records)}


def _page(here: Visitor, session: Session, given: Question) -> Response:
    rows = passes.standing(here.records, session)
    values = {"rows": rows, "given": given, "purposes": for_view(View.PASSES), "longest_ticket": LONGEST_TICKET}
    return page(here, "passes.html", session, status=given.status, **values)
