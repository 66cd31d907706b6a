"""Who may do what at the console: every endpoint with what it needs, a table that is compared with the application.

A new endpoint fails the test until it is here.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

import httpx2
from fastapi.routing import APIRoute

from records.console.app import console
from records.console.visitor import COOKIE
from records.context import Records
from records.rules.roles import Right, Role, may
from records.services import sessions
from records.services.sessions import Attempt
from tests.support.clocks import StillClock
from tests.support.console import Account, Browser


class Anybody(StrEnum):
    """What needs no right of its own."""

    OUTSIDE = "outside"  # nobody is signed in yet
    SIGNED_IN = "signed in"


Need = Right | Anybody

ENDPOINTS: Final[dict[str, Need]] = {
    "GET /sign-in": Anybody.OUTSIDE,
    "POST /sign-in": Anybody.OUTSIDE,
    "POST /language": Anybody.OUTSIDE,
    "GET /": Anybody.SIGNED_IN,
    "GET /waiting": Anybody.SIGNED_IN,
    "GET /unlock": Anybody.SIGNED_IN,
    "POST /unlock": Anybody.SIGNED_IN,
    "GET /password": Anybody.SIGNED_IN,
    "POST /password": Anybody.SIGNED_IN,
    "POST /duty": Right.DUTY,
    "GET /code": Right.CASES,
    "POST /code": Right.CASES,
    "GET /cases/{handle}": Right.CASES,
    "GET /cases/{handle}/portrait": Right.CASES,
    "GET /cases/{handle}/confirm/{how}": Right.CASES,
    "POST /cases/{handle}/confirm/{how}": Right.CASES,
    "GET /cases/{handle}/decline": Right.CASES,
    "POST /cases/{handle}/decline": Right.CASES,
    "POST /cases/{handle}/seen": Right.CASES,
    "GET /applications": Right.APPLICATIONS,
    "POST /applications/receipt": Right.APPLICATIONS,
    "GET /applications/{serial}": Right.APPLICATIONS,
    "POST /applications/{serial}": Right.APPLICATIONS,
    "POST /applications/{serial}/settle": Right.APPLICATIONS,
    "GET /intakes": Right.INTAKES,
    "GET /intakes/{number}": Right.INTAKES,
    "POST /intakes": Right.INTAKES,
    "POST /intakes/revoked": Right.INTAKES,
    "POST /intakes/{number}": Right.INTAKES,
    "POST /intakes/{number}/decide": Right.INTAKES,
    "POST /intakes/{number}/files/{sha256}": Right.INTAKES,
    "GET /tenancies": Right.INTAKES,
    "GET /tenancies/{queue}": Right.INTAKES,
    "GET /slips": Right.SLIPS,
    "POST /slips": Right.SLIPS,
    "GET /slips/code": Right.GUARD_CODES,
    "POST /slips/code": Right.GUARD_CODES,
    "GET /passes": Right.PASSES,
    "POST /passes": Right.PASSES,
    "POST /passes/person": Right.PASSES,
    "POST /passes/{ask_id}": Right.PASSES,
    "GET /gates": Right.DEVICES,
    "GET /gates/{device_id}": Right.ADMISSION,
    "POST /gates/{device_id}": Right.ADMISSION,
    "GET /persons": Right.PERSONS,
    "POST /persons": Right.PERSONS,
    "POST /persons/member": Right.PERSONS,
    "POST /persons/ways": Right.PERSONS,
    "POST /persons/ways/lost": Right.PERSONS,
    "GET /houses": Right.HOUSES,
    "GET /houses/{building}": Right.HOUSES,
    "GET /houses/{building}/{floor}": Right.HOUSES,
    "GET /flats/{dwelling_id}": Right.HOUSES,
    "POST /flats/{dwelling_id}": Right.HOUSES,
    "GET /life-events": Right.LIFE_EVENTS,
    "GET /life-events/taken-back": Right.LIFE_EVENTS,
    "POST /life-events/taken-back": Right.LIFE_EVENTS,
    "GET /life-events/{kind}": Right.LIFE_EVENTS,
    "POST /life-events/{kind}": Right.LIFE_EVENTS,
    "GET /papers": Right.PAPERS,
    "POST /papers": Right.PAPERS,
    "POST /papers/void": Right.PAPERS,
    "POST /papers/holder": Right.PAPERS,
    "GET /protection": Right.PROTECTION,
    "POST /protection": Right.PROTECTION,
    "POST /protection/end": Right.PROTECTION,
    "GET /approvals": Right.SECOND,
    "POST /approvals/{approval_id}/read": Right.SECOND,
    "POST /approvals/{approval_id}/approve": Right.SECOND,
    "GET /approvals/{approval_id}/refuse": Right.SECOND,
    "POST /approvals/{approval_id}/refuse": Right.SECOND,
    "GET /alarms": Right.DUTY,
    "GET /alarms/strip": Right.DUTY,
    "POST /alarms/{alarm_id}/seen": Right.DUTY,
    "GET /alerts": Right.ALERTS,
    "POST /alerts/{alert_id}/seen": Right.ALERTS,
    "GET /devices": Right.DEVICES,
    "GET /devices/new": Right.ADMISSION,
    "POST /devices/new": Right.ADMISSION,
    "GET /devices/waiting/{fingerprint}": Right.ADMISSION,
    "POST /devices/waiting/{fingerprint}/admit": Right.ADMISSION,
    "POST /devices/waiting/{fingerprint}/refuse": Right.ADMISSION,
    "GET /devices/{device_id}/revoke": Right.ADMISSION,
    "POST /devices/{device_id}/revoke": Right.ADMISSION,
    "GET /policy": Right.POLICY,
    "POST /policy/drafts": Right.POLICY,
    "GET /policy/drafts/{draft_id}": Right.POLICY,
    "GET /policy/drafts/{draft_id}/papers/{kind}": Right.POLICY,
    "GET /policy/drafts/{draft_id}/edit/{key}": Right.POLICY,
    "POST /policy/drafts/{draft_id}/edit/{key}": Right.POLICY,
    "POST /policy/drafts/{draft_id}/file": Right.POLICY,
    "POST /policy/drafts/{draft_id}/ask": Right.POLICY,
    "POST /policy/drafts/{draft_id}/take-back": Right.POLICY,
    "POST /policy/drafts/{draft_id}/give-up": Right.POLICY,
    "POST /policy/drafts/{draft_id}/sign": Right.POLICY,
    "POST /policy/drafts/{draft_id}/refuse": Right.POLICY,
    "GET /audit": Right.AUDIT,
    "POST /audit/check": Right.AUDIT,
    "POST /sign-out": Anybody.SIGNED_IN,
}

SAMPLES: Final = {
    "how": "by-phone",
    "alert_id": "999",
    "building": "5",
    "floor": "6",
    "kind": "death",
    "queue": "overlap",
}
FORMS: Final = {
    "POST /duty": {"on": "yes"},
    "POST /policy/drafts/{draft_id}/sign": {"revision": "1"},
    "POST /policy/drafts/{draft_id}/refuse": {"revision": "1"},
    "POST /intakes/revoked": {"device": "none"},
    "POST /intakes/{number}/decide": {"revision": "1", "decision": "refused/none"},
}
_DENIED = "您的角色不能办这一项"
_SIGN_IN = "/console/sign-in"


def discovered(records: Records) -> list[str]:
    """Every endpoint of the console's application, as ``METHOD /path``; static files are none."""
    app: Any = console(records)
    return sorted(f"{method} {route.path}" for route in _routes(app._app) for method in route.methods or ())


