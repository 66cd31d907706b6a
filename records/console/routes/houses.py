"""Community, building, floor, flat: plain pages with counts, and who lives in a flat for a purpose and a ticket."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response
from starlette.exceptions import HTTPException

from records.console.pages import page
from records.console.routes.persons import Given, unfit
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules.purposes import LONGEST_TICKET, View, for_view
from records.services import houses, reading
from records.services.refusals import ReadingLimitError, ReadingUnfitError
from records.services.sessions import Session
from records.store.dwellings import DwellingRow

router = APIRouter()
FORM = [Depends(genuine_form)]
Text = Annotated[str, Form()]
Building = Annotated[str, Path(max_length=8, pattern=r"^[0-9A-Z]+$")]
Floor = Annotated[str, Path(max_length=6, pattern=r"^([0-9]+|-)$")]
FlatId = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/houses")
def buildings_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The buildings."""
    return page(here, "houses.html", session, buildings=houses.buildings(here.records, session))


@router.get("/houses/{building}")
def building_page(here: AnyVisitor, session: AtConsole, building: Building) -> Response:
    """A building's floors."""
    floors = houses.floors_of(here.records, session, building)
    if not floors:
        raise HTTPException(404)
    return page(here, "house_floors.html", session, building=building, floors=floors)


@router.get("/houses/{building}/{floor}")
def floor_page(here: AnyVisitor, session: AtConsole, building: Building, floor: Floor) -> Response:
    """A floor's flats."""
    found = houses.flats(here.records, session, building, "" if floor == "-" else floor)
    if not found:
        raise HTTPException(404)
    return page(here, "house_flats.html", session, building=building, floor=floor, flats=found)


@router.get("/flats/{dwelling_id}")
def flat_page(here: AnyVisitor, session: AtConsole, dwelling_id: FlatId) -> Response:
    """The form: nothing of who lives there, nor whether anybody does."""
    return _form(here, session, _flat(here, session, dwelling_id), Given())


@router.post("/flats/{dwelling_id}", dependencies=FORM)
def open_flat(
    here: AnyVisitor, session: AtConsole, dwelling_id: FlatId, purpose: Text = "", ticket: Text = ""
) -> Response:
    """Who says that they live there, masked."""
    flat = _flat(here, session, dwelling_id)
    try:
        why = reading.why(purpose, ticket, View.DWELLING)
        found = houses.opened(here.records, session, flat, why)
    except (ReadingUnfitError, ReadingLimitError) as error:
        return _form(here, session, flat, unfit(Given(purpose, ticket[:LONGEST_TICKET]), error))
    return page(here, "flat.html", session, flat=flat, found=found, given=why)


def _flat(here: Visitor, session: Session, dwelling_id: str) -> DwellingRow:
    found = houses.flat(here.records, session, dwelling_id)
    if found is None:
        raise HTTPException(404)
    return found


def _form(here: Visitor, session: Session, flat: DwellingRow, given: Given) -> Response:
    limit = here.records.settings.reading.per_hour
    values = {"given": given, "purposes": for_view(View.DWELLING), "limit": limit, "longest_ticket": LONGEST_TICKET}
    return page(here, "flat_why.html", session, status=given.status, flat=flat, **values)
