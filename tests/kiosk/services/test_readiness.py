"""What works now: told once, in order, and never by a device that has fallen silent."""

from collections.abc import Iterator
from threading import Barrier, Event, Thread

import pytest

from devices.health import Health, Level
from forms.paper import Medium
from kiosk.flows.identity import Way
from kiosk.flows.readiness import CHECK, NOTICES, Readiness
from kiosk.services.readiness import FONTS, NEEDS, PRINTERS, SERVICES, Watch
from terminal.health_watch import SILENT_AFTER_S
from terminal.store.audit import AuditKind
from terminal.store.errors import StoreUnwritableError
from tests.support.clocks import StillClock
from tests.support.kiosk_store import KioskStore

SERVICE = "household_certificate"
PRINTING = (*NEEDS, *PRINTERS[Medium.PAGE])
ALL = (*PRINTING, "id_card", "travel_document", "camera", "face")
PATIENCE_S = 5.0


class Hall:
    """A watch, and what it said of the tiles."""

    def __init__(
        self,
        store: KioskStore,
        clock: StillClock,
        ways: frozenset[Way] = frozenset(Way),
        media: tuple[Medium, ...] = (Medium.PAGE,),
    ) -> None:
        self.heard: list[Readiness] = []
        self.watch = Watch(store.audit, self.heard.append, clock, lambda _: ways, lambda _: media)

    def reasons(self) -> tuple[str, ...]:
        """What was said last."""
        return self.heard[-1].reasons(SERVICE)

    def all_well(self) -> None:
        """Every device is ready."""
        for device in ALL:
            self.watch.tell(Health(device, Level.READY))


@pytest.fixture
def hall(store: KioskStore, clock: StillClock) -> Hall:
    return Hall(store, clock)


def down(device: str, reason: str) -> Health:
    return Health(device, Level.DOWN, reason)


def test_nothing_is_offered_before_everything_was_asked(hall: Hall) -> None:
    """The last device to answer opens the tile."""
    for device in ALL[:-1]:
        hall.watch.tell(Health(device, Level.READY))
    assert all(heard.reasons(SERVICE) for heard in hall.heard)
    hall.all_well()
    assert hall.heard[-1] == Readiness(tuple((service, ()) for service in (*SERVICES, CHECK, NOTICES)))


def test_a_change_is_told_and_audited_once_and_not_at_every_poll(hall: Hall, store: KioskStore) -> None:
    """However often a device says the same."""
    hall.all_well()
    for _ in range(5):
        hall.watch.tell(down("page_printer", "paper-out"))
    hall.watch.tell(Health("page_printer", Level.READY))
    assert [ready.reasons(SERVICE) for ready in hall.heard[-3:]] == [(), ("page_printer.paper-out",), ()]
    changes = [row for row in store.audited(AuditKind.DEVICE_CHANGED) if row["device"] == "page_printer"]
    assert [(row["was"], row["state"]) for row in changes] == [
        ("unknown", "ok"),
        ("ok", "paper-out"),
        ("paper-out", "ok"),
    ]


def test_a_warning_is_audited_and_closes_nothing(hall: Hall, store: KioskStore) -> None:
    """Paper that is low still prints."""
    hall.all_well()
    hall.watch.tell(Health("page_printer", Level.DEGRADED, "paper-low"))
    assert hall.reasons() == ()
    assert store.audited(AuditKind.DEVICE_CHANGED)[-1]["state"] == "paper-low"


def test_reasons_stand_in_the_order_of_the_needs_and_what_is_broken_before_what_is_starting(hall: Hall) -> None:
    """The first is the one that residents read."""
    hall.all_well()
    hall.watch.tell(down("camera", "unplugged"))
    hall.watch.tell(Health("page_printer", Level.UNKNOWN, "starting"))
    hall.watch.tell(down("id_card", "silent"))
    hall.watch.tell(down("records", "unreachable"))
    assert hall.reasons() == ("records.unreachable", "page_printer.starting", "camera.unplugged")


