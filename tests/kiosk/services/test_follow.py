"""A kiosk follows the feed of a real service: voids are known without it later; requests spread; hints are quick."""

import base64
import json
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from backend_client.changes import Follower
from backend_client.contract.changes import Change, ChangePage, SignedSnapshot, Topic
from backend_client.errors import PolicyRefusedError, RecordsUnreachableError
from backend_client.hints import HintListener
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from kiosk.services.follow import POLL_S, Pace
from kiosk.store.feed import Feed
from records.installation import open_existing
from records.store import changes
from terminal.policy_trust import policy_keys_under
from tests.support.clocks import NOW, StillClock
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.records_server import RecordsServer


def _tell(records: RecordsServer, *refs: str) -> None:
    opened = open_existing(records.folder, SystemClock())
    with opened.database.writing() as transaction:
        for ref in refs:
            changes.append(transaction, Topic.PAPER_VOID, ref, at=opened.clock.now())
    opened.database.close()


def _follower(records: RecordsServer, session: RecordsSession, feed: Feed, heard: list[str] | None = None) -> Follower:
    keys = policy_keys_under(records.root_pem.read_text("ascii"))
    told: list[str] = [] if heard is None else heard
    return Follower(session, feed, keys, SystemClock(), lambda change: told.append(change.ref), lambda _: None)


@dataclass
class CutAfter:
    """A session whose link breaks after so many pages, which are small."""

    session: RecordsSession
    pages: int

    def changes(self, cursor: str) -> ChangePage:
        if not self.pages:
            raise RecordsUnreachableError("cut")
        self.pages -= 1
        return self.session.changes(cursor)

    def snapshot(self) -> SignedSnapshot:
        return self.session.snapshot()


def test_what_became_void_is_known_after_a_restart(
    records: RecordsServer, session: RecordsSession, tmp_path: Path
) -> None:
    """Begun with the snapshot, gone on with pages; the second start goes on where the first one stopped."""
    heard: list[str] = []
    with store_on(tmp_path / "kiosk.sqlite", SystemClock()) as kept:
        _follower(records, session, Feed(kept.database, SystemClock()), heard).catch_up()
        assert heard == []
    _tell(records, "first", "second")
    for _ in range(2):
        with store_on(tmp_path / "kiosk.sqlite", SystemClock()) as kept:
            feed = Feed(kept.database, SystemClock())
            _follower(records, session, feed, heard).catch_up()
            assert [feed.says_void(serial) for serial in ("first", "second", "third")] == [True, True, False]
    assert heard == ["first", "second"]


def test_a_link_that_breaks_loses_and_repeats_nothing(
    records: RecordsServer, session: RecordsSession, store: KioskStore
) -> None:
    feed, heard = Feed(store.database, SystemClock()), list[str]()
    follower = _follower(records, session, feed, heard)
    follower.catch_up()
    _tell(records, *(f"paper {number}" for number in range(700)))  # two pages
    broken = Follower(
        CutAfter(session, 1), feed, lambda *_: pytest.fail("asked"), SystemClock(), lambda c: heard.append(c.ref), print
    )
    with pytest.raises(RecordsUnreachableError):
        broken.catch_up()
    assert len(heard) == 500
    follower.catch_up()
    assert heard == [f"paper {number}" for number in range(700)]


def test_a_cursor_that_records_no_longer_know_begins_anew(
    records: RecordsServer, session: RecordsSession, store: KioskStore
) -> None:
    """With the snapshot; and what records told before they were put back from a backup is held on."""
    feed = Feed(store.database, SystemClock())
    feed.restart([], "no cursor of theirs", NOW)
    feed.apply(["voided since the backup"], "no cursor of theirs either")
    _follower(records, session, feed).catch_up()
    assert feed.says_void("voided since the backup")
    assert feed.cursor() not in {"", "no cursor of theirs", "no cursor of theirs either"}


