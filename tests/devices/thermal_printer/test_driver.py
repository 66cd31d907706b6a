"""The real driver over a real wire: what it claims of a strip, against what lies in the tray."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from devices.health import Level
from devices.thermal_printer.api import NotPrinted, Printed, PrintStage, Strip, StripReason, UnprintableStripError
from devices.thermal_printer.driver import EscPosStripPrinter
from devices.thermal_printer.model import StripModel
from simulators.escpos.paper import CELL, LINE, strip_in, type_line
from simulators.state import SimulatedState
from simulators.thermal_printer import SimulatedThermalPrinter
from tests.devices.thermal_printer.conftest import Bench, eventually

ONE_WIRE = pytest.mark.parametrize("bench", ["tcp"], indirect=True)
PRINTING = (PrintStage.PRINTING, StripReason.OK)
OUTCOMES = [  # the state, what health and a refusal say of it beforehand, and what a strip ends with in the middle
    ("paper-out", StripReason.PAPER_OUT, StripReason.PAPER_OUT),
    ("cover-open", StripReason.COVER_OPEN, StripReason.COVER_OPEN),
    ("cutter-error", StripReason.CUTTER_ERROR, StripReason.CUTTER_ERROR),
    ("overheated", StripReason.OVERHEATED, StripReason.OVERHEATED),
    ("jam", StripReason.OTHER, StripReason.OTHER),
    ("hung", StripReason.UNREACHABLE, StripReason.UNREACHABLE),
    ("unplugged", StripReason.UNREACHABLE, StripReason.UNREACHABLE),
]

MIDWAY = [  # a cable matters where it is what fails, and once where it is not
    *(("tcp", *row) for row in OUTCOMES),
    *(("serial", *row) for row in OUTCOMES if row[0] in ("paper-out", "hung", "unplugged")),
]


def quiet(_stage: PrintStage, _reason: StripReason) -> None:
    """Nobody listens."""


@pytest.mark.parametrize("echo", ["process-id", "paper-status"])
def test_a_strip_comes_out_dot_for_dot(bench: Bench, strip: Strip, echo: str) -> None:
    assert bench.print(bench.driver(StripModel.parse({"echo": echo})), strip) == Printed(1)
    (printed,) = bench.strips()
    assert np.array_equal(printed[: len(strip)], strip)
    assert not printed[len(strip) :].any()
    assert bench.said == [(PrintStage.SENDING, StripReason.OK), PRINTING]


def test_no_answer_is_held_back_for_an_acknowledgement(tmp_path: Path) -> None:
    """Up to forty milliseconds for each of fifty bands, in which the paper would stand still; without, a tenth of a
    second for all. One of three times on a machine with much else to do is enough."""
    took: list[float] = []
    with SimulatedThermalPrinter(SimulatedState(tmp_path), tmp_path / "tray", rows_a_second=1e6) as printer:
        driver = EscPosStripPrinter(f"tcp://127.0.0.1:{printer.port}", StripModel())
        driver.health()
        while len(took) < 3 and not any(seconds < 50 * 0.015 for seconds in took):
            began = time.monotonic()
            assert driver.print_strip(np.ones((1200, 576), np.bool_), quiet, Event()) == Printed(1)
            took.append(time.monotonic() - began)
    assert min(took) < 50 * 0.015


@ONE_WIRE
def test_margins_stay_white(bench: Bench) -> None:
    model = StripModel(width=384, left_margin=12, right_margin=10)
    assert bench.print(bench.driver(model), np.ones((50, 362), np.bool_)) == Printed(1)
    (printed,) = bench.strips()
    assert printed[:50, 12:374].all()
    assert printed.sum() == 50 * 362


@ONE_WIRE
@pytest.mark.parametrize(("state", "reason", "_midway"), OUTCOMES)
def test_a_fault_beforehand_refuses_and_sends_nothing(
    bench: Bench, strip: Strip, state: str, reason: StripReason, _midway: StripReason
) -> None:
    driver = bench.driver()
    bench.set(state)
    assert bench.print(driver, strip) == NotPrinted(reason, paper_may_be_out=False)
    health = driver.health()
    assert (health.level, health.reason) == (Level.DOWN, reason)
    bench.well_again(driver)
    assert bench.strips() == []


@pytest.mark.parametrize(("bench", "state", "_before", "reason"), MIDWAY, indirect=["bench"])
def test_a_fault_midway_is_told_and_leaves_nothing_stale(
    bench: Bench, strip: Strip, state: str, _before: StripReason, reason: StripReason
) -> None:
    """Refilling paper, closing the cover, plugging in: what was begun is cut off, and no row more of it is printed."""
    driver = bench.driver(patience=0.5)
    bench.set(state, after=100)
    outcome = bench.print(driver, strip)
    assert outcome == NotPrinted(reason, paper_may_be_out=True)
    begun = len(bench.printer.mechanism.paper.picture)
    bench.well_again(driver)
    (rest,) = bench.strips()
    assert np.array_equal(rest[:100], strip[:100])
    may_follow = 3 * 24 if state in ("unplugged", "hung") else 0  # what a printer out of reach has in its buffer
    assert not rest[max(begun, 100) + may_follow :].any()
    assert bench.print(driver, strip) == Printed(1)
    assert np.array_equal(bench.strips()[1][: len(strip)], strip)


@ONE_WIRE
@pytest.mark.parametrize("state", ["paper-out", "near-end", "cover-open"])
def test_a_fault_after_the_last_cut_concerns_the_next_strip(bench: Bench, strip: Strip, state: str) -> None:
    driver = bench.driver()
    assert bench.print(driver, strip) == Printed(1)
    bench.set(state)
    assert driver.health().reason == (StripReason.PAPER_NEAR_END if state == "near-end" else state)
    bench.well_again(driver)
    assert len(bench.strips()) == 1


@ONE_WIRE
def test_paper_near_its_end_still_prints(bench: Bench, strip: Strip) -> None:
    driver = bench.driver()
    bench.set("near-end")
    assert (driver.health().level, driver.health().reason) == (Level.DEGRADED, StripReason.PAPER_NEAR_END)
    assert bench.print(driver, strip) == Printed(1)


@ONE_WIRE
def test_a_hot_head_is_waited_for(bench: Bench, strip: Strip) -> None:
    driver = bench.driver()
    bench.set("overheated", after=100)
    hot = (PrintStage.WAITING, StripReason.OVERHEATED)
    assert bench.print(driver, strip, {hot: lambda: bench.set("ok")}) == Printed(1)
    assert bench.said[-2:] == [hot, PRINTING]
    assert np.array_equal(bench.strips()[0][: len(strip)], strip)


def test_pressing_twice_prints_once(bench: Bench, strip: Strip) -> None:
    driver = bench.driver()
    twice: list[Printed | NotPrinted] = []
    press = {PRINTING: lambda: twice.append(driver.print_strip(strip, quiet, Event()))}
    assert bench.print(driver, strip, press) == Printed(1)
    assert twice == [NotPrinted(StripReason.BUSY, paper_may_be_out=False)]
    assert len(bench.strips()) == 1


@ONE_WIRE
def test_a_look_at_its_health_refuses_nobody(bench: Bench, strip: Strip) -> None:
    """As the kiosk looks on its own every few seconds, also when somebody's strip begins."""
    driver = bench.driver()
    done = Event()

    def look() -> None:
        while not done.is_set():
            assert driver.health().works

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            assert [bench.print(driver, strip) for _ in range(3)] == [Printed(1)] * 3
        finally:
            done.set()
        looking.result()
    assert len(bench.strips()) == 3


