"""居民提交 at the console, as a test goes through it: handed in, opened for a reason, decided."""

import json
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from records.context import Records
from records.store import intakes, protection
from records.store.intakes import IntakeRow
from records.store.protection import Basis, ProtectionRow
from tests.support.console import Browser
from tests.support.hidden import whose
from tests.support.intakes import Outbox, send
from tests.support.records_client import DENG, KioskClient

LIST = "/console/intakes"
REASON = "papers at the window, desk book 2026-31"


def handed_in(kiosk: KioskClient, outbox: Outbox, content: Any) -> str:
    item = outbox.item(content)
    assert send(kiosk, [item]) == [("accepted", None)]
    return str(item["id"])


def row_of(records: Records, number: str) -> IntakeRow:
    with records.database.reading() as transaction:
        row = intakes.find(transaction, number)
    assert row is not None
    return row


def deeds(records: Records) -> list[tuple[str, dict[str, Any]]]:
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT action, facts FROM audit ORDER BY seq")).all()
    return [
        (row.action, json.loads(row.facts)) for row in rows if row.action.startswith(("intake-", "intakes-cleared"))
    ]


def opened(desk: Browser, number: str) -> Any:
    desk.get(f"{LIST}/{number}")
    return desk.send(f"{LIST}/{number}", reason=REASON)


def decided(desk: Browser, number: str, decision: str) -> Any:
    opened(desk, number)
    return desk.send(f"{LIST}/{number}/decide", decision=decision)


def hide_for(records: Records, officer: str, **changes: str) -> None:
    """As that account asked for. ``changes``: to how they are known."""
    day, basis = records.clock.now(), Basis.PROTECTION_ORDER
    hiding = ProtectionRow(replace(whose(records, DENG), **changes), basis, "2026-77", day, None, officer, "zhao")
    with records.database.writing() as transaction:
        protection.add(transaction, hiding)
