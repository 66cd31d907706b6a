"""What each party holds at the end: tables, how many rows, and their columns. Never a value."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from simulators.house import House
from tests.support.records_server import beside

_KIOSK = "kiosk.sqlite"
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
Query = Callable[[str], Iterable[tuple[Any, ...]]]


def sqlite_lines(query: Query) -> list[str]:
    """Of a SQLite file that somebody else has opened."""
    lines = []
    for (name,) in list(query(_TABLES)):
        ((count,),) = query(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - a name out of the schema
        columns = [str(row[1]) for row in query(f'PRAGMA table_info("{name}")')]
        lines.append(_line(name, count, columns))
    return lines


def records_lines(folder: Path) -> list[str]:
    """Of records' database, SQLite's or PostgreSQL's, beside whoever serves it."""
    lines = []
    with beside(folder) as connection:
        there = sa.inspect(connection)
        for name in sorted(there.get_table_names()):
            count = connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
            lines.append(_line(name, count, [column["name"] for column in there.get_columns(name)]))
    return lines


def kiosk_lines(folder: Path) -> list[str]:
    """Of a copy: the kiosk's own file is locked for its process alone."""
    with tempfile.TemporaryDirectory() as aside:
        for each in folder.glob(f"{_KIOSK}*"):
            shutil.copy(each, aside)
        with closing(sqlite3.connect(Path(aside) / _KIOSK)) as copy:
            return sqlite_lines(lambda words: copy.execute(words).fetchall())


def write_stores(house: House, gates: dict[str, list[str]], path: Path) -> None:
    """``gates``: the lines that each gate's process has told of its own encrypted file."""
    parts = {"records": records_lines(house.folder / "records"), **gates, "kiosk": kiosk_lines(house.folder / "kiosk")}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(line for name, rows in parts.items() for line in (f"== {name}", *rows, "")), "utf-8")


def _line(name: str, count: int, columns: list[str]) -> str:
    return f"{count:6d}  {name}: {', '.join(columns)}"
