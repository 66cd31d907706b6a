"""The population as others may see it: whoever is hidden is not there.

A person at a kiosk with their own document, and an officer whom they asked to look, go by the source itself
(``Records.register``). Everybody else goes by this, and finds nobody: the same answer as for somebody who does not
exist, by the same work. Those who are hidden under one ticket (a mother and her child) see each other.
"""

from collections.abc import Callable

from civic.clock import Clock
from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalBytes
from records.population.source import PopulationSource, Resident
from records.rules.periods import bureau_time
from records.store import protection
from records.store.database import Database
from records.store.protection import Hidden


class ProtectedPopulation:
    """A source without those who are hidden now (``records.store.protection``). ``number_hash``: by which a number is
    known there."""

    def __init__(
        self, source: PopulationSource, database: Database, clock: Clock, number_hash: Callable[[str], str]
    ) -> None:
        self._source = source
        self._database = database
        self._clock = clock
        self._number_hash = number_hash

    def find(self, id_number: IdNumber) -> Resident | None:
        """The person of a citizen number."""
        return self._seen(self._source.find(id_number))

    def find_document(self, kind: DocumentKind, issuing_state: str, number: str) -> Resident | None:
        """The person to whom a state issued a document."""
        return self._seen(self._source.find_document(kind, issuing_state, number))

    def resident(self, person_id: str) -> Resident | None:
        """The person of a handle."""
        return self._seen(self._source.resident(person_id))

    def children(self, person_id: str) -> tuple[Resident, ...]:
        """Whose recorded guardian a person is."""
        return self._beside(person_id, self._source.children(person_id))

    def household(self, person_id: str) -> tuple[Resident, ...]:
        """The others of a person's household."""
        return self._beside(person_id, self._source.household(person_id))

    def has_portrait(self, person_id: str) -> bool:
        """Whether there is a portrait, without reading it."""
        there = self._source.has_portrait(person_id)
        return there and not self._is_hidden(person_id)

    def portrait(self, person_id: str) -> PersonalBytes | None:
        """The portrait as JPEG."""
        image = self._source.portrait(person_id)
        return None if self._is_hidden(person_id) else image

    def nobody(self, number_hash: str) -> str:
        """The handle of a portrait of nobody."""
        return self._source.nobody(number_hash)

    def _seen(self, found: Resident | None) -> Resident | None:
        hidden = self._tickets(self._hidden(), found)  # asked for whoever was found, or nobody: the same work
        return None if hidden else found

    def _beside(self, person_id: str, people: tuple[Resident, ...]) -> tuple[Resident, ...]:
        hidden = self._hidden()
        own = self._tickets(hidden, self._source.resident(person_id))
        theirs = ((each, self._tickets(hidden, each)) for each in people)
        return tuple(each for each, tickets in theirs if not tickets or own & tickets)

    def _is_hidden(self, person_id: str) -> bool:
        return bool(self._tickets(self._hidden(), self._source.resident(person_id)))

    def _tickets(self, hidden: Hidden, person: Resident | None) -> frozenset[str]:
        """Of nobody by the same work, and none."""
        number = person.id_number.reveal() if person is not None else ""
        return hidden.tickets(person.person_id if person is not None else "", self._number_hash(number))

    def _hidden(self) -> Hidden:
        today = bureau_time(self._clock.now()).date()
        with self._database.reading() as transaction:
            return protection.hidden(transaction, today)
