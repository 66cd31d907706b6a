"""The technician's one page, as facts: complete, quick, and without anybody in it."""

import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backend_client.contract.base import ProblemCode
from backend_client.contract.devices import OutboxState
from devices.health import Health, Level
from devices.id_card.api import CardProblem
from devices.id_card.meaning import MEANING
from devices.travel_document.api import DocumentProblem
from forms.carried import CarriedList, open_list
from forms.paper import Medium
from forms.trust import TrustStore
from kiosk.flows.maintenance import Page as Shown
from kiosk.flows.readiness import Readiness
from kiosk.place import NOWHERE
from kiosk.presenters import maintenance as presenter
from kiosk.presenters.surroundings import Surroundings
from kiosk.services.diagnostics import INTAKE_PROBLEMS, Diagnostics
from kiosk.services.outbox_sync import Seen
from kiosk.services.readiness import Watch
from kiosk.store.outbox import UNKNOWN, Aside
from terminal.machine import MachineGroup, MachineRow
from terminal.store.audit import AuditKind
from terminal.texts import Catalogue, Words
from terminal.views import TableRow, TableView
from tests.support.carried import signed_list
from tests.support.clocks import NOW, StillClock
from tests.support.kiosk_store import KioskStore
from tests.support.pki import make_pki


def settled(untold: int = 0, refused: int = 0) -> Any:
    return SimpleNamespace(open=SimpleNamespace(untold=untold, refused=refused))


class Page:
    """Diagnostics over facts that a test sets."""

    def __init__(self, store: KioskStore, clock: StillClock, folder: Path) -> None:
        self.store = store
        self.link = SimpleNamespace(settled=None, last_sync=None, skew=None, forked=False)
        self.policy = SimpleNamespace(current=lambda: None)
        self.offered: list[Readiness] = []
        self.media = (Medium.PAGE,)
        self.watch = Watch(store.audit, self.offered.append, clock, media=lambda _: self.media)
        link, policy = cast("Any", self.link), cast("Any", self.policy)
        self.carried: CarriedList | None = None
        parts = self.watch, link, policy, store.audit, folder, clock
        self.seen = Seen()
        self.desk = Diagnostics(*parts, "lamplight 0.1", lambda: self.carried, outbox=lambda: self.seen)

    def rows(self) -> dict[str, MachineRow]:
        """Every row by its name."""
        return {row.name: row for group in self.desk.table() for row in group.rows}


def spoil(page: Page) -> None:
    """Change a row behind the audit's back, as somebody with the disk in hand could."""
    page.store.audit.append(AuditKind.STARTED)
    page.store.database.execute("DROP TRIGGER audit_is_not_rewritten")
    page.store.database.execute("UPDATE audit SET kind = 'stopped'")


@pytest.fixture
def page(store: KioskStore, clock: StillClock, tmp_path: Path) -> Page:
    return Page(store, clock, tmp_path)


def test_every_device_and_the_machine_stand_on_the_page(page: Page) -> None:
    """Before anything was asked each says that it is starting."""
    devices, machine = page.desk.table()
    assert (devices.name, machine.name) == ("devices", "machine")
    names = ["id_card", "travel_document", "camera", "mrz", "face", "page_printer", "thermal_printer"]
    names += ["access_card", "speaker", "records", "policy", "queue"]
    assert [row.name for row in devices.rows] == names
    assert {row.state for row in devices.rows} == {"starting"}
    named = [
        "officer",
        "untold",
        "intakes",
        "last_sync",
        "clock_skew",
        "disk",
        "policy_version",
        "carried_list",
        "certificate",
        "audit",
        "versions",
    ]
    assert [row.name for row in machine.rows] == named


def test_an_unplugged_device_is_told_with_its_facts(page: Page) -> None:
    """Where it should be, so that the technician finds the cable."""
    page.watch.tell(Health("id_card", Level.DOWN, "unplugged", (("port", "/dev/ttyS0"), ("SAM", "05.01"))))
    row = page.rows()["id_card"]
    assert (row.state, row.level) == ("unplugged", Level.DOWN)
    assert row.facts == (("port", "/dev/ttyS0"), ("SAM", "05.01"))


