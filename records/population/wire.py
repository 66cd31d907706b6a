"""What is asked of a bureau's own household register, and what it answers (docs/population-source.md).

Every question is a POST with a JSON body: no number stands in an address, where proxies and logs would keep it.
``request_id`` comes back with the answer, so that nobody is shown whom somebody else asked for.
"""

from datetime import date

from pydantic import Field, NonNegativeInt

from backend_client.contract.base import PersonalWire
from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalText
from civic.person_name import PersonName
from records.population.source import Resident

_ID = Field(min_length=1, max_length=64)
_TEXT = Field(default="", max_length=200)
_MOST = 50  # of a household, or of somebody's children


class Question(PersonalWire):
    """What every question has."""

    request_id: str = _ID


class NumberQuestion(Question):
    """``find``."""

    id_number: str = Field(max_length=18)


class DocumentQuestion(Question):
    """``find-document``: as the document has it."""

    kind: DocumentKind
    issuing_state: str = Field(max_length=8)
    number: str = Field(max_length=32)


class PersonQuestion(Question):
    """``resident``, ``children``, ``household``, ``has-portrait``, ``portrait``: about the person of a handle."""

    person_id: str = _ID


class ResidentWire(PersonalWire):
    """One person's row, as ``records.population.source.Resident``."""

    person_id: str = _ID
    id_number: str
    name: str = Field(min_length=1, max_length=100)
    former_name: str = _TEXT
    sex: str = Field(pattern="^[男女]$")
    nation: str = Field(min_length=1, max_length=40)
    birth_date: date
    birthplace: str = _TEXT
    native_place: str = _TEXT
    address: str = _TEXT
    household_type: str = _TEXT
    householder: str = _TEXT
    relation: str = _TEXT
    moved_in: str = _TEXT
    unclear: bool = False
    latin_name: str = _TEXT
    deceased: bool = False
    division: str = Field(pattern=r"^\d{6}$")

    def resident(self) -> Resident:
        """The row. InvalidValueError: its number or its name is none."""
        texts = ("former_name", "sex", "nation", "birthplace", "native_place", "address", "household_type")
        more = ("householder", "relation", "moved_in", "latin_name")
        return Resident(
            person_id=self.person_id,
            id_number=IdNumber(self.id_number),
            name=PersonName(self.name),
            birth_date=self.birth_date,
            unclear=self.unclear,
            deceased=self.deceased,
            division=self.division,
            **{name: PersonalText(getattr(self, name)) for name in (*texts, *more)},
        )


class Answer(PersonalWire):
    """What every answer has."""

    request_id: str


class OneAnswer(Answer):
    """``resident``: null where there is none."""

    resident: ResidentWire | None


class ManyAnswer(Answer):
    """``residents``: the eldest first."""

    residents: tuple[ResidentWire, ...] = Field(max_length=_MOST)


class PortraitAnswer(Answer):
    """``jpeg``: base64, null where there is none or it was not asked for; ``size``: of the JPEG in bytes, 0: none."""

    jpeg: str | None = None
    size: NonNegativeInt = 0


def wire_of(row: Resident) -> ResidentWire:
    """A row as it is sent."""
    plain = {
        name: each.reveal() if hasattr(each := getattr(row, name), "reveal") else each
        for name in ResidentWire.model_fields
    }
    return ResidentWire.model_validate(plain)
