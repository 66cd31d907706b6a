"""The source of criminal records that comes with the service: a table of its own."""

from records.criminal.source import Finding
from records.population.source import Resident
from records.store import criminal
from records.store.database import Database


class SeededCriminalRecords:
    """Findings out of records' own database; of whom nothing is stored, there is nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def query(self, person: Resident) -> Finding:
        """What the table says."""
        with self._database.reading() as transaction:
            stored = criminal.outcome_of(transaction, person.person_id)
        return Finding(stored) if stored else Finding.CLEAN
