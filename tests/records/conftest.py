"""Records with a small population, made once and copied for each test, and a clock that stands still."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal

from records import installation
from records.context import Records
from records.sections import GuessingSettings
from records.services import policy
from tests.support.clocks import StillClock
from tests.support.console import Account, Browser, hire
from tests.support.records_client import Client, KioskClient
from tests.support.records_server import quick_settings, rules_with, write_settings
from tests.support.soft_token import SoftToken, forget


@pytest.fixture(scope="session", autouse=True)
def _event_loop() -> Iterator[None]:
    """Keep one event loop for all clients."""
    with start_blocking_portal() as portal:
        Client.portal = portal
        yield
        Client.portal = None


@pytest.fixture(scope="session", autouse=True)
def _searches_need_not_wait() -> Iterator[None]:
    """Let a policy answer a search at once: most tests have nothing to hide."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy, "SHORTEST_ANSWER_S", 0.0)
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder as ``records init`` leaves it."""
    folder = tmp_path_factory.mktemp("prepared") / "records"
    folder.mkdir()
    chosen = quick_settings().model_copy(update={"guessing": GuessingSettings()})  # guessing is what is tested here
    write_settings(folder, chosen, rules_with(share=0, answer_s=0))
    installation.prepare(folder, StillClock(), lambda _sentence: None).database.close()
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """Return a copy of it for one test."""
    copied: Path = shutil.copytree(prepared, tmp_path / "records")
    return copied


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def records(folder: Path, clock: StillClock) -> Iterator[Records]:
    opened = installation.open_existing(folder, clock)
    yield opened
    opened.database.close()


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftToken]:
    """Return a token of software, initialised and empty."""
    made = SoftToken(tmp_path / "token")
    monkeypatch.setenv("SOFTHSM2_CONF", str(made.configuration))
    forget()
    made.initialise()
    yield made
    forget()


@pytest.fixture
def kiosk(records: Records) -> KioskClient:
    return KioskClient(records)


@pytest.fixture
def officer(records: Records) -> Account:
    return hire(records)


@pytest.fixture
def desk(records: Records, clock: StillClock, officer: Account) -> Browser:
    """Return an officer's browser, on duty."""
    return Browser(records, clock).on_duty(officer)
