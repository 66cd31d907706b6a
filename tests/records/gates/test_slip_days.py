"""The days of a move-in slip: what stands on it is what opens, from the right's first day to its end at most."""

from datetime import date, datetime, timedelta

import pytest

from backend_client.contract.policy import GateRules
from backend_client.contract.tenancies import WayKind
from forms.paper import CHINA_TIME
from records.context import Records
from tests.support.at_gates import TODAY, give, open_ways
from tests.support.records_client import KioskClient

SLIP_DAYS = timedelta(days=GateRules().slip_days)
GRACE = timedelta(days=GateRules().grace_days)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), CHINA_TIME)


@pytest.mark.parametrize(
    ("first", "last", "until"),
    [
        (TODAY + timedelta(days=14), None, _midnight(TODAY + timedelta(days=14)) + SLIP_DAYS),
        (TODAY - timedelta(days=9), TODAY - GRACE + timedelta(days=2), _midnight(TODAY + timedelta(days=3))),
    ],
    ids=["a right that begins in two weeks", "one whose grace ends in two days"],
)
def test_a_slip_opens_on_the_days_that_stand_on_it(
    records: Records, kiosk: KioskClient, first: date, last: date | None, until: datetime
) -> None:
    right = give(records, starts_on=first, ends_on=last)
    answer = kiosk.post(f"/v1/identifications/{kiosk.prove()}/slip", {"right": right.right_id})
    assert datetime.fromisoformat(answer.json()["valid_until"]) == until
    assert [each.until for each in open_ways(records, right, WayKind.SLIP)] == [until]
