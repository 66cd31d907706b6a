"""Who can see what of a named person: role by purpose by field, on the page as it is."""

from itertools import product

import pytest

from records.context import Records
from records.rules import visibility
from records.rules.purposes import Purpose
from records.rules.roles import RIGHTS, Right, Role
from records.store import dwellings
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.hidden import registered
from tests.support.records_client import DENG, KioskClient
from tests.support.security import signed_in

FIND = "/console/persons"


@pytest.fixture
def traces(records: Records, kiosk: KioskClient) -> dict[str, str]:
    """Return what each field looks like on a page."""
    person = registered(records, DENG)
    with records.database.writing() as transaction:
        flat = dwellings.by_door(transaction, "5", "1", "602")
        assert flat is not None
        dwellings.declare(transaction, person.person_id, flat.dwelling_id, records.clock.now().date())
    return {
        "name": DENG.name,
        "id_number": DENG.id_number,
        "sex": "<dd>男</dd>",
        "birth_date": "1986-03-14",
        "address": person.address.reveal(),
        "relation": "<dd>户主</dd>",
        "members": "妻 · 许**",
        "homes": flat.address,
        "papers": str(kiosk.reserved()["serial"]),
    }


def test_the_traces_are_of_every_field(traces: dict[str, str]) -> None:
    assert set(traces) == {name for names in visibility.FIELDS.values() for name in names}


@pytest.mark.parametrize("role", Role)
def test_a_page_shows_the_fields_of_the_table_and_no_other(
    records: Records, clock: StillClock, traces: dict[str, str], role: Role
) -> None:
    """Each role, each purpose. Who lacks the right sees none of them, whatever they send."""
    browser = signed_in(records, clock, hire(records, "wang", role))
    for purpose in Purpose:
        page = _look(browser, purpose)
        found = tuple(name for name, trace in traces.items() if trace in page)
        assert found == visibility.fields(role, purpose), purpose


def _look(browser: Browser, purpose: Purpose) -> str:
    """What comes back for a form with its token, whether a page offered it or not."""
    token = browser.records.keyed_hash("console-form", browser.http.cookies["__Host-lamplight-console"], FIND)
    form = {"form_token": token, "number": DENG.id_number, "purpose": purpose.value, "ticket": "JJ-0001"}
    return browser.http.post(FIND, data=form).text


def test_who_may_look_at_persons_is_an_officer_alone() -> None:
    """And nobody who keeps machines, policy or the audit sees anybody."""
    assert [role for role in Role if Right.PERSONS in RIGHTS[role]] == [Role.OFFICER]
    blind = (Role.PROPERTY_DESK, Role.TECHNICIAN, Role.AUDITOR, Role.ADMINISTRATOR)
    assert all(not visibility.fields(role, purpose) for role, purpose in product(blind, Purpose))
