"""The demonstration's let flats: made up, the same for the same seed, and as the rules would have made them."""

from dataclasses import replace

import sqlalchemy as sa

from records.context import Records
from records.population import letting, synthetic
from records.services.tenancies import demonstration, ending, silence
from records.services.tenancies.work import begun
from records.store import contacts, residents, rights
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, GUEST, LAN, WIFE, KioskClient
from tests.support.tenancies import TODAY, Town

PEOPLE = synthetic.residents(20160901, 300)


def test_the_same_seed_lets_the_same_flats() -> None:
    """No door twice, nobody to themselves, and nobody who is to be looked at by an officer."""
    found = letting.leases(20160901, PEOPLE, 24)
    assert len(found) == len({each.door for each in found}) == 24
    assert all(each.landlord not in each.people for each in found)
    again = letting.leases(20160901, PEOPLE, 24)
    assert [(each.door, each.people, each.days) for each in again] == [
        (each.door, each.people, each.days) for each in found
    ]
    left = [each.days[1] for each in found]
    assert min(left) < 0 < sum(0 <= each <= 30 for each in left)
    assert {bool(each.filing_number) for each in found} == {bool(each.phone) for each in found} == {True, False}
    unclear = {each.id_number for each in PEOPLE if each.unclear}
    assert not unclear & {number for each in found for number in (each.landlord, *each.people)}


def test_they_stand_as_if_residents_had_handed_them_in(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    """One lease that ends within a month, one in its grace; twice does no more, and the hour finds nothing to do."""
    wanted = records.settings.population.model_copy(update={"let_flats": 6})
    records = replace(records, settings=records.settings.model_copy(update={"population": wanted}))
    town = Town(records, kiosk, clock)
    assert (demonstration.let_flats(records), demonstration.let_flats(records)) == (6, 0)
    assert (town.state(DENG), town.state(WIFE), town.state(GUEST)) == ("active", "active", "grace")
    assert 0 <= ((town.right(DENG).ends_on or TODAY) - TODAY).days <= 30
    with records.database.reading() as transaction:
        assert contacts.find(transaction, town.person(LAN)) is not None
        standing = [each for each in rights.every(transaction) if begun(records, transaction).stands(each)]
        assert len(standing) >= 12
        assert transaction.connection.execute(sa.text("SELECT COUNT(*) FROM tenancies")).scalar_one() == 6
        assert len({each.person_id for each in standing}) <= len(residents.numbers(transaction))
    assert (silence.note_over(records), ending.note_lapsed(records)) == (0, 0)
    assert town.at(town.renews(TODAY.replace(year=2027), door=("6", "2", "401"))) == ("under-way", "")
    assert [each.kind.value for each in town.asked(LAN)] == ["renewal"]
