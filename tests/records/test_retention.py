"""Everything that grows has its time: what is over goes, what is not stays, and nobody who writes waits for it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.type_api import TypeEngine

from records import hourly
from records.cli import main
from records.context import Records
from records.errors import ClockJumpedError
from records.services import retention
from records.services.retention import KEPT, RULES, Rule
from records.store import tidying
from records.store.database import Database
from records.store.tables import metadata
from records.store.tables.columns import Instant
from tests.support.clocks import StillClock
from tests.support.intakes import Outbox, correction, residence, rules_of, send
from tests.support.records_client import KioskClient

DAY = timedelta(days=1)


def test_every_table_has_a_rule_or_a_reason() -> None:
    """A new table says how long its rows are kept, or why for good."""
    ruled = [rule.table for rule in RULES]
    assert sorted([*ruled, *KEPT]) == sorted(metadata.tables)


def test_an_hour_of_tidying_with_nothing_to_do_changes_nothing(records: Records, kiosk: KioskClient) -> None:
    """What was made just now is kept by every rule."""
    kiosk.reserved()
    before = _everything(records)
    assert retention.tidy(records) == {}
    assert _everything(records) == before
    with records.database.reading() as transaction:
        assert retention.last_run(transaction) == records.clock.now().replace(second=0)


def _everything(records: Records) -> dict[str, int]:
    with records.database.reading() as transaction:
        counting = {name: sa.select(sa.func.count()).select_from(each) for name, each in metadata.tables.items()}
        found = {name: transaction.connection.execute(query).scalar_one() for name, query in counting.items()}
    return {name: count for name, count in found.items() if name != "counters"}


SIMPLE = [rule for rule in RULES if rule.table not in {"changes", "blobs", "intakes", "paper_contents"}]


@pytest.mark.parametrize("rule", SIMPLE, ids=lambda rule: str(rule.table))
def test_a_row_goes_when_its_time_is_over_and_not_before(records: Records, clock: StillClock, rule: Rule) -> None:
    """More of them than go at once, all of them; the younger ones stay."""
    span = rule.keeps(records.settings)
    now = clock.now()
    old, young = rule.chunk + 3, 2
    rows = [_row(rule, index, now - span - DAY if index < old else now - span + DAY) for index in range(old + young)]
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.insert(metadata.tables[rule.table]), rows)
    assert retention.tidy(records)[rule.table] == old
    assert _everything(records)[rule.table] == young
    assert _told(records) == {rule.table: old}


def _row(rule: Rule, index: int, at: Any) -> dict[str, Any]:
    """A row all of whose times are ``at``."""
    return {column.name: _value(column.type, index, at) for column in metadata.tables[rule.table].columns} | {
        "community_id": "pingandeng"
    }


def _value(kind: TypeEngine[Any], index: int, at: Any) -> Any:
    if isinstance(kind, Instant):
        return at
    if isinstance(kind, sa.Date):
        return at.date()
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.LargeBinary):
        return b"x"
    return index if isinstance(kind, sa.Integer) else str(index)[: getattr(kind, "length", None) or 8]


def _told(records: Records) -> dict[str, Any]:
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT action, facts FROM audit ORDER BY seq")).all()
    found: dict[str, Any] = json.loads([row.facts for row in rows if row.action == "tidied"][-1])
    return found


def test_what_an_open_reservation_says_goes_and_its_serial_stays(
    records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    kiosk.reserved()
    clock.pass_by(2 * 24 * 3600)
    assert retention.tidy(records)["paper_contents"] == 1
    assert _everything(records)["papers"] == 1


def test_an_intake_goes_long_after_it_was_decided_and_never_before(
    records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    """With the names of its files."""
    outbox = Outbox(rules_of(records), clock.now())
    send(kiosk, [outbox.item(residence()), outbox.item(correction())])
    table = metadata.tables["intakes"]
    with records.database.writing() as transaction:
        decided = sa.update(table).where(table.c.kind == "residence").values(state="accepted", decided_at=clock.now())
        transaction.connection.execute(decided)
    clock.pass_by(1095 * 24 * 3600)
    assert "intakes" not in retention.tidy(records)
    clock.pass_by(1)
    assert retention.tidy(records)["intakes"] == 1
    assert _everything(records)["intakes"] == 1


def test_a_clock_that_jumps_deletes_nothing_until_it_has_gone_on_for_a_day(records: Records, clock: StillClock) -> None:
    """An hour with the year wrong, and back; a year for which nobody was here, a day later."""
    rule = next(rule for rule in RULES if rule.table == "tries")
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.insert(metadata.tables["tries"]), [_row(rule, 1, clock.now())])
    retention.tidy(records)
    for step in (366 * DAY, timedelta(hours=1)):
        clock.pass_by(step.total_seconds())
        with pytest.raises(ClockJumpedError):
            retention.tidy(records)
    clock.pass_by(-(366 * DAY + timedelta(hours=1)).total_seconds())
    assert retention.tidy(records) == {}
    clock.pass_by((366 * DAY).total_seconds())
    with pytest.raises(ClockJumpedError):
        retention.tidy(records)
    clock.pass_by(DAY.total_seconds())
    assert retention.tidy(records)["tries"] == 1


def test_looking_for_what_is_over_keeps_no_writer_waiting(records: Records, clock: StillClock) -> None:
    """Where nothing is, nobody's turn is taken; what got another time meanwhile stays."""
    table = metadata.tables["tries"]
    rule = next(rule for rule in RULES if rule.table == "tries")
    with records.database.writing():  # on SQLite nobody else writes now
        assert rule.delete(records.database, clock.now(), 10) == 0
    row = _row(rule, 1, clock.now())
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.insert(table), [row])
    later = table.c.at < clock.now() + DAY
    with records.database.reading() as transaction:
        found = tidying._keys(transaction, table, [later], 10)
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.update(table).values(at=clock.now() + 2 * DAY))
        tidying._delete(transaction, table, [later], found)
    assert (len(found), _everything(records)["tries"]) == (1, 1)


