"""Every serial that records ever reserved ends as delivered or void: after kill -9 and a power cut at every step.

A real records service, the real journal, session, rendering and signature; the printer keeps its paper in a folder that
no power cut touches. Each story of a resident is run once undisturbed to learn its points: before and after every
journal write and every call outside, and, for power cuts, inside every commit. Then it is run once for each point and
interrupted there, and the kiosk is started again, at once or after a start without records.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from backend_client.device_files import DeviceIdentity
from backend_client.session import RecordsSession
from kiosk.store.journal import _COLUMNS, Attempt, Journal, JournalCounts
from kiosk.store.journal import _attempt as attempt_of  # the row as the product reads it
from tests.support.clocks import StillClock
from tests.support.identification import proven_subject
from tests.support.interrupted import (
    STORIES,
    TRAY,
    Points,
    Service,
    drawn_once,
    kiosk_of,
    open_store,
    order,
    tell_story,
)
from tests.support.issuing import TrayPrinter, assemble
from tests.support.papers import FULL
from tests.support.power_cut import Loss, PowerCut, PowerCutVfs, abandon, without_syncs
from tests.support.privacy_scan import find_personal, unexpected_files
from tests.support.records_client import Card
from tests.support.records_server import RecordsServer, free_port, running_records

SIGKILL = 9


@dataclass(frozen=True, slots=True)
class Bench:
    """The records service, an enrolled kiosk, and a process that can be killed again and again."""

    server: RecordsServer
    service: Service
    session: RecordsSession
    victim: "subprocess.Popen[str]"

    def truth(self) -> dict[str, str]:
        """Every serial that records ever reserved, and what it is now."""
        return {str(serial): str(state) for serial, state in self.server.rows("SELECT serial, state FROM papers")}

    def needles(self) -> list[str]:
        """What is personal about the resident, and about the one on the page that is drawn."""
        query = "SELECT name, id_number, address, householder FROM residents JOIN portraits USING (person_id)"
        found = {text for row in self.server.rows(query) for text in row if text}
        return sorted(found | {FULL.name, FULL.id_number, FULL.address, FULL.former_name})

    def kill_at(self, folder: Path, story: str, at: int) -> int:
        """Run a story in a process of its own and kill it there; the signal that ended it."""
        assert self.victim.stdin is not None
        assert self.victim.stdout is not None
        self.victim.stdin.write(order(folder, self.service, story, at))
        self.victim.stdin.flush()
        return int(self.victim.stdout.readline())


@pytest.fixture(scope="module", autouse=True)
def one_page() -> Iterator[None]:
    """The page is drawn once."""
    with drawn_once():
        yield


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Started once for all cases: each has its own kiosk and its own serial."""
    folder = tmp_path_factory.mktemp("interruptions")
    command = [sys.executable, "-m", "tests.support.interrupted"]
    with (
        running_records(folder) as server,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as victim,
    ):
        identity = server.enrol()
        session = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)
        files = (str(server.root_pem), str(identity.certificate), str(identity.key))
        yield Bench(server, Service(server.url, *files, proven(server, identity, session)), session, victim)
        session.close()


def proven(server: RecordsServer, identity: DeviceIdentity, session: RecordsSession) -> str:
    """The subject of a resident who was identified and compared."""
    query = "SELECT name, id_number, birth_date FROM residents JOIN portraits USING (person_id) WHERE NOT unclear"
    name, number, birth = server.rows(query)[0]
    card = Card(name, number, date.fromisoformat(str(birth)), date(2040, 1, 1))
    return proven_subject(session, identity.key, card, "visit-00000001", datetime.now(UTC))


# --- interrupting ---


def undisturbed(bench: Bench, folder: Path, story: str, *, commits: bool) -> list[str]:
    """The points of a story, in order."""
    points = Points(0, lambda: None)
    vfs = PowerCutVfs()
    open_store(folder).close()
    database = open_store(folder, vfs.name)
    if commits:
        vfs.before_sync = lambda: points.reach("inside a commit")
    tell_story(kiosk_of(folder, bench.session, points, story, database), bench.service, story, points)
    database.close()
    return points.names[: points.names.index("end") + 1]