# --- two printers ---


def on(store: KioskStore, *media: Medium) -> Hall:
    """A kiosk all of whose parts work, where a paper may be printed on these media."""
    hall = Hall(store, StillClock(), media=media)
    hall.all_well()
    hall.watch.tell(Health("thermal_printer", Level.READY))
    return hall


def test_a_paper_that_may_be_printed_on_either_medium_needs_one_of_the_printers(store: KioskStore) -> None:
    """The reasons stand in the policy's order, once none of them works."""
    hall = on(store, Medium.STRIP, Medium.PAGE)
    hall.watch.tell(down("thermal_printer", "paper-out"))
    assert hall.reasons() == ()
    hall.watch.tell(down("page_printer", "jam"))
    assert hall.reasons() == ("thermal_printer.paper-out", "page_printer.jam")
    hall.watch.tell(Health("thermal_printer", Level.READY))
    assert hall.reasons() == ()


def test_a_strip_does_not_wait_for_the_page_printers_old_jobs(store: KioskStore) -> None:
    """And a page does."""
    strip, page = on(store, Medium.STRIP, Medium.PAGE), on(store, Medium.PAGE)
    for hall in (strip, page):
        hall.watch.tell(down("queue", "starting"))
    assert (strip.reasons(), page.reasons()) == ((), ("queue.starting",))


def test_a_printer_that_was_never_fitted_is_named_only_where_there_is_no_other(store: KioskStore) -> None:
    """Nobody can do anything about it."""
    either, strip = on(store, Medium.STRIP, Medium.PAGE), on(store, Medium.STRIP)
    for hall in (either, strip):
        hall.watch.tell(Health("thermal_printer", Level.UNKNOWN, "not-fitted"))
        hall.watch.tell(down("page_printer", "paper-out"))
    assert either.reasons() == ("page_printer.paper-out",)
    assert strip.reasons() == ("thermal_printer.not-fitted",)


def test_a_way_that_is_broken_is_named_and_closes_the_tile_only_when_it_is_the_last(store: KioskStore) -> None:
    """Who has no card reader types a number, where the policy lets them."""
    for ways, reasons in ((frozenset(Way), ()), (frozenset({Way.CARD}), ("id_card.silent",))):
        hall = Hall(store, StillClock(), ways)
        hall.all_well()
        hall.watch.tell(down("id_card", "silent"))
        assert hall.heard[-1].broken == ((Way.CARD, "id_card.silent"),)
        assert hall.reasons() == reasons


def test_without_a_camera_an_officer_on_duty_keeps_the_tile_open(hall: Hall) -> None:
    """The tile then says that only an officer can confirm."""
    hall.all_well()
    hall.watch.tell(down("face", "no-pack"))
    assert hall.reasons() == ("face.no-pack",)
    hall.watch.tell_officer(on_duty=True)
    assert (hall.reasons(), hall.heard[-1].face, hall.heard[-1].officer) == ((), "face.no-pack", True)
    hall.watch.tell_officer(on_duty=False)
    assert hall.reasons() == ("face.no-pack",)


def test_while_the_models_load_nobody_is_sent_to_an_officer(hall: Hall) -> None:
    """The first seconds after a start are a start, and no fault."""
    hall.all_well()
    hall.watch.tell_officer(on_duty=True)
    hall.watch.tell(Health("face", Level.UNKNOWN, "loading"))
    assert hall.reasons() == ("face.loading",)
    hall.watch.tell(Health("face", Level.READY))
    assert hall.reasons() == ()


def test_a_device_that_no_service_needs_changes_no_tile(hall: Hall, store: KioskStore) -> None:
    """Its state is still known to the technician and to records."""
    hall.all_well()
    before = len(hall.heard)
    hall.watch.tell(Health("speaker", Level.DEGRADED, "no-voice"))
    assert len(hall.heard) == before
    assert hall.watch.reasons()["speaker"] == "no-voice"
    assert hall.watch.all()["speaker"].level is Level.DEGRADED
    assert store.audited(AuditKind.DEVICE_CHANGED)[-1]["device"] == "speaker"


