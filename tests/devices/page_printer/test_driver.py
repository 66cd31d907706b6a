"""The driver against a real IPP printer process, with every fault before and during a job."""

from collections.abc import Callable
from threading import Event, Timer
from typing import TYPE_CHECKING

import pytest

from devices.errors import DeviceMisconfiguredError, DeviceUnavailableError
from devices.health import Level
from devices.page_printer.api import NotPrinted, PagePrinter, Printed, PrinterReason, PrintStage
from devices.page_printer.client import IppClient
from devices.page_printer.driver import IppPagePrinter
from devices.page_printer.jobs import Job, JobState

if TYPE_CHECKING:
    from tests.devices.page_printer.conftest import Bench

PRINTING = (PrintStage.PRINTING, PrinterReason.OK)
HOLDING = ["paper-out", "jam", "cover-open", "toner-out", "output-full", "tray-missing", "waste-full"]


def waiting(state: str) -> tuple[PrintStage, PrinterReason]:
    return PrintStage.WAITING, PrinterReason(state)


def test_the_driver_is_a_page_printer() -> None:
    """The type checker compares it with the protocol."""
    subject: PagePrinter = IppPagePrinter("ipp://localhost:631/ipp/print")
    assert subject.health().device == "page_printer"


@pytest.mark.parametrize("uri", ["socket://printer", "ipps://printer/ipp/print", "ipp://", "printer"])
def test_an_address_that_is_not_ipp_is_refused_at_once(uri: str) -> None:
    """The kiosk says so at start, not at the first print."""
    with pytest.raises(DeviceMisconfiguredError):
        IppPagePrinter(uri)


def test_a_good_job_is_printed_and_every_stage_is_seen(bench: "Bench", page: bytes) -> None:
    """Sending, accepted, printing; then one sheet, and the tray holds exactly the bytes that were sent."""
    assert bench.print(page, when={}) == Printed(sheets=1)
    assert [stage for stage, _ in bench.said] == [PrintStage.SENDING, PrintStage.ACCEPTED, PrintStage.PRINTING]
    assert bench.sheets()[-1].read_bytes() == page


def test_sheets_are_counted_by_the_printer(bench: "Bench", two_pages: bytes) -> None:
    """One side each: two pages are two sheets."""
    assert bench.print(two_pages, when={}) == Printed(sheets=2)


def test_health_tells_a_technician_what_the_printer_is(bench: "Bench") -> None:
    """Model and message, in the printer's own words."""
    health = bench.driver().health()
    assert health.level is Level.READY
    assert ("model", "Lamplight Simulated Laser") in health.facts


@pytest.mark.parametrize("state", [*HOLDING, "unplugged"])
def test_a_fault_before_the_job_is_known_and_the_job_refused(bench: "Bench", page: bytes, state: str) -> None:
    """The tile is grey; a job sent all the same is not begun, so it is certain that no paper is out."""
    before = bench.sheets()
    bench.set(state)
    health = bench.driver().health()
    assert health.level is Level.DOWN
    assert bench.print(page, when={}) == NotPrinted(PrinterReason(health.reason), paper_may_be_out=False)
    bench.set("ok")
    assert bench.sheets() == before


@pytest.mark.parametrize("state", ["paper-low", "toner-low"])
def test_a_printer_that_wants_attention_still_prints(bench: "Bench", page: bytes, state: str) -> None:
    """Degraded, and the job is not held."""
    bench.set(state)
    assert bench.driver().health().level is Level.DEGRADED
    assert bench.print(page, when={}) == Printed(sheets=1)


@pytest.mark.parametrize("state", HOLDING)
def test_a_fault_during_the_job_holds_it_until_somebody_helps(bench: "Bench", page: bytes, state: str) -> None:
    """The resident sees the reason; once it is cleared, the sheet comes out."""
    printed = bench.print(
        page,
        when={
            PRINTING: lambda: bench.state.set("page_printer", state) if len(bench.said) == 3 else None,
            waiting(state): lambda: bench.state.set("page_printer", "ok"),
        },
    )
    assert printed == Printed(sheets=1)
    assert waiting(state) in bench.said


