"""What the sender needs of the two ends between which it stands."""

from collections.abc import Sequence
from typing import Protocol

from backend_client.contract.intakes import IntakeAnswers, IntakeBatch, IntakeItem, IntakeResult

MOST = 100
"""Items in one batch: a fifth of what the contract allows, so that a slow line loses little with an answer."""

LARGEST = 512 * 1024
"""Bytes of one batch as it is sent: half of what the contract allows."""


class OutboxStore(Protocol):
    """Where items lie. Each call is one transaction: on the disk, or not done, when it returns or raises."""

    def ready(self, after: int, most: int = MOST, largest: int = LARGEST) -> tuple[IntakeItem, ...]:
        """The next items that wait, by their sequence, above ``after``: at most so many, and so many bytes."""

    def settle(self, results: Sequence[IntakeResult]) -> None:
        """Apply one answer: accepted and duplicate items are gone, rejected ones set aside, held ones stay."""

    def blob(self, sha256: str) -> bytes | None:
        """A file that an item names; None: it is not there, or is not what its name says. Raises OSError: it can't be
        read now, and later perhaps."""


class IntakeSession(Protocol):
    """Records, as far as intakes go (``backend_client.session``). Both raise RecordsError."""

    def intakes(self, batch: IntakeBatch) -> IntakeAnswers:
        """Hand a batch over."""

    def put_blob(self, sha256: str, content: bytes) -> None:
        """Hand a file over. Again is the same."""
