"""What time it is, whoever set the clock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client.trusted_clock import KEEP_EVERY_S, Heard, TrustedClock
from tests.support.clocks import NOW, SetClock

BOOT, NEXT_BOOT = UUID(int=1), UUID(int=2)


@dataclass
class Machine(SetClock):
    """Its clocks and its disk: a HeardStore too."""

    heard: Heard | None = None
    writes: list[Heard] = field(default_factory=list)

    def load_heard(self) -> Heard | None:
        return self.heard

    def keep_heard(self, heard: Heard) -> None:
        self.heard = heard
        self.writes.append(heard)


def hear(machine: Machine, clock: TrustedClock, true: datetime, way: float = 0.0) -> None:
    """Records answer with their time; the way there and back takes as long, their clock goes on meanwhile."""
    asked = machine.up
    machine.pass_by(way)
    clock.hear(asked, true + timedelta(seconds=way / 2))


def test_before_anything_was_heard_the_wall_clock_is_all_there_is() -> None:
    """And how wrong it is, nobody knows."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    assert (clock.now(), clock.skew(), clock.records_now()) == (NOW, None, None)


@pytest.mark.parametrize("off", [-3600.0, 0.0, 45.0])
def test_skew_is_measured_from_the_middle_of_the_way(off: float) -> None:
    """A slow line is no wrong clock."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    hear(machine, clock, NOW + timedelta(seconds=off), way=4.0)
    assert clock.skew() == pytest.approx(off)


def test_of_the_last_answers_the_quickest_counts() -> None:
    """One whose way there took three seconds and back none is a second and a half off; a quick one before it is not."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    hear(machine, clock, machine.wall, way=0.01)
    for _ in range(7):
        asked = machine.up
        machine.pass_by(3.0)
        clock.hear(asked, machine.wall)
    assert clock.skew() == pytest.approx(0.0, abs=0.01)
    machine.pass_by(3.0)
    clock.hear(machine.up - 3.0, machine.wall)
    assert clock.skew() == pytest.approx(1.5)


def test_a_clock_that_is_set_is_noticed_at_once_and_without_a_link() -> None:
    """By the machine's other clock, which nobody can set."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    hear(machine, clock, NOW)
    machine.pass_by(3600)
    machine.set_by(-7200)
    assert clock.skew() == pytest.approx(7200)
    machine.set_by(86400)
    assert clock.skew() == pytest.approx(7200 - 86400)


def test_setting_the_clock_back_makes_nothing_valid_again() -> None:
    """Neither within one start, nor over a restart, nor over two."""
    machine = Machine()
    hear(machine, TrustedClock(machine, BOOT, machine), NOW + timedelta(minutes=5))
    machine.set_by(-400 * 86400)
    assert TrustedClock(machine, BOOT, machine).now() == NOW + timedelta(minutes=5)
    machine.up = 20.0
    later = TrustedClock(machine, NEXT_BOOT, machine)
    assert (later.now(), later.skew()) == (NOW + timedelta(minutes=5), None)
    machine.pass_by(60)
    assert later.now() == NOW + timedelta(minutes=6)


def _restarted(machine: Machine, boot: int, back: float) -> TrustedClock:
    """The wall clock is set back, and the machine started anew."""
    machine.set_by(-back)
    machine.up = 20.0
    return TrustedClock(machine, UUID(int=boot), machine)


def test_what_has_passed_without_a_link_is_not_lost_at_a_restart() -> None:
    """A policy that ended meanwhile does not hold again, over one restart or several; records may say otherwise."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    hear(machine, clock, NOW)
    machine.pass_by(95 * 86400)
    clock.mark()
    clock = _restarted(machine, 2, 94 * 86400)
    assert clock.now() == NOW + timedelta(days=95)
    machine.pass_by(3600)
    clock.mark()
    machine.set_by(400 * 86400)  # by the wall clock alone, which nobody has contradicted
    machine.pass_by(KEEP_EVERY_S)
    clock.mark()
    counted = clock.now()
    clock = _restarted(machine, 3, 500 * 86400)
    assert clock.now() == counted
    hear(machine, clock, NOW + timedelta(days=2))
    assert _restarted(machine, 4, 500 * 86400).now() == NOW + timedelta(days=2)


def test_a_wall_clock_that_is_set_right_soon_after_a_start_leaves_no_mark() -> None:
    """Nor does one that is wrong while records' time is known."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    clock.mark()
    hear(machine, clock, NOW)
    machine.pass_by(3600)
    machine.set_by(10 * 86400)
    clock.mark()
    machine.set_by(-10 * 86400)
    clock = _restarted(machine, 2, -10 * 86400)
    machine.pass_by(KEEP_EVERY_S - 1)
    clock.mark()
    assert len(machine.writes) == 2
    assert _restarted(machine, 3, 20 * 86400).now() == NOW + timedelta(hours=1)


def test_a_clock_that_is_ahead_counts_too() -> None:
    """What has run out by it stays so until somebody sets it right: rather too early than too late."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    hear(machine, clock, NOW)
    machine.set_by(86400)
    assert clock.now() == NOW + timedelta(days=1)


def test_records_may_take_their_own_word_back() -> None:
    """A service whose clock was a year ahead for a minute must not stop kiosks for a year."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    hear(machine, clock, NOW + timedelta(days=365))
    for _ in range(8):
        machine.pass_by(2.5)
        hear(machine, clock, machine.wall)
    assert clock.now() == machine.wall
    machine.pass_by(KEEP_EVERY_S)
    hear(machine, clock, machine.wall)
    assert TrustedClock(machine, NEXT_BOOT, machine).now() == machine.wall


def test_a_process_that_starts_anew_on_a_running_machine_knows_what_the_last_one_measured() -> None:
    """It was not the machine that was started."""
    machine = Machine()
    hear(machine, TrustedClock(machine, BOOT, machine), NOW + timedelta(seconds=30))
    machine.pass_by(600)
    assert TrustedClock(machine, BOOT, machine).skew() == pytest.approx(30)


def test_the_disk_hears_of_it_once_a_minute() -> None:
    """And at once after a start."""
    machine = Machine()
    clock = TrustedClock(machine, BOOT, machine)
    for _ in range(49):
        hear(machine, clock, machine.wall)
        machine.pass_by(2.5)
    assert len(machine.writes) == 3
    machine.up = 1.0
    hear(machine, TrustedClock(machine, NEXT_BOOT, machine), machine.wall)
    assert len(machine.writes) == 4


@given(
    st.lists(
        st.tuples(st.sampled_from(["pass", "set", "hear", "boot"]), st.floats(0, 1e6, allow_nan=False)), max_size=30
    )
)
def test_after_any_night_it_is_never_earlier_than_records_last_said_or_than_was_kept(
    night: list[tuple[str, float]],
) -> None:
    """Whatever was set, started and passed by; and it never goes back while nobody touches the wall clock."""
    machine, true = Machine(), NOW
    clock, said = TrustedClock(machine, BOOT, machine), None
    boots = 2
    for what, seconds in night:
        before = clock.now()
        match what:
            case "pass":
                machine.pass_by(seconds)
                true += timedelta(seconds=seconds)
                assert clock.now() >= before
                clock.mark()
            case "set":
                machine.set_by(seconds - 5e5)
            case "hear":
                hear(machine, clock, true)
                said = true
            case _:
                machine.up, boots = 0.0, boots + 1
                kept = machine.heard
                clock, said = TrustedClock(machine, UUID(int=boots), machine), (kept.seen or kept.at) if kept else None
        assert said is None or clock.now() >= said - timedelta(milliseconds=1)
