"""What a driver remembers of its last job: enough to know it again at a printer that says of no job whose it is."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class JobMark:
    """A job by its number and, where the printer tells it, ``job-uuid``: after a restart a number may be another's."""

    number: int
    uuid: str = ""


class JobMemory(Protocol):
    """Of one driver, which has one job at a time. Outlives a power cut."""

    def recall(self) -> JobMark | None:
        """The last job. None: there never was one, nor a release that remembered."""

    def keep(self, mark: JobMark) -> None:
        """Remember this one instead, before its document is sent."""