@pytest.mark.parametrize(
    ("device", "fact", "said", "more"),
    [
        ("id_card", ("last-status", "read-failed"), "card_status.read-failed", ()),
        ("travel_document", ("last-problem", "altered DG2"), "document_problem.altered", (("problem", "DG2"),)),
        ("travel_document", ("last-problem", "silent"), "document_problem.silent", ()),
        ("face", ("passive", "no model"), "said.passive-none", ()),
        ("face", ("passive", "minivision"), "", (("passive", "minivision"),)),
        ("face", ("threshold-source", "a paragraph"), "", ()),
    ],
)
def test_what_went_wrong_last_is_a_sentence_and_no_code(
    page: Page, device: str, fact: tuple[str, str], said: str, more: tuple[tuple[str, str], ...]
) -> None:
    """What else the driver knows of it stays a fact; a paragraph stays in the documents."""
    page.watch.tell(Health(device, Level.READY, "ok", (fact,)))
    assert (page.rows()[device].said, page.rows()[device].facts) == (said, more)


def test_an_officer_on_duty_is_told(page: Page) -> None:
    """Without one only a face can prove who it is."""
    assert page.rows()["officer"].value == "off_duty"
    page.watch.tell_officer(on_duty=True)
    assert page.rows()["officer"].value == "on_duty"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_a_card_or_a_document_meets_has_a_sentence(page: Page, checkout: Path, language: str) -> None:
    """Every status of the module, every problem of a chip, and every fact by its name."""
    words = Catalogue.load(checkout / "assets" / "texts").in_language(language)
    statuses = [*(status.word for status in MEANING), "nonsense", CardProblem.DAMAGED, CardProblem.UNKNOWN_CARD]
    met = [("id_card", "last-status", code) for code in statuses]
    met += [("travel_document", "last-problem", problem) for problem in DocumentProblem]
    for device, fact, code in met:
        page.watch.tell(Health(device, Level.READY, "ok", ((fact, code),)))
        assert words(f"device.{page.rows()[device].said}")


def test_a_fact_that_the_catalogue_does_not_know_is_no_empty_page(page: Page, checkout: Path) -> None:
    """A driver may learn to say more than we have words for."""
    page.watch.tell(Health("id_card", Level.READY, "ok", (("port", "/dev/ttyS0"), ("humour", "good"))))
    words = Catalogue.load(checkout / "assets" / "texts").in_language("zh")
    view = presenter.present(Shown(None), Surroundings(words, NOW, NOWHERE, page.desk.table()))
    assert isinstance(view, TableView)
    reader = next(row for row in view.groups[0][1] if row.name == words("device.id_card"))
    assert reader.detail == "端口 /dev/ttyS0 · humour good"


@pytest.mark.parametrize(
    ("untold", "refused", "level"), [(0, 0, Level.READY), (3, 0, Level.DEGRADED), (3, 1, Level.DOWN)]
)
def test_what_records_are_still_to_be_told_is_counted(page: Page, untold: int, refused: int, level: Level) -> None:
    """What they refused wants a person."""
    page.link.settled = settled(untold, refused)
    assert (page.rows()["untold"].values, page.rows()["untold"].level) == ((("count", untold),), level)


