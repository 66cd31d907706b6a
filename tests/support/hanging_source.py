"""A source of criminal records that hangs."""

from threading import Event

from records.criminal.source import Finding
from records.population.source import Resident

PATIENCE_S = 20.0


class HangingSource:
    """A source that answers nobody before it is let."""

    def __init__(self) -> None:
        self.let = Event()
        self.asked = 0

    def query(self, person: Resident) -> Finding:
        del person
        self.asked += 1
        self.let.wait(PATIENCE_S)
        return Finding.FOUND