def _routes(router: Any) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _routes(route.original_router)
        else:
            assert route.path == "/static", f"neither a page nor the static files: {route}"


def signed_in(records: Records, clock: StillClock, account: Account) -> Browser:
    """A browser with a session, whatever the role."""
    browser = Browser(records, clock)
    attempt = Attempt(account.name, account.password, account.code(clock), browser.address)
    browser.http.cookies.set(COOKIE, sessions.sign_in(records, attempt), domain="records.local", path="/")
    return browser


def ask(browser: Browser, endpoint: str) -> httpx2.Response:
    """Ask for an endpoint with whatever stands in the place of what it is about, its form's token among it."""
    method, pattern = endpoint.split(" ")
    path = "/console" + "/".join(
        SAMPLES.get(part.strip("{}"), "x") if "{" in part else part for part in pattern.split("/")
    )
    browser.http.follow_redirects = False
    if method == "GET":
        return browser.http.get(path)
    token = browser.records.keyed_hash("console-form", browser.http.cookies.get(COOKIE) or "", path)
    return browser.http.post(path, data={"form_token": token, **FORMS.get(endpoint, {})})


def lets_in(answer: httpx2.Response) -> bool:
    """Whether the role may ask for that, whatever it was told."""
    return _DENIED not in answer.text and answer.headers.get("location", "") != _SIGN_IN


def needs(endpoint: str, role: Role | None) -> bool:
    """Whether the table lets a role in; None: nobody is signed in."""
    need = ENDPOINTS[endpoint]
    if role is None:
        return need is Anybody.OUTSIDE
    return isinstance(need, Anybody) or may(role, need)
