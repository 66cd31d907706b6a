"""Role by endpoint: the whole table, asked of the running application."""

from pathlib import Path

import pytest

from records.context import Records
from records.rules.roles import Role
from tests.records.security_tables import GUARDS
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.security import ENDPOINTS, ask, discovered, lets_in, needs, signed_in


def test_every_endpoint_is_in_the_table(records: Records) -> None:
    """One that is not may be open to everybody and nobody has looked."""
    assert discovered(records) == sorted(ENDPOINTS)


@pytest.mark.parametrize("role", Role)
def test_each_role_is_let_in_where_the_table_says_and_nowhere_else(
    records: Records, clock: StillClock, role: Role
) -> None:
    """Pages and forms; a form that no page offered, with the token it would have had, too."""
    browser = signed_in(records, clock, hire(records, "wang", role))
    let_in = {endpoint: lets_in(ask(browser, endpoint)) for endpoint in ENDPOINTS if "/sign-" not in endpoint}
    assert let_in == {endpoint: needs(endpoint, role) for endpoint in let_in}


def test_who_is_not_signed_in_is_sent_to_the_door(records: Records, clock: StillClock) -> None:
    """Whatever they ask for, with a genuine form's token too."""
    browser = Browser(records, clock)
    browser.get("/console/sign-in")
    let_in = {endpoint: lets_in(ask(browser, endpoint)) for endpoint in ENDPOINTS}
    assert let_in == {endpoint: needs(endpoint, None) for endpoint in ENDPOINTS}


def test_each_guard_of_the_printed_table_is_a_test_that_is_there(checkout: Path) -> None:
    """The table names them by file and function."""
    for test in (each for tests in GUARDS.values() for each in tests):
        file, _, name = test.partition("::")
        assert f"\ndef {name}(" in (checkout / file).read_text("utf-8"), test
