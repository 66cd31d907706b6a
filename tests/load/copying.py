"""The peer of a batch: PostgreSQL's COPY of the same rows into the same table, all in one piece, and in transactions of
as many rows as a batch has."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa

from tests.load.works import IN_A_BATCH

_INTO = "COPY intakes FROM STDIN"


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows a second."""

    whole: float
    batches: float


@dataclass(frozen=True, slots=True)
class Copier:
    """``url``: of the tables' owner, since TRUNCATE is the owner's."""

    url: str

    def emptied(self) -> None:
        """No intake is there, and no trace of one."""
        with self._connected() as connection:
            connection.execute("TRUNCATE intakes, intake_blobs")

    def copied(self) -> Copied:
        """Take out what is there and put it back by COPY, both ways."""
        with self._connected() as connection, connection.cursor().copy("COPY intakes TO STDOUT") as out:
            rows = [bytes(row) for row in out]
        return Copied(len(rows) / self._seconds(rows, len(rows)), len(rows) / self._seconds(rows, IN_A_BATCH))

    def _seconds(self, rows: Sequence[bytes], size: int) -> float:
        self.emptied()
        pieces = [b"".join(rows[start : start + size]) for start in range(0, len(rows), size)]
        with self._connected() as connection:
            began = time.perf_counter()
            for piece in pieces:
                with connection.transaction(), connection.cursor().copy(_INTO) as into:
                    into.write(piece)
            return time.perf_counter() - began

    def _connected(self) -> psycopg.Connection:
        url = sa.make_url(self.url)
        place = psycopg.conninfo.make_conninfo(host=str(url.query["host"]), user=url.username, dbname=url.database)
        return psycopg.connect(place, autocommit=True)
