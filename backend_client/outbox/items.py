"""An item before it has its place in the queue, its number, and what one answer says of the batch that was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend_client.contract.base import ProblemCode
from backend_client.contract.intakes import IntakeAnswers, IntakeItem, IntakeKind, IntakeResult, IntakeStatus
from backend_client.errors import RecordsError, RecordsProtocolError

_VERSION, _VARIANT = 7, 0b10
_RANDOM_A, _RANDOM_B = 12, 62
RANDOM_BITS = _RANDOM_A + _RANDOM_B


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was handed in, by every clock there is: the wall's, the machine's since its start ``boot`` in
    milliseconds, and how far the wall's was off in milliseconds (None: not known then)."""

    at: datetime
    boot: UUID
    monotonic_ms: int
    skew_ms: int | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is put in: nobody here can read it again. ``sealed``: base64, ``blobs``: names of its files."""

    id: UUID
    kind: IntakeKind
    key_id: str
    sealed: str
    stamp: Stamp
    blobs: tuple[str, ...] = ()

    def item(self, sequence: int) -> IntakeItem:
        """As records are sent it."""
        stamp = self.stamp
        return IntakeItem(
            id=self.id,
            sequence=sequence,
            boot_id=stamp.boot,
            monotonic_ms=stamp.monotonic_ms,
            at=stamp.at,
            skew_ms=stamp.skew_ms,
            kind=self.kind,
            key_id=self.key_id,
            sealed=self.sealed,
            blobs=self.blobs,
        )


def uuid7(at: datetime, random_bits: int) -> UUID:
    """RFC 9562, 5.7: 48 bits of milliseconds since 1970, then ``random_bits`` (RANDOM_BITS of them). A clock that
    stands before 1970 gives the first millisecond."""
    milliseconds = max(0, int(at.timestamp() * 1000)) & (2**48 - 1)
    high, low = random_bits >> _RANDOM_B & (2**_RANDOM_A - 1), random_bits & (2**_RANDOM_B - 1)
    return UUID(int=milliseconds << 80 | _VERSION << 76 | high << 64 | _VARIANT << 62 | low)


def answered(items: Sequence[IntakeItem], answers: IntakeAnswers) -> tuple[IntakeResult, ...]:
    """One result for each item that was sent, in their order. Raises RecordsProtocolError for anything else: an answer
    that speaks of other items says nothing of these."""
    if [result.id for result in answers.results] != [item.id for item in items]:
        raise RecordsProtocolError("intakes: the answer is not about what was sent")
    return answers.results


def refused(item: IntakeItem, error: RecordsError) -> IntakeResult:
    """Records' no to a whole request, as what they say of this one item."""
    code = error.code.removeprefix("records-")
    problem = ProblemCode(code) if code in set(ProblemCode) else None
    return IntakeResult(id=item.id, status=IntakeStatus.REJECTED, problem=problem)
