"""Which version the tables have, and which one this program was made for."""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from records.store.database import Transaction

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

_MIGRATIONS = Path(__file__).parent / "migrations"


def wanted() -> str:
    """The version that this program works with."""
    head = _steps().get_current_head()
    assert head is not None  # noqa: S101 - the chain has an end (tests/records/test_migrations.py)
    return head


def found(transaction: Transaction) -> str:
    """The version of the tables; empty: there are none yet."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 - see _steps

    return MigrationContext.configure(transaction.connection).get_current_revision() or ""


def is_known(version: str) -> bool:
    """Whether this program has a way from ``version`` to its own; else the tables are of a newer program."""
    return version in {each.revision for each in _steps().walk_revisions()}


def _steps() -> "ScriptDirectory":
    """The way from nothing to this version. Alembic knows every database there is: most commands start without it."""
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    settings = Config()
    settings.set_main_option("script_location", str(_MIGRATIONS))
    return ScriptDirectory.from_config(settings)


def whole(transaction: Transaction) -> str:
    """What the database finds wrong with itself, in its first words; empty: nothing.

    SQLite reads every page. PostgreSQL has no such question: its own checksums speak when a page is read.
    """
    if transaction.connection.dialect.name != "sqlite":
        transaction.connection.execute(sa.text("SELECT 1"))
        return ""
    said = transaction.connection.execute(sa.text("PRAGMA integrity_check(1)")).scalar()
    return "" if said == "ok" else "a page or an index is damaged"
