"""``records audit``: whether the chain of hashes holds, and the last deeds. A person is not named in it."""

import json

from sqlalchemy import RowMapping

from records.context import Records
from records.errors import AuditBrokenError
from records.rules.periods import bureau_time
from records.store import audit


def lines(records: Records, shown: int) -> list[str]:
    """The last deeds, then what the check found. AuditBrokenError."""
    with records.database.reading() as transaction:
        broken, rows = audit.first_break(transaction), audit.length(transaction)
        deeds = audit.latest(transaction, shown)
    if broken is not None:
        raise AuditBrokenError(f"the audit does not hold from row {broken} on: it was changed, or a row is missing")
    return [*map(_line, deeds), f"The audit holds: {rows} rows, each following from the one before."]


def _line(deed: RowMapping) -> str:
    """Who did what when, as it is kept."""
    facts = (f"{name}={value}" for name, value in json.loads(deed["facts"]).items())
    at = f"{bureau_time(deed['at']):%Y-%m-%d %H:%M:%S}"
    told = (str(deed["seq"]), at, deed["action"], deed["device_id"], deed["visit"], *facts)
    line = "  ".join(filter(None, told))
    return "".join(each if each.isprintable() else "�" for each in line)  # devices' words move no terminal's cursor
