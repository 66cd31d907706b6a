"""How many wait, as the console's menu says it: for whom, of what, and of nobody who is hidden from them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from records.context import Records
from records.rules.roles import Role
from records.services import approvals, sessions, waiting
from records.services.sessions import Attempt, Session
from records.store import alerts, applications, intakes
from records.store.alerts import AlertKind, Raise
from records.store.applications import ApplicationRow
from records.store.approvals import Matter
from records.store.waiting import Kind
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.hidden import whose
from tests.support.intakes import Outbox, correction
from tests.support.intakes_desk import handed_in, hide_for
from tests.support.records_client import DENG, KioskClient

ALL = {Kind.APPLICATIONS: 1, Kind.INTAKES: 1, Kind.TENANCIES: 0, Kind.APPROVALS: 1, Kind.ALERTS: 1}


def _session(records: Records, clock: StillClock, name: str, role: Role = Role.OFFICER) -> Session:
    account = hire(records, name, role)
    token = sessions.sign_in(records, Attempt(name, account.password, account.code(clock), "10.0.0.7"))
    session = sessions.resume(records, token)
    assert session is not None
    return session


@pytest.fixture
def chen(records: Records, clock: StillClock) -> Session:
    return _session(records, clock, "chen")


@pytest.fixture
def wang(records: Records, clock: StillClock, kiosk: KioskClient, outbox: Outbox, chen: Session) -> Session:
    """Return a colleague, after one of each kind has come."""
    colleague = _session(records, clock, "wang")
    handed_in(kiosk, outbox, correction())
    for session, ticket in ((chen, "2026-1"), (colleague, "2026-2")):
        approvals.ask(records, session, Matter.HIDE, ticket, {})
    now, person = records.clock.now(), whose(records, DENG)
    with records.database.writing() as transaction:
        alerts.note(transaction, Raise(AlertKind.OUT_OF_SERVICE, now.date(), 1, now, device_id=kiosk.device_id))
        days = now, now.date(), now.date() + timedelta(days=9)
        row = ApplicationRow(
            "S1", person.person_id, "no_criminal_record", "none", *days, number_hash=person.number_hash
        )
        applications.add(transaction, row)
    return colleague


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """Return what databases were asked."""
    heard: list[str] = []

    def hear(*told: Any) -> None:
        heard.append(told[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)  # of a server's database there are two
    yield heard
    sa.event.remove(sa.Engine, "before_cursor_execute", hear)


def test_one_statement_counts_what_waits_for_this_account(
    records: Records, chen: Session, wang: Session, asked: list[str]
) -> None:
    """What it asked for itself waits for others."""
    for session in (chen, wang):
        asked.clear()
        assert waiting.counts(records, session) == ALL
        assert len([each for each in asked if "SELECT" in each]) == 1


@pytest.mark.parametrize(
    ("role", "kinds"),
    [(Role.ADMINISTRATOR, {Kind.ALERTS}), (Role.AUXILIARY, set()), (Role.TECHNICIAN, set()), (Role.AUDITOR, set())],
)
def test_a_role_hears_of_what_it_may_see(
    records: Records, clock: StillClock, asked: list[str], role: Role, kinds: set[Kind]
) -> None:
    """And for who may see none of it, nothing is asked."""
    session = _session(records, clock, "zhao", role)
    asked.clear()
    assert waiting.counts(records, session).keys() == kinds
    assert bool(asked) is bool(kinds)


def test_who_is_hidden_is_counted_for_those_alone_who_see_them(records: Records, chen: Session, wang: Session) -> None:
    """As on the lists; while nobody can say by which number somebody is hidden, no number stands at 居民提交."""
    hide_for(records, "wang")
    assert waiting.counts(records, chen) == ALL | {Kind.APPLICATIONS: 0, Kind.INTAKES: 0}
    assert waiting.counts(records, wang) == ALL | {Kind.APPLICATIONS: 0}
    hide_for(records, "wang", number_hash="")
    assert Kind.INTAKES not in waiting.counts(records, wang)


def test_what_waits_for_the_resident_is_not_counted(records: Records, chen: Session, wang: Session) -> None:
    """More papers, an answer that lies at the window: no officer has to do anything yet."""
    with records.database.writing() as transaction:
        applications.update(transaction, "S1", state="ready")
        (row,) = intakes.waiting(transaction, 2)
        intakes.update(transaction, row, state="more-papers")
    assert waiting.counts(records, chen) == ALL | {Kind.APPLICATIONS: 0, Kind.INTAKES: 0}
    assert Kind.INTAKES in waiting.counts(records, wang)


def test_the_menu_says_it_on_each_page_and_the_script_hears_it_anew(
    desk: Browser, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice, since a narrow page folds the menu; a locked page says nothing, nor does that of who is signed out."""
    assert number in desk.get("/console/intakes").answer.text
    said = '<span class="count" data-waits="intakes">1</span>'
    assert desk.get("/console/").answer.text.count(said) == 2
    assert '<span data-waits="intakes">1</span>' in desk.get("/console/alarms/strip").answer.text
    monkeypatch.setattr(waiting, "MOST", 0)
    assert '<span data-waits="intakes">0+</span>' in desk.get("/console/alarms/strip").answer.text
    locked = desk.wait(16 * 60)
    assert "data-waits" not in desk.get("/console/alarms/strip").answer.text
    assert "data-waits" not in locked.answer.text
    desk.page = locked
    desk.send("/console/sign-out")
    assert "data-waits" not in desk.get("/console/nothing").answer.text
