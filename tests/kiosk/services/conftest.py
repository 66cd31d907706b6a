"""One real records service for all tests of this folder, and a fresh kiosk's store for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend_client.device_files import DeviceIdentity
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from tests.support.clocks import StillClock
from tests.support.identification import Counter, counter
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.records_server import RecordsServer, running_records


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    with running_records(tmp_path_factory.mktemp("records")) as server:
        yield server


@pytest.fixture(scope="session")
def device(records: RecordsServer) -> DeviceIdentity:
    """An enrolled kiosk."""
    return records.enrol()


@pytest.fixture(scope="session")
def shared_session(records: RecordsServer, device: DeviceIdentity) -> Iterator[RecordsSession]:
    """That kiosk's."""
    session = RecordsSession(records.url, records.root_pem, device.certificate, device.key, Timeouts(2.0, 5.0))
    yield session
    session.close()


@pytest.fixture
def session(records: RecordsServer, shared_session: RecordsSession) -> RecordsSession:
    """The same, with records that answer, whatever the last test did to them."""
    if not records.runs:
        records.start()
    return shared_session


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def store(tmp_path: Path, clock: StillClock) -> Iterator[KioskStore]:
    with store_on(tmp_path / "kiosk.db", clock) as opened:
        yield opened


@pytest.fixture
def desk(
    session: RecordsSession,
    device: DeviceIdentity,
    clock: StillClock,
    store: KioskStore,
    monkeypatch: pytest.MonkeyPatch,
) -> Counter:
    """Claim and proof, with a face that fits until a test says otherwise."""
    return counter(session, device.key, clock, store.audit, patch=monkeypatch.setattr)
