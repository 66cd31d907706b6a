"""Machines: how each one is, who waits to be let in, and how one is put out. A code is shown once, in one answer."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response
from starlette.exceptions import HTTPException

from backend_client.contract.devices import DeviceKind
from records.console import paths
from records.console.pages import go, page
from records.console.routes.cases import Filled
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.errors import UnknownNameError
from records.rules import reasons
from records.rules.roles import Right
from records.services import device_views, enrolment
from records.services import devices as trust
from records.services.device_views import DeviceState, DeviceView
from records.services.sessions import Session
from records.store.enrolments import CodeRow

router = APIRouter()
FORM = [Depends(genuine_form)]
Text = Annotated[str, Form(max_length=200)]
DeviceId = Annotated[str, Path(max_length=64)]
Fingerprint = Annotated[str, Path(max_length=64)]
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form of a new code, as it comes back. ``problem``: what is wrong with it, empty at first."""

    kind: str = ""
    name: str = ""
    problem: str = ""


@router.get("/devices")
def devices_page(here: AnyVisitor, session: AtConsole) -> Response:
    """Those that wait first, then all that are in."""
    session.needs(Right.DEVICES)
    views, waiting = device_views.every(here.records), enrolment.waiting(here.records)
    return page(here, "devices.html", session, views=views, waiting=waiting, icons=ICONS)


@router.get("/devices/new")
def new_page(here: AnyVisitor, session: AtConsole) -> Response:
    """The form of a new code."""
    session.needs(Right.ADMISSION)
    return _new_form(here, session, Wanted())


@router.post("/devices/new", dependencies=FORM)
def new_code(here: AnyVisitor, session: AtConsole, kind: Text = "", name: Text = "") -> Response:
    """The code, in this answer alone."""
    session.needs(Right.ADMISSION)
    name = reasons.on_one_line(name)
    problem = "kind" if kind not in set(DeviceKind) else "name" if not 0 < len(name) <= _LONGEST_NAME else ""
    if problem:
        return _new_form(here, session, Wanted(kind, name[:_LONGEST_NAME], problem))
    code = enrolment.new_code(here.records, DeviceKind(kind), name, session.officer.officer_id)
    return page(here, "device_code.html", session, code=code, name=name, kind=kind)


@router.get("/devices/waiting/{fingerprint}")
def compare_page(here: AnyVisitor, session: AtConsole, fingerprint: Fingerprint) -> Response:
    """The fingerprint, to be compared."""
    session.needs(Right.ADMISSION)
    return _compare_form(here, session, _waiting(here, fingerprint), "")


@router.post("/devices/waiting/{fingerprint}/admit", dependencies=FORM)
def admit(here: AnyVisitor, session: AtConsole, fingerprint: Fingerprint, compared: Text = "") -> Response:
    """Somebody has compared it: the machine is a device from now on."""
    session.needs(Right.ADMISSION)
    code = _waiting(here, fingerprint)
    if compared != "yes":
        return _compare_form(here, session, code, here.words("devices.not_compared"))
    try:
        enrolment.approve(here.records, code.fingerprint, session.officer.officer_id)
    except UnknownNameError:  # a colleague was faster, or its hour is over
        return go(paths.DEVICES)
    return go(paths.DEVICES)


@router.post("/devices/waiting/{fingerprint}/refuse", dependencies=FORM)
def refuse(here: AnyVisitor, session: AtConsole, fingerprint: Fingerprint) -> Response:
    """It is sent away."""
    session.needs(Right.ADMISSION)
    try:
        enrolment.refuse(here.records, _waiting(here, fingerprint).fingerprint, session.officer.officer_id)
    except UnknownNameError:
        return go(paths.DEVICES)
    return go(paths.DEVICES)


@router.get("/devices/{device_id}/revoke")
def revoke_page(here: AnyVisitor, session: AtConsole, device_id: DeviceId) -> Response:
    """What it does, and the form."""
    session.needs(Right.ADMISSION)
    return _revoke_form(here, session, _welcome(here, device_id), Filled())


@router.post("/devices/{device_id}/revoke", dependencies=FORM)
def revoke(here: AnyVisitor, session: AtConsole, device_id: DeviceId, reason: Text = "") -> Response:
    """Refused from now on."""
    session.needs(Right.ADMISSION)
    device, reason = _welcome(here, device_id), reasons.on_one_line(reason)
    if unfit := reasons.refusal(reason, None):
        return _revoke_form(here, session, device, Filled(f"reason-{unfit}", reason))
    trust.revoke(here.records, device.row.device_id, reason, session.officer.officer_id)
    return go(paths.DEVICES)


ICONS = {  # beside the words, never instead of them
    DeviceState.IN_SERVICE: ("agrees", "●"),
    DeviceState.CLOSED: ("attention", "Ⅱ"),
    DeviceState.SILENT: ("grave", "✕"),
    DeviceState.NEVER: ("quiet", "○"),
    DeviceState.REVOKED: ("quiet", "—"),
}


def _new_form(here: Visitor, session: Session, wanted: Wanted) -> Response:
    values = {"wanted": wanted, "kinds": tuple(DeviceKind), "longest": _LONGEST_NAME}
    return page(here, "device_new.html", session, status=422 if wanted.problem else 200, **values)


def _waiting(here: Visitor, fingerprint: str) -> CodeRow:
    found = [each for each in enrolment.waiting(here.records) if each.fingerprint == fingerprint]
    if not found:
        raise HTTPException(404)
    return found[0]


def _compare_form(here: Visitor, session: Session, code: CodeRow, problem: str) -> Response:
    return page(here, "device_waiting.html", session, status=422 if problem else 200, code=code, problem=problem)


def _welcome(here: Visitor, device_id: str) -> DeviceView:
    found = device_views.find(here.records, device_id)
    if found is None or found.row.revoked_at is not None:
        raise HTTPException(404)
    return found


def _revoke_form(here: Visitor, session: Session, device: DeviceView, filled: Filled) -> Response:
    values = {"device": device, "longest": reasons.LONGEST, "filled": filled}
    return page(here, "device_revoke.html", session, status=filled.status, **values)
