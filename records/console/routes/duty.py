"""The home page: whether this officer is on duty, and who waits."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response

from records.console import paths
from records.console.navigation import first
from records.console.pages import go, minutes_since, page
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules.roles import Right, may
from records.services import sessions
from records.services.sessions import Session
from records.store import confirmations, devices

router = APIRouter()


@router.get("/")
def home(here: AnyVisitor, session: AtConsole) -> Response:
    """The page itself; who can't be on duty begins elsewhere."""
    begin = first(session.officer.role)
    if begin.path != paths.HOME:
        return go(begin.path)
    return page(here, "home.html", session, waiting=_waiting(here, session))


@router.get("/waiting")
def waiting(here: AnyVisitor, session: AtConsole) -> Response:
    """The same, asked for by the page itself while its officer is on duty: that keeps the duty, and is no act."""
    return home(here, session)


@router.post("/duty", dependencies=[Depends(genuine_form)])
def change_duty(here: AnyVisitor, session: AtConsole, on: Annotated[str, Form()] = "") -> Response:
    """Begin or end the duty."""
    if on == "yes":
        sessions.begin_duty(here.records, session)
    else:
        sessions.end_duty(here.records, session)
    return go(paths.HOME)


def _waiting(here: Visitor, session: Session) -> list[tuple[str, int]]:
    """For each request that nobody has opened: the kiosk's name, and for how many minutes."""
    if not may(session.officer.role, Right.CASES):
        return []
    with here.records.database.reading() as transaction:
        names = {each.device_id: each.name for each in devices.every(transaction)}
        rows = confirmations.waiting(transaction, here.records.clock.now())
    return [(names.get(row.device_id, row.device_id), minutes_since(here, row.asked_at)) for row in rows]