def test_a_snapshot_that_is_not_as_it_was_signed_is_not_believed(
    records: RecordsServer, session: RecordsSession, store: KioskStore
) -> None:
    """One serial more, and the signature breaks."""
    genuine = session.snapshot()
    stated = json.loads(base64.b64decode(genuine.payload))
    stated["voids"].append("another's paper")
    forged = genuine.model_copy(update={"payload": base64.b64encode(json.dumps(stated).encode()).decode()})

    class Forger(CutAfter):
        def snapshot(self) -> SignedSnapshot:
            return forged

    feed = Feed(store.database, SystemClock())
    keys = policy_keys_under(records.root_pem.read_text("ascii"))
    with pytest.raises(PolicyRefusedError):
        Follower(Forger(session, 9), feed, keys, SystemClock(), print, print).catch_up()
    assert not feed.says_void("another's paper")


def test_after_a_week_the_snapshot_is_read_anew(store: KioskStore) -> None:
    """Papers whose year and the next are over leave the table by records' clock; what may still be shown stays."""
    clock = StillClock()
    feed = Feed(store.database, clock)
    over, last_year, this_year = (f"{NOW.year - ago}-0001-000007-11" for ago in (2, 1, 0))
    feed.restart([over, last_year], "here", NOW - timedelta(days=400))
    assert feed.cursor() == "here"
    feed.apply([this_year], "there")
    clock.pass_by(8 * 86_400)
    assert feed.cursor() == ""
    feed.restart([], "anew", NOW)
    held = [feed.says_void(serial) for serial in (over, last_year, this_year)]
    assert (held, feed.cursor()) == ([False, True, True], "anew")


def test_hints_come_and_the_listener_stops_at_once(records: RecordsServer, session: RecordsSession) -> None:
    """From another thread, in the middle of waiting."""
    hinted = threading.Semaphore(0)
    listener = HintListener(session.hints, hinted.release)
    useful: list[bool] = []
    thread = threading.Thread(target=lambda: useful.append(listener.listen()))
    thread.start()
    assert hinted.acquire(timeout=10)
    _tell(records, "paper")
    assert hinted.acquire(timeout=10)
    began = time.monotonic()
    listener.stop()
    thread.join(10)
    assert time.monotonic() - began < 5
    assert useful == [True]


def test_forty_kiosks_that_start_together_do_not_ask_together() -> None:
    """Nor after an outage that all of them saw: no second has many more than its share."""
    paces = [Pace(Random(number), 0.0) for number in range(40)]
    assert max(_per_second(paces, 0.0, 20)) <= 8
    for pace in paces:
        for minute in range(60):  # an hour of failures
            if pace.is_due(minute * 60.0):
                pace.failed(minute * 60.0)
    for pace in paces:
        pace.reached(3600.0)  # a heartbeat came through, for all at once
    seconds = _per_second(paces, 3600.0, 21)
    assert (sum(seconds), max(seconds) <= 8) == (40, True)


def _per_second(paces: list[Pace], begin: float, seconds: int) -> list[int]:
    """How many ask for the first time in each second."""
    counts, waiting = [], set(paces)
    for second in range(seconds):
        due = {pace for pace in waiting if pace.is_due(begin + second + 1)}
        counts.append(len(due))
        waiting -= due
    return counts


def test_a_hint_asks_soon_and_a_failure_waits() -> None:
    """Hints hurry nobody while records are away."""
    pace = Pace(Random(1), 0.0)
    pace.succeeded(100.0)
    assert not pace.is_due(100.0 + POLL_S * 0.79)
    pace.hinted(101.0)
    assert pace.is_due(103.0)
    for _ in range(12):
        pace.failed(200.0)
    due_without = next(second for second in range(1000) if pace.is_due(200.0 + second))
    pace.hinted(201.0)
    assert next(second for second in range(1000) if pace.is_due(200.0 + second)) == due_without
    assert due_without <= 900


def test_a_change_is_told_once_it_is_kept(records: RecordsServer, session: RecordsSession, store: KioskStore) -> None:
    """Whoever hears of it may rely on the store."""
    feed = Feed(store.database, SystemClock())
    known: list[bool] = []

    def heard(change: Change) -> None:
        known.append(feed.says_void(change.ref))

    keys = policy_keys_under(records.root_pem.read_text("ascii"))
    follower = Follower(session, feed, keys, SystemClock(), heard, lambda _: None)
    follower.catch_up()
    _tell(records, "one more")
    follower.catch_up()
    assert known == [True]
