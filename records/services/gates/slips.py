"""The move-in slip: a number to read aloud, and a random code that opens until the day that stands on it."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from backend_client.contract.tenancies import MoveInSlip, SlipRequest, WayKind
from civic.gate_codes import code_ref, slip_code
from forms.paper import CHINA_TIME
from records.context import Records
from records.population.source import Resident
from records.services import visit
from records.services.gates import deriving, in_force, own, ways
from records.store import audit, dwellings, rights, slips
from records.store import ways as stored_ways
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.rights import RightRow
from records.store.slips import SlipRow
from records.store.ways import Ended, WayRow

_CODE_BYTES: Final = 16
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I or O: it is read aloud
_LENGTH, _GROUP = 8, 4
_LAST_OF_DOCUMENT = 4


def issue(records: Records, device: DeviceRow, subject: str, request: SlipRequest) -> MoveInSlip:
    """A new slip; the right's earlier one ends with it. Refused: not-found, or as ``visit.proven``."""
    row = own.proven(records, device, subject)
    holder = records.register.resident(row.person_id)  # it may be elsewhere: not while others wait
    code = slip_code(secrets.token_bytes(_CODE_BYTES))
    with records.database.writing() as transaction:
        right = own.right(records, transaction, row.person_id, request.right)
        audit.append(transaction, visit.deed(records, row, "slip-issued"))
        way = _instead(records, transaction, right, code_ref(code))
        number = _number(transaction)
        slips.add_slip(transaction, SlipRow(number, way.way_id, right.person_id, right.right_id, way.since))
        deriving.renew(records, transaction, (right.person_id,))
        return _said(records, transaction, right, way, _Printed(written(number), code.text, holder))


def written(number: str) -> str:
    """A slip's number as it is printed, in groups of four."""
    return "-".join(number[start : start + _GROUP] for start in range(0, len(number), _GROUP))


def typed(text: str) -> str:
    """A slip's number as somebody typed it, without what does not matter there."""
    return "".join(each for each in text.upper() if each in _ALPHABET)[: _LENGTH + 1]


def _open_slips(records: Records, transaction: Transaction, right_id: str) -> list[WayRow]:
    """The ways of a right's slips that still open."""
    found = stored_ways.open_of_right(transaction, right_id, records.clock.now())
    return [each for each in found if each.kind is WayKind.SLIP]


def _instead(records: Records, transaction: Transaction, right: RightRow, ref: str) -> WayRow:
    """The way of the new code; that of the one before ends. Its days are counted from the right's first one on, and it
    is over with the right at the latest: what stands on the slip is what opens."""
    now, rules = records.clock.now(), in_force.rules(transaction)
    last = deriving.term_of(right).grace_until(rules.grace_days)
    until = max(now, _midnight(right.starts_on)) + timedelta(days=rules.slip_days)
    before = [each.way_id for each in _open_slips(records, transaction, right.right_id)]
    stored_ways.cancel(transaction, before, Ended.REPLACED, now)
    row = ways.new(records, right.person_id, right.right_id, WayKind.SLIP, ref)
    way = replace(row, until=until if last is None else min(until, _midnight(last + timedelta(days=1))))
    stored_ways.add(transaction, way)
    return way


def _midnight(day: date) -> datetime:
    """With which it begins, by the community's time."""
    return datetime.combine(day, time.min, CHINA_TIME)


def _number(transaction: Transaction) -> str:
    """One that no slip has or had."""
    while True:
        number = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        if not slips.number_taken(transaction, number):
            return number


def _said(records: Records, transaction: Transaction, right: RightRow, way: WayRow, printed: "_Printed") -> MoveInSlip:
    policy, now, holder = in_force.policy(transaction), records.clock.now(), printed.holder
    flat = dwellings.by_id(transaction, right.dwelling_id)
    open_ways = stored_ways.open_of_right(transaction, right.right_id, now)
    return MoveInSlip(
        server_time=now,
        number=printed.number,
        code=printed.code,
        community=policy.community.zh,
        address=flat.address if flat is not None else "",
        name=holder.name.masked() if holder is not None else "",
        document=holder.id_number.reveal()[-_LAST_OF_DOCUMENT:] if holder is not None else "",
        registered_at=right.registered_at,
        ends_on=right.ends_on,
        people=_people(records, transaction, right),
        ways=tuple(dict.fromkeys(each.kind for each in open_ways)),
        valid_until=way.until or now,
        phone=in_force.rules(transaction).guard_phone,
    )


def _people(records: Records, transaction: Transaction, right: RightRow) -> int:
    """How many have a right there by the same tenancy; of an owner's, by ownership."""
    of_flat = rights.of_dwelling(transaction, right.dwelling_id)
    now = records.clock.now()
    same = (each for each in of_flat if each.tenancy_id == right.tenancy_id and each.began_at is not None)
    return max(1, sum(not deriving.over(each, now, 0) for each in same))


@dataclass(frozen=True, slots=True, repr=False)
class _Printed:
    """What stands on the slip besides the right."""

    number: str
    code: str
    holder: Resident | None
