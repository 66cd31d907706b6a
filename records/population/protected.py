"""The population as others may see it: whoever is hidden is not there.

A person at a kiosk with their own document, and an officer whom they asked to look, go by the source itself
(``Records.register``). Everybody else goes by this, and finds nobody: the same answer as for somebody who does not
exist, by the same work. Those who are hidden under one ticket (a mother and her child) see each other.
"""

from civic.clock import Clock
from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalBytes
from records.population.source import PopulationSource, Resident
from records.rules.periods import bureau_time
from records.store import protection
from records.store.database import Database

_Tickets = dict[str, frozenset[str]]


class ProtectedPopulation:
    """A source without those who are hidden now (``records.store.protection``)."""

    def __init__(self, source: PopulationSource, database: Database, clock: Clock) -> None:
        self._source = source
        self._database = database
        self._clock = clock

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
        return there and person_id not in self._hidden()

    def portrait(self, person_id: str) -> PersonalBytes | None:
        """The portrait as JPEG."""
        image = self._source.portrait(person_id)
        return None if person_id in self._hidden() else image

    def nobody(self, number_hash: str) -> str:
        """The handle of a portrait of nobody."""
        return self._source.nobody(number_hash)

    def _seen(self, found: Resident | None) -> Resident | None:
        hidden = self._hidden()  # asked for whoever was found, or nobody: the same work
        return None if found is None or found.person_id in hidden else found

    def _beside(self, person_id: str, people: tuple[Resident, ...]) -> tuple[Resident, ...]:
        hidden = self._hidden()
        own = hidden.get(person_id, frozenset())
        return tuple(each for each in people if each.person_id not in hidden or own & hidden[each.person_id])

    def _hidden(self) -> _Tickets:
        today = bureau_time(self._clock.now()).date()
        with self._database.reading() as transaction:
            return protection.hidden(transaction, today)
