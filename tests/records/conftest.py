"""Records with a small population, made once and copied for each test, and a clock that stands still."""

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from anyio.from_thread import start_blocking_portal

from records import installation
from records.context import Records
from records.population import nobody
from records.sections import GuessingSettings
from records.services import policy
from records.store import devices
from tests.support.clocks import StillClock
from tests.support.compiled import compiled_once
from tests.support.console import Account, Browser, hire
from tests.support.intakes import Outbox, residence, rules_of
from tests.support.intakes_desk import handed_in
from tests.support.records_client import Client, KioskClient, Known
from tests.support.records_server import (
    copied,
    database_of,
    default_kind,
    quick_settings,
    rules_with,
    write_settings,
)
from tests.support.soft_token import SoftToken, forget
from tests.support.tenancies import Town

Settled = tuple[Path, Known]
Settlements = Callable[[str], Settled]


@pytest.fixture(scope="session", autouse=True)
def _event_loop() -> Iterator[None]:
    """Keep one event loop for all clients."""
    with start_blocking_portal() as portal:
        Client.portal = portal
        yield
        Client.portal = None


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Let each test's own database use what another's compiled."""
    with compiled_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_drawn_once() -> Iterator[None]:
    """Let all records of this process show the same faces of nobody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nobody, "portraits", functools.cache(lambda drawn=nobody.portraits: tuple(drawn())))
        yield


@pytest.fixture(scope="session", autouse=True)
def _searches_need_not_wait() -> Iterator[None]:
    """Let a policy answer a search at once: most tests have nothing to hide."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy, "SHORTEST_ANSWER_S", 0.0)
        yield


@pytest.fixture(scope="session")
def preparations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """Return data folders as ``records init`` leaves them, one for each kind of database."""
    with ExitStack() as databases:

        @functools.cache
        def made(kind: str) -> Path:
            folder = tmp_path_factory.mktemp("prepared") / "records"
            folder.mkdir()
            settings = quick_settings().model_copy(update={"guessing": GuessingSettings()})  # it is tested here
            chosen = databases.enter_context(database_of(settings, kind))
            write_settings(folder, chosen, rules_with(share=0, answer_s=0))
            installation.prepare(folder, StillClock(), lambda _sentence: None).database.close()
            return folder

        yield made


@pytest.fixture
def kind() -> str:
    """Return the database of this run. A test that is for both: ``pytest.mark.parametrize("kind", BOTH)``."""
    return default_kind()


@pytest.fixture(scope="session")
def prepared(preparations: Callable[[str], Path]) -> Path:
    """Return the one with the database of this run."""
    return preparations(default_kind())


@pytest.fixture
def kiosk_comes_first(request: pytest.FixtureRequest) -> bool:
    """Return whether the test's kiosk was let in before anything else happened. A file may say that it was not."""
    return "kiosk" in request.fixturenames


@pytest.fixture
def folder(
    preparations: Callable[[str], Path], settlements: Settlements, kind: str, tmp_path: Path, kiosk_comes_first: bool
) -> Iterator[Path]:
    """Return a copy of it for one test; where the test has a kiosk, of the one that has let it in."""
    like = settlements(kind)[0] if kiosk_comes_first else preparations(kind)
    with copied(like, tmp_path / "records") as made:
        yield made


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
def kiosk(records: Records, settlements: Settlements, kind: str) -> KioskClient:
    """Return a kiosk that was let in: before, or now, where a file has a folder of its own."""
    known = settlements(kind)[1]
    with records.database.reading() as transaction:
        there = devices.by_id(transaction, known.peer.device_id)
    return KioskClient(records, like=known if there else None)


@pytest.fixture(scope="session")
def settlements(preparations: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settlements]:
    """Return records that have let a kiosk in, and what makes it known again in a copy of them, for each database."""
    with ExitStack() as copies:

        @functools.cache
        def made(kind: str) -> Settled:
            folder = tmp_path_factory.mktemp("settled") / "records"
            copies.enter_context(copied(preparations(kind), folder))
            opened = installation.open_existing(folder, StillClock())
            known = KioskClient(opened).known
            opened.database.close()
            return folder, known

        yield made


@pytest.fixture(scope="session")
def settled(settlements: Settlements) -> Settled:
    """Return the one with the database of this run."""
    return settlements(default_kind())


@pytest.fixture
def town(settled: Settled, clock: StillClock, tmp_path: Path) -> Iterator[Town]:
    """Return a community of its own, with a kiosk in it; not the one of ``records``."""
    folder, known = settled
    with copied(folder, tmp_path / "town") as made:
        opened = installation.open_existing(made, clock)
        yield Town(opened, KioskClient(opened, like=known), clock)
        opened.database.close()


@pytest.fixture
def officer(records: Records) -> Account:
    return hire(records)


@pytest.fixture
def desk(records: Records, clock: StillClock, officer: Account) -> Browser:
    """Return an officer's browser, on duty."""
    return Browser(records, clock).on_duty(officer)


@pytest.fixture
def outbox(records: Records) -> Outbox:
    return Outbox(rules_of(records), records.clock.now())


@pytest.fixture
def door(records: Records) -> tuple[str, str, str]:
    """Return a door that there is."""
    with records.database.reading() as transaction:
        row = transaction.connection.execute(sa.text("SELECT building, unit, room FROM dwellings LIMIT 1")).one()
    return row.building, row.unit, row.room


@pytest.fixture
def number(kiosk: KioskClient, outbox: Outbox, door: tuple[str, str, str]) -> str:
    """Return the number of a residence that was handed in."""
    return handed_in(kiosk, outbox, residence(door=door))
