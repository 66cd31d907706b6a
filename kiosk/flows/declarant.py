"""Who hands something in."""

from dataclasses import dataclass

from civic.document import DocumentKind
from civic.masking import Personal


@dataclass(frozen=True, slots=True)
class Declarant:
    """Who hands it in. ``proven``: in this visit, by a face or an officer. ``document``, ``issuing_state``: what the
    number is of, where records do not know by it who is here; ``foreign``: whose residence is registered within 24
    hours."""

    name: Personal
    number: Personal
    proven: bool
    document: DocumentKind = DocumentKind.RESIDENT_CARD
    issuing_state: str = ""
    foreign: bool = False
