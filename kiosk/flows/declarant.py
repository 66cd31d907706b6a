"""Who hands something in."""

from dataclasses import dataclass

from civic.masking import Personal


@dataclass(frozen=True, slots=True)
class Declarant:
    """Who hands it in. ``proven``: in this visit, by a face or an officer."""

    name: Personal
    number: Personal
    proven: bool