@pytest.mark.parametrize(
    ("waited", "problem", "level", "said", "facts"),
    [
        (timedelta(minutes=5), "", Level.READY, "", ()),
        (timedelta(minutes=61), "", Level.DEGRADED, "", ()),
        (timedelta(0), "records-unreachable", Level.DEGRADED, "intakes_problem.unreachable", ()),
        (timedelta(0), "store-unwritable", Level.DEGRADED, "intakes_problem.disk", ()),
        (
            timedelta(0),
            "records-not-permitted",
            Level.DEGRADED,
            "intakes_problem.refused",
            (("problem", "records-not-permitted"),),
        ),
        (timedelta(minutes=61), "~key-away", Level.DEGRADED, "intakes_problem.held", (("problem", "key-away"),)),
    ],
)
def test_what_waits_to_be_sent_is_told_with_its_age_and_why_it_waits(
    page: Page, waited: timedelta, problem: str, level: Level, said: str, facts: tuple[tuple[str, str], ...]
) -> None:
    """A few minutes are nothing. Here ``~`` stands before why records hold back what they were sent."""
    assert (page.rows()["intakes"].values, page.rows()["intakes"].level) == ((("count", 0),), Level.READY)
    kept_back = problem.removeprefix("~") if problem.startswith("~") else ""
    page.seen = Seen(OutboxState(waiting=12), waited, (), "" if kept_back else problem, kept_back)
    row = page.rows()["intakes"]
    minutes = int(waited.total_seconds() // 60)
    assert row.values == (("count", 12), ("hours", minutes // 60), ("minutes", minutes % 60))
    assert (row.level, row.said, row.facts) == (level, said, facts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_reason_why_records_refuse_an_intake_is_a_sentence(page: Page, checkout: Path, language: str) -> None:
    """Whatever code they give, one of tomorrow too: a line each, and what to do."""
    words = Catalogue.load(checkout / "assets" / "texts").in_language(language)
    codes = [*INTAKE_PROBLEMS, *(set(ProblemCode) - INTAKE_PROBLEMS), UNKNOWN, "a-code-of-tomorrow"]
    page.seen = Seen(aside=tuple(Aside(place, code, NOW) for place, code in enumerate(codes)))
    rows = [row for group in page.desk.table() for row in group.rows if row.name == "intakes_aside"]
    assert [row.values for row in rows] == [(("count", 1),)] * len(codes)
    assert {row.level for row in rows} == {Level.DOWN}
    said = [words(f"device.{row.said}") for row in rows]
    assert len(set(said)) == len(INTAKE_PROBLEMS) + 1
    view = presenter.present(Shown(None), Surroundings(words, NOW, NOWHERE, page.desk.table()))
    assert isinstance(view, TableView)
    assert view.line.count(words("device.intakes_aside")) == 1


@pytest.mark.parametrize(
    ("skew", "said", "level"),
    [(0.04, "+0.0", Level.READY), (-31.0, "-31.0", Level.DEGRADED), (30.0, "+30.0", Level.READY)],
)
def test_a_clock_that_is_wrong_is_marked(page: Page, skew: float, said: str, level: Level) -> None:
    """By more than half a minute."""
    page.link.skew = skew
    assert (page.rows()["clock_skew"].values, page.rows()["clock_skew"].level) == ((("seconds", said),), level)


def test_the_last_sync_is_told_in_local_time(page: Page) -> None:
    """15:05 UTC is 23:05 at the kiosk."""
    page.link.last_sync = NOW
    assert page.rows()["last_sync"].text == "2026-11-22 23:05:00"


def test_a_disk_that_fills_up_is_marked(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is full."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1.4 * 2**30))
    assert (page.rows()["disk"].values, page.rows()["disk"].level) == ((("gib", "1"),), Level.DEGRADED)


def test_the_policy_is_told_with_its_age(page: Page) -> None:
    """Or that there is none."""
    assert page.rows()["policy_version"].level is Level.DOWN
    page.policy.current = lambda: SimpleNamespace(version=7, issued_at=NOW - timedelta(days=3))
    assert page.rows()["policy_version"].values == (("version", 7), ("days", 3))


def test_the_audit_is_read_through_by_a_job_and_only_told_by_the_page(page: Page) -> None:
    """The page is drawn every second: it recomputes no chain."""
    assert page.rows()["audit"].value == "none"
    page.store.audit.append(AuditKind.STARTED)
    page.desk.read_audit()
    said = page.rows()["audit"].text
    assert said == f"1 · {page.store.audit.head().hash[:12]}"
    spoil(page)
    assert page.rows()["audit"].text == said
    page.desk.link.forked = True
    forked = page.rows()["audit"]
    assert (forked.value, forked.level, forked.facts) == ("forked", Level.DOWN, (("chain", said),))
    page.desk.read_audit()
    assert (page.rows()["audit"].value, page.rows()["audit"].level) == ("damaged", Level.DOWN)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_has_words(page: Page, checkout: Path, language: str) -> None:
    """In both states of everything, in both languages."""
    words = Catalogue.load(checkout / "assets" / "texts").in_language(language)

    def drawn(table: tuple[MachineGroup, ...]) -> object:
        return presenter.present(Shown(None), Surroundings(words, NOW, NOWHERE, table))

    drawn(page.desk.table())
    page.link.settled, page.link.skew, page.link.last_sync = settled(2), 1.0, NOW
    page.policy.current = lambda: SimpleNamespace(version=7, issued_at=NOW)
    page.desk.read_audit()
    drawn(page.desk.table())
    spoil(page)
    page.desk.read_audit()
    drawn(page.desk.table())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_missing_fonts_are_a_row_with_the_file_and_what_to_do(page: Page, checkout: Path, language: str) -> None:
    """Only then: nobody looks after fonts that are there."""
    assert "fonts" not in page.rows()
    page.watch.tell(Health("fonts", Level.DOWN, "assets-missing", (("file", "HanaMinB.ttf"),)))
    words = Catalogue.load(checkout / "assets" / "texts").in_language(language)
    row = drawn(page, words)[words("device.fonts")]
    assert row.level == "down"
    assert row.detail.startswith(words("device.fonts_action.assets-missing"))
    assert row.detail.endswith(" HanaMinB.ttf")


def test_the_carried_list_is_told_with_its_date_and_an_old_one_with_what_to_do(
    page: Page, checkout: Path, clock: StillClock
) -> None:
    """After a week the kiosk still checks by it, and somebody should look at the link."""
    assert (page.rows()["carried_list"].value, page.rows()["carried_list"].level) == ("none", Level.DEGRADED)
    pki = make_pki()
    page.carried, _ = open_list(signed_list(pki, NOW), TrustStore(pki.root.certificate, ()))
    assert (page.rows()["carried_list"].text, page.rows()["carried_list"].level) == ("2026-11-22 23:05", "ready")
    clock.pass_by(7 * 86400)
    row = drawn(page, Catalogue.load(checkout / "assets" / "texts").in_language("zh"))["作废名单"]
    assert (row.state, row.level) == ("已过期", "degraded")
    assert "carried.cose" in row.detail
    assert row.detail.endswith("截至 2026-11-22 23:05")


def test_a_roll_that_is_nearly_empty_is_the_technicians_alone(page: Page, checkout: Path) -> None:
    """It prints on, so that no tile is grey and no resident hears of it."""
    page.media = (Medium.STRIP,)
    for needed in ("records", "policy", "id_card", "travel_document", "camera", "face"):
        page.watch.tell(Health(needed, Level.READY))
    page.watch.tell(Health("thermal_printer", Level.DEGRADED, "paper-near-end"))
    assert page.offered[-1].reasons("residence_receipt") == ()
    row = drawn(page, Catalogue.load(checkout / "assets" / "texts").in_language("zh"))["凭条打印机"]
    assert (row.state, row.level, row.detail) == ("纸卷快用完", "degraded", "备好新纸卷。")


def drawn(page: Page, words: Words) -> dict[str, TableRow]:
    """The rows as they are shown, by their names."""
    view = presenter.present(Shown(None), Surroundings(words, NOW, NOWHERE, page.desk.table()))
    assert isinstance(view, TableView)
    return {row.name: row for _, rows in view.groups for row in rows}
