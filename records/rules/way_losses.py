"""Why an officer ends a way in for somebody who calls: a closed set, which stands in the audit."""

from enum import StrEnum


class LossBasis(StrEnum):
    """Why."""

    LOST = "lost"
    STOLEN = "stolen"
    NOT_THEIRS = "not-theirs"  # somebody else has set it up in their name
