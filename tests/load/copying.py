"""The peer of a batch: PostgreSQL's COPY of the same rows into the same table, in one piece and one transaction."""

import time
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Copier:
    """``url``: of the tables' owner, since VACUUM is the owner's."""

    url: str

    def emptied(self) -> None:
        """No intake is there, and no trace of one."""
        with self._connected() as connection:
            connection.execute("TRUNCATE intakes, intake_blobs")

    def copied(self) -> tuple[int, float]:
        """Take out what is there and put it back by COPY: (rows, seconds)."""
        with self._connected() as connection:
            with connection.cursor().copy("COPY intakes TO STDOUT") as out:
                lines = [bytes(line) for line in out]
            connection.execute("TRUNCATE intakes, intake_blobs")
            data = b"".join(lines)
            began = time.perf_counter()
            with connection.transaction(), connection.cursor().copy("COPY intakes FROM STDIN") as into:
                into.write(data)
            return len(lines), time.perf_counter() - began

    def _connected(self) -> psycopg.Connection:
        url = sa.make_url(self.url).set(drivername="postgresql")
        place = psycopg.conninfo.make_conninfo(host=str(url.query["host"]), user=url.username, dbname=url.database)
        return psycopg.connect(place, autocommit=True)
