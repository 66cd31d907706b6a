"""What became of a paper: by its whole serial, which stands in a form and never in an address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from records.console import paths
from records.console.pages import go, page
from records.console.routes.persons import Given, unfit
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules.numbering import is_serial
from records.rules.paper_voids import VoidBasis
from records.rules.purposes import LONGEST_TICKET, View, for_view
from records.services import paper_desk, persons, reading
from records.services.paper_desk import Found
from records.services.refusals import ReadingLimitError, ReadingUnfitError
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
Serial = Annotated[str, Form(max_length=40)]
Text = Annotated[str, Form(max_length=64)]


@router.get("/papers")
def papers_page(here: AnyVisitor, session: AtConsole) -> Response:
    """How many there are, and the form."""
    return _overview(here, session)


@router.post("/papers", dependencies=FORM)
def find(here: AnyVisitor, session: AtConsole, serial: Serial = "") -> Response:
    """One paper."""
    found = paper_desk.find(here.records, session, serial)
    return _overview(here, session, serial) if found is None else _paper(here, session, found, Given())


@router.post("/papers/void", dependencies=FORM)
def void(here: AnyVisitor, session: AtConsole, serial: Serial = "", basis: Text = "", confirmed: Text = "") -> Response:
    """What it means, to be confirmed; confirmed, it is void."""
    found = paper_desk.find(here.records, session, serial)
    if found is None:
        return _overview(here, session, serial)
    if basis not in set(VoidBasis):
        return _paper(here, session, found, Given(), here.words("papers.problem_basis"))
    if confirmed != "yes":
        return page(here, "paper_void.html", session, found=found, basis=basis)
    paper_desk.void(here.records, session, found, VoidBasis(basis))
    return go(paths.PAPERS)


@router.post("/papers/holder", dependencies=FORM)
def holder(
    here: AnyVisitor, session: AtConsole, serial: Serial = "", purpose: Text = "", ticket: Text = ""
) -> Response:
    """Whom it is about: a look at a person like any other."""
    found = paper_desk.find(here.records, session, serial)
    if found is None:
        return _overview(here, session, serial)
    try:
        why = reading.why(purpose, ticket, View.PAPERS)
        person = paper_desk.holder(here.records, session, found, why)
    except (ReadingUnfitError, ReadingLimitError) as error:
        return _paper(here, session, found, unfit(Given(purpose, ticket[:LONGEST_TICKET]), error))
    if person is None:
        return page(here, "person_nobody.html", session, status=404)
    return page(here, "person.html", session, opened=persons.opened(here.records, session, person, why), View=View)


def _overview(here: Visitor, session: Session, serial: str | None = None) -> Response:
    """``serial``: what was typed and did not lead to a paper."""
    shown = paper_desk.overview(here.records, session)
    problem = "" if serial is None else "unknown" if is_serial("".join(serial.split())) else "serial"
    status = {"": 200, "unknown": 404, "serial": 422}[problem]
    values = {"shown": shown, "problem": problem, "serial": serial or "", "masked": paper_desk.masked}
    return page(here, "papers.html", session, status=status, **values)


def _paper(here: Visitor, session: Session, found: Found, given: Given, problem: str = "") -> Response:
    """``problem``: of the form that voids it; of the other one, ``given`` tells."""
    values = {
        "found": found,
        "bases": tuple(VoidBasis),
        "problem": problem,
        "given": given,
        "purposes": for_view(View.PAPERS),
        "longest_ticket": LONGEST_TICKET,
        "limit": here.records.settings.reading.per_hour,
    }
    return page(here, "paper.html", session, status=422 if problem else given.status, **values)