@pytest.mark.parametrize("state", ["paper-out", "jam"])
def test_a_job_nobody_helps_is_cancelled_and_prints_nothing_later(bench: "Bench", page: bytes, state: str) -> None:
    """Patience ends, the job is cancelled, its end awaited; refilled paper stays blank."""
    before = bench.sheets()
    ended = bench.print(page, patience=2.0, when={PRINTING: lambda: bench.state.set("page_printer", state)})
    assert ended == NotPrinted(PrinterReason(state), paper_may_be_out=True)
    assert bench.client("kiosk").own_unfinished_jobs() == []
    bench.set("ok")
    assert bench.print(page, when={}) == Printed(sheets=1)
    assert len(bench.sheets()) == len(before) + 1


def test_leaving_while_the_job_is_held_cancels_it(bench: "Bench", page: bytes) -> None:
    """The visit's cancel event ends the waiting long before patience does."""
    before = bench.sheets()
    ended = bench.print(
        page, when={PRINTING: lambda: bench.state.set("page_printer", "jam"), waiting("jam"): bench.cancel.set}
    )
    assert ended == NotPrinted(PrinterReason.JAM, paper_may_be_out=True)
    bench.set("ok")
    assert bench.sheets() == before


def test_a_sheet_under_way_comes_out_although_the_job_was_cancelled(bench: "Bench", page: bytes) -> None:
    """Cancelling is no proof that there is no paper: the answer says so, and comes only when the job has ended."""
    before = bench.sheets()
    ended = bench.print(page, when={PRINTING: bench.cancel.set})
    assert ended == NotPrinted(PrinterReason.OK, paper_may_be_out=True)
    assert len(bench.sheets()) == len(before) + 1


def test_nothing_is_sent_for_a_visit_that_is_over(bench: "Bench", page: bytes) -> None:
    """Cancelled before the start: certainly no paper."""
    bench.cancel.set()
    assert bench.print(page, when={}) == NotPrinted(PrinterReason.OK, paper_may_be_out=False)


def test_a_printer_unplugged_in_the_middle_leaves_doubt(bench: "Bench", page: bytes) -> None:
    """It can't be asked any more, so paper may be out."""
    ended = bench.print(
        page, patience=1.2, settle=0.3, when={PRINTING: lambda: bench.state.set("page_printer", "unplugged")}
    )
    assert ended == NotPrinted(PrinterReason.UNREACHABLE, paper_may_be_out=True)
    assert waiting("unreachable") in bench.said


def test_a_restarted_printer_has_forgotten_the_job(bench: "Bench", page: bytes) -> None:
    """Job numbers begin anew, so another job may carry ours: it is not taken for ours."""
    before = bench.sheets()
    ended = bench.print(
        page,
        when={
            PRINTING: lambda: bench.state.set("page_printer", "unplugged"),
            waiting("unreachable"): lambda: bench.state.set("page_printer", "toner-low"),
        },
    )
    assert ended == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)
    assert bench.sheets() == before


def test_a_printer_busy_with_another_is_waited_for(bench: "Bench", page: bytes) -> None:
    """Another's job is not touched; when it ends, ours begins."""
    other, job = bench.client("somebody"), bench.begin_job("somebody")
    Timer(0.5, other.cancel, [job]).start()
    assert bench.print(page, when={}) == Printed(sheets=1)


def test_a_printer_busy_for_too_long_is_given_up(bench: "Bench", page: bytes) -> None:
    """Nothing was accepted, so no paper is out."""
    other, job = bench.client("somebody"), bench.begin_job("somebody")
    assert bench.print(page, patience=0.4, when={}) == NotPrinted(PrinterReason.BUSY, paper_may_be_out=False)
    other.cancel(job)


def test_paper_of_another_size_is_not_printed_on(bench: "Bench", page: bytes) -> None:
    """Letter paper in the tray: the tile says so, and the job is refused."""
    bench.load("na_letter_8.5x11in")
    try:
        assert bench.driver().health().reason == PrinterReason.WRONG_PAPER
        assert bench.print(page, when={}) == NotPrinted(PrinterReason.WRONG_PAPER, paper_may_be_out=False)
    finally:
        bench.load("iso_a4_210x297mm")


def test_a_document_that_is_no_pdf_is_aborted_by_the_printer(bench: "Bench") -> None:
    """An honest end, with no claim about the paper."""
    assert bench.print(b"%PDF-1.7 nothing", when={}) == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)


def held_job(bench: "Bench", user: str, document: bytes) -> int:
    """Leave a job behind in a jammed printer, as a crash of the kiosk would."""
    job = bench.begin_job(user)
    bench.state.set("page_printer", "jam")
    bench.client(user).send_document(job, document)
    bench.set("jam")
    return job


