"""What a named person may be looked at for: a closed set, each with the views that it opens. Nothing else opens any.

A purpose stands in the audit and in what the resident is told of it; one that had to be kept from them is not here.
"""

import re
from enum import StrEnum
from typing import Final

from civic.errors import InvalidValueError
from civic.id_number import IdNumber


class View(StrEnum):
    """A part of what records know of a person."""

    IDENTITY = "identity"  # their own row of the register
    HOUSEHOLD = "household"  # who else is in their household, masked
    DWELLING = "dwelling"  # where they have declared that they live
    PAPERS = "papers"  # serials and states of what was issued to them
    WAYS = "ways"  # by what they come in, to end what is lost: a page of its own
    PASSES = "passes"  # when they came in by which gate; of gates, and with a second account


class Purpose(StrEnum):
    """What for."""

    WINDOW_REQUEST = "window-request"  # 本人在窗口申请
    REPORT_RECEIVED = "report-received"  # 接警
    WELFARE_CHECK = "welfare-check"  # 走访看望
    RENTAL_INSPECTION = "rental-inspection"  # 出租房屋检查
    CASE_HANDLING = "case-handling"  # 办理案件
    REGISTER_CORRECTION = "register-correction"  # 户口登记项目更正


OPENS: Final[dict[Purpose, frozenset[View]]] = {
    Purpose.WINDOW_REQUEST: frozenset(View),
    Purpose.REPORT_RECEIVED: frozenset({View.IDENTITY, View.DWELLING, View.WAYS}),
    Purpose.WELFARE_CHECK: frozenset({View.IDENTITY, View.HOUSEHOLD, View.DWELLING, View.PASSES}),
    Purpose.RENTAL_INSPECTION: frozenset({View.IDENTITY, View.DWELLING}),
    Purpose.CASE_HANDLING: frozenset(View),
    Purpose.REGISTER_CORRECTION: frozenset({View.IDENTITY, View.HOUSEHOLD}),
}

LONGEST_TICKET: Final = 32
_TICKET = re.compile(r"[A-Za-z0-9-]{4,32}")
_POSSIBLE_NUMBER = re.compile(r"(?=(\d{17}[\dXx]))")


def for_view(view: View) -> tuple[Purpose, ...]:
    """The purposes that open a view, in their order."""
    return tuple(purpose for purpose in Purpose if view in OPENS[purpose])


def ticket_refusal(ticket: str) -> str:
    """Why a ticket's number won't do: ``missing``, ``form`` or ``personal`` (a citizen number); empty if it will."""
    if not ticket:
        return "missing"
    if not _TICKET.fullmatch(ticket):
        return "form"
    digits = ticket.replace("-", "")
    return "personal" if any(_is_number(found.group(1)) for found in _POSSIBLE_NUMBER.finditer(digits)) else ""


def _is_number(text: str) -> bool:
    try:
        IdNumber(text)
    except InvalidValueError:
        return False
    return True
