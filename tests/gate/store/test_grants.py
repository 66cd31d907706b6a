"""What a gate holds of who may come in: pages, snapshots, and faces that go with their consent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backend_client.contract.gates import ReportKind
from backend_client.contract.tenancies import WayKind
from backend_client.gate_changes import GrantChange
from forms.paper import CHINA_TIME
from gate.store.opened import MIGRATIONS, GateStore, gate_store
from gate.store.templates import NoConsentError, Template
from terminal.store.database import Database
from tests.gate.made_up import DOOR, TODAY, VECTOR, Still, grant, moment, number, snapshot, store_at, way
from tests.support.clocks import NOW

HOLDER = number(500_001)
FACE = way(7, WayKind.FACE)
TEMPLATE = Template(HOLDER, VECTOR, NOW, FACE.id)


@pytest.fixture
def time() -> Still:
    return Still()


@pytest.fixture
def store(tmp_path: Path, time: Still) -> Iterator[GateStore]:
    with store_at(tmp_path / "gate.sqlite", time) as opened:
        opened.grants.restart(snapshot(grant(1, way(8, WayKind.CARD, "a2V5"), FACE)))
        yield opened


def _with_face(store: GateStore) -> GateStore:
    store.templates.put(TEMPLATE)
    store.reports.answered(store.reports.waiting())
    return store


def _receipts(store: GateStore) -> list[tuple[str, str]]:
    waiting = store.reports.waiting()
    assert {each.kind for each in waiting} <= {ReportKind.TEMPLATE_DELETED}
    return [(each.holder, each.credential) for each in waiting]


def test_of_one_credential_what_came_later_is_told_as_later(store: GateStore) -> None:
    """Whatever the clock was set to meanwhile; of others each keeps its time."""
    for kind, credential, at in (
        (ReportKind.TEMPLATE_MADE, number(7), NOW),
        (ReportKind.TEMPLATE_DELETED, number(7), NOW - timedelta(days=1)),
        (ReportKind.TEMPLATE_MADE, number(7), NOW),
        (ReportKind.SLIP_TWICE, number(8), NOW - timedelta(days=1)),
    ):
        store.reports.queue(kind, HOLDER, credential, at)
    told = {(each.kind, each.credential): [] for each in store.reports.waiting()}  # type: dict[object, list[object]]
    for each in store.reports.waiting():
        told[each.kind, each.credential].append(each.at)
    second = timedelta(seconds=1)
    assert told == {
        (ReportKind.TEMPLATE_MADE, number(7)): [NOW, NOW + 2 * second],
        (ReportKind.TEMPLATE_DELETED, number(7)): [NOW + second],
        (ReportKind.SLIP_TWICE, number(8)): [NOW - timedelta(days=1)],
    }


def test_a_snapshot_is_held_with_its_door_and_its_place_in_the_feed(store: GateStore) -> None:
    assert (store.grants.count(), store.grants.cursor(), store.grants.door()) == (1, "c1", DOOR)
    assert store.grants.server_time() == NOW
    (found,) = store.ways.by_ref("a2V5", WayKind.CARD)
    assert (found.grant, found.holder, found.starts_on) == (number(1), HOLDER, TODAY - timedelta(days=30))


def test_a_page_adds_changes_and_takes_away(store: GateStore) -> None:
    changed = grant(1, way(9, WayKind.CARD, "bmV3"), revision=2)
    store.grants.apply([GrantChange(number(1), changed), GrantChange(number(2), grant(2))], "c2", NOW)
    assert (store.grants.count(), store.grants.cursor()) == (2, "c2")
    assert [store.ways.by_ref(ref, WayKind.CARD) != [] for ref in ("a2V5", "bmV3")] == [False, True]
    store.grants.apply([GrantChange(number(1), None)], "c3", NOW)
    assert (store.grants.count(), store.ways.by_ref("bmV3", WayKind.CARD)) == (1, [])


def test_an_older_revision_changes_nothing(store: GateStore) -> None:
    store.grants.apply([GrantChange(number(1), grant(1, revision=3))], "c2", NOW)
    store.grants.apply([GrantChange(number(1), grant(1, way(9, WayKind.CARD, "b2xk"), revision=2))], "c3", NOW)
    assert store.ways.by_ref("b2xk", WayKind.CARD) == []


def test_after_a_week_and_when_a_page_says_so_another_snapshot_is_due(store: GateStore) -> None:
    store.grants.apply([], "c2", NOW + timedelta(days=6))
    assert (store.grants.cursor(), store.grants.is_old()) == ("c2", False)
    store.grants.apply([], "c3", NOW + timedelta(days=7))
    assert (store.grants.cursor(), store.grants.is_old()) == ("c3", True)
    store.grants.restart(snapshot(cursor="c4", at=NOW + timedelta(days=7)))
    assert (store.grants.cursor(), store.grants.count(), store.grants.is_old()) == ("c4", 0, False)
    store.grants.apply([], "c5", NOW + timedelta(days=7, minutes=2), anew=True)
    assert (store.grants.cursor(), store.grants.is_old()) == ("c5", True)


def test_a_page_that_says_nothing_new_is_not_written(store: GateStore) -> None:
    before = store.database.query("SELECT total_changes()")
    store.grants.apply([], "c1", NOW + timedelta(seconds=59))
    assert store.database.query("SELECT total_changes()") == before


@pytest.mark.parametrize("ending", ["withdrawn", "over", "past its day", "absent from a snapshot"])
def test_a_face_goes_with_its_consent_and_leaves_one_receipt(store: GateStore, ending: str) -> None:
    _with_face(store)
    match ending:
        case "withdrawn":
            store.grants.apply([GrantChange(number(1), grant(1, revision=2))], "c2", NOW)
        case "over":
            store.grants.apply([GrantChange(number(1), None)], "c2", NOW)
        case "past its day":
            ended = grant(1, FACE, ends_on=TODAY - timedelta(days=8), revision=2)
            store.grants.apply([GrantChange(number(1), ended)], "c2", NOW)
        case _:
            store.grants.restart(snapshot(grant(2)))
    assert store.templates.all() == []
    assert _receipts(store) == [(HOLDER, FACE.id)]


def test_a_face_stays_as_long_as_one_right_carries_its_consent(store: GateStore) -> None:
    _with_face(store)
    second = grant(2, FACE, holder=500_001)
    store.grants.apply([GrantChange(number(2), second), GrantChange(number(1), None)], "c2", NOW)
    assert (len(store.templates.all()), _receipts(store)) == (1, [])
    store.grants.apply([GrantChange(number(2), grant(2, way(70, WayKind.FACE), holder=500_001, revision=2))], "c3", NOW)
    assert store.templates.all() == [], "a new consent is not the one that this face was made by"


def test_expiry_takes_the_face_without_records(store: GateStore, time: Still) -> None:
    """The last day of the grace passes with the network down."""
    ends = grant(1, FACE, ends_on=TODAY, revision=2)
    store.grants.apply([GrantChange(number(1), ends)], "c2", NOW)
    _with_face(store)
    for days, left in ((7, 1), (8, 0)):
        time.at = moment(NOW + timedelta(days=days))
        store.grants.tidy(*time.day_and_time())
        assert (len(store.templates.all()), store.grants.count()) == (left, left)
    assert _receipts(store) == [(HOLDER, FACE.id)]


def test_what_was_deleted_stands_nowhere_in_the_file(tmp_path: Path) -> None:
    """Of a store without a cipher, whose bytes can be looked at."""
    database = Database(tmp_path / "plain.sqlite", MIGRATIONS)
    store = gate_store(database, CHINA_TIME, Still().day_and_time)
    store.grants.restart(snapshot(grant(1, FACE)))
    _with_face(store)
    assert any(VECTOR in each.read_bytes() for each in tmp_path.iterdir())
    store.grants.apply([GrantChange(number(1), None)], "c2", NOW)
    assert not any(VECTOR[:14] in each.read_bytes() for each in tmp_path.iterdir())
    database.close()


def test_no_face_is_kept_without_a_consent_here(store: GateStore) -> None:
    for holder, credential in ((HOLDER, number(99)), (number(99), FACE.id)):
        with pytest.raises(NoConsentError):
            store.templates.put(Template(holder, VECTOR, NOW, credential))
    store.templates.put(TEMPLATE)
    assert [each.kind for each in store.reports.waiting()] == [ReportKind.TEMPLATE_MADE]
    assert "made-up" not in repr(store.templates.all())


def test_whoever_asks_has_their_face_deleted_at_once(store: GateStore) -> None:
    _with_face(store)
    assert [store.templates.delete(HOLDER) for _ in range(2)] == [True, False]
    assert _receipts(store) == [(HOLDER, FACE.id)]


def test_a_face_that_another_consent_of_its_holder_replaced_has_a_receipt(store: GateStore) -> None:
    """Whoever has two flats consents in each, and has one face: else nobody would ever say that the first is gone."""
    _with_face(store)
    other = grant(2, way(70, WayKind.FACE), holder=500_001)
    store.grants.apply([GrantChange(number(2), other)], "c2", NOW)
    for _ in range(2):  # the same consent's is made anew, and not gone
        store.templates.put(replace(TEMPLATE, credential=number(70)))
    gone = [each for each in store.reports.waiting() if each.kind is ReportKind.TEMPLATE_DELETED]
    assert [(each.holder, each.credential) for each in gone] == [(HOLDER, FACE.id)]


def test_what_became_of_a_way_goes_with_its_last_grant(store: GateStore) -> None:
    assert [store.ways.prove(number(8), HOLDER, WayKind.CARD) for _ in range(2)] == [True, False]
    store.grants.apply([GrantChange(number(1), grant(1, way(8, WayKind.CARD, "a2V5"), revision=2))], "c2", NOW)
    assert not store.ways.prove(number(8), HOLDER, WayKind.CARD)
    store.grants.restart(snapshot())
    assert store.database.query("SELECT * FROM way_state") == []
