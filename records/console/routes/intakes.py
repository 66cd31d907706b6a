"""What residents handed in at kiosks: which wait, and, with a reason, what each says; then its decision."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Path, Query, Response
from starlette.exceptions import HTTPException

from records.console import paths
from records.console.pages import go, page
from records.console.routes.cases import Filled
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.rules import reasons
from records.rules.intakes import ABOUT_FLATS, OVER, IntakeState
from records.rules.tenancies import DISPUTES
from records.services import intake_clearing, intake_deciding, intake_files, intake_slips
from records.services.intake_deciding import Decision, Waiting
from records.services.refusals import DocumentUnfitError, ReasonUnfitError
from records.services.sessions import Session
from records.services.tenancies import facts
from records.store import devices
from records.store.intakes import IntakeRow

router = APIRouter()
FORM = [Depends(genuine_form)]
Number = Annotated[str, Path(max_length=36)]
_PICTURES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@router.get("/intakes")
def list_page(here: AnyVisitor, session: AtConsole, behind: Annotated[str, Query(max_length=36)] = "") -> Response:
    """Those that wait, the oldest first, some at a time."""
    return _list(here, session, Filled(), behind=behind)


@router.post("/intakes", dependencies=FORM)
def find(here: AnyVisitor, session: AtConsole, slip: Annotated[str, Form(max_length=40)] = "") -> Response:
    """The one of the number on a slip; of one that is over, what became of it."""
    found = intake_slips.find(here.records, session, slip)
    if found is not None and found.row.state not in OVER:
        return go(paths.intake(found.row.intake_id))
    return _list(here, session, Filled("" if found else "slip"), over=found)


@router.post("/intakes/revoked", dependencies=FORM)
def refuse_all(
    here: AnyVisitor,
    session: AtConsole,
    device: Annotated[str, Form(max_length=64)],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Whatever a revoked device has sent: refused."""
    try:
        intake_clearing.refuse_all(here.records, session, device, reason)
    except ReasonUnfitError as error:
        return _list(here, session, Filled(f"reason-{error.detail}", reason))
    return go(paths.INTAKES)


@router.get("/intakes/{number}")
def reason_page(here: AnyVisitor, session: AtConsole, number: Number) -> Response:
    """What for: the form."""
    return _reason_form(here, session, _found(here, session, number), Filled())


@router.post("/intakes/{number}", dependencies=FORM)
def open_intake(here: AnyVisitor, session: AtConsole, number: Number, reason: Annotated[str, Form()] = "") -> Response:
    """What was handed in: shown in answer to this form alone."""
    found = _found(here, session, number)
    try:
        opened = intake_deciding.opened(here.records, session, found.row, reason)
    except ReasonUnfitError as error:
        return _reason_form(here, session, found, Filled(f"reason-{error.detail}", reason))
    about = facts.of_intake(here.records, session, opened.row, opened.content) if _of_flat(opened.row) else None
    return page(here, "intake.html", session, opened=opened, facts=about, DISPUTES=DISPUTES)


@router.post("/intakes/{number}/files/{sha256}", dependencies=FORM)
def open_file(
    here: AnyVisitor, session: AtConsole, number: Number, sha256: Annotated[str, Path(max_length=64)]
) -> Response:
    """A file that came along: a picture is shown, anything else is for saving alone."""
    content = intake_files.read(here.records, session, number, sha256)
    if content is None:
        raise HTTPException(404)
    picture = next((kind for start, kind in _PICTURES.items() if content.startswith(start)), "")
    if picture:
        return Response(content, media_type=picture)
    saved = {"Content-Disposition": 'attachment; filename="file.bin"'}
    return Response(content, media_type="application/octet-stream", headers=saved)


@router.post("/intakes/{number}/decide", dependencies=FORM)
def decide(
    here: AnyVisitor,
    session: AtConsole,
    number: Number,
    revision: Annotated[int, Form(ge=1, le=2**31 - 1)],
    decision: Annotated[str, Form(max_length=64)],
    document: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Accepted, more papers, or refused; with its reason, as ``state/reason``. ``document``: the number of what a
    dispute is decided by; without one it has to be opened again."""
    found = _found(here, session, number)
    state, _, reason = decision.partition("/")
    if state not in set(IntakeState):
        raise HTTPException(422)
    decided = Decision(IntakeState(state), reason, document.strip())
    try:
        intake_deciding.decide(here.records, session, found.row, revision, decided)
    except DocumentUnfitError:
        return _reason_form(here, session, found, Filled("document"))
    return go(paths.TENANCIES if _of_flat(found.row) else paths.INTAKES)


def _of_flat(row: IntakeRow) -> bool:
    return row.kind in ABOUT_FLATS


def _list(
    here: Visitor, session: Session, filled: Filled, *, behind: str = "", over: Waiting | None = None
) -> Response:
    """``over``: what was looked for and is decided."""
    queue, left = intake_deciding.queue(here.records, session, behind), intake_clearing.left(here.records, session)
    with here.records.database.reading() as transaction:
        names = {each.device_id: each.name for each in devices.every(transaction)}
    values = {"names": names, "queue": queue, "left": left, "over": over, "filled": filled, "longest": reasons.LONGEST}
    return page(here, "intakes.html", session, status=404 if filled.problem == "slip" else filled.status, **values)


def _found(here: Visitor, session: Session, number: str) -> Waiting:
    found = intake_deciding.find(here.records, session, number)
    if found is None:
        raise HTTPException(404)
    return found


def _reason_form(here: Visitor, session: Session, found: Waiting, filled: Filled) -> Response:
    values = {"found": found, "longest": reasons.LONGEST, "filled": filled, "of_flat": _of_flat(found.row)}
    return page(here, "intake_reason.html", session, status=filled.status, **values)
