"""Everything around the kiosk, which lives on when it dies: records, the line to them, two printers, a resident.

Records and the page printer are processes of their own; the strip printer is a thread at the far end of a TCP port, so
that the dots that hang from its roll can be counted.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from backend_client.session import RecordsSession
from forms.raster import Dots
from simulators.escpos.paper import strip_in
from simulators.page_printer import SimulatedPagePrinter
from simulators.state import SimulatedState
from simulators.thermal_printer import SimulatedThermalPrinter
from tests.chaos import kiosk
from tests.chaos.link import Link
from tests.support.identification import proven_subject
from tests.support.records_client import DENG, Card
from tests.support.records_server import RecordsServer, free_port, quick_settings, rules_with, running_records

_SHEET_S = 0.5
_ROWS_A_SECOND = 6000.0


@dataclass(frozen=True, slots=True)
class World:
    """What a round meets."""

    folder: Path
    server: RecordsServer
    link: Link
    state: SimulatedState
    page_tray: Path
    strips: SimulatedThermalPrinter
    strip_tray: Path
    around: kiosk.Surroundings
    victim: "subprocess.Popen[str]"

    def truth(self) -> dict[str, tuple[str, bool, datetime | None]]:
        """Every serial that records ever reserved: its state, whether it ever had both ends, when it was voided."""
        rows = self.server.rows("SELECT serial, state, delivered_at, voided_at FROM papers")
        return {serial: (state, bool(done and void), _instant(void)) for serial, state, done, void in rows}

    def black_dots(self) -> int:
        """All that the strip printer ever printed and that is not put away: in the tray, and hanging from the roll."""
        paper = self.strips.mechanism.paper
        held: list[Dots] = [paper.picture] if paper.presented is None else [paper.picture, paper.presented]
        return int(sum(each.sum() for each in (*held, *map(strip_in, self.strip_tray.glob("*.png")))))


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Started; ended with the block."""
    settings = quick_settings()
    settings = settings.model_copy(update={"identity": settings.identity.model_copy(update={"visit_minutes": 60})})
    rules = rules_with(share=0.5, answer_s=0.5).replace("yearly = 2", "yearly = 0")
    state = SimulatedState(folder / "sim")
    with (
        running_records(folder, settings, rules=rules) as server,
        Link(server.port) as link,
        SimulatedPagePrinter(state.folder, free_port(), folder / "tray", _SHEET_S) as page,
        SimulatedThermalPrinter(state, folder / "strips", rows_a_second=_ROWS_A_SECOND) as strips,
        _kiosks(folder) as victim,
    ):
        around = _resident(folder, server, link, page, strips)
        yield World(folder, server, link, state, page.tray, strips, folder / "strips", around, victim)


@contextmanager
def _kiosks(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """The process that forks kiosks; it and the last of them are gone at the end, whatever they wait for."""
    pipe, command = subprocess.PIPE, [sys.executable, "-m", "tests.chaos.kiosk"]
    with (folder / "kiosk.log").open("w") as log:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, text=True, start_new_session=True)
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def _resident(
    folder: Path, server: RecordsServer, link: Link, page: SimulatedPagePrinter, strips: SimulatedThermalPrinter
) -> kiosk.Surroundings:
    """An enrolled kiosk, before which somebody stands whose identity is proven."""
    identity = server.enrol()
    session = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)
    card = Card(DENG.name, DENG.id_number, DENG.birth_date, date(2038, 5, 2))
    subject = proven_subject(session, identity.key, card, "visit-00000001", datetime.now(UTC))
    session.close()
    ((dwelling,),) = server.rows("SELECT dwelling_id FROM dwellings LIMIT 1")
    return kiosk.Surroundings(
        folder=str(folder),
        records=f"https://localhost:{link.port}",
        root=str(server.root_pem),
        certificate=str(identity.certificate),
        key=str(identity.key),
        page_printer=page.uri,
        strip_printer=f"tcp://127.0.0.1:{strips.port}",
        subject=subject,
        dwelling=dwelling,
    )


def _instant(value: str | datetime | None) -> datetime | None:
    """SQLite keeps it as text, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
