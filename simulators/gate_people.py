"""Who may come in at the demonstration's gates: a tenant to whom records have let a flat, with every way that there is.

As if they had chosen their ways at a kiosk and shown what they chose; ``make lease`` plays that by touch.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.tenancies import RightKind, WayKind
from civic.gate_codes import GuestDigits, SlipCode, card_ref, code_ref, guest_digits, slip_code
from civic.id_number import IdNumber
from forms.paper import CHINA_TIME
from records.context import Records
from records.services.gates import deriving, ways
from records.store import rights
from records.store import ways as stored_ways
from records.store.database import Transaction
from records.store.rights import RightRow
from records.store.ways import WayRow
from simulators.access_card.cards import key_of
from simulators.squares import Telephone

TENANT = "990101198603140019"  # deng, of simulators' own cards; records let them 6-2-401
CARD = "deng"
_NOTICE = "demonstration"
_SLIP_DAYS, _CODE_BYTES = 7, 16


class NobodyLetError(LookupError):
    """Records have let no flat to the tenant: they were started on other people's data."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What the tenant carries. ``phone``: of their telephone; ``guest``: of somebody who visits today."""

    slip: SlipCode
    guest: GuestDigits
    phone: Telephone


def let_in(records: Records) -> Ways:
    """Give the tenant a card, a telephone, a slip, a guest's code for today, and a consent to their face. Raises
    NobodyLetError."""
    person = records.register.find(IdNumber(TENANT))
    if person is None:
        raise NobodyLetError("the register does not have the tenant")
    made = slip_code(secrets.token_bytes(_CODE_BYTES)), guest_digits(secrets.randbelow(10**8))
    with records.database.writing() as transaction:
        right = _rented(transaction, person.person_id)
        phone = _Ways(records, transaction, right).add(*made)
        deriving.renew(records, transaction, (person.person_id,))
    return Ways(*made, Telephone(f"{CARD} phone", phone, records.settings.community))


def _rented(transaction: Transaction, person_id: str) -> RightRow:
    found = [each for each in rights.of_person(transaction, person_id) if each.kind is RightKind.TENANT]
    if not found:
        raise NobodyLetError("no flat is let to the tenant")
    return found[0]


@dataclass(frozen=True, slots=True)
class _Ways:
    """Of one right."""

    records: Records
    transaction: Transaction
    right: RightRow

    def add(self, slip: SlipCode, guest: GuestDigits) -> str:
        """All of them; the telephone's number."""
        now = self.records.clock.now()
        today = now.astimezone(CHINA_TIME).replace(hour=0, minute=0, second=0, microsecond=0)
        self._keep(replace(self._new(WayKind.CARD, _key_ref(CARD)), label=CARD))
        self._keep(replace(self._new(WayKind.SLIP, code_ref(slip)), until=now + timedelta(days=_SLIP_DAYS)))
        tomorrow = today + timedelta(days=1)
        self._keep(replace(self._new(WayKind.GUEST, code_ref(guest)), starts_at=today, until=tomorrow))
        self._keep(replace(self._new(WayKind.FACE), notice=_NOTICE))
        return self._keep(self._new(WayKind.PHONE, _key_ref(f"{CARD} phone")))

    def _new(self, kind: WayKind, ref: str = "") -> WayRow:
        return ways.new(self.records, self.right.person_id, self.right.right_id, kind, ref)

    def _keep(self, row: WayRow) -> str:
        stored_ways.add(self.transaction, row)
        return row.way_id


def _key_ref(name: str) -> str:
    public = key_of(name).public_key()
    return card_ref(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
