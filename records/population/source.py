"""The port to whoever keeps the household register. The seeded store serves it; a bureau's own system may."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalBytes, PersonalText
from civic.person_name import PersonName


@dataclass(frozen=True, slots=True)
class Resident:
    """One person's own row of the household register. Every field masks itself.

    ``person_id``: the source's opaque handle of the person. ``unclear``: the source itself says that an officer must
    look (a double number, an open correction), without saying why. ``latin_name``: as passports print it, empty where
    the register has none. ``division``: code of the household register (GB/T 2260), wherever the number was once given.
    """

    person_id: str
    id_number: IdNumber
    name: PersonName
    former_name: PersonalText
    sex: PersonalText  # 男 / 女
    nation: PersonalText
    birth_date: date
    birthplace: PersonalText
    native_place: PersonalText
    address: PersonalText
    household_type: PersonalText
    householder: PersonalText
    relation: PersonalText
    moved_in: PersonalText
    unclear: bool
    latin_name: PersonalText
    deceased: bool
    division: str

    def __repr__(self) -> str:
        return f"Resident({self.person_id})"

    __str__ = __repr__


class PopulationSource(Protocol):
    """Reads, and never lists: there is no way to search."""

    def find(self, id_number: IdNumber) -> Resident | None:
        """The person of a citizen number."""

    def find_document(self, kind: DocumentKind, issuing_state: str, number: str) -> Resident | None:
        """The person to whom a state issued a document. ``number``: as the document has it."""

    def resident(self, person_id: str) -> Resident | None:
        """The person of a handle."""

    def children(self, person_id: str) -> tuple[Resident, ...]:
        """Whose recorded guardian a person is, the eldest first. The source alone decides who counts as that: where a
        child is protected, or who is its guardian is disputed, the child is not among them, and nothing shows it."""

    def household(self, person_id: str) -> tuple[Resident, ...]:
        """The others of a person's household, the eldest first; of whom nobody may be told, is not among them."""

    def has_portrait(self, person_id: str) -> bool:
        """Whether there is a portrait, without reading it."""

    def portrait(self, person_id: str) -> PersonalBytes | None:
        """The portrait as JPEG, 358x441 pixels, at most 64 KiB: what is given for a typed number is filled up to that.
        Of another shape, it is cut for papers, and refused where that would cut a face (``population.photograph``):
        whether it would, a person is told with their row, before they ask for a paper.
        A handle of nobody's is read like a person's, and takes as long."""

    def nobody(self, number_hash: str) -> str:
        """The handle of a portrait of nobody, always the same one for the same ``number_hash`` (hex)."""
