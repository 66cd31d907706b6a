"""The whole kiosk without a window: it opens as one, and closes as one, however far it came."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tomli_w

from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE
from civic.errors import CodedError
from devices.catalog import Devices, DeviceSettings, build
from devices.health import Health, Level
from devices.page_printer.memory import JobMemory
from forms.carried import CARRIED_FILE
from kiosk import composition, ground, running
from kiosk.composition import compose
from kiosk.config import Configuration, load
from kiosk.flows import readiness, visit
from kiosk.ground import LOCK_FILE, STORE_FILE
from kiosk.running import Kiosk
from kiosk.services.printers import user_at_printers
from kiosk.store.journal import MIGRATIONS
from kiosk.store.settings import OutOfService, Settings
from terminal.configuration import ConfigurationError
from terminal.health_watch import SILENT_AFTER_S
from terminal.identity import NotEnrolledError
from terminal.jobs import Jobs
from terminal.store.audit import Audit, AuditKind
from terminal.store.database import Database
from terminal.store.errors import AlreadyRunningError, StoreDamagedError
from terminal.store.lock import SingleInstance
from tests.support.clocks import NOW, StillClock
from tests.support.kiosk_room import ASSETS
from tests.support.remembering import RememberingScreen
from tests.support.scripted_https import Reply, ScriptedService, scripted_service

PATIENCE_S = 5.0
REVOKED = {"type": "about:blank", "title": "t", "status": 403, "code": "device-revoked"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedService]:
    """Records that only ever fail, with a device's key and certificate."""
    with scripted_service(tmp_path_factory.mktemp("records")) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, service: ScriptedService) -> Configuration:
    """An enrolled demo kiosk whose devices are not there."""
    identity = tmp_path / "identity"
    identity.mkdir()
    certificate, key = service.device
    (identity / CERTIFICATE_FILE).write_bytes(certificate.read_bytes())
    (identity / KEY_FILE).write_bytes(key.read_bytes())
    values = {
        "profile": "demo",
        "records": {"url": service.url, "root": str(service.root_file), "identity": "identity"},
        "store": {"folder": "store"},
        "devices": {
            "id_card": {"port": "no-reader.tty"},
            "camera": {"source": "/dev/none-such-camera"},
            "face": {"pack": "no-pack"},
            "page_printer": {"uri": "ipp://127.0.0.1:9/ipp/print"},
        },
    }
    path = tmp_path / "kiosk.toml"
    path.write_text(tomli_w.dumps(values), "utf-8")
    return load(path)


def composed(settings: Configuration, screen: RememberingScreen | None = None) -> Kiosk:
    return compose(settings, ASSETS, screen or RememberingScreen(), lambda: None)


def audited(settings: Configuration) -> list[str]:
    """The kinds in the store's audit; opening it shows that nobody else holds it."""
    database = Database(settings.store.folder / STORE_FILE, MIGRATIONS)
    try:
        assert Audit(database, StillClock()).verify() >= 0
        return [str(row[0]) for row in database.query("SELECT kind FROM audit ORDER BY seq")]
    finally:
        database.close()


def without_devices(settings: Configuration) -> list[str]:
    """The same, but for what devices said on the way."""
    return [kind for kind in audited(settings) if kind != AuditKind.DEVICE_CHANGED]


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


# --- opening ---


def test_a_kiosk_starts_with_the_lamp_and_finds_out_what_is_missing(settings: Configuration) -> None:
    """Each device speaks for itself; nothing is offered."""
    screen = RememberingScreen()
    with composed(settings, screen) as kiosk:
        kiosk.start()
        assert screen.view is not None
        until(
            lambda: {"id_card", "camera", "face", "page_printer", "records"} <= kiosk.watch.reasons().keys(), "reasons"
        )
        until(lambda: kiosk.watch.reasons()["face"] == "no-pack", "face")
        kiosk.conductor.drain()
        assert kiosk.watch.reasons()["page_printer"] == "unreachable"
        assert kiosk.watch.reasons()["id_card"] == "unplugged"
        assert kiosk.conductor.visit.readiness.reasons("household_certificate") != ()
        assert isinstance(kiosk.conductor.visit.place, visit.Attract)


