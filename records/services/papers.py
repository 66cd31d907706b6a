"""What becomes of a serial: delivered or void. The moves themselves stand in ``records.rules.papers``."""

from collections.abc import Callable

from backend_client.contract.base import ProblemCode
from backend_client.contract.changes import Topic
from backend_client.contract.messages import REISSUE, MessageKind
from backend_client.contract.papers import PaperAnswer, PaperState, VoidReason
from records.context import Records
from records.errors import RefusedError, UnknownNameError
from records.rules import papers as rules
from records.services import messages
from records.services.issuing import OPERATION as RESERVE
from records.store import audit, changes, idempotency, papers
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.idempotency import KeyRow
from records.store.papers import PaperRow

_BY_OFFICER = "paper-void-by-officer"


def delivered(records: Records, device: DeviceRow, serial: str, key: str) -> tuple[PaperAnswer, bool]:
    """The kiosk reports that the paper came out."""
    claim = claim_of(records, device, "delivered", key, serial, "")

    def deliver(transaction: Transaction, paper: PaperRow) -> PaperState:
        state = rules.after_delivery(paper.state)
        if paper.state is not state:
            papers.update(transaction, serial, state=state, delivered_at=claim.created_at)
            papers.forget_content(transaction, serial)
            audit.append(transaction, deed_of(records, paper, "paper-delivered"))
        return state

    state, again = move_under_key(records, claim, serial, deliver)
    return _answer(records, serial, state), again


def void(records: Records, device: DeviceRow, serial: str, reason: VoidReason, key: str) -> tuple[PaperAnswer, bool]:
    """The paper does not count."""
    _refuse_officers_reason(reason)
    claim = claim_of(records, device, "void", key, serial, reason.value)
    state, again = move_under_key(
        records, claim, serial, lambda transaction, paper: _void(records, transaction, paper, reason)
    )
    return _answer(records, serial, state), again


def void_reservation(records: Records, device: DeviceRow, key: str, reason: VoidReason) -> tuple[PaperAnswer, bool]:
    """Whatever ``key`` reserved is void; a key never seen is remembered, so that it never reserves anything."""
    _refuse_officers_reason(reason)
    tombstone = KeyRow(device.device_id, RESERVE, key, "", records.clock.now())
    with records.database.writing() as transaction:
        known = idempotency.claim(transaction, tombstone)
        if known is None:
            audit.append(transaction, Deed(tombstone.created_at, "reservation-void", device.device_id))
        if known is None or not known.serial:
            return _answer(records, "", PaperState.VOID), known is not None
        paper = _own(transaction, device.device_id, known.serial)
        state = _void(records, transaction, paper, reason)
    return _answer(records, known.serial, state), paper.state is state


def void_by_officer(records: Records, serial: str, reason: VoidReason) -> PaperRow:
    """Void any serial by hand, a delivered one too; the row as it was before."""
    with records.database.writing() as transaction:
        paper = papers.find(transaction, serial)
        if paper is None:
            raise UnknownNameError(f"no paper has the serial {serial}")
        if paper.state is not PaperState.VOID:
            _mark_void(records, transaction, paper, reason, _BY_OFFICER)
    return paper


def void_at_console(records: Records, transaction: Transaction, paper: PaperRow) -> None:
    """The same, by an officer who is signed in: who it was and why stands beside it."""
    _mark_void(records, transaction, paper, VoidReason.OFFICER, "paper-void")


def void_open_of(records: Records, transaction: Transaction, device_id: str) -> None:
    """Void what a device that is heard no more left open: nobody else could ever say what became of it."""
    for paper in papers.open_of(transaction, device_id):
        sealed = paper.state is PaperState.SEALED
        reason = VoidReason.PRINT_DOUBTFUL if sealed else VoidReason.ABANDONED
        _mark_void(records, transaction, paper, reason, "paper-void-by-revocation")


def void_by_event(records: Records, transaction: Transaction, paper: PaperRow) -> None:
    """Void a paper that says what is not so any more, without saying to anybody why."""
    _mark_void(records, transaction, paper, VoidReason.OFFICER, "paper-void-by-event")


def move_under_key(
    records: Records, claim: KeyRow, serial: str, move: Callable[[Transaction, PaperRow], PaperState]
) -> tuple[PaperState, bool]:
    """Do a move under its key, all or nothing. Every move is idempotent by itself; the key tells misuse apart."""
    with records.database.writing() as transaction:
        known = idempotency.claim(transaction, claim)
        if known is not None and known.request_hash != claim.request_hash:
            raise RefusedError(ProblemCode.IDEMPOTENCY_KEY_REUSED)
        idempotency.led_to(transaction, claim, serial)
        return move(transaction, _own(transaction, claim.device_id, serial)), known is not None


def _own(transaction: Transaction, device_id: str, serial: str) -> PaperRow:
    """A serial of this device; another device's does not exist for it."""
    paper = papers.find(transaction, serial)
    if paper is None or paper.device_id != device_id:
        raise RefusedError(ProblemCode.NOT_FOUND)
    return paper


def _void(records: Records, transaction: Transaction, paper: PaperRow, reason: VoidReason) -> PaperState:
    state = rules.after_void(paper.state, reason, paper.delivered_at, records.clock.now())
    if paper.state is not state:
        _mark_void(records, transaction, paper, reason, "paper-void")
    return state


def _mark_void(records: Records, transaction: Transaction, paper: PaperRow, reason: VoidReason, action: str) -> None:
    now = records.clock.now()
    papers.update(transaction, paper.serial, state=PaperState.VOID, void_reason=reason.value, voided_at=now)
    papers.forget_content(transaction, paper.serial)
    audit.append(transaction, deed_of(records, paper, action, reason.value))
    if action != _BY_OFFICER or changes.kept(transaction):  # which an officer may do before the tables are up to date
        changes.append(transaction, Topic.PAPER_VOID, paper.serial, at=now)
        if paper.delivered_at is not None:
            again = REISSUE if reason in rules.NOT_REACHED else ""
            messages.append(
                records, transaction, paper.person_id, MessageKind.PAPER_VOID, ref=paper.serial, state=again
            )


def _refuse_officers_reason(reason: VoidReason) -> None:
    if reason is VoidReason.OFFICER:
        raise RefusedError(ProblemCode.NOT_PERMITTED, "only an officer gives this reason")


def claim_of(records: Records, device: DeviceRow, operation: str, key: str, serial: str, body: str) -> KeyRow:
    """The key of a request about a serial; ``body`` tells a repetition from a misuse."""
    return KeyRow(device.device_id, operation, key, records.keyed_hash(operation, serial, body), records.clock.now())


def _answer(records: Records, serial: str, state: PaperState) -> PaperAnswer:
    return PaperAnswer(server_time=records.clock.now(), serial=serial, state=state)


def deed_of(records: Records, paper: PaperRow, action: str, reason: str = "") -> Deed:
    """What the audit says of a move."""
    facts = (("serial", paper.serial), ("reason", reason)) if reason else (("serial", paper.serial),)
    person = records.keyed_hash("person", paper.person_id)
    return Deed(records.clock.now(), action, paper.device_id, paper.visit, person, facts)
