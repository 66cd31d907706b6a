"""What was done at this terminal, as a hash chain: a row that is changed or taken out breaks every row after it.

Each row's hash is SHA-256 over the canonical JSON of its number, time, kind, fields and the hash before it. The head
stands on the technician's page and is sent with every heartbeat, so that records hold what the disk can't take back.
Neither a name nor a number of a person can be passed: kinds and field names are closed sets, and a text value must be
a short code in ASCII.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from hashlib import sha256

from civic.clock import Clock
from civic.errors import InvalidValueError
from terminal.store.database import Database, Row
from terminal.store.errors import AuditBrokenError

FieldValue = str | int | bool

GENESIS = "0" * 64
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+,-]{0,95}")
_LARGEST = 10**9  # counts and thousandths; a number of a person or a phone is longer
_CITIZEN_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
FIELD_NAMES = frozenset(
    {
        "action",
        "band",
        "challenge",
        "code",
        "count",
        "device",
        "document",
        "expected",
        "model",
        "notice",
        "outcome",
        "paper",
        "paper_may_be_out",
        "passed",
        "passive",
        "purpose",
        "reason",
        "sequence",
        "serial",
        "simulated",
        "state",
        "step",
        "threshold_milli",
        "tries",
        "version",
        "visit",
        "was",
    }
)


class AuditKind(StrEnum):
    """The closed set of what is worth a row."""

    STARTED = "started"
    STOPPED = "stopped"
    VISIT_BEGAN = "visit-began"
    VISIT_ENDED = "visit-ended"
    RESIDENT_FORGOTTEN = "resident-forgotten"
    DOCUMENT_NOT_READ = "document-not-read"  # a card or a travel document; ``reason`` says why
    PERSON_IDENTIFIED = "person-identified"
    NUMBER_SLOWED = "number-slowed"
    CONSENT = "consent"  # to face verification, or its refusal
    PORTRAIT_READ = "portrait-read"
    FACE_COMPARED = "face-compared"
    OFFICER_ASKED = "officer-asked"
    OFFICER_ANSWERED = "officer-answered"
    RECORD_READ = "record-read"
    PAPER_BEGUN = "paper-begun"
    PAPER_PRINTED = "paper-printed"
    PAPER_FAILED = "paper-failed"
    PAPER_CONFIRMED = "paper-confirmed"
    PAPER_REJECTED = "paper-rejected"
    PAPER_NOT_TAKEN = "paper-not-taken"  # it lies where it came out, and was called out
    PAPER_DECIDED_LATE = "paper-decided-late"  # after a power cut or a crash
    PAPER_SETTLED = "paper-settled"
    PAPER_CONFLICT = "paper-conflict"  # records knew better
    INTAKE_TAKEN = "intake-taken"  # sealed, and on the disk; ``sequence``: its place in the queue
    INTAKES_SENT = "intakes-sent"  # records hold them now, and the kiosk does not
    INTAKE_ASIDE = "intake-aside"  # records refused it, ``code`` says why
    INTAKE_AGAIN = "intake-again"  # a technician sends it once more
    INTAKE_DISCARDED = "intake-discarded"
    PASSES_TOLD = "passes-told"  # a gate has answered an officer; ``count``: how many
    PRINTER_QUEUE_CLEARED = "printer-queue-cleared"
    ALARM = "alarm"
    POLICY_ACCEPTED = "policy-accepted"
    POLICY_REFUSED = "policy-refused"
    MAINTENANCE_ENTERED = "maintenance-entered"
    MAINTENANCE_LEFT = "maintenance-left"
    MAINTENANCE_ACTION = "maintenance-action"
    PIN_WRONG = "pin-wrong"
    PIN_LOCKED = "pin-locked"
    OUT_OF_SERVICE = "out-of-service"
    BACK_IN_SERVICE = "back-in-service"
    CERTIFICATE_RENEWED = "certificate-renewed"
    DEVICE_REVOKED = "device-revoked"  # by records: what grants anything is forgotten
    DEVICE_CHANGED = "device-changed"


class AuditFieldError(InvalidValueError):
    """A field or value that could carry something personal. ``detail`` names the field, never the value."""

    code = "audit-field"


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last row. ``seq`` 0 and GENESIS when nothing was written yet."""

    seq: int
    hash: str


class Audit:
    """Append only. Usable from any thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def append(self, kind: AuditKind, /, **fields: FieldValue) -> AuditHead:
        """Add a row, durably. Raises AuditFieldError before anything is written."""
        for name, value in fields.items():
            _require_impersonal(name, value)
        at = self._clock.now().astimezone(UTC).isoformat(timespec="milliseconds")
        body = _canonical(fields)
        with self._database.transaction():
            prev = self.head()
            head = AuditHead(prev.seq + 1, _digest(prev.seq + 1, at, kind, body, prev.hash))
            row = (head.seq, at, kind.value, body, prev.hash, head.hash)
            self._database.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", *row)
        return head

    def head(self) -> AuditHead:
        """The newest row's number and hash."""
        rows = self._database.query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        return AuditHead(rows[0][0], rows[0][1]) if rows else AuditHead(0, GENESIS)

    def verify(self) -> int:
        """Recompute the chain; the number of rows. Raises AuditBrokenError naming the first wrong row."""
        prev = AuditHead(0, GENESIS)
        for row in self._database.query("SELECT seq, at, kind, fields, prev, hash FROM audit ORDER BY seq"):
            prev = _next_head(prev, row)
        return prev.seq


def _next_head(prev: AuditHead, row: Row) -> AuditHead:
    seq, at, kind, body, claimed_prev, claimed = row
    expected = AuditHead(prev.seq + 1, _digest(prev.seq + 1, at, kind, body, prev.hash))
    if (seq, claimed_prev, claimed) != (expected.seq, prev.hash, expected.hash):
        raise AuditBrokenError(f"row {expected.seq}")
    return expected


def _digest(seq: int, at: str, kind: str, body: str, prev: str) -> str:
    return sha256(_canonical({"seq": seq, "at": at, "kind": kind, "fields": body, "prev": prev}).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _require_impersonal(name: str, value: FieldValue) -> None:
    if name not in FIELD_NAMES:
        raise AuditFieldError(f"no field {name}")
    if isinstance(value, str):
        harmless = _CODE.fullmatch(value) is not None and not _CITIZEN_NUMBER.search(value)
    else:
        harmless = abs(value) < _LARGEST
    if not harmless:
        raise AuditFieldError(f"{name} is neither a code nor a count")
