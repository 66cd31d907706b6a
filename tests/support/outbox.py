"""Intakes as a kiosk makes them, and records of the contract in memory that take them."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from unittest.mock import Mock
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pydantic import ValidationError

from backend_client.contract.base import Problem, ProblemCode
from backend_client.contract.intakes import (
    CONTENTS,
    CorrectionContent,
    Declarant,
    IntakeAnswers,
    IntakeBatch,
    IntakeItem,
    IntakeKind,
    IntakeResult,
    IntakeStatus,
)
from backend_client.contract.policy import GateRules, IntakeRules, Policy, TenancyRules
from backend_client.errors import RecordsError, RecordsRefusedError, SealUnreadableError
from backend_client.outbox.items import Sealed, Stamp
from backend_client.seals import key_id_of, open_seal, seal_intake
from tests.support.clocks import NOW

KEY = X25519PrivateKey.generate()
NAME, NUMBER = "张明灯", "990101198603140019"
WHO = Declarant(name=NAME, id_number=NUMBER, proven=True)
CONTENT = CorrectionContent(who=WHO, fields=("name",))
BOOT = UUID(int=1)


def intake_rules(key: X25519PrivateKey = KEY, **limits: int) -> IntakeRules:
    """What a policy says of intakes."""
    raw = key.public_key().public_bytes_raw()
    public = base64.b64encode(raw).decode()
    return IntakeRules.model_validate({"key": public, "key_id": key_id_of(raw), "kinds": tuple(IntakeKind), **limits})


def policy_with(intake: IntakeRules | None, *, flats: bool = True, gates: bool = True) -> Mock:
    """A policy, as far as it is asked what is taken in. ``flats``, ``gates``: whether it has rules about them."""
    tenancy, gate = TenancyRules() if flats else None, GateRules() if gates else None
    return Mock(Policy, intake=intake, tenancy=tenancy, gate=gate)


def stamp(monotonic_ms: int = 0, at: datetime = NOW, skew_ms: int | None = 0, boot: UUID = BOOT) -> Stamp:
    """When it was handed in."""
    return Stamp(at, boot, monotonic_ms, skew_ms)


def sealed(when: Stamp | None = None, blobs: Iterable[bytes] = (), number: UUID | None = None) -> Sealed:
    """A correction, ready to be put in."""
    rules, number = intake_rules(), number or uuid4()
    names = tuple(sha256(blob).hexdigest() for blob in blobs)
    text = seal_intake(CONTENT, number, IntakeKind.CORRECTION, rules, names)
    return Sealed(number, IntakeKind.CORRECTION, rules.key_id, text, when or stamp(), names)


def poisonous(when: Stamp | None = None) -> Sealed:
    """A seal that records can't open: made for another header."""
    good = sealed(when)
    return Sealed(uuid4(), good.kind, good.key_id, good.sealed, good.stamp)


def refused(code: ProblemCode, status: int, *, retryable: bool = False, after: int | None = None) -> RecordsError:
    """Records' no."""
    problem = Problem(type="t", title="t", status=status, code=code, retryable=retryable, retry_after_s=after)
    return RecordsRefusedError(problem)


@dataclass
class MemoryRecords:
    """A backend_client.outbox.port.IntakeSession that keeps what it is sent. ``fails``: raised, one each request,
    before anything is done; ``loses``: raised after it was done; ``held``: items whose time has not come."""

    fails: list[RecordsError] = field(default_factory=list)
    loses: list[RecordsError] = field(default_factory=list)
    held: set[UUID] = field(default_factory=set)
    blobs: dict[str, bytes] = field(default_factory=dict)
    puts: int = 0
    kept: dict[UUID, IntakeItem] = field(default_factory=dict)
    batches: list[tuple[IntakeItem, ...]] = field(default_factory=list)
    whole: set[UUID] = field(default_factory=set)  # a batch with one of these is refused whole
    room: int = 1000  # for files that no item of those kept names

    def put_blob(self, sha256: str, content: bytes) -> None:
        """By its hash."""
        if self.fails:
            raise self.fails.pop(0)
        named = {name for item in self.kept.values() for name in item.blobs}
        if sha256 not in self.blobs and len(set(self.blobs) - named) >= self.room:
            raise refused(ProblemCode.NO_ROOM, 507, after=600)
        self.blobs[sha256] = content
        self.puts += 1

    def intakes(self, batch: IntakeBatch) -> IntakeAnswers:
        """Judge each item alone."""
        self.batches.append(batch.items)
        if self.fails:
            raise self.fails.pop(0)
        if self.whole & {item.id for item in batch.items}:
            raise refused(ProblemCode.VALIDATION, 422)
        answers = IntakeAnswers(server_time=datetime.now(UTC), results=tuple(map(self._judge, batch.items)))
        if self.loses:
            raise self.loses.pop(0)
        return answers

    @property
    def order(self) -> list[int]:
        """Sequences as they were kept."""
        return [item.sequence for item in self.kept.values()]

    def _judge(self, item: IntakeItem) -> IntakeResult:
        if (known := self.kept.get(item.id)) is not None:
            same = known.sealed == item.sealed
            return _said(item, IntakeStatus.DUPLICATE) if same else _said(item, _NO, ProblemCode.INTAKE_OTHER)
        if item.id in self.held:
            return _said(item, IntakeStatus.HELD, ProblemCode.KEY_AWAY)
        if not set(item.blobs) <= set(self.blobs):
            return _said(item, IntakeStatus.HELD, ProblemCode.BLOB_MISSING)
        try:
            CONTENTS[item.kind].model_validate_json(open_seal(item, KEY))
        except SealUnreadableError:
            return _said(item, _NO, ProblemCode.INTAKE_UNREADABLE)
        except ValidationError:
            return _said(item, _NO, ProblemCode.INTAKE_CONTENT)
        self.kept[item.id] = item
        return _said(item, IntakeStatus.ACCEPTED)


_NO = IntakeStatus.REJECTED


def _said(item: IntakeItem, status: IntakeStatus, problem: ProblemCode | None = None) -> IntakeResult:
    return IntakeResult(id=item.id, status=status, problem=problem)
