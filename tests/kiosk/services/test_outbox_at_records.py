"""What a kiosk took in, at the real service: files, sending twice, a store that is older than what it sent."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import pytest

from backend_client.contract.intakes import LARGEST_BLOB, IntakeBatch, IntakeStatus
from backend_client.errors import DeviceRevokedError
from backend_client.outbox.sender import Drained, Sender
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from backend_client.trusted_clock import TrustedClock
from civic.clock import SystemClock
from kiosk.services.outbox import IntakeDesk
from kiosk.store.blobs import Blobs
from kiosk.store.outbox import Outbox
from terminal.boot import boot_id
from terminal.policy_trust import policy_keys_under
from tests.support.kiosk_store import store_on
from tests.support.outbox import CONTENT, poisonous
from tests.support.records_server import RecordsServer


@pytest.fixture
def own_session(records: RecordsServer) -> Iterator[RecordsSession]:
    """Of a kiosk of its own: its places begin with the first."""
    if not records.runs:
        records.start()
    device = records.enrol()
    with closing(RecordsSession(records.url, records.root_pem, device.certificate, device.key)) as session:
        yield session


@contextmanager
def opened(folder: Path, session: RecordsSession, root_pem: Path) -> Iterator[tuple[IntakeDesk, Outbox]]:
    """A kiosk's desk and outbox on this folder; leaving it is a restart."""
    clock = SystemClock()
    with store_on(folder / "kiosk.db", clock) as store:
        policy = PolicyHolder(store.settings, policy_keys_under(root_pem.read_text("ascii")), clock)
        policy.accept(session.policy())
        trusted = TrustedClock(clock, boot_id(), store.settings)
        trusted.hear(clock.monotonic(), clock.now())
        blobs = Blobs(folder)
        outbox = Outbox(store.database, store.audit, blobs, trusted)
        yield IntakeDesk(outbox, blobs, policy, trusted, folder), outbox


def drain(session: RecordsSession, outbox: Outbox) -> Drained:
    return Sender(session, outbox).drain(Event())


def test_items_and_their_files_arrive_and_nothing_is_left_at_the_kiosk(
    own_session: RecordsSession, records: RecordsServer, tmp_path: Path
) -> None:
    """Also the largest file that there may be; the poisonous item stays aside with records' own reason."""
    with opened(tmp_path, own_session, records.root_pem) as (desk, outbox):
        desk.hand_in(CONTENT, [b"a picture, sealed", bytes(LARGEST_BLOB)])
        outbox.put(poisonous())
        desk.hand_in(CONTENT)
        assert drain(own_session, outbox) == Drained(sent=3, last=3)
        assert outbox.state().waiting == 0
        assert [(each.sequence, each.problem) for each in outbox.aside()] == [(2, "intake-unreadable")]
    assert list((tmp_path / "outbox").iterdir()) == []


def test_an_older_copy_of_the_store_sends_everything_again_and_nothing_is_there_twice(
    own_session: RecordsSession, records: RecordsServer, tmp_path: Path
) -> None:
    """A disk that was restored: records know each item by its number, and say so."""
    (tmp_path / "copy").mkdir()
    with opened(tmp_path, own_session, records.root_pem) as (desk, outbox):
        for _ in range(3):
            desk.hand_in(CONTENT)
        items = outbox.ready(0)
    shutil.copy(tmp_path / "kiosk.db", tmp_path / "copy" / "kiosk.db")
    for folder in (tmp_path, tmp_path / "copy"):
        with opened(folder, own_session, records.root_pem) as (_, outbox):
            assert drain(own_session, outbox) == Drained(sent=3, last=3)
            assert (outbox.state().waiting, outbox.aside()) == (0, ())
    answers = own_session.intakes(IntakeBatch(items=items)).results
    assert [each.status for each in answers] == [IntakeStatus.DUPLICATE] * 3


def test_a_clock_error_that_became_known_between_two_sendings_makes_no_other_item(
    own_session: RecordsSession, records: RecordsServer, tmp_path: Path
) -> None:
    """The seal and what it is bound to are the item; its times are not."""
    with opened(tmp_path, own_session, records.root_pem) as (desk, outbox):
        desk.hand_in(CONTENT)
        (item,) = outbox.ready(0)
    sent = [own_session.intakes(IntakeBatch(items=(item.model_copy(update={"skew_ms": ms}),))) for ms in (None, 70)]
    assert [each.results[0].status for each in sent] == [IntakeStatus.ACCEPTED, IntakeStatus.DUPLICATE]


def test_a_revoked_kiosk_s_queue_stays_where_it_is(records: RecordsServer, tmp_path: Path) -> None:
    """Records take nothing from it any more."""
    device = records.enrol()
    with (
        closing(RecordsSession(records.url, records.root_pem, device.certificate, device.key)) as session,
        opened(tmp_path, session, records.root_pem) as (desk, outbox),
    ):
        desk.hand_in(CONTENT)
        records.cli("revoke", device.device_id)
        assert isinstance(drain(session, outbox).error, DeviceRevokedError)
        assert outbox.state().waiting == 1
