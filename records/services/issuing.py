"""Reserving a serial: once for each key, from records' own row, with the code signed here."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperState, Reservation, Reserve
from backend_client.contract.policy import PaperRules, PaperWording, Purpose
from forms.code import CodeKey, sign_code
from forms.paper import Paper, Wording, last_day
from records.context import Records
from records.errors import RefusedError
from records.population.source import Resident
from records.rules import numbering
from records.rules.periods import bureau_time, valid_until
from records.services import policy, reissue, validation
from records.services import visit as visits
from records.services.identification import own_row
from records.store import audit, counters, devices, idempotency, papers
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.idempotency import KeyRow
from records.store.papers import ContentRow, PaperRow
from records.store.visits import VisitRow

OPERATION = "reserve"
_CONTENT: TypeAdapter[Paper] = TypeAdapter(Annotated[Paper, Field(discriminator="kind")])


def reserve(records: Records, device: DeviceRow, request: Reserve, key: str) -> tuple[Reservation, bool]:
    """A serial and all that its page will say. True: the key was answered before, and this is that answer."""
    claim = _claim(records, device, request, key)
    with records.database.reading() as transaction:
        known = idempotency.find(transaction, claim)
        if known is not None:
            return _again(records, transaction, known, claim), True
    visit = visits.proven(records, device, request.subject)
    resident = records.population.resident(visit.person_id)
    if resident is None or resident.unclear or resident.deceased:
        raise RefusedError(ProblemCode.RECORD_UNCLEAR)
    rules, purpose = _offered(records, request, visit.document)
    with records.database.writing() as transaction:
        known = idempotency.claim(transaction, claim)
        if known is not None:
            return _again(records, transaction, known, claim), True
        _require_welcome(transaction, device)
        if request.replaces:
            reissue.allow(transaction, request, visit.person_id, claim.created_at, rules.reissues_per_day)
        paper = _paper(records, transaction, device, resident, purpose, rules)
        answer = _answer(records, claim.created_at, paper, _code(records, paper))
        _store(records, transaction, claim, visit, request, answer)
    return answer, False


def _require_welcome(transaction: Transaction, device: DeviceRow) -> None:
    """Asked again under the write lock: a device revoked meanwhile would leave a serial that nobody decides."""
    now = devices.by_id(transaction, device.device_id)
    if now is None or now.revoked_at is not None:
        raise RefusedError(ProblemCode.DEVICE_REVOKED)


def _claim(records: Records, device: DeviceRow, request: Reserve, key: str) -> KeyRow:
    body = records.keyed_hash(OPERATION, request.model_dump_json())
    return KeyRow(device.device_id, OPERATION, key, body, records.clock.now())


def _again(records: Records, transaction: Transaction, known: KeyRow, claim: KeyRow) -> Reservation:
    """The earlier answer, unless the serial is decided since: then nothing may be printed from it."""
    if not known.serial:
        raise RefusedError(ProblemCode.RESERVATION_VOID)
    if known.request_hash != claim.request_hash:
        raise RefusedError(ProblemCode.IDEMPOTENCY_KEY_REUSED)
    kept = papers.content(transaction, known.serial)
    if kept is None:
        row = papers.find(transaction, known.serial)
        delivered = row is not None and row.state is PaperState.DELIVERED
        raise RefusedError(ProblemCode.PAPER_DELIVERED if delivered else ProblemCode.RESERVATION_VOID)
    paper = _CONTENT.validate_json(kept.content)
    return _answer(records, records.clock.now(), paper, kept.code)


def _answer(records: Records, now: datetime, paper: Paper, code: str) -> Reservation:
    material = validation.material(records)
    return Reservation(server_time=now, serial=paper.serial, paper=paper, code=code, validation=material)


def _offered(records: Records, request: Reserve, document: str) -> tuple[PaperRules, Purpose]:
    """What the policy says of this paper for this purpose; refused where an office serves this kind of document."""
    for rules in policy.opened(policy.current(records)).papers:
        served = any(each.kind == document and not each.office for each in rules.documents)
        for purpose in rules.purposes:
            if served and (rules.kind, purpose.id) == (request.kind.value, request.purpose):
                return rules, purpose
    raise RefusedError(ProblemCode.PURPOSE_NOT_OFFERED)


def _paper(
    records: Records,
    transaction: Transaction,
    device: DeviceRow,
    resident: Resident,
    purpose: Purpose,
    rules: PaperRules,
) -> Paper:
    issued_at = bureau_time(records.clock.now())
    sequence = counters.following(transaction, f"paper-{issued_at.year}-{device.number}")
    own: dict[str, object] = {
        **own_row(resident),
        "kind": rules.kind,
        "wording": _wording(rules.wording),
        "serial": numbering.serial(issued_at.year, device.number, sequence),
        "purpose": purpose.title.zh,
        "issuer": records.keys.bureau,
        "machine": device.device_id,
        "issued_at": issued_at,
        "valid_until": valid_until(issued_at, rules.validity_days),
        "specimen": records.keys.specimen,
    }
    return _CONTENT.validate_python(own)


def _wording(words: PaperWording) -> Wording:
    return Wording(words.title.zh, words.title.en, words.statement.zh, words.statement.en, words.remarks)


def _code(records: Records, paper: Paper) -> str:
    return sign_code(paper, CodeKey(records.keys.code.key))


def _store(
    records: Records,
    transaction: Transaction,
    claim: KeyRow,
    visit: VisitRow,
    request: Reserve,
    answer: Reservation,
) -> None:
    row = _row(claim.created_at, visit, request, answer)
    content = _CONTENT.dump_json(answer.paper).decode("utf-8")
    papers.add(transaction, row, ContentRow(row.serial, content, answer.code))
    idempotency.led_to(transaction, claim, row.serial)
    person = records.keyed_hash("person", visit.person_id)
    facts = (
        ("serial", row.serial), ("purpose", row.purpose), ("replaces", row.replaces),
        ("proven_by", visit.proven_by), ("statement", visit.statement_digest),
    )  # fmt: skip
    audit.append(transaction, Deed(claim.created_at, "paper-reserved", row.device_id, row.visit, person, facts))


def _row(now: datetime, visit: VisitRow, request: Reserve, answer: Reservation) -> PaperRow:
    return PaperRow(
        serial=answer.serial,
        person_id=visit.person_id,
        kind=request.kind.value,
        purpose=request.purpose,
        device_id=visit.device_id,
        visit=visit.visit,
        replaces=request.replaces,
        valid_until=last_day(answer.paper),
        state=PaperState.RESERVED,
        reserved_at=now,
    )
