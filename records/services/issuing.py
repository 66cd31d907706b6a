"""Reserving a serial: once for each key, from records' own rows, with the code signed here."""

from contextlib import nullcontext
from datetime import datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperState, Reservation, Reserve
from forms.code import CodeKey, sign_code
from forms.paper import Paper, PaperKind, last_day
from records.context import Records
from records.errors import RefusedError
from records.services import applications, asking, entitlement, policy, reissue, validation, welcome
from records.services import visit as visits
from records.services.asking import Asked
from records.services.making import paper as making
from records.services.making.paper import Made
from records.store import audit, idempotency, life_events, papers, protection
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.idempotency import KeyRow
from records.store.papers import ContentRow, PaperRow
from records.store.protection import Whose

OPERATION = "reserve"
_CONTENT: TypeAdapter[Paper] = TypeAdapter(Annotated[Paper, Field(discriminator="kind")])


def reserve(records: Records, device: DeviceRow, request: Reserve, key: str) -> tuple[Reservation, bool]:
    """A serial and all that its page will say. True: the key was answered before, and this is that answer.

    What the page says is committed with its serial before its code is signed: a token that takes its time keeps nobody
    else waiting, and a code that was not signed then is signed when the same key asks again.
    """
    claim = _claim(records, device, request, key)
    with records.database.reading() as transaction:
        known = idempotency.find(transaction, claim) is not None
    replayed = known or not _committed(records, device, request, claim)
    return _answer(records, claim), replayed


def _committed(records: Records, device: DeviceRow, request: Reserve, claim: KeyRow) -> bool:
    """Reserve a serial for the key; False: the same key was quicker elsewhere.

    All is read anew when anything happened in anybody's life since: whose death, name or guardian a paper would say
    otherwise need not be whose visit it is. Each time takes another two accounts, so it ends.
    """
    done = None
    while done is None:
        done = _tried(records, device, request, claim)
    return done


def _tried(records: Records, device: DeviceRow, request: Reserve, claim: KeyRow) -> bool | None:
    """None: what was read may not be so any more."""
    with records.database.reading() as transaction:
        so_far = life_events.so_far(transaction)
    asked = asking.understood(records, device, request)
    _before_reading(records, asked, claim.created_at)
    read = making.read(records, asked)
    with records.database.writing() as transaction:
        if life_events.so_far(transaction) != so_far:
            return None
        if idempotency.claim(transaction, claim) is not None:
            return False
        welcome.require(transaction, device)
        _require_entitled(records, transaction, asked, claim.created_at)
        _store(records, transaction, claim, asked, making.make(records, transaction, asked, read))
    return True


def answer_after_s(records: Records, kind: PaperKind) -> float:
    """After how many seconds a request for this paper is answered, whatever was found; 0: at once."""
    rules = (each.later for each in policy.opened(policy.current(records)).papers if each.kind is kind)
    return max((later.answer_s for later in rules if later is not None), default=0.0)


def _before_reading(records: Records, asked: Asked, now: datetime) -> None:
    """Nothing is looked up for who is not entitled, and nothing unless it is written down."""
    what = _read_of(asked)
    if what:
        with records.database.writing() as transaction:
            _require_entitled(records, transaction, asked, now)
            facts = {"kind": asked.rules.kind.value, "purpose": asked.purpose.id}
            audit.append(transaction, visits.deed(records, asked.visit, what, **facts))


def _require_entitled(records: Records, transaction: Transaction, asked: Asked, now: datetime) -> None:
    """A reissue stays within its own limits, a new application within the policy's."""
    if asked.replaced is not None:
        reissue.allow(transaction, asked.request, asked.visit.person_id, now, asked.rules.reissues_per_day)
    elif refusal := entitlement.refusal(records, transaction, asked.rules, asked.about, by_guardian=asked.for_child):
        raise RefusedError(refusal)


