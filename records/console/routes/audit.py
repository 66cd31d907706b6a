"""The audit: a day's deeds by action and account, and whether the chain holds."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from records.console.pages import page
from records.console.visitor import AnyVisitor, AtConsole, Visitor, genuine_form
from records.services import auditing
from records.services.sessions import Session

router = APIRouter()
_SETS: Final = {
    "role": "role",
    "purpose": "purpose",
    "matter": "matter",
    "how": "how",
    "basis": "basis",
    "found": "deed_found",
}
Told = Annotated[str, Query(max_length=40)]
Number = Annotated[int, Query(ge=0, le=2**31 - 1)]


@router.get("/audit")
def audit_page(
    here: AnyVisitor, session: AtConsole, day: Told = "", action: Told = "", officer: Told = "", before: Number = 0
) -> Response:
    """A day's deeds. What is asked for stands in the address: it is nothing of a person."""
    return _page(here, session, auditing.understood(here.records, day, action, officer, before))


@router.post("/audit/check", dependencies=[Depends(genuine_form)])
def check(here: AnyVisitor, session: AtConsole) -> Response:
    """Whether each row follows from the one before."""
    rows, broken = auditing.check(here.records, session)
    return page(here, "audit_check.html", session, rows=rows, broken=broken)


def _page(here: Visitor, session: Session, wanted: auditing.Filter) -> Response:
    lines, actions = auditing.of_day(here.records, session, wanted)
    older = lines[-1].seq if len(lines) == auditing.PAGE else 0
    called = _Words(here.words.texts)
    return page(here, "audit.html", session, wanted=wanted, lines=lines, actions=actions, older=older, called=called)


class _Words:
    """What actions and facts are called."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def deed(self, action: str) -> str:
        """By its code where nobody has named it yet."""
        return self._texts.get(f"deed.{action}", action)

    def fact(self, name: str, value: str) -> str:
        """A code of a closed set in words; anything else as it is."""
        return self._texts.get(f"{_SETS[name]}.{value}", value) if name in _SETS else value