def cut_power(bench: Bench, folder: Path, story: str, at: int, loss: Loss, *, syncs: bool = True) -> list[str]:
    """Run a story until its point and take the power away there; the points reached."""
    open_store(folder).close()
    vfs = PowerCutVfs()
    database = open_store(folder, vfs.name)
    if not syncs:
        without_syncs(database)

    def interrupt() -> None:
        vfs.cut(loss, Random(f"{story} {at}"))
        raise PowerCut

    points = Points(at, interrupt)
    vfs.before_sync = lambda: points.reach("inside a commit")
    with pytest.raises(PowerCut):
        tell_story(kiosk_of(folder, bench.session, points, story, database), bench.service, story, points)
    vfs.before_sync = lambda: None
    abandon(database)
    return points.names


def own_points(points: list[str], story: str) -> list[tuple[int, str]]:
    """The points from where a story differs from the first one."""
    numbered = list(enumerate(points, start=1))
    return numbered[points.index(STORIES[story]) :]


# --- afterwards ---


def restart(bench: Bench, folder: Path, *, records_up: bool = True) -> tuple[JournalCounts, list[Attempt]]:
    """A start of the kiosk and its first sync; the journal as it is then."""
    session = bench.session if records_up else bench.service.session(f"https://localhost:{free_port()}")
    database = open_store(folder)
    try:
        kiosk = assemble(database, Journal(database, StillClock()), session, TrayPrinter(folder / TRAY))
        done = kiosk.settle.run()
        assert records_up is done.reached or done.open.untold == 0
        kiosk.audit.verify()
        rows = database.query(f"SELECT {_COLUMNS} FROM paper_attempt")  # noqa: S608 - a constant
        return done.open, [attempt_of(row) for row in rows]
    finally:
        database.close()


def judge(bench: Bench, folder: Path, before: dict[str, str], reached: list[str]) -> str:
    """Start again, settle, and hold the journal, the tray and records against each other. The serial's end."""
    counts, attempts = restart(bench, folder)
    new = {serial: state for serial, state in bench.truth().items() if serial not in before}
    sheets = len(list((folder / TRAY).glob("*")))
    assert (counts.under_way, counts.untold, counts.refused) == (0, 0, 0)
    assert {each.serial: str(each.outcome) for each in attempts if each.serial} == new
    assert set(new.values()) <= {"delivered", "void"}
    assert len(new) <= 1
    assert sheets <= ("before printer print_pdf" in reached)
    end = next(iter(new.values()), "none")
    if end == "delivered":
        assert sheets == 1
    if "after journal printed" in reached and "before journal wish_void" not in reached:
        assert end == "delivered"
    if "after journal wish_void" in reached:
        assert end != "delivered"
    if "after records reserve" in reached:
        assert end != "none"
    return f"{end}, {sheets} sheets" if sheets != 1 else f"{end}, 1 sheet"


def traces(bench: Bench, folder: Path) -> list[object]:
    """Files that no kiosk should leave, and anything personal in those it may leave. The tray is paper, not spool."""
    expected = ["*/kiosk/kiosk.db", "*/kiosk/kiosk.db-wal", f"*/{TRAY}/*.pdf"]
    kiosks = [finding for kiosk in folder.glob("*/kiosk") for finding in find_personal(kiosk, bench.needles())]
    return [*unexpected_files(folder, expected), *kiosks]


def show(title: str, rows: list[tuple[str, str, Counter[str]]]) -> None:
    """The matrix, for whoever reads the test's output."""
    print(f"\n{title}")
    for story, point, ends in rows:
        print(f"  {story:17} {point:32} {'; '.join(f'{count} x {end}' for end, count in sorted(ends.items()))}")


