"""The port to whoever keeps criminal records. The seeded table serves it; a bureau's own system may."""

from enum import StrEnum
from typing import Protocol

from records.population.source import Resident


class Finding(StrEnum):
    """What a source says of one person now. A closed set: it stands with the application, for officers alone."""

    CLEAN = "clean"  # no effective judgment (规定 art. 2), or one of a minor that is sealed: a certificate is due
    FOUND = "found"
    UNCLEAR = "unclear"  # somebody of this name and number may be meant
    CONFLICT = "conflict"  # two sources disagree
    UNAVAILABLE = "unavailable"  # not at once


class CriminalRecordSource(Protocol):
    """Asked about the one person who stands there, and never lists."""

    def query(self, person: Resident) -> Finding:
        """What is known of the person now.

        Whatever it raises counts as UNAVAILABLE, and so does an answer that comes later than half of the policy's
        ``answer_s``, which nobody hears any more. May be asked from several threads at once. A sealed record of
        somebody who was below 18 (five years at most) is CLEAN: only the source may know that there is one.
        """
