"""Many rows at once come back as they were given, on both databases; a refused one leaves no trace."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from backend_client.contract.intakes import IntakeKind
from records.context import Records
from records.rules.intakes import IntakeState
from records.store import intakes
from records.store.database import Database
from records.store.intakes import IntakeRow
from tests.support import postgresql
from tests.support.clocks import NOW
from tests.support.records_server import BOTH

FIRST = IntakeRow(
    intake_id="i-1", device_id="kiosk", sequence=2**53 - 1, boot_id="b", monotonic_ms=0, at=NOW, skew_ms=None,
    received_at=NOW, kind=IntakeKind.RESIDENCE, digest="d", content='{"name": "邓\\u0000 𠮷\\t\\n"}',
)  # fmt: skip
OTHER = replace(
    FIRST, intake_id="i-2", sequence=1, skew_ms=-(2**53 - 1), at=datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC),
    content="", kind=IntakeKind.CORRECTION, state=IntakeState.ACCEPTED, decided_at=NOW, decided_by="邓", revision=7,
)  # fmt: skip
ELSEWHERE = replace(FIRST, intake_id="i-3", at=datetime(2200, 1, 1, 8, tzinfo=timezone(timedelta(hours=8))))


@pytest.fixture
def database(records: Records) -> Database:
    return records.database


@pytest.fixture
def quiet() -> Iterator[Database]:
    """Return a database of PostgreSQL, whose server's log can be read."""
    with postgresql.a_database(postgresql.migrated()) as name:
        opened = Database(postgresql.server().url(name), "pingandeng")
        yield opened
        opened.close()


def _added(database: Database, *rows: IntakeRow) -> None:
    with database.writing() as transaction:
        intakes.add_all(transaction, rows, {})


@pytest.mark.parametrize("kind", BOTH)
def test_rows_come_back_as_they_were_given(database: Database) -> None:
    """Nothing at all, the largest, the time before the epoch of COPY's format, and texts of every width."""
    _added(database, FIRST, OTHER, ELSEWHERE)
    with database.reading() as transaction:
        found = [intakes.find(transaction, each.intake_id) for each in (FIRST, OTHER, ELSEWHERE)]
        assert found == [FIRST, OTHER, ELSEWHERE]
        assert intakes.open_of(transaction, "kiosk") == 3


@pytest.mark.parametrize("kind", BOTH)
def test_all_of_them_or_none(database: Database) -> None:
    """One that is there already is told as any other insertion tells it; the next writer finds the database well."""
    _added(database, FIRST)
    with pytest.raises(IntegrityError):
        _added(database, OTHER, FIRST)
    _added(database, ELSEWHERE)
    with database.reading() as transaction:
        assert intakes.find(transaction, OTHER.intake_id) is None
        assert intakes.known(transaction, ["i-0", "i-1", "i-2", "i-3", "i-4"]).keys() == {"i-1", "i-3"}


@pytest.mark.parametrize("kind", BOTH)
def test_an_instant_without_a_zone_is_a_mistake_of_ours(database: Database) -> None:
    with pytest.raises((StatementError, TypeError)):
        _added(database, replace(FIRST, at=NOW.replace(tzinfo=None)), OTHER)


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"content": "打开的内容\x00"}, DataError), ({"digest": "打开的内容" * 20}, DataError), ({}, IntegrityError)],
)
def test_what_the_server_refuses_stands_neither_in_its_log_nor_in_the_error(
    quiet: Database, changed: dict[str, str], error: type[Exception]
) -> None:
    """A line that COPY refuses would stand there whole, if it were text."""
    row = replace(FIRST, **{"content": "打开的内容", **changed})  # type: ignore[arg-type]
    log = postgresql.server().folder / "log"
    before = log.stat().st_size
    with pytest.raises(error) as refused:
        _added(quiet, row, row)
    said = log.read_bytes()[before:].decode("utf-8", "replace")
    assert "COPY intakes" in said
    assert "打开" not in f"{said} {refused.value}"
