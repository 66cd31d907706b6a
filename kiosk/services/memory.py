"""The one place where a resident's data live during a visit."""

from dataclasses import dataclass, field
from uuid import uuid4

from civic.masking import PersonalBytes
from devices.id_card.api import IdCard


@dataclass(slots=True, repr=False)
class VisitMemory:
    """Made anew for each visit; a job of an old visit still holds the old one, and can't write into the new.

    ``visit`` is random and stands in the audit of both ends.
    """

    visit: str = field(default_factory=lambda: uuid4().hex)
    card: IdCard | None = None
    subject: str = ""
    portrait: PersonalBytes | None = None
    voided: dict[tuple[str, str], str] = field(default_factory=dict)  # (paper kind, purpose) -> serial to make again

    def forget(self) -> None:
        """Nothing of the person stays reachable from here, whoever still holds this object."""
        self.card = None
        self.subject = ""
        self.portrait = None
        self.voided = {}

    def __repr__(self) -> str:
        return f"VisitMemory({self.visit})"