def test_the_paper_s_fonts_are_loaded_in_the_background(
    settings: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first paper is as quick as the next, and the first screen does not wait for that."""
    loaded: list[str] = []
    monkeypatch.setattr(running, "preload", lambda: loaded.append(threading.current_thread().name))
    with composed(settings) as kiosk:
        kiosk.start()
        until(lambda: bool(loaded), "fonts")
    assert loaded[0] != threading.current_thread().name


def test_a_font_that_is_missing_is_named_to_the_technician(
    settings: Configuration, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And nothing is offered that could not be printed."""
    monkeypatch.setenv("LAMPLIGHT_ASSETS", str(tmp_path))
    with composed(settings) as kiosk:
        kiosk.start()
        until(lambda: "fonts" in kiosk.watch.all(), "fonts")
        rows = {row.name: row for group in kiosk.diagnostics.table() for row in group.rows}
    ((what, name),) = rows["fonts"].facts
    assert (rows["fonts"].state, rows["fonts"].level, what) == ("assets-missing", Level.DOWN, "file")
    assert name.endswith(".ttf")


def test_a_kiosk_that_was_closed_stays_closed(settings: Configuration) -> None:
    """The technician's word outlives a restart."""
    settings.store.folder.mkdir()
    database = Database(settings.store.folder / STORE_FILE, MIGRATIONS)
    Settings(database).close(OutOfService("paper", "tonight", NOW))
    database.close()
    with composed(settings) as kiosk:
        assert kiosk.conductor.visit.place == visit.Closed(readiness.OutOfService("paper", "tonight"))


def _drained(kiosk: Kiosk) -> visit.Visit:
    """The visit, once it has heard what jobs have said."""
    kiosk.conductor.drain()
    return kiosk.conductor.visit


def test_a_kiosk_that_records_put_out_is_closed_at_once_and_after_a_restart(
    settings: Configuration, service: ScriptedService
) -> None:
    """What it was allowed is gone from its disk; only a certificate from a new enrolment opens it again."""
    put_out = visit.Closed(readiness.OutOfService("revoked", "unknown"))
    with composed(settings) as kiosk:
        settings.store.folder.joinpath(CARRIED_FILE).write_bytes(b"a list")
        service.script.extend([Reply(REVOKED, 403, "application/problem+json")] * 5)
        kiosk.start()
        until(lambda: _drained(kiosk).place == put_out, "closed")
    service.script.clear()
    assert not settings.store.folder.joinpath(CARRIED_FILE).exists()
    with composed(settings) as kiosk:
        assert kiosk.conductor.visit.place == put_out
    certificate = settings.records.identity / CERTIFICATE_FILE
    certificate.write_text(f"{certificate.read_text('ascii')}\n", "ascii")  # another file: another certificate
    with composed(settings) as kiosk:
        assert kiosk.conductor.visit.place == visit.Attract()


# --- what is refused ---


def test_a_second_instance_is_refused_and_the_first_goes_on(settings: Configuration) -> None:
    """Two would share a reader, a printer and a journal."""
    with composed(settings) as first:
        with pytest.raises(AlreadyRunningError):
            composed(settings)
        first.audit.append(AuditKind.ALARM)
    with composed(settings):
        pass
    assert without_devices(settings) == ["started", "alarm", "stopped", "started", "stopped"]


def test_a_kiosk_without_identity_is_not_enrolled(settings: Configuration) -> None:
    """It writes nothing, and holds nothing."""
    (settings.records.identity / KEY_FILE).unlink()
    with pytest.raises(NotEnrolledError):
        composed(settings)
    assert not settings.store.folder.exists()


def test_what_is_no_certificate_is_no_identity(settings: Configuration) -> None:
    """Half written, or another file in its place."""
    (settings.records.identity / CERTIFICATE_FILE).write_text("-----BEGIN", "ascii")
    with pytest.raises(NotEnrolledError):
        composed(settings)


def test_the_page_printer_is_told_which_kiosk_prints(settings: Configuration, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that share one would end each other's jobs. Of its last job there it remembers on its own disk."""
    users: list[str] = []
    memories: list[JobMemory] = []

    def noted(devices: DeviceSettings, user: str, memory: JobMemory) -> Devices:
        users.append(user)
        memories.append(memory)
        return build(devices, user, memory)

    monkeypatch.setattr(ground, "build", noted)
    with composed(settings):
        pass
    assert users == [user_at_printers((settings.records.identity / CERTIFICATE_FILE).read_bytes())]
    assert [type(each) for each in memories] == [Settings]


def test_a_kiosk_without_a_root_says_so(settings: Configuration, tmp_path: Path) -> None:
    """Before it asks anything of anybody."""
    records = settings.records.model_copy(update={"root": tmp_path / "none.pem"})
    with pytest.raises(ConfigurationError, match="No such file"):
        composed(settings.model_copy(update={"records": records}))


def test_a_damaged_store_is_refused_and_let_go(settings: Configuration) -> None:
    """The technician can move it aside at once."""
    settings.store.folder.mkdir()
    path = settings.store.folder / STORE_FILE
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreDamagedError):
        composed(settings)
    path.unlink()
    SingleInstance(settings.store.folder / LOCK_FILE).release()
    with composed(settings):
        pass


@pytest.mark.parametrize(
    "part", ["build", "RecordsSession", "PolicyHolder", "Watch", "Settle", "Diagnostics", "Maintenance", "Conductor"]
)
def test_a_failure_half_way_leaves_nothing_open(
    settings: Configuration, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the lock nor the store nor a thread: what was opened is closed again."""

    def breaks(*_: object, **__: object) -> None:
        raise CodedError("half way")

    threads = set(threading.enumerate())
    with monkeypatch.context() as patch:
        patch.setattr(composition if hasattr(composition, part) else ground, part, breaks)
        with pytest.raises(CodedError, match="half way"):
            composed(settings)
    assert set(threading.enumerate()) == threads
    if settings.store.folder.exists():
        SingleInstance(settings.store.folder / LOCK_FILE).release()
        kinds = audited(settings)
        assert kinds.count("started") == kinds.count("stopped")
    with composed(settings):
        pass


# --- closing ---


def test_closing_leaves_no_thread_and_ends_in_time(settings: Configuration) -> None:
    """Also with watches on their way; closing twice is closing once."""
    before = set(threading.enumerate())
    kiosk = composed(settings)
    kiosk.start()
    until(lambda: "face" in kiosk.watch.reasons(), "face")
    began = time.monotonic()
    kiosk.close()
    assert time.monotonic() - began < 6
    until(lambda: set(threading.enumerate()) <= before, "threads are left")
    kiosk.close()
    kinds = audited(settings)
    assert (kinds[0], kinds[-1]) == ("started", "stopped")


def test_one_part_that_will_not_close_keeps_no_other_open(settings: Configuration) -> None:
    """The lock above all."""
    kiosk = composed(settings)

    def breaks() -> None:
        raise RuntimeError("stuck")

    kiosk.opened.callback(breaks)
    with pytest.raises(RuntimeError, match="stuck"):
        kiosk.close()
    assert without_devices(settings) == ["started", "stopped"]


def test_a_device_that_hangs_neither_keeps_its_tile_open_nor_the_kiosk_from_closing(
    settings: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its watch is left behind at the end: it holds nothing that anybody needs."""
    monkeypatch.setattr(Jobs.close, "__defaults__", (0.2,))
    clock, hanging, asked = StillClock(), threading.Event(), threading.Event()
    kiosk = compose(settings, ASSETS, RememberingScreen(), lambda: None, clock)

    def health() -> Health:
        asked.set()
        hanging.wait(30)
        return Health("id_card", Level.READY)

    kiosk.watch.tell(Health("id_card", Level.READY))
    kiosk.jobs.repeat("id_card", 0.01, lambda: kiosk.watch.ask("id_card", health))
    kiosk.jobs.repeat("silence", 0.01, kiosk.watch.look_for_silence)
    assert asked.wait(PATIENCE_S)
    clock.pass_by(SILENT_AFTER_S + 1)
    until(lambda: kiosk.watch.reasons()["id_card"] == "silent", "silent")
    began = time.monotonic()
    kiosk.close()
    assert time.monotonic() - began < 2
    hanging.set()
    assert "stopped" in audited(settings)
