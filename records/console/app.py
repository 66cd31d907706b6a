"""The console as an application of its own, mounted by ``records.app``: its refusals are pages, not problem details."""

from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from records.api.edge import App
from records.console import failures
from records.console.headers import Hardened
from records.console.routes import (
    account,
    alarms,
    alerts,
    applications,
    approvals,
    audit,
    cases,
    devices,
    duty,
    houses,
    intakes,
    life_events,
    papers,
    persons,
    policy,
    protection,
)
from records.context import Records

_STATIC = Path(__file__).parent / "static"


def console(records: Records) -> App:
    """The pages below /console."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.records = records
    failures.install(app)
    for module in (
        account,
        duty,
        cases,
        applications,
        intakes,
        persons,
        houses,
        papers,
        life_events,
        protection,
        approvals,
        devices,
        policy,
        alarms,
        alerts,
        audit,
    ):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=_STATIC))
    return Hardened(app)
