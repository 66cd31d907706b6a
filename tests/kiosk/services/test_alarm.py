"""The alarm on its own road: sent until it is answered, over a restart too; and the screen is told what is true."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from random import Random
from uuid import UUID

from backend_client.contract.alarms import Alarm, AlarmState
from backend_client.device_files import DeviceIdentity
from backend_client.errors import RecordsUnreachableError
from backend_client.outbox.back_off import BackOff
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from civic.clock import SystemClock
from kiosk.services.alarm import AGAIN_S, AWAY, CALLING, LOOK_S, NOBODY, SEEN, AlarmBell
from kiosk.store.alarms import Alarms
from records.installation import open_existing
from records.store import alarms as at_records
from tests.support.clocks import NOW, StillClock
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.records_server import RecordsServer


class Far:
    """Records as the bell reaches them."""

    def __init__(self) -> None:
        self.away = False
        self.watched = True
        self.seen = False
        self.raised: list[Alarm] = []

    @contextmanager
    def opened(self) -> Iterator["Far"]:
        yield self

    def raise_alarm(self, alarm: Alarm) -> AlarmState:
        if self.away:
            raise RecordsUnreachableError("cut")
        self.raised.append(alarm)
        return self.alarm(alarm.id)

    def alarm(self, number: UUID) -> AlarmState:
        if self.away:
            raise RecordsUnreachableError("cut")
        return AlarmState(server_time=NOW, id=number, watched=self.watched, seen_at=NOW if self.seen else None)


def _bell(store: KioskStore, far: Far, clock: StillClock) -> AlarmBell:
    back_off = BackOff(Random(1), clock.monotonic(), *AGAIN_S)
    return AlarmBell(Alarms(store.database), far.opened, clock, back_off)


def _later(bell: AlarmBell, clock: StillClock, seconds: float = LOOK_S) -> None:
    clock.pass_by(seconds)
    bell.tick()


def test_the_screen_is_told_what_is_true_as_it_changes(store: KioskStore, clock: StillClock) -> None:
    """Calling, until an officer has seen it; and that stays, whatever becomes of the link."""
    far, told = Far(), list[str]()
    bell = _bell(store, far, clock)
    bell.ring(told.append)
    bell.tick()
    far.watched = False
    _later(bell, clock)
    far.watched = True
    _later(bell, clock)
    far.away = True
    _later(bell, clock)
    far.away, far.seen = False, True
    _later(bell, clock)
    far.away = True
    _later(bell, clock)
    assert told == [CALLING, NOBODY, CALLING, AWAY, SEEN]
    assert len(far.raised) == 1


def test_records_that_are_away_are_said_at_once_and_tried_until_they_answer(
    store: KioskStore, clock: StillClock
) -> None:
    """With the same number each time; nothing stays on the disk afterwards."""
    far, told = Far(), list[str]()
    far.away = True
    bell = _bell(store, far, clock)
    bell.ring(told.append)
    bell.tick()
    assert told == [AWAY]
    bell.left()
    far.away = False
    for _ in range(10):
        _later(bell, clock, 30)
    assert [each.test for each in far.raised] == [False]
    assert told == [AWAY]
    assert Alarms(store.database).untold() == []


def test_an_alarm_outlives_a_power_cut(tmp_path: Path, clock: StillClock) -> None:
    """Nothing personal is on the disk: a number, a moment, and that it is no test."""
    far = Far()
    far.away = True
    with store_on(tmp_path / "kiosk.sqlite", clock) as before:
        bell = _bell(before, far, clock)
        bell.ring(lambda _: None)
        bell.tick()
        kept = Alarms(before.database).untold()
    far.away = False
    with store_on(tmp_path / "kiosk.sqlite", clock) as after:
        _bell(after, far, clock).tick()
        assert far.raised == kept
        assert len(kept) == 1
        assert Alarms(after.database).untold() == []


def test_a_test_is_sent_as_one(store: KioskStore, clock: StillClock) -> None:
    """Nobody is to come."""
    far = Far()
    bell = _bell(store, far, clock)
    bell.ring(lambda _: None, test=True)
    bell.tick()
    assert [each.test for each in far.raised] == [True]


def test_a_real_service_hears_it_and_the_kiosk_hears_that_it_was_seen(
    records: RecordsServer, device: DeviceIdentity, session: RecordsSession, store: KioskStore, clock: StillClock
) -> None:
    """Each call on a connection of its own."""
    del session  # records answer

    def opened() -> AbstractContextManager[RecordsSession]:
        own = RecordsSession(records.url, records.root_pem, device.certificate, device.key, Timeouts(2.0, 5.0))
        return closing(own)

    told: list[str] = []
    bell = AlarmBell(Alarms(store.database), opened, clock, BackOff(Random(1), 0.0, *AGAIN_S))
    bell.ring(told.append)
    bell.tick()
    beside = open_existing(records.folder, SystemClock())
    with beside.database.writing() as transaction:
        (row,) = at_records.unseen(transaction, 9)
        at_records.see(transaction, row.alarm_id, "chen", beside.clock.now())
    beside.database.close()
    _later(bell, clock)
    assert told == [NOBODY, SEEN]
