"""Many rows at once: one statement, however many there are.

SQLite binds one row after the other, which costs it no round trip. PostgreSQL is sent COPY on the transaction's own
connection, in its binary format (PostgreSQL 15, COPY, File Formats): of a refused row in the text format, the server's
log would hold the whole line.
"""

import struct
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from records.store.database import Transaction
from records.store.tables.columns import Instant

_Encode = Callable[[Any], bytes]
_HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no extension
_END: Final = struct.pack("!h", -1)
_NULL: Final = struct.pack("!i", -1)
_COUNT, _LENGTH = struct.Struct("!h").pack, struct.Struct("!i").pack
_INTEGER, _LONG = struct.Struct("!ii").pack, struct.Struct("!iq").pack  # each behind its length
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def insert(transaction: Transaction, table: Table, names: Sequence[str], rows: Collection[Sequence[Any]]) -> None:
    """Insert ``rows``, each the values of the columns ``names``. IntegrityError: one of them is there already."""
    connection, community = transaction.connection, transaction.community
    if rows and connection.dialect.name == "postgresql":
        _copy(connection, table, names, _packed(table, names, community, rows))
    elif rows:
        values = [dict(zip(names, row, strict=True), community_id=community) for row in rows]
        connection.execute(sa.insert(table), values)


def _copy(connection: Connection, table: Table, names: Sequence[str], data: bytes) -> None:
    quoted = connection.dialect.identifier_preparer.quote
    places = ", ".join(map(quoted, ("community_id", *names)))
    words = f"COPY {quoted(table.name)} ({places}) FROM STDIN (FORMAT BINARY)"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(words) as copy:
            copy.write(data)
    except psycopg.Error as error:  # as the engine tells all others
        raise DBAPIError.instance(
            words, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def _packed(table: Table, names: Sequence[str], community: str, rows: Collection[Sequence[Any]]) -> bytes:
    columns = zip(*rows, strict=True)
    encoded = [_column(_encoder(table.c[name].type), column) for name, column in zip(names, columns, strict=True)]
    begun = _COUNT(1 + len(names)) + _text(community)
    return b"".join((_HEAD, *chain.from_iterable(zip(repeat(begun), *encoded)), _END))


def _column(encode: _Encode, values: tuple[Any, ...]) -> Sequence[bytes]:
    """Half of the columns of a batch say one and the same in every row."""
    if values.count(values[0]) == len(values):
        return [_NULL if values[0] is None else encode(values[0])] * len(values)
    return [_NULL if value is None else encode(value) for value in values]


def _encoder(kind: TypeEngine[Any]) -> _Encode:
    """How a column's values stand in the binary format. KeyError: no table that is filled so has such a column."""
    return _ENCODERS[type(kind)]


def _text(value: str) -> bytes:
    data = value.encode("utf-8")
    return _LENGTH(len(data)) + data


def _integer(value: int) -> bytes:
    return _INTEGER(4, value)


def _long(value: int) -> bytes:
    return _LONG(8, value)


def _instant(value: datetime) -> bytes:
    """TypeError: an instant without a zone."""
    return _LONG(8, (value - _EPOCH) // _MICROSECOND)


_ENCODERS: Final[dict[type[TypeEngine[Any]], _Encode]] = {
    sa.String: _text,
    sa.Text: _text,
    sa.Integer: _integer,
    sa.BigInteger: _long,
    Instant: _instant,
}