@pytest.mark.parametrize("story", STORIES)
def test_a_kiosk_killed_at_any_step_leaves_no_serial_undecided(bench: Bench, tmp_path: Path, story: str) -> None:
    """kill -9 of a real process, before and after each journal write and each call outside; records up and down."""
    points = undisturbed(bench, tmp_path / "undisturbed", story, commits=False)
    restart(bench, tmp_path / "undisturbed")
    rows = []
    for at, point in own_points(points, story):
        ends: Counter[str] = Counter()
        for records_up in (True, False):
            folder, before = tmp_path / f"{at}-{records_up}", bench.truth()
            assert bench.kill_at(folder, story, at) == SIGKILL
            if not records_up:
                restart(bench, folder, records_up=False)
            ends[judge(bench, folder, before, points[:at])] += 1
        rows.append((story, point, ends))
    show("kill -9, then records up / down at the first start:", rows)
    assert traces(bench, tmp_path) == []


@pytest.mark.parametrize("story", STORIES)
def test_a_power_cut_at_any_step_leaves_no_serial_undecided(bench: Bench, tmp_path: Path, story: str) -> None:
    """Also inside each commit; all unsynced writes are lost, or a part of them stays; records up and down."""
    points = undisturbed(bench, tmp_path / "undisturbed", story, commits=True)
    restart(bench, tmp_path / "undisturbed")
    rows = []
    for at, point in own_points(points, story):
        ends: Counter[str] = Counter()
        for loss in (Loss.ALL, Loss.PREFIX_STAYS if at % 2 else Loss.ANY_SECTORS_STAY):
            folder, before = tmp_path / f"{at}-{loss}", bench.truth()
            reached = cut_power(bench, folder, story, at, loss)
            assert reached == points[:at]
            if loss is not Loss.ALL:
                restart(bench, folder, records_up=False)
            ends[judge(bench, folder, before, reached)] += 1
        rows.append((story, point, ends))
    show("power cut; records up after losing all, down after losing a part:", rows)
    assert traces(bench, tmp_path) == []


def test_without_syncs_the_same_power_cuts_leave_serials_undecided(bench: Bench, tmp_path: Path) -> None:
    """The negative control: with synchronous=OFF the journal forgets, and the proof above is seen to fail."""
    points = undisturbed(bench, tmp_path / "undisturbed", "confirmed", commits=False)
    restart(bench, tmp_path / "undisturbed")
    broken = 0
    for at, point in enumerate(points, start=1):
        if not point.startswith("after records"):
            continue
        folder, before = tmp_path / str(at), bench.truth()
        cut_power(bench, folder, "confirmed", at, Loss.ALL, syncs=False)
        _, attempts = restart(bench, folder)
        new = [state for serial, state in bench.truth().items() if serial not in before]
        broken += attempts == [] and new[0] in ("reserved", "sealed")
        print(f"synchronous=OFF, power cut {point}: {len(attempts)} journal rows, serial left {new[0]}")
    assert broken == 2  # after reserve and after seal; the third call is the one that told records


def test_records_killed_in_the_middle_of_a_paper_come_back_to_a_decided_serial(bench: Bench, tmp_path: Path) -> None:
    """The other end's power may fail as well: what it reserved before is settled when it is there again."""
    before = bench.truth()
    points = Points(0, lambda: None)
    database = open_store(tmp_path)

    class KillsRecords(Points):
        def reach(self, name: str) -> None:
            points.names.append(name)
            if name == "before records seal":
                bench.server.kill()

    watch = KillsRecords(0, lambda: None)
    kiosk = kiosk_of(tmp_path, bench.session, watch, "confirmed", database)
    tell_story(kiosk, bench.service, "confirmed", watch)
    assert kiosk.journal.counts().untold == 1
    database.close()
    bench.server.start()
    assert judge(bench, tmp_path, before, points.names) == "void, 0 sheets"