# --- a device that hangs ---


@pytest.fixture
def hanging() -> Iterator[Event]:
    released = Event()
    yield released
    released.set()


def test_a_device_that_hangs_is_said_to_be_silent_until_it_answers(
    hall: Hall, clock: StillClock, hanging: Event
) -> None:
    """Its last word would promise what nobody can keep: the tile is grey, though nobody said so."""
    hall.all_well()
    asked = Event()

    def health() -> Health:
        asked.set()
        assert hanging.wait(PATIENCE_S)
        return Health("page_printer", Level.READY)

    thread = Thread(target=hall.watch.ask, args=("page_printer", health))
    thread.start()
    assert asked.wait(PATIENCE_S)
    clock.pass_by(SILENT_AFTER_S)
    hall.watch.look_for_silence()
    assert hall.reasons() == ()
    clock.pass_by(1)
    hall.watch.look_for_silence()
    assert hall.reasons() == ("page_printer.silent",)
    hanging.set()
    thread.join(PATIENCE_S)
    assert hall.reasons() == ()
    clock.pass_by(1000)
    hall.watch.look_for_silence()
    assert hall.reasons() == ()


def test_a_device_that_only_raises_falls_silent_too(hall: Hall, clock: StillClock) -> None:
    """It must not, and if it does its old word counts no longer."""
    hall.all_well()

    def broken() -> Health:
        raise RuntimeError

    for _ in range(20):
        with pytest.raises(RuntimeError):
            hall.watch.ask("camera", broken)
        clock.pass_by(1)
        hall.watch.look_for_silence()
    assert hall.reasons() == ("camera.silent",)


def test_without_the_papers_fonts_nothing_is_offered(store: KioskStore) -> None:
    """Whatever the printers can do. They are looked for when the kiosk starts."""
    hall = on(store, Medium.STRIP, Medium.PAGE)
    hall.watch.tell(down(FONTS, "assets-missing"))
    assert hall.reasons() == ("fonts.assets-missing",)


# --- many threads, and a full disk ---


def test_what_is_told_last_is_what_is_true(store: KioskStore, clock: StillClock) -> None:
    """Devices speak from threads of their own: an older state never overtakes a newer one on the way to the screen."""
    heard: list[Readiness] = []
    watch = Watch(store.audit, heard.append, clock)
    for device in ALL:
        watch.tell(Health(device, Level.READY))
    together = Barrier(4)

    def flicker(device: str) -> None:
        together.wait()
        for turn in range(15):
            watch.tell(down(device, "silent") if turn % 2 else Health(device, Level.READY))
        watch.tell(down(device, "silent"))

    threads = [Thread(target=flicker, args=(device,)) for device in PRINTING]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard[-1].reasons(SERVICE) == tuple(f"{device}.silent" for device in PRINTING)


def test_a_full_disk_hides_no_fault(hall: Hall, store: KioskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tile goes grey though the audit can't be written."""
    hall.all_well()

    def full(*_: object, **__: object) -> None:
        raise StoreUnwritableError("full")

    monkeypatch.setattr(type(store.audit), "append", full)
    hall.watch.tell(down("page_printer", "jam"))
    assert hall.reasons() == ("page_printer.jam",)


def test_checking_a_paper_needs_the_camera_and_nothing_else(hall: Hall) -> None:
    """No link, no printer, no models: the carried list tells what it can."""
    hall.all_well()
    for device in ("records", "page_printer", "face"):
        hall.watch.tell(Health(device, Level.DOWN, "unreachable"))
    assert hall.heard[-1].reasons(CHECK) == ()
    hall.watch.tell(Health("camera", Level.DOWN, "unplugged"))
    assert hall.heard[-1].reasons(CHECK) == ("camera.unplugged",)
