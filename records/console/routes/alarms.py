"""Calls for help from kiosks: the strip on every page, and the list. Nothing personal: a kiosk and a time."""

from fastapi import APIRouter, Depends, Response

from records.console import paths
from records.console.pages import go, page
from records.console.visitor import AnyVisitor, AtConsole, genuine_form
from records.rules.roles import Right
from records.services import alarms as service
from records.store import alarms, devices

router = APIRouter()

_LISTED = 50


@router.get("/alarms")
def alarms_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The latest ones, and who has seen them."""
    session.needs(Right.DUTY)
    with here.records.database.reading() as transaction:
        names = {each.device_id: each.name for each in devices.every(transaction)}
        rows = alarms.latest(transaction, _LISTED)
    return page(here, "alarms.html", session, rows=rows, names=names)


@router.get("/alarms/strip")
def strip(here: AnyVisitor, session: AtConsole) -> Response:
    """The strip alone, and how many wait: asked for by the page's own script every few seconds; that is no act of the
    officer's."""
    session.needs(Right.DUTY)
    return page(here, "live.html", session)


@router.post("/alarms/{alarm_id}/seen", dependencies=[Depends(genuine_form)])
def seen(here: AnyVisitor, session: AtConsole, alarm_id: str) -> Response:
    """This officer sees to it; said twice, it changes nothing."""
    service.see(here.records, session, alarm_id)
    return go(paths.ALARMS)
