"""Negative controls: what is wrong with a kiosk or with records, and what the judge has to notice.

A bug of a kiosk is planted each time that it starts; one of records in ``tests.chaos_sync.sick_records``.
"""

from enum import StrEnum


class Bug(StrEnum):
    """What is wrong."""

    NONE = "none"
    KIOSK_NO_SYNCS = "kiosk-no-syncs"  # its disk is waited for by nobody: taken in is said before it is durable
    KIOSK_BELIEVES = "kiosk-believes"  # no answer counts as a yes
    KIOSK_TWICE = "kiosk-twice"  # one thing handed in becomes two items
    KIOSK_SKIPS = "kiosk-skips"  # of a page the last change is dropped, and its cursor kept
    RECORDS_EARLY = "records-early"  # answers before the commit
    RECORDS_DROP = "records-drop"  # says accepted of one that it does not keep
    RECORDS_SKIP = "records-skip"  # reads where the feed ends after it has read the feed

    @property
    def is_of_records(self) -> bool:
        """Whether it is not a kiosk's."""
        return self.value.startswith("records-")
