"""Every table, a module for each subject. ``community_id`` leads every primary key, so that one database, or one shard,
may hold many communities. ``metadata`` knows the tables of all of them.

Portable SQL only: SQLite and PostgreSQL run the same migrations.
"""

from records.store.tables import (
    changes,
    console,
    contacts,
    devices,
    gates,
    guard,
    intakes,
    issuing,
    keeping,
    life,
    persons,
    register,
    tenancies,
    visiting,
)
from records.store.tables.columns import metadata

__all__ = [
    "changes",
    "console",
    "contacts",
    "devices",
    "gates",
    "guard",
    "intakes",
    "issuing",
    "keeping",
    "life",
    "metadata",
    "persons",
    "register",
    "tenancies",
    "visiting",
]
