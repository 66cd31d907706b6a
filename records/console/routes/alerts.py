"""Alerts of guessing at numbers: how often and where, never which number."""

from fastapi import APIRouter, Depends, Response

from records.console import paths
from records.console.pages import go, page
from records.console.visitor import AnyVisitor, AtConsole, genuine_form
from records.rules.roles import Right
from records.services.officers import note
from records.store import alerts, devices

router = APIRouter()


@router.get("/alerts")
def alerts_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The open ones, the latest first."""
    session.needs(Right.ALERTS)
    with here.records.database.reading() as transaction:
        names = {each.device_id: each.name for each in devices.every(transaction)}
        rows = alerts.list_open(transaction)
    return page(here, "alerts.html", session, alerts=rows, names=names)


@router.post("/alerts/{alert_id}/seen", dependencies=[Depends(genuine_form)])
def seen(here: AnyVisitor, session: AtConsole, alert_id: int) -> Response:
    """This officer has seen to it; said twice, it changes nothing."""
    session.needs(Right.ALERTS)
    who = session.officer.officer_id
    with here.records.database.writing() as transaction:
        if alerts.close(transaction, alert_id, who, here.records.clock.now()):
            note(here.records, transaction, "alert-closed", who, alert=alert_id)
    return go(paths.ALERTS)
