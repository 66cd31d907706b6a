"""What a kiosk sends of what residents handed in: each item judged by itself, all that can be kept in one transaction.

Seals are opened before the transaction begins: that is most of the work, and costs no other writer its turn.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from backend_client.contract.base import ProblemCode
from backend_client.contract.intakes import IntakeAnswers, IntakeResult, IntakeStatus
from records import intake_keys
from records.context import Records
from records.intake_keys import IntakeKey
from records.services import welcome
from records.services.intake_opening import Opened, Opener, Said, rejected
from records.services.tenancies import receiving
from records.store import audit, blobs, intakes, policies
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.intakes import IntakeRow, Known

_ATTEMPTS: Final = 3  # at a batch of which another request stores an item meanwhile
_log = logging.getLogger("lamplight.records")


def take(records: Records, device: DeviceRow, sent: Sequence[tuple[UUID, dict[str, Any]]]) -> IntakeAnswers:
    """Keep what can be kept; one result for each item, in their order. ``sent``: ids, each with its item."""
    opener = Opener(records.key_store.folder)
    opened = [(intake_id, opener.opened(raw)) for intake_id, raw in sent]
    results = _again_when_late(lambda: keep(records, device, opened))
    if any(isinstance(each, Opened) and each.item.kind in receiving.KINDS for _, each in opened):
        receiving.carry_out_all(records)
    return IntakeAnswers(server_time=records.clock.now(), results=tuple(results))


def rotate_key(records: Records) -> IntakeKey:
    """Make the next intake key; in force with the next policy that is issued."""
    made = intake_keys.rotate(records.key_store.folder, records.clock.now(), lambda: _last_policy_ends(records))
    with records.database.writing() as transaction:
        audit.append(transaction, Deed(records.clock.now(), "intake-key-made", facts=(("key", made.key_id),)))
    return made


def discard_keys(records: Records) -> int:
    """Delete the intake keys whose time is over; how many."""
    over = intake_keys.discard(records.key_store.folder, records.clock.now())
    if over:
        with records.database.writing() as transaction:
            for each in over:
                audit.append(transaction, Deed(records.clock.now(), "intake-key-deleted", facts=(("key", each),)))
    return len(over)


def _again_when_late(work: Callable[[], list[IntakeResult]]) -> list[IntakeResult]:
    """Another request stored one of the items between our look and our writing: then the batch is judged anew."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return work()
        except IntegrityError:
            _log.info("batch judged anew")
    return work()


def keep(records: Records, device: DeviceRow, opened: list[tuple[UUID, Opened | Said]]) -> list[IntakeResult]:
    """Of a batch that is open: one transaction. IntegrityError: one of the items was stored meanwhile;
    refused (device-revoked): the device was."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        welcome.require(transaction, device)
        room = records.settings.intakes.waiting - intakes.open_of(transaction, device.device_id)
        judge = _Judge(transaction, device, now, [each for _, each in opened if isinstance(each, Opened)], room)
        results = [judge.result(intake_id, each) for intake_id, each in opened]
        intakes.add_all(transaction, judge.rows, judge.files)
        _note(transaction, device, now, results)
    return results


class _Judge:
    """One batch in its transaction: what is there already, which files have come. ``room``: for so many more."""

    def __init__(
        self, transaction: Transaction, device: DeviceRow, now: datetime, opened: list[Opened], room: int
    ) -> None:
        self._device_id = device.device_id
        self._room = room
        self._now = now
        self._known = intakes.known(transaction, [each.intake_id for each in opened])
        named = {hashed for each in opened for hashed in each.item.blobs}
        self._blobs = blobs.touch(transaction, named, now) if named else set()
        self.rows: list[IntakeRow] = []
        self.files: dict[str, set[str]] = {}

    def result(self, intake_id: UUID, each: Opened | Said) -> IntakeResult:
        """What becomes of one item; a row more, if it is kept."""
        said = each if isinstance(each, Said) else self._known_or_new(each)
        if isinstance(said, IntakeStatus):
            return IntakeResult(id=intake_id, status=said)
        return IntakeResult(id=intake_id, status=said.status, problem=said.problem, detail=said.detail)

    def _known_or_new(self, opened: Opened) -> IntakeStatus | Said:
        intake_id = opened.intake_id
        known = self._known.get(intake_id)
        if known is not None:
            same = known == Known(self._device_id, opened.digest)
            return IntakeStatus.DUPLICATE if same else rejected(ProblemCode.INTAKE_OTHER)
        if missing := set(opened.item.blobs) - self._blobs:
            return Said(IntakeStatus.HELD, ProblemCode.BLOB_MISSING, f"{len(missing)} of {len(opened.item.blobs)}")
        if len(self.rows) >= self._room:
            return Said(IntakeStatus.HELD, ProblemCode.TOO_MANY_REQUESTS, "many wait for a decision")
        self._known[intake_id] = Known(self._device_id, opened.digest)
        self.rows.append(self._row(opened))
        self.files[intake_id] = set(opened.item.blobs)
        return IntakeStatus.ACCEPTED

    def _row(self, opened: Opened) -> IntakeRow:
        item = opened.item
        return IntakeRow(
            intake_id=opened.intake_id,
            device_id=self._device_id,
            sequence=item.sequence,
            boot_id=str(item.boot_id),
            monotonic_ms=item.monotonic_ms,
            at=item.at,
            skew_ms=item.skew_ms,
            received_at=self._now,
            kind=item.kind,
            digest=opened.digest,
            content=opened.content,
        )


def _note(transaction: Transaction, device: DeviceRow, now: datetime, results: list[IntakeResult]) -> None:
    """One deed a batch, if it changed anything or was refused something."""
    counts = Counter(each.status for each in results)
    if counts[IntakeStatus.ACCEPTED] or counts[IntakeStatus.REJECTED]:
        facts = tuple((status.value, counts[status]) for status in IntakeStatus if counts[status])
        audit.append(transaction, Deed(now, "intakes-received", device.device_id, facts=facts))


def _last_policy_ends(records: Records) -> datetime | None:
    with records.database.reading() as transaction:
        return policies.last_end(transaction)