def test_jobs_of_an_earlier_run_are_cancelled_at_boot(bench: "Bench", page: bytes) -> None:
    """Once the jam is cleared, nothing stale comes out."""
    before = bench.sheets()
    held_job(bench, "kiosk", page)
    assert bench.driver().cancel_all_own_jobs() == 1
    bench.set("ok")
    assert bench.print(page, when={}) == Printed(sheets=1)
    assert len(bench.sheets()) == len(before) + 1


def test_a_job_given_up_while_the_printer_was_away_is_dropped_when_it_is_back(bench: "Bench", page: bytes) -> None:
    """Nobody heard the cancelling: the sheet of one resident must not come out before the next."""
    before = bench.sheets()
    driver = bench.driver(patience=3.0, settle=0.0)  # no time for the printer to hear of it

    def progress(stage: PrintStage, _reason: PrinterReason) -> None:
        if stage is PrintStage.PRINTING:
            bench.state.set("page_printer", "jam")

    assert driver.print_pdf(page, progress, Event()) == NotPrinted(PrinterReason.JAM, paper_may_be_out=True)
    assert bench.client("kiosk").own_unfinished_jobs()
    assert driver.health().reason == PrinterReason.JAM
    bench.set("ok")
    assert driver.print_pdf(page, lambda _stage, _reason: None, Event()) == Printed(sheets=1)
    assert driver.health().level is Level.READY
    assert len(bench.sheets()) == len(before) + 1


def test_another_job_under_the_same_number_is_not_ours(
    bench: "Bench", page: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printer that was restarted counts from one again: its completed job 1 says nothing of our sheet."""
    asked = IppClient.job
    answers: list[Job] = []

    def restarted(client: IppClient, number: int) -> Job:
        answers.append(asked(client, number))
        return answers[0] if len(answers) == 1 else Job(JobState.COMPLETED, (), 1, "urn:uuid:another")

    monkeypatch.setattr(IppClient, "job", restarted)
    assert bench.print(page, when={}) == NotPrinted(PrinterReason.OTHER, paper_may_be_out=True)


def test_jobs_of_others_are_left_alone(bench: "Bench", page: bytes) -> None:
    """They are not ours to cancel."""
    other = bench.client("somebody")
    job = held_job(bench, "somebody", page)
    assert bench.driver().cancel_all_own_jobs() == 0
    assert other.own_unfinished_jobs() == [job]
    other.cancel(job)


def test_a_stale_job_of_ours_does_not_keep_the_printer_busy(bench: "Bench", page: bytes) -> None:
    """One that was begun and never given its document is cancelled on the way."""
    bench.begin_job("kiosk")
    assert bench.print(page, when={}) == Printed(sheets=1)


def test_an_unplugged_printer_cannot_be_asked_to_forget(bench: "Bench") -> None:
    """The caller learns of it, and asks again when the printer is back."""
    bench.set("unplugged")
    with pytest.raises(DeviceUnavailableError):
        bench.driver().cancel_all_own_jobs()


def test_a_driver_that_nobody_told_to_clear_does_so_before_its_first_page(
    bench: "Bench", page: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printer that takes many jobs would first print what was left from before the power cut, for all to see."""
    asked: list[str] = []
    for name in ("cancel_unfinished", "create_job"):
        genuine = getattr(IppClient, name)

        def noted(*arguments: object, _name: str = name, _genuine: Callable[..., int] = genuine) -> int:
            asked.append(_name)
            return _genuine(*arguments)

        monkeypatch.setattr(IppClient, name, noted)
    driver = bench.driver()
    for _ in range(2):
        assert driver.print_pdf(page, lambda _stage, _reason: None, Event()) == Printed(sheets=1)
    assert asked == ["cancel_unfinished", "create_job", "create_job"]


def test_what_is_being_printed_is_not_cleared(bench: "Bench", page: bytes) -> None:
    """Whoever clears what was before this start, and is late, is told to ask again."""
    driver, refused = bench.driver(), []

    def progress(stage: PrintStage, _reason: PrinterReason) -> None:
        if stage is PrintStage.PRINTING:
            with pytest.raises(DeviceUnavailableError):
                driver.cancel_all_own_jobs()
            refused.append(stage)

    assert driver.print_pdf(page, progress, Event()) == Printed(sheets=1)
    assert refused
    assert driver.cancel_all_own_jobs() == 0
