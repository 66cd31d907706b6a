"""A case at the console, from its kiosk's side and from the audit's."""

from typing import Any

import sqlalchemy as sa

from records.context import Records
from tests.support.records_client import KioskClient

MINUTE = 60
REASON = "card lost, desk book 2026-117"
CONFIRMED = {"basis": "portrait-compared", "reason": REASON}


def asked(kiosk: KioskClient, evidence: dict[str, Any]) -> tuple[str, str]:
    """The subject of a visit that asks for an officer, and its code."""
    subject = str(kiosk.identified(evidence)["subject"])
    return subject, str(kiosk.post(f"/v1/identifications/{subject}/confirmation").json()["code"])


def state_of(kiosk: KioskClient, subject: str) -> str:
    return str(kiosk.get(f"/v1/identifications/{subject}/confirmation").json()["state"])


def audited(records: Records, action: str) -> list[dict[str, Any]]:
    with records.database.reading() as transaction:
        query = sa.text("SELECT * FROM audit WHERE action = :action ORDER BY seq")
        return [dict(row) for row in transaction.connection.execute(query, {"action": action}).mappings()]