def _claim(records: Records, device: DeviceRow, request: Reserve, key: str) -> KeyRow:
    body = records.keyed_hash(OPERATION, request.model_dump_json())
    return KeyRow(device.device_id, OPERATION, key, body, records.clock.now())


def _answer(records: Records, claim: KeyRow) -> Reservation:
    with records.database.reading() as transaction:
        kept = _kept(transaction, claim)
    paper = _CONTENT.validate_json(kept.content)
    code = kept.code or _signed(records, claim, paper)
    material = validation.material(records)
    return Reservation(
        server_time=records.clock.now(), serial=paper.serial, paper=paper, code=code, validation=material
    )


def _kept(transaction: Transaction, claim: KeyRow) -> ContentRow:
    """What the key led to, unless the serial is decided since: then nothing may be printed from it."""
    known = idempotency.find(transaction, claim)
    if known is None or not known.serial:
        raise RefusedError(ProblemCode.RESERVATION_VOID)
    if known.request_hash != claim.request_hash:
        raise RefusedError(ProblemCode.IDEMPOTENCY_KEY_REUSED)
    kept = papers.content(transaction, known.serial)
    if kept is None:
        row = papers.find(transaction, known.serial)
        delivered = row is not None and row.state is PaperState.DELIVERED
        raise RefusedError(ProblemCode.PAPER_DELIVERED if delivered else ProblemCode.RESERVATION_VOID)
    return kept


def _signed(records: Records, claim: KeyRow, paper: Paper) -> str:
    """The serial's one code: signed outside any transaction, and the first that is remembered is everybody's."""
    code = sign_code(paper, CodeKey(records.keys.code.key))
    with records.database.writing() as transaction:
        papers.remember_code(transaction, paper.serial, code)
        return _kept(transaction, claim).code


def _store(records: Records, transaction: Transaction, claim: KeyRow, asked: Asked, made: Made) -> None:
    row = _row(claim.created_at, asked, made)
    _know(records, transaction, asked)
    content = ContentRow(row.serial, _CONTENT.dump_json(made.paper).decode("utf-8"))
    with reissue.once() if row.replaces else nullcontext():
        papers.add(transaction, row, content)
    idempotency.led_to(transaction, claim, row.serial)
    facts: dict[str, str | float | bool] = {
        "serial": row.serial,
        "purpose": row.purpose,
        "replaces": row.replaces,
        "about": records.keyed_hash("person", row.about_id) if row.about_id else "",
        "members": len(asked.members),
        "proven_by": asked.visit.proven_by,
        "statement": asked.visit.statement_digest,
    }
    audit.append(transaction, visits.deed(records, asked.visit, "paper-reserved", **facts))


def _know(records: Records, transaction: Transaction, asked: Asked) -> None:
    """Whoever was hidden before they were registered is so by their handle from here on: papers have no number."""
    for each in (asked.applicant, asked.about):
        protection.know(transaction, Whose(records.number_hash(each.id_number.reveal()), each.person_id))


def _read_of(asked: Asked) -> str:
    """What was read besides the row, as the audit calls it. What was found stands nowhere in the audit."""
    if applications.asks_source(asked):
        return "criminal-record-read"
    return "portrait-read" if asked.rules.kind is PaperKind.TEMPORARY_ID_PROOF else ""


def _row(now: datetime, asked: Asked, made: Made) -> PaperRow:
    """``kind`` is what was asked for, a receipt's too."""
    return PaperRow(
        serial=made.paper.serial,
        person_id=asked.visit.person_id,
        kind=asked.rules.kind.value,
        purpose=asked.purpose.id,
        device_id=asked.device.device_id,
        visit=asked.visit.visit,
        replaces=asked.request.replaces,
        valid_until=last_day(made.paper),
        state=PaperState.RESERVED,
        reserved_at=now,
        about_id=asked.about.person_id if asked.for_child else "",
        members=" ".join(each.person_id for each in asked.members),
        dwelling_id=asked.flat.dwelling_id if asked.flat else "",
        application=made.application,
    )
