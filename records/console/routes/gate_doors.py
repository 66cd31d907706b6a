"""Gates: where each stands, how it is, how many rights it holds; and saying where one stands."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from backend_client.contract.gates import DoorKind
from records.console import paths
from records.console.pages import go, page
from records.console.routes.devices import ICONS
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.errors import UnknownNameError
from records.rules.roles import Right
from records.services.gates import watching
from records.services.gates.watching import GateView, Placed
from records.services.sessions import Session

router = APIRouter()
FORM = [Depends(genuine_form)]
DeviceId = Annotated[str, Path(max_length=64)]


class Wanted(BaseModel):
    """The form as it comes back, or as the gate stands."""

    kind: str = Field("", max_length=20)
    building: str = Field("", max_length=20)
    unit: str = Field("", max_length=20)
    face: str = Field("", max_length=20)


Form_ = Annotated[Wanted, Form()]


@router.get("/gates")
def gates_page(here: AnyVisitor, session: AtConsole) -> Response:
    """All gates in use."""
    return page(here, "gates.html", session, views=watching.every(here.records, session), icons=ICONS)


@router.get("/gates/{device_id}")
def place_page(here: AnyVisitor, session: AtConsole, device_id: DeviceId) -> Response:
    """Where it stands, as a form."""
    session.needs(Right.ADMISSION)
    view = _found(here, session, device_id)
    door = view.door
    if door is None:
        return _form(here, session, view, Wanted())
    face = "yes" if door.face else "no"
    return _form(here, session, view, Wanted(kind=door.kind, building=door.building, unit=door.unit, face=face))


@router.post("/gates/{device_id}", dependencies=FORM)
def place(here: AnyVisitor, session: AtConsole, device_id: DeviceId, wanted: Form_) -> Response:
    """It stands there from now on, and is told so."""
    session.needs(Right.ADMISSION)
    view = _found(here, session, device_id)
    if wanted.kind not in set(DoorKind) or wanted.face not in {"yes", "no"}:
        return _form(here, session, view, wanted, 422)
    where = wanted.building.strip().upper(), wanted.unit.strip().upper()
    placed = Placed(DoorKind(wanted.kind), *where, face=wanted.face == "yes")
    try:
        watching.place(here.records, session, device_id, placed)
    except UnknownNameError:
        return _form(here, session, view, wanted, 422)
    return go(paths.GATES)


def _found(here: Visitor, session: Session, device_id: str) -> GateView:
    found = watching.find(here.records, session, device_id)
    if found is None:
        raise HTTPException(404)
    return found


def _form(here: Visitor, session: Session, view: GateView, wanted: Wanted, status: int = 200) -> Response:
    values = {"view": view, "wanted": wanted, "kinds": tuple(DoorKind), "problem": status >= 400}  # noqa: PLR2004
    return page(here, "gate.html", session, status=status, **values)
