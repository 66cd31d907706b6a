"""The console as an application of its own, mounted by ``records.app``: its refusals are pages, not problem details."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute
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
    gate_doors,
    houses,
    intakes,
    life_events,
    losses,
    papers,
    passes,
    persons,
    policy,
    property_desk,
    protection,
    tenancies,
)
from records.context import Records

_STATIC = Path(__file__).parent / "static"
_MODULES = (
    account,
    duty,
    cases,
    applications,
    intakes,
    tenancies,
    persons,
    losses,
    houses,
    property_desk,
    passes,
    papers,
    life_events,
    protection,
    approvals,
    devices,
    gate_doors,
    policy,
    alarms,
    alerts,
    audit,
)


def console(records: Records) -> App:
    """The pages below /console."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.records = records
    failures.install(app)
    app.router.routes.extend(_routes())
    app.mount("/static", StaticFiles(directory=_STATIC))
    return Hardened(app)


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """The same whatever the records, and analysed once by each process."""
    gathered = APIRouter()
    for module in _MODULES:
        gathered.include_router(module.router)
    return tuple(gathered.routes)
