"""Who may do what, who sees what, and what four attackers learn: asked of the application, and printed.

    python -m tests.records.security_tables

The rows are what ``test_security_*.py`` assert. GUARDS names the tests of what else somebody may try.
"""

import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from records import installation
from records.console.visitor import COOKIE
from records.context import Records
from records.rules import visibility
from records.rules.purposes import Purpose
from records.rules.roles import Role
from tests.support import attackers, worlds
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.guessing import rank_z
from tests.support.hidden import hide, registered
from tests.support.records_client import NOBODYS_NUMBER
from tests.support.records_server import quick_settings, rules_with, write_settings
from tests.support.security import ENDPOINTS, ask, lets_in, needs, signed_in

_PAIRS: Final = 40
_NOBODY: Final = 404
GUARDS: Final = {
    "a row of the audit is changed or taken out": (
        "tests/records/test_audit.py::test_whoever_changes_it_all_the_same_breaks_the_chain",
        "tests/records/test_audit.py::test_the_database_refuses_to_change_it",
        "tests/records/test_console_audit.py::test_the_chain_is_checked_and_a_foreign_row_is_found",
    ),
    "the last rows of the audit are taken off": (
        "tests/records/test_audit.py::test_the_last_rows_can_not_be_taken_off_unseen",
    ),
    "an older policy is given to a kiosk": (
        "tests/backend_client/test_policy.py::test_a_bundle_that_must_not_be_used_leaves_the_held_one",
    ),
    "one account changes the rules alone, or signs what it has not seen": (
        "tests/records/test_policy_drafts.py::test_two_accounts_make_a_version_and_one_does_not",
        "tests/records/test_policy_drafts.py::test_who_signs_has_seen_what_is_signed",
    ),
    "a kiosk's clock is set back": (
        "tests/backend_client/test_trusted_clock.py::test_setting_the_clock_back_makes_nothing_valid_again",
        "tests/backend_client/test_trusted_clock.py::test_what_has_passed_without_a_link_is_not_lost_at_a_restart",
    ),
    "a revoked device asks": (
        "tests/records/test_enrolment.py::test_a_revoked_device_is_refused_from_its_next_request_on",
        "tests/kiosk/services/test_forgetting.py::test_all_that_grants_something_goes_and_the_kiosk_stays_closed",
    ),
    "a kiosk's disk is stolen": (
        "tests/kiosk/store/test_outbox.py::test_a_stolen_disk_says_how_many_and_when_and_nothing_else",
    ),
    "a copy of records' database is used to sign in": (
        "tests/records/test_console.py::test_the_database_holds_no_token",
    ),
}


def by_role(records: Records, clock: StillClock) -> list[tuple[str, list[tuple[bool, bool]]]]:
    """For each endpoint, for each role and at last for nobody: (what the table says, what the application did)."""
    browsers: dict[Role | None, Browser] = {
        role: signed_in(records, clock, hire(records, f"the-{role.value.replace('_', '-')}", role)) for role in Role
    }
    browsers[None] = Browser(records, clock)
    browsers[None].get("/console/sign-in")
    return [
        (endpoint, [(needs(endpoint, role), lets_in(ask(browser, endpoint))) for role, browser in browsers.items()])
        for endpoint in ENDPOINTS
        if "/sign-" not in endpoint
    ]


def learnt(prepared: Path, remembered: dict[str, str], folder: Path) -> dict[str, tuple[int, int]]:
    """For each attacker: how many answers they got, and how many of them tell the two worlds apart."""
    found = {}
    for number, who in enumerate(attackers.ATTACKERS):
        with worlds.worlds(prepared, folder / str(number)) as both:
            attackers.PERSON_IDS[:] = [registered(both[0], card).person_id for card in (worlds.HER, worlds.CHILD)]
            hidden, absent = attackers.told_in_both(both, who, remembered)
        found[who] = len(hidden), sum(one != other for one, other in zip(hidden, absent, strict=True))
    return found


def times(records: Records, clock: StillClock) -> tuple[list[float], list[float]]:
    """Seconds that looks at a number that nobody has, and at one of somebody hidden, took, in turn."""
    hide(records, worlds.HER)
    reading = records.settings.reading.model_copy(update={"per_hour": 1000})
    patient = replace(records, settings=records.settings.model_copy(update={"reading": reading}))
    desk = signed_in(patient, clock, hire(patient, "timed"))
    looks = [(_look_s(desk, NOBODYS_NUMBER), _look_s(desk, worlds.HER.id_number)) for _ in range(_PAIRS)]
    return [each for each, _ in looks], [each for _, each in looks]


def _look_s(desk: Browser, number: str) -> float:
    action = "/console/persons"
    token = desk.records.keyed_hash("console-form", desk.http.cookies[COOKIE], action)
    form = {"form_token": token, "number": number, "purpose": "case-handling", "ticket": "JJ-0001"}
    begun = time.perf_counter()
    answer = desk.http.post(action, data=form)
    took = time.perf_counter() - begun
    assert answer.status_code == _NOBODY
    return took


def _print(folder: Path) -> None:
    data = folder / "records"
    data.mkdir()
    write_settings(data, quick_settings(), rules_with())
    installation.prepare(data, StillClock(), lambda _sentence: None).database.close()
    remembered = worlds.prepare(data, StillClock())
    clock = StillClock()
    told = learnt(data, remembered, folder)
    records = installation.open_existing(data, clock)
    _print_roles(by_role(records, clock))
    known, hidden = times(records, clock)
    records.database.close()
    _print_fields()
    print("\nwho looks for somebody hidden: answers, and those that differ from the answers of a world without her")
    for who, (answers, apart) in told.items():
        print(f"  {who:16} {answers:4} {apart:4}")
    middle = " and ".join(f"{statistics.median(each) * 1000:.2f} ms" for each in (known, hidden))
    print(f"  a look at nobody and at somebody hidden, in turn: {middle}; rank test z = {rank_z(known, hidden):+.2f}")
    print("\nwhat else somebody may try, and the tests of it")
    for what, tests in GUARDS.items():
        print(f"  {what}", *tests, sep="\n      ")


def _print_roles(rows: list[tuple[str, list[tuple[bool, bool]]]]) -> None:
    names = [role.value for role in Role] + ["nobody"]
    print(f"{'':46}" + "".join(f"{name[:8]:>9}" for name in names))
    for endpoint, cells in rows:
        print(f"{endpoint:46}" + "".join(f"{_cell(*cell):>9}" for cell in cells))


def _cell(wanted: bool, did: bool) -> str:
    return ("yes" if did else "-") if wanted is did else "WRONG"


def _print_fields() -> None:
    fields = [name for names in visibility.FIELDS.values() for name in names]
    print(f"\n{'':34}" + "".join(f"{name[:10]:>11}" for name in fields))
    for role in Role:
        for purpose in Purpose:
            shown = visibility.fields(role, purpose)
            if shown:
                print(
                    f"{role.value:14} {purpose.value:19}"
                    + "".join(f"{'x' if name in shown else '-':>11}" for name in fields)
                )
        if not any(visibility.fields(role, purpose) for purpose in Purpose):
            print(f"{role.value:14} {'whatever':19}" + "".join(f"{'-':>11}" for _ in fields))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        _print(Path(made))
