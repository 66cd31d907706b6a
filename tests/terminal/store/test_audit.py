"""The audit: a chain that shows every change, and a door that lets nothing personal through."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from terminal.store.audit import GENESIS, Audit, AuditFieldError, AuditHead, AuditKind
from terminal.store.database import Database
from terminal.store.errors import AuditBrokenError
from tests.support.clocks import StillClock


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty store."""
    opened = Database(tmp_path / "a.db")
    yield opened
    opened.close()


@pytest.fixture
def audit(database: Database) -> Audit:
    """An audit of three rows."""
    made = Audit(database, StillClock())
    made.append(AuditKind.STARTED, version="0.1.0")
    made.append(AuditKind.PAPER_PRINTED, serial="2026-0001-000042-57", count=1)
    made.append(AuditKind.FACE_COMPARED, passed=True, threshold_milli=412)
    return made


def test_an_empty_chain_begins_with_the_known_head(database: Database) -> None:
    """Nobody can cut the whole chain away unseen: records hold a later head."""
    assert Audit(database, StillClock()).head() == AuditHead(0, GENESIS)


def test_a_chain_that_nobody_touched_holds(audit: Audit) -> None:
    """Three rows, and the head is the last one's."""
    assert audit.verify() == 3
    assert audit.head().seq == 3


@pytest.mark.parametrize(
    ("tamper", "row"),
    [
        ("UPDATE audit SET fields = '{\"count\":2}' WHERE seq = 2", 2),
        ("UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE seq = 1", 1),
        ("UPDATE audit SET kind = 'stopped' WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("UPDATE audit SET hash = replace(hash, 'a', 'b') WHERE seq = 1", 1),
    ],
)
def test_a_changed_row_breaks_the_chain_there(audit: Audit, database: Database, tamper: str, row: int) -> None:
    """Also when whoever did it removed the triggers first."""
    database.execute("DROP TRIGGER audit_is_not_rewritten")
    database.execute("DROP TRIGGER audit_is_not_shortened")
    assert database.execute(tamper) == 1
    with pytest.raises(AuditBrokenError, match=f"row {row}"):
        audit.verify()


@pytest.mark.parametrize("statement", ["UPDATE audit SET kind = 'stopped'", "DELETE FROM audit"])
def test_the_store_itself_refuses_to_change_rows(audit: Audit, database: Database, statement: str) -> None:
    """A slip in our own code can't rewrite the audit."""
    with pytest.raises(apsw.ConstraintError):
        database.execute(statement)
    assert audit.verify() == 3


@pytest.mark.parametrize(
    "value", ["王小明", "990101199003070012", "99010119900307001x", "no spaces", "", 990101199003070012, "a" * 97]
)
def test_a_value_that_could_be_personal_is_refused(audit: Audit, value: str | int) -> None:
    """Before anything is written, and without quoting it."""
    with pytest.raises(AuditFieldError) as caught:
        audit.append(AuditKind.DEVICE_CHANGED, reason=value)
    assert str(value) not in str(caught.value) or value == ""
    assert audit.head().seq == 3


def test_a_field_that_is_not_on_the_list_is_refused(audit: Audit) -> None:
    """No field is called name."""
    with pytest.raises(AuditFieldError, match="no field name"):
        audit.append(AuditKind.STARTED, name="x")
