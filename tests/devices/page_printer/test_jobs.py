"""Whose job it is: each kiosk ends its own at a printer that others share, and no other's."""

from threading import Event
from typing import TYPE_CHECKING

import pytest

from devices.page_printer.api import NotPrinted, Printed, PrinterReason, PrintStage
from devices.page_printer.driver import IppPagePrinter
from devices.page_printer.jobs import is_of, job_name
from devices.page_printer.wire import Attributes

if TYPE_CHECKING:
    from tests.devices.page_printer.conftest import Bench


def shown(name: str = "", user: str = "") -> Attributes:
    """What a printer tells of a job: as much as it likes."""
    told = {"job-name": name, "job-originating-user-name": user}
    return {"job-id": (1,)} | {attribute: (text,) for attribute, text in told.items() if text}


@pytest.mark.parametrize(
    ("job", "ours"),
    [
        (shown("lamplight.kiosk-a", "kiosk-a"), True),
        (shown("lamplight.kiosk-a.0f0f0f0f", "kiosk-a"), True),
        (shown("lamplight.kiosk-a", "anonymous"), True),
        (shown("untitled", "kiosk-a"), True),
        (shown("lamplight.kiosk-a"), True),
        (shown(user="kiosk-a"), True),
        (shown(), True),
        (shown("untitled", "anonymous"), True),
        (shown("Print Job", "unknown"), True),
        (shown("*****", "*****"), True),
        (shown("-", "N/A"), True),
        (shown("Print Job", "Anonymous"), True),
        (shown("Print Job", "KIOSK-A"), True),
        (shown("Print Job", "HOST\\kiosk-a"), True),
        (shown("Print Job", "kiosk-a@192.0.2.7"), True),
        (shown("lamplight", "anonymous"), True),
        (shown("Print Job", "kiosk-b"), False),
        (shown("*****", "kiosk-b@192.0.2.7"), False),
        (shown("lamplight.kiosk-b", "*****"), False),
        (shown("lamplight.kiosk-b", "kiosk-b"), False),
        (shown("lamplight.kiosk-b", "anonymous"), False),
        (shown("lamplight.kiosk-abc", "kiosk-abc"), False),
        (shown("lamplight.kiosk", "kiosk"), False),
        (shown(user="somebody"), False),
        (shown("a letter", "somebody"), False),
    ],
)
def test_a_job_is_known_by_its_user_or_its_name(job: Attributes, *, ours: bool) -> None:
    """A printer that lists it as ours and hides whose it is, in whatever words, is believed; one that names another is
    not."""
    assert is_of("kiosk-a", job) is ours


def test_no_user_s_name_begins_another_s() -> None:
    """However one of them goes on."""
    assert job_name("kiosk", "a") != job_name("kiosk-a")
    assert not is_of("kiosk", shown(job_name("kiosk-a", "0f0f0f0f")))


def driver(bench: "Bench", user: str, patience: float = 6.0) -> IppPagePrinter:
    return IppPagePrinter(bench.printer.uri, patience=patience, poll=0.05, settle=6.0, user=user)


def test_a_kiosk_that_starts_ends_no_print_of_the_kiosk_beside_it(bench: "Bench", page: bytes) -> None:
    """It clears at its start, and again while it waits for the printer; neither is for the other's sheet."""
    met: list[object] = []

    def start_beside(stage: PrintStage, _reason: PrinterReason) -> None:
        if stage is PrintStage.PRINTING and not met:
            beside = driver(bench, "kiosk-b", patience=0.1)
            met.extend([beside.cancel_all_own_jobs(), beside.print_pdf(page, lambda _stage, _reason: None, Event())])

    assert driver(bench, "kiosk-a").print_pdf(page, start_beside, Event()) == Printed(sheets=1)
    assert met == [0, NotPrinted(PrinterReason.BUSY, paper_may_be_out=False)]


def test_what_each_kiosk_left_is_dropped_by_itself_alone(bench: "Bench", page: bytes) -> None:
    """Jammed, and switched off: the kiosk beside it goes on without touching the job, whose own kiosk ends it."""
    before = bench.sheets()
    job = bench.begin_job("kiosk-a")
    bench.state.set("page_printer", "jam")
    bench.client("kiosk-a").send_document(job, page)
    bench.set("jam")
    assert driver(bench, "kiosk-b").cancel_all_own_jobs() == 0
    assert bench.client("kiosk-a").own_unfinished_jobs() == [job]
    assert driver(bench, "kiosk-a").cancel_all_own_jobs() == 1
    bench.set("ok")
    assert bench.eventually(lambda: not bench.client("kiosk-a").own_unfinished_jobs())
    assert bench.sheets() == before
