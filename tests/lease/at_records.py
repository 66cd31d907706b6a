"""What the story looks up at records, beside whoever serves them: how the right stands, which receipts there are."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date

from backend_client.contract.tenancies import RightState, WayKind
from records import installation
from records.context import Records
from records.services.gates.reports import receipts, still_there
from records.services.tenancies.work import begun
from records.store import dwellings, ownerships, rights, ways
from records.store.database import Transaction
from records.store.rights import RightRow
from tests.lease.later import LaterHouse
from tests.support.hidden import registered
from tests.support.records_client import DENG, LAN

_OWNER_SINCE = date(2015, 1, 1)


@dataclass(frozen=True, slots=True)
class AtRecords:
    """The tenant's newest right, and what gates have said of their face."""

    records: Records

    def state(self) -> RightState | None:
        """How it stands; None: there is none."""
        with self.records.database.reading() as transaction:
            right = self._right(transaction)
            return begun(self.records, transaction).state_of(right) if right else None

    def last_day(self) -> date:
        """Of the right. Raises LookupError."""
        with self.records.database.reading() as transaction:
            right = self._right(transaction)
        if right is None or right.ends_on is None:
            raise LookupError("a lease has a last day")
        return right.ends_on

    def face_way(self) -> str:
        """The number of the tenant's consent to a face; empty: none counts."""
        with self.records.database.reading() as transaction:
            found = ways.open_of(transaction, self._tenant(), self.records.clock.now())
        return next((each.way_id for each in found if each.kind is WayKind.FACE), "")

    def faces(self, face_way: str) -> tuple[int, int]:
        """How many gates hold a face by this consent, and how many have signed that theirs is gone."""
        with self.records.database.reading() as transaction:
            gone = {each.device_id for each in receipts(transaction, face_way)}
            return len(still_there(transaction, face_way)), len(gone)

    def owned_by_the_landlord(self, door: tuple[str, str, str]) -> None:
        """What the register of owners says of the flat. Raises LookupError."""
        with self.records.database.writing() as transaction:
            flat = dwellings.by_door(transaction, *door)
            if flat is None:
                raise LookupError("the register has no such flat")
            landlord = registered(self.records, LAN).person_id
            ownerships.give(transaction, flat.dwelling_id, landlord, _OWNER_SINCE)

    def _right(self, transaction: Transaction) -> RightRow | None:
        found = rights.of_person(transaction, self._tenant())
        return found[-1] if found else None

    def _tenant(self) -> str:
        return registered(self.records, DENG).person_id


@contextmanager
def at_records(house: LaterHouse) -> Iterator[AtRecords]:
    """Opened beside the service, by its clock."""
    records = installation.open_existing(house.folder / "records", house.clock)
    with closing(records.database):
        yield AtRecords(records)
