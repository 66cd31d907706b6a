"""Templates into answers. Everything a template is given is escaped, and an unknown name in one is an error."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from civic.slip_number import slip_number
from records.console import paths, visitor
from records.console.navigation import first, places
from records.console.visitor import TOKEN_FIELD, Visitor
from records.rules.periods import bureau_time
from records.rules.roles import Right, may
from records.services import duty, waiting
from records.services.sessions import Session
from records.store import alarms, devices
from records.store.waiting import Kind

_TEMPLATES: Final = Path(__file__).parent / "templates"
_MOST_ALARMS: Final = 5  # on one page; the list has the others
_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_environment.globals.update(
    paths=paths,
    places=places,
    first=first,
    Right=Right,
    may=may,
    refresh_s=duty.REFRESH_S,
    token_field=TOKEN_FIELD,
)
_environment.filters["clock"] = lambda at: f"{bureau_time(at):%H:%M}"
_environment.filters["moment"] = lambda at: f"{bureau_time(at):%Y-%m-%d %H:%M}"
_environment.filters["slip"] = lambda intake_id: slip_number(UUID(intake_id))
_environment.filters["day"] = lambda at: f"{bureau_time(at):%Y-%m-%d}"


def page(
    here: Visitor, template: str, session: Session | None = None, *, status: int = 200, **values: object
) -> HTMLResponse:
    """One page. ``session`` None: nobody is signed in."""
    text = _environment.get_template(template).render(
        here=here,
        words=here.words,
        session=session,
        waits=_waits(here, session),
        **_alarms(here, session),
        **values,
    )
    answer = HTMLResponse(text, status)
    if here.fresh:
        visitor.set_cookie(answer, visitor.COOKIE, here.token)
    if here.notice:
        visitor.forget_cookie(answer, visitor.NOTICE_COOKIE)
    return answer


def go(path: str, notice: str = "") -> RedirectResponse:
    """On to another page, asked for by GET (RFC 9110 15.4.4), which says ``notice``, of the words of that name."""
    answer = RedirectResponse(path, 303)
    if notice:
        visitor.tell_next(answer, notice)
    return answer


def minutes_since(here: Visitor, at: datetime) -> int:
    """Whole minutes since then."""
    return int((here.records.clock.now() - at).total_seconds() // 60)


def _alarms(here: Visitor, session: Session | None) -> dict[str, object]:
    """What the strip shows. None: whoever looks can't be on duty. A locked page shows it too: a kiosk and a time."""
    if session is None or session.officer.password_is_initial or not may(session.officer.role, Right.DUTY):
        return {"unseen_alarms": None, "kiosk_names": {}}
    with here.records.database.reading() as transaction:
        unseen = alarms.unseen(transaction, _MOST_ALARMS)
        names = {each.device_id: each.name for each in devices.every(transaction)} if unseen else {}
    return {"unseen_alarms": unseen, "kiosk_names": names}


def _waits(here: Visitor, session: Session | None) -> dict[Kind, str]:
    """What the menu says of each kind of work; empty: none of it waits."""
    if session is None or session.locked or session.officer.password_is_initial:
        return {}
    return {kind: _count(many) for kind, many in waiting.counts(here.records, session).items()}


def _count(many: int) -> str:
    return f"{waiting.MOST}+" if many > waiting.MOST else str(many or "")