@ONE_WIRE
def test_health_during_a_strip_is_what_was_last_seen(bench: Bench, strip: Strip) -> None:
    driver = bench.driver()
    with ThreadPoolExecutor(1) as pool:
        seen = []
        ask = {PRINTING: lambda: seen.append(pool.submit(driver.health).result(5))}
        assert bench.print(driver, strip, ask) == Printed(1)
    assert [each.reason for each in seen] == [StripReason.OK]


def test_who_leaves_midway_leaves_no_paper_hanging(bench: Bench, strip: Strip) -> None:
    driver = bench.driver()
    outcome = bench.print(driver, strip, {PRINTING: bench.cancel.set})
    assert outcome == NotPrinted(StripReason.OK, paper_may_be_out=True)
    assert not bench.printer.mechanism.paper.picture.any()
    assert driver.health().reason == StripReason.OK


@ONE_WIRE
def test_who_left_before_gets_nothing(bench: Bench, strip: Strip) -> None:
    bench.cancel.set()
    assert bench.print(bench.driver(), strip) == NotPrinted(StripReason.OK, paper_may_be_out=False)
    assert bench.strips() == []


def test_a_new_driver_clears_what_a_killed_one_left(
    bench: Bench, strip: Strip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kiosk died in the middle of a strip while paper was out: the next start finds its rows in the buffer."""
    dying = bench.driver()
    bench.set("paper-out", after=100)
    monkeypatch.setattr(dying, "_clean", lambda _talk, _now: False)  # it has no time for it
    assert isinstance(bench.print(dying, strip), NotPrinted)
    reborn = EscPosStripPrinter(bench.address, StripModel())
    assert reborn.health().reason == StripReason.PAPER_OUT
    bench.well_again(reborn)
    (rest,) = bench.strips()
    assert np.array_equal(rest[:100], strip[:100])
    assert not rest[100:].any()


def test_a_model_that_can_not_be_cleared_ends_in_step(bench: Bench, strip: Strip) -> None:
    """Its two bands are printed when paper comes, cut off, and the next strip is whole."""
    driver = bench.driver(StripModel(clear="none"))
    bench.set("paper-out", after=100)
    assert bench.print(driver, strip) == NotPrinted(StripReason.PAPER_OUT, paper_may_be_out=True)
    bench.well_again(driver)
    assert bench.print(driver, strip) == Printed(1)
    rest, whole = bench.strips()
    assert not rest[100 + 3 * 24 :].any()
    assert np.array_equal(whole[: len(strip)], strip)


@ONE_WIRE
def test_a_strip_wider_than_the_paper_is_refused_before_anything_is_sent(bench: Bench) -> None:
    driver = bench.driver()
    for wrong in (np.ones((5, 577), np.bool_), np.ones((0, 8), np.bool_), np.ones((5, 8), np.uint8)):
        with pytest.raises(UnprintableStripError):
            driver.print_strip(wrong, quiet, Event())  # type: ignore[arg-type]
    assert bench.strips() == []


def test_text_comes_out_in_the_printers_own_type(bench: Bench) -> None:
    driver = bench.driver()
    assert driver.print_text("测试·无效 No. 1\n平安灯", quiet, Event()) == Printed(1)
    (printed,) = bench.strips()
    first, second = (type_line(line.encode("gb18030")) for line in ("测试·无效 No. 1", "平安灯"))
    assert np.array_equal(printed[:LINE, : first.shape[1]], first)
    assert np.array_equal(printed[LINE:][:LINE, : second.shape[1]], second)
    assert second.shape[1] == 3 * CELL


# --- presenters ---


def presenting(how: str) -> StripModel:
    return StripModel.parse({"presenter": how, "presenter_seconds": 1})


def left(bench: Bench) -> None:
    bench.state.set("thermal_printer", paper="left")
    assert eventually(lambda: not bench.printer.mechanism.taken)


@ONE_WIRE
@pytest.mark.parametrize("how", ["eject", "retract"])
def test_a_presented_strip_is_printed_when_it_is_taken(bench: Bench, strip: Strip, how: str) -> None:
    assert bench.print(bench.driver(presenting(how)), strip) == Printed(1)
    assert bench.said[-1] == (PrintStage.WAITING, StripReason.PAPER_LEFT_IN_PRESENTER)
    assert np.array_equal(bench.strips()[0][: len(strip)], strip)


@ONE_WIRE
def test_a_strip_that_nobody_takes_is_drawn_in(bench: Bench, strip: Strip) -> None:
    left(bench)
    outcome = bench.print(bench.driver(presenting("retract")), strip)
    assert outcome == NotPrinted(StripReason.PAPER_LEFT_IN_PRESENTER, paper_may_be_out=True)
    assert next(each.name for each in bench.tray.glob("*.png") if strip_in(each).any()).startswith("retracted-")


@ONE_WIRE
def test_a_strip_that_nobody_takes_is_pushed_out(bench: Bench, strip: Strip) -> None:
    left(bench)
    assert bench.print(bench.driver(presenting("eject")), strip) == Printed(1)
    assert len(bench.strips()) == 1


@ONE_WIRE
def test_who_walks_away_from_the_presenter_leaves_nothing_in_it(bench: Bench, strip: Strip) -> None:
    left(bench)
    driver = bench.driver(StripModel(presenter="retract", presenter_seconds=600))
    waiting = (PrintStage.WAITING, StripReason.PAPER_LEFT_IN_PRESENTER)
    outcome = bench.print(driver, strip, {waiting: bench.cancel.set})
    assert outcome == NotPrinted(StripReason.PAPER_LEFT_IN_PRESENTER, paper_may_be_out=True)
    assert bench.printer.mechanism.paper.presented is None


# --- a wire without answers ---


def test_a_wire_without_answers_claims_nothing(tmp_path: Path, strip: Strip) -> None:
    node = tmp_path / "lp0"
    driver = EscPosStripPrinter(f"file://{node}", StripModel())
    assert (driver.health().level, driver.health().reason) == (Level.DOWN, StripReason.UNREACHABLE)
    node.touch()
    assert (driver.health().level, driver.health().reason) == (Level.UNKNOWN, StripReason.STATUS_UNKNOWN)
    printed = partial(driver.print_strip, strip, quiet, Event())
    assert printed() == NotPrinted(StripReason.STATUS_UNKNOWN, paper_may_be_out=True)
    assert node.read_bytes().count(b"\x1dv0\x00") == -(-len(strip) // 24)


def test_a_wire_that_can_not_be_opened_got_nothing(tmp_path: Path, strip: Strip) -> None:
    driver = EscPosStripPrinter(f"file://{tmp_path / 'none' / 'lp0'}", StripModel())
    refused = NotPrinted(StripReason.UNREACHABLE, paper_may_be_out=False)
    assert driver.print_strip(strip, quiet, Event()) == refused


def test_a_usb_printer_that_is_not_there_is_unreachable(strip: Strip) -> None:
    """As far as USB goes without one: the library finds its way to the bus, and nothing on it."""
    driver = EscPosStripPrinter("usb://0001:0001", StripModel())
    assert (driver.health().level, driver.health().reason) == (Level.DOWN, StripReason.UNREACHABLE)
    refused = NotPrinted(StripReason.UNREACHABLE, paper_may_be_out=False)
    assert driver.print_strip(strip, quiet, Event()) == refused


def test_questions_hidden_in_a_picture_are_no_answers_to_ours(bench: Bench) -> None:
    """Dots that are DLE EOT 4 over and over: each is answered "near end", which would be a cover as an answer to 2."""
    driver = bench.driver()
    bench.set("near-end")
    row = np.unpackbits(np.frombuffer(bytes.fromhex("100404") * 24, np.uint8)).astype(np.bool_)
    strip = np.zeros((96, 576), np.bool_)
    strip[::4] = row
    assert bench.print(driver, strip) == Printed(1)
    assert np.array_equal(bench.strips()[0][: len(strip)], strip)