def test_it_ends_between_two_transactions(records: Records, clock: StillClock) -> None:
    """As soon as the service does."""
    rule = next(rule for rule in RULES if rule.table == "tries")
    old = clock.now() - timedelta(days=400)
    with records.database.writing() as transaction:
        rows = [_row(rule, index, old) for index in range(3 * rule.chunk)]
        transaction.connection.execute(sa.insert(metadata.tables["tries"]), rows)
    answers: Iterator[bool] = iter([False] * (RULES.index(rule) + 1))
    retention.tidy(records, lambda: next(answers, True))
    assert _everything(records)["tries"] == 2 * rule.chunk


def test_the_command_says_what_went_and_what_is_kept_how_long(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(folder), "tidy"]) == 0
    assert capsys.readouterr().out == "Nothing had to go.\n"
    assert main(["--data", str(folder), "tidy", "--rules"]) == 0
    said = capsys.readouterr().out
    assert "idempotency          30 days" in said
    assert "residents            not deleted: the register itself" in said


def test_a_failure_of_one_hour_is_a_line_in_the_log(
    records: Records, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever it is: nobody would notice that the hours have ended."""

    def failing(_database: Database, _before: Any, _most: int) -> int:
        raise TypeError("secret")

    monkeypatch.setattr(retention, "RULES", (Rule("tries", RULES[0].keeps, failing),))
    hourly.tidied(records, lambda: False)
    (line,) = [record for record in caplog.records if record.message == "not tidied"]
    assert vars(line)["error"] == "TypeError"


def test_the_service_tidies_while_it_runs(records: Records, clock: StillClock) -> None:
    """By itself, and no longer than it runs."""
    rule = next(rule for rule in RULES if rule.table == "tries")
    with records.database.writing() as transaction:
        row = _row(rule, 1, clock.now() - timedelta(days=400))
        transaction.connection.execute(sa.insert(metadata.tables["tries"]), [row])
    with hourly.tidying(records, first_after_s=0.01, every_s=0.01):
        for _ in range(500):
            if not _everything(records)["tries"]:
                break
    assert _everything(records)["tries"] == 0
