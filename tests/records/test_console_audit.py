"""The audit at the console: who did what, and nothing by which a person, a visit or a paper is found again."""

import pytest
import sqlalchemy as sa

from records.console import texts
from records.context import Records
from records.rules.roles import Role
from records.services import auditing
from records.store import audit as store
from records.store.tables.keeping import audit
from tests.support.clocks import StillClock
from tests.support.console import Browser, hire
from tests.support.records_client import DENG, KioskClient

PAGE, CHECK = "/console/audit", "/console/audit/check"


@pytest.fixture
def auditor(records: Records, clock: StillClock) -> Browser:
    browser = Browser(records, clock)
    browser.sign_in(hire(records, "wang", Role.AUDITOR))
    return browser


def _look(desk: Browser, number: str = DENG.id_number) -> None:
    desk.get("/console/persons")
    desk.send("/console/persons", number=number, purpose="case-handling", ticket="JJ-2026-0117")


def test_it_says_who_looked_what_for_and_never_at_whom(
    auditor: Browser, desk: Browser, kiosk: KioskClient, records: Records
) -> None:
    """No name, number or hash; no visit, no serial."""
    serial = kiosk.reserved()["serial"]
    _look(desk)
    page = auditor.get(PAGE)
    for shown in ("查阅人员", "chen", "用途: 办理案件", "工单: JJ-2026-0117", "开具证明"):
        assert shown in page.text
    with records.database.reading() as transaction:
        hashes = list(transaction.connection.scalars(sa.text("SELECT DISTINCT subject FROM audit WHERE subject <> ''")))
    assert hashes
    for hidden in (DENG.name, DENG.id_number, serial, "visit-0001", *hashes):
        assert hidden not in page.answer.text


def test_it_is_asked_by_day_action_and_account(auditor: Browser, desk: Browser, clock: StillClock) -> None:
    """What is unfit in an address is left out."""
    _look(desk)
    clock.pass_by(24 * 3600)
    fresh = Browser(auditor.records, clock)
    fresh.sign_in(hire(auditor.records, "zhao", Role.AUDITOR))
    assert "查阅人员" not in fresh.get(PAGE).text
    page = fresh.get(f"{PAGE}?day=2026-11-22&action=person-read&officer=chen")
    deeds = [told for told in page.words if told.startswith("第 ")]
    assert len(deeds) == 1
    assert "没有符合的记录" in fresh.get(f"{PAGE}?day=2026-11-22&action=person-read&officer=li").text
    odd = fresh.get(f"{PAGE}?day=x&action=%27;--&officer=%25")
    assert (odd.status, odd.title) == (200, "审计")
    assert fresh.get(f"{PAGE}?before=99999999999").status == 400


def test_a_day_has_pages(auditor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest first; the last page has no way on."""
    monkeypatch.setattr(auditing, "PAGE", 2)
    page = auditor.get(PAGE)
    first = [told for told in page.words if told.startswith("第 ")]
    assert len(first) == 2
    assert "更早的" in page.text
    older = next(form for form in page.forms if "before" in form.choices)
    page = auditor.get(f"{PAGE}?day=2026-11-22&before={older.choices['before'][0]}")
    assert not {told for told in page.words if told.startswith("第 ")} & set(first)


def test_whoever_reads_the_audit_is_in_it(auditor: Browser) -> None:
    auditor.get(PAGE)
    assert "查看审计" in auditor.get(PAGE).text


def test_the_chain_is_checked_and_a_foreign_row_is_found(auditor: Browser, desk: Browser, records: Records) -> None:
    """By its number; the page says what to do. (Rows that were changed or taken out: test_audit.)"""
    _look(desk)
    auditor.get(PAGE)
    assert "审计链完整" in auditor.send(CHECK).text
    with records.database.writing() as transaction:
        row = {"community_id": transaction.community, "seq": 100_000, "at": records.clock.now(), "action": "nothing"}
        transaction.connection.execute(sa.insert(audit).values(**row, facts="{}", previous="0" * 64, hash="0" * 64))
    auditor.get(PAGE)
    page = auditor.send(CHECK)
    assert "条起不相符" in page.text
    assert "立即报告" in page.text


def test_every_fact_that_may_be_told_has_its_name() -> None:
    """An action may lack one, and is then shown by its code; a fact may not."""
    known = texts.words("zh").texts
    assert [name for name in auditing.TOLD if f"deed_fact.{name}" not in known] == []


def test_an_action_without_words_is_shown_by_its_code(auditor: Browser, records: Records) -> None:
    with records.database.writing() as transaction:
        store.append(transaction, store.Deed(records.clock.now(), "something-new", facts=(("secret", "never shown"),)))
    page = auditor.get(PAGE)
    assert "something-new" in page.text
    assert "never shown" not in page.text
