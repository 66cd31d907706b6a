"""Every read of a person is written down, in a chain that shows any change, without saying who the person is."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from records.context import Records
from records.store import audit
from tests.support.records_client import DENG, NOBODYS_NUMBER, KioskClient, live, statement, travel, typed

CHANGES = ["UPDATE audit SET action = 'nothing'", "DELETE FROM audit"]


def _rows(records: Records) -> list[dict[str, Any]]:
    with records.database.reading() as transaction:
        query = sa.text("SELECT * FROM audit ORDER BY seq")
        return [dict(row) for row in transaction.connection.execute(query).mappings()]


def test_a_visit_leaves_its_reads_behind(kiosk: KioskClient, records: Records) -> None:
    """Which device, which visit, which step; one person is one hash."""
    subject = kiosk.prove()
    kiosk.post(f"/v1/identifications/{subject}/record")
    kiosk.reserve(subject)
    visit = [row for row in _rows(records) if row["visit"]]
    steps = ["identified", "portrait-read", "identity-judged", "record-read", "paper-reserved"]
    assert [row["action"] for row in visit] == steps
    assert {(row["device_id"], row["visit"]) for row in visit} == {(kiosk.device_id, "visit-0001")}
    assert len({row["subject"] for row in visit}) == 1


def test_a_comparison_says_when_its_camera_was_simulated(kiosk: KioskClient, records: Records) -> None:
    """A refused one is there too."""
    subject = kiosk.identify()["subject"]
    kiosk.portrait(subject)
    kiosk.state(subject, statement(subject, band="below"))
    (judged,) = [json.loads(row["facts"]) for row in _rows(records) if row["action"] == "identity-judged"]
    assert (judged["accepted"], judged["fault"], judged["simulated"], judged["model"]) == (False, "band", True, "sface")


def test_nothing_personal_stands_in_it(kiosk: KioskClient, records: Records) -> None:
    kiosk.reserved(DENG)
    whole = json.dumps(_rows(records), ensure_ascii=False, default=str)
    for personal in (DENG.name, DENG.id_number, "19860314", "1986-03-14", "灯火路"):
        assert personal not in whole


def test_a_passport_leaves_its_signer_and_not_its_number(kiosk: KioskClient, records: Records) -> None:
    """Which state's key vouched for it; neither number nor name."""
    kiosk.identified(travel())
    facts = json.loads(_rows(records)[-1]["facts"])
    assert facts == {
        "document": "passport",
        "clear": True,
        "doubt": "",
        "issuing_state": "CHN",
        "signer": "C=CN, CN=Specimen signer",
    }


def test_a_typed_number_leaves_nothing_of_itself(kiosk: KioskClient, records: Records) -> None:
    """Neither in the audit, nor in any table of tries, alerts or visits."""
    for visit, number in (("visit-0001", DENG.id_number), ("visit-0002", NOBODYS_NUMBER)):
        subject = kiosk.identified(typed(number, visit))["subject"]
        kiosk.portrait(subject, live(subject, visit))
    with records.database.reading() as transaction:
        tables = [sa.text(f"SELECT * FROM {name}") for name in ("audit", "tries", "alerts", "visits")]  # noqa: S608
        whole = str([list(transaction.connection.execute(table)) for table in tables])
    assert whole.count("portrait-read") == 2
    for personal in (DENG.id_number, NOBODYS_NUMBER, "19860314", "19700101", DENG.name):
        assert personal not in whole


def test_an_unknown_person_leaves_no_hash(kiosk: KioskClient, records: Records) -> None:
    """There is nobody to be protected, and nothing to compare other visits with."""
    kiosk.post("/v1/identifications", {**DENG.evidence(), "id_number": NOBODYS_NUMBER})
    assert _rows(records)[-1]["subject"] == ""


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_it(kiosk: KioskClient, records: Records, change: str) -> None:
    kiosk.identify()
    with pytest.raises(IntegrityError, match="append-only"), records.database.writing() as transaction:
        transaction.connection.execute(sa.text(change))


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit SET facts = '{}' WHERE seq = 3", "DELETE FROM audit WHERE seq = 3"],
)
def test_whoever_changes_it_all_the_same_breaks_the_chain(kiosk: KioskClient, records: Records, change: str) -> None:
    """With the triggers gone, the hashes still tell which row."""
    kiosk.prove()
    with records.database.writing() as transaction:
        assert audit.first_break(transaction) is None
        for trigger in ("audit_keeps_what_it_has", "audit_forgets_nothing"):
            transaction.connection.execute(sa.text(f"DROP TRIGGER {trigger}"))
        transaction.connection.execute(sa.text(change))
    with records.database.reading() as transaction:
        assert audit.first_break(transaction) == 3


def test_the_last_rows_can_not_be_taken_off_unseen(kiosk: KioskClient, records: Records) -> None:
    """Nothing follows them that would no longer fit."""
    kiosk.prove()
    with records.database.writing() as transaction:
        rows = audit.length(transaction)
        transaction.connection.execute(sa.text("DROP TRIGGER audit_forgets_nothing"))
        transaction.connection.execute(sa.text(f"DELETE FROM audit WHERE seq >= {rows - 1}"))  # noqa: S608
    with records.database.reading() as transaction:
        assert audit.first_break(transaction) == rows - 1
