"""The application: open records behind the routes of the contract."""

from functools import cache, partial
from typing import Any

from anyio import CapacityLimiter
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from backend_client.contract.base import Problem
from records.api import (
    alarms,
    blobs,
    changes,
    confirmations,
    devices,
    dwellings,
    gates,
    health,
    intakes,
    messages,
    own_ways,
    papers,
    persons,
    policy,
    problems,
    tenancies,
    verification,
)
from records.api.dependencies import unwelcome
from records.api.edge import App, Edge
from records.console import paths
from records.console.app import console
from records.context import Records
from records.health import Readiness
from records.public.answering import answers
from records.public.app import public
from records.public.passes import passes
from records.services.hints import Hints

_MODULES = (
    devices,
    changes,
    alarms,
    policy,
    persons,
    dwellings,
    confirmations,
    papers,
    messages,
    verification,
    health,
    intakes,
    blobs,
    gates,
    own_ways,
    tenancies,
)
_ABOUT = """Central records of a community: who its residents are, which papers were issued, which devices may ask.
Devices come with a certificate (mutual TLS). Every refusal is a problem detail (RFC 9457)."""


class _Api(FastAPI):
    """FastAPI with the problem detail in its description."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description."""
        fresh = self.openapi_schema is None
        schema = super().openapi()
        if fresh:
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            schemas |= problem.pop("$defs", {}) | {"Problem": problem}
        return schema


def api(records: Records) -> FastAPI:
    """The routes, without the outermost layer."""
    app = _Api(title="Lamplight records", version="1", description=_ABOUT, docs_url=None, redoc_url=None)
    app.state.records = records
    app.state.readiness = Readiness(records)
    app.state.hints = Hints(records)
    app.state.threads_for_help = CapacityLimiter(alarms.THREADS)
    problems.install(app)
    app.router.routes.extend(_routes())
    app.router.routes.append(Route("/", _front, include_in_schema=False))
    app.mount("/console", console(records))
    for place, pages in (("check", public), ("answer", answers), ("pass", passes)):
        app.mount(f"/{place}", pages(records))
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """The same whatever the records: a process that opens several (a test, a demonstration) analyses them once."""
    gathered = APIRouter()
    for module in _MODULES:
        gathered.include_router(module.router)
    return tuple(gathered.routes)


def _front(_request: Request) -> RedirectResponse:
    """Whoever types the address alone is no machine."""
    return RedirectResponse(paths.HOME, 303)


def application(records: Records, routes: FastAPI | None = None) -> App:
    """The ASGI application that is served. ``routes``: api(records), where the caller has them already."""
    asked, limits = partial(unwelcome, records), records.settings.limits
    return Edge(routes or api(records), records.clock, limits, str(records.settings.server.check_proxy), asked)
