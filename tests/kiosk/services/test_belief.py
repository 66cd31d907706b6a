"""The carried list on the kiosk's disk: there after a start, whole or not at all, and never an older one."""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from forms.carried import CARRIED_FILE
from forms.errors import CarriedListError, TrustError
from kiosk.services.belief import Belief
from tests.support.carried import signed_list
from tests.support.clocks import StillClock
from tests.support.pki import Pki, make_pki

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
VOID, OTHER = "2026-0001-000001-57", "2026-0001-000002-35"

Start = Callable[[], Belief]


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


@pytest.fixture
def start(pki: Pki, tmp_path: Path, clock: StillClock) -> Start:
    """The kiosk starts (again) on the same disk."""
    return lambda: Belief(pki.root.pem, tmp_path, clock)


def says_void(belief: Belief, serial: str) -> bool | None:
    """None: it has no list."""
    carried, _ = belief.now()
    return None if carried is None else carried.says_void(serial)


def test_the_next_start_knows_what_this_one_did(pki: Pki, start: Start) -> None:
    """Its trust store, too: keys come and go with the list."""
    first = start()
    assert says_void(first, VOID) is None
    first.accept(signed_list(pki, NOW, VOID))
    again = start()
    assert (says_void(again, VOID), says_void(again, OTHER)) == (True, False)
    assert again.now()[1].issuers == first.now()[1].issuers != ()


def test_an_older_list_never_takes_a_newer_ones_place(pki: Pki, start: Start, tmp_path: Path) -> None:
    """Neither now nor after a start; one of the same second that says more does."""
    start().accept(signed_list(pki, NOW))
    again = start()
    with pytest.raises(CarriedListError):
        again.accept(signed_list(pki, NOW - timedelta(seconds=1), VOID))
    assert (says_void(again, VOID), says_void(start(), VOID)) == (False, False)
    again.accept(signed_list(pki, NOW, VOID))
    assert says_void(start(), VOID)
    assert [each.name for each in tmp_path.iterdir()] == [CARRIED_FILE]


def test_the_same_list_is_written_once(pki: Pki, start: Start, tmp_path: Path) -> None:
    """Also over a start: a disk wears."""
    content = signed_list(pki, NOW)
    start().accept(content)
    written = (tmp_path / CARRIED_FILE).stat().st_ino
    start().accept(content)
    assert (tmp_path / CARRIED_FILE).stat().st_ino == written


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content[:80] + bytes([content[80] ^ 1]) + content[81:],
        lambda _: b"",
        lambda _: signed_list(make_pki(), NOW),
    ],
    ids=["cut", "changed", "empty", "another root's"],
)
def test_a_file_that_does_not_hold_is_dropped_and_fetched_anew(
    pki: Pki, start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[bytes], bytes]
) -> None:
    """The log has its code; what is not known is not guessed."""
    content, path = signed_list(pki, NOW, VOID), tmp_path / CARRIED_FILE
    path.write_bytes(spoil(content))
    again = start()
    assert says_void(again, VOID) is None
    assert not path.exists()
    assert [each.getMessage().split(": ")[:2] for each in caplog.records] == [
        [f"{CARRIED_FILE} is dropped", CarriedListError.code]
    ]
    again.accept(content)
    assert says_void(start(), VOID)


def test_a_power_cut_in_the_middle_of_writing_leaves_the_last_list(pki: Pki, start: Start, tmp_path: Path) -> None:
    """A half is beside it, and is no list; the next one takes its place."""
    start().accept(signed_list(pki, NOW, VOID))
    newer = signed_list(pki, NOW + timedelta(hours=1), VOID, OTHER)
    (tmp_path / f".{CARRIED_FILE}.part").write_bytes(newer[: len(newer) // 2])
    again = start()
    assert (says_void(again, VOID), says_void(again, OTHER)) == (True, False)
    again.accept(newer)
    assert says_void(start(), OTHER)
    assert [each.name for each in tmp_path.iterdir()] == [CARRIED_FILE]


def test_a_disk_that_takes_nothing_leaves_what_is_in_memory(
    pki: Pki, clock: StillClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The list is used until the kiosk ends, and the log says that it is not kept."""
    (tmp_path / "folder").write_bytes(b"a file in its place")
    belief = Belief(pki.root.pem, tmp_path / "folder", clock)
    belief.accept(signed_list(pki, NOW, VOID))
    assert says_void(belief, VOID)
    assert [each.getMessage() for each in caplog.records] == [f"{CARRIED_FILE} can't be kept: File exists"]


def test_a_list_of_a_day_to_come_does_not_stand_for_ever(pki: Pki, clock: StillClock, start: Start) -> None:
    """Records' clock was wrong by a year, and was set right."""
    start().accept(signed_list(pki, NOW + timedelta(days=365), VOID))
    again = start()
    again.accept(signed_list(pki, NOW, OTHER), skew=0.0)
    assert says_void(again, OTHER)
    clock.pass_by(7200)
    again.accept(signed_list(pki, NOW + timedelta(hours=1), VOID))
    assert says_void(start(), VOID)


@pytest.mark.parametrize("behind", [None, 400 * 86400.0], ids=["not measured", "measured"])
def test_a_kiosk_whose_clock_is_behind_is_not_rolled_back(
    pki: Pki, clock: StillClock, start: Start, behind: float | None
) -> None:
    """Started with an empty clock battery, it takes its own list for one of next year; by records' clock it is not."""
    clock.pass_by(-400 * 86400)
    start().accept(signed_list(pki, NOW, VOID))
    again = start()
    with pytest.raises(CarriedListError):
        again.accept(signed_list(pki, NOW - timedelta(days=60)), behind)
    assert (says_void(again, VOID), says_void(start(), VOID)) == (True, True)


def test_a_passing_error_in_reading_leaves_the_file(
    pki: Pki, start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, says nothing of the list, and an older one does not take the place of what could not be read."""
    start().accept(signed_list(pki, NOW, VOID))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", _failing(errno.EMFILE))
        again = start()
    assert says_void(again, VOID) is None
    assert [each.getMessage() for each in caplog.records] == [
        f"{TrustError.code}: {CARRIED_FILE} is not readable: Too many open files"
    ]
    with pytest.raises(CarriedListError):
        again.accept(signed_list(pki, NOW - timedelta(hours=1)))
    assert (says_void(again, VOID), says_void(start(), VOID)) == (True, True)


def test_a_list_that_was_not_kept_is_written_when_it_comes_again(
    pki: Pki, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk was full for an hour; then once is enough."""
    belief, content = start(), signed_list(pki, NOW, VOID)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _failing(errno.ENOSPC))
        belief.accept(content)
    assert (says_void(belief, VOID), says_void(start(), VOID)) == (True, None)
    belief.accept(content)
    assert says_void(start(), VOID)
    written = (tmp_path / CARRIED_FILE).stat().st_ino
    belief.accept(content)
    assert (tmp_path / CARRIED_FILE).stat().st_ino == written


def _failing(number: int) -> Callable[..., NoReturn]:
    def fail(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail
