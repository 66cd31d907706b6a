"""Rights in their last days, a snapshot that differs little, and a gate that forgets everybody."""

from datetime import timedelta
from pathlib import Path

from backend_client.contract.gates import ReportKind
from backend_client.contract.tenancies import WayKind
from backend_client.gate_changes import GrantChange
from gate.store.templates import Template
from tests.gate.made_up import TODAY, VECTOR, Still, grant, number, snapshot, store_at, way
from tests.support.clocks import NOW

WEEK = TODAY + timedelta(days=7)
CARD = way(8, WayKind.CARD, "a2V5")


def test_a_right_in_its_last_days_or_its_grace_is_some_right_s(tmp_path: Path) -> None:
    """Not one that has long to go, has no end, or is a guest's."""
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        for days, ends in ((8, False), (7, True), (0, True), (-7, True), (-8, False)):
            store.grants.restart(snapshot(grant(1, CARD, ends_on=TODAY + timedelta(days=days))))
            assert store.grants.any_ends(TODAY, WEEK) is ends, days
        store.grants.restart(snapshot(grant(1, CARD), grant(2, way(9, WayKind.GUEST, "Z3Vlc3Q="), ends_on=TODAY)))
        assert not store.grants.any_ends(TODAY, WEEK)


def test_a_snapshot_writes_what_differs_alone(tmp_path: Path) -> None:
    """One grant more, one less, one changed: the others' rows are not touched while somebody waits."""
    grants = [grant(n, way(n, WayKind.CARD, f"a2V{n}")) for n in range(1, 6)]
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        store.grants.restart(snapshot(*grants))
        store.database.execute("CREATE TEMP TABLE touched (id TEXT)")
        store.database.execute(
            "CREATE TEMP TRIGGER t AFTER DELETE ON grant BEGIN INSERT INTO touched VALUES (old.id); END"
        )
        changed = grant(2, way(2, WayKind.CARD, "bmV3"), revision=2)
        store.grants.restart(snapshot(grants[0], changed, *grants[3:], grant(6), cursor="c2"))
        touched = {ref for (ref,) in store.database.query("SELECT id FROM touched")}
        assert touched == {number(2), number(3)}
        assert (store.grants.count(), store.grants.cursor()) == (5, "c2")
        assert [each.grant for each in store.ways.by_ref("bmV3", WayKind.CARD)] == [number(2)]
        assert store.ways.by_ref("a2V2", WayKind.CARD) == store.ways.by_ref("a2V3", WayKind.CARD) == []


def test_a_gate_that_forgets_holds_nobody_s_way_and_nobody_s_face(tmp_path: Path) -> None:
    """With a receipt for each face; the passes stay for whoever may ask."""
    consent = way(7, WayKind.FACE)
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        store.grants.restart(snapshot(grant(1, CARD, consent)))
        store.templates.put(Template(number(500_001), VECTOR, NOW, consent.id))
        store.passes.note("gate-1", number(500_001), NOW, WayKind.CARD)
        store.grants.forget()
        assert (store.grants.count(), store.grants.cursor(), store.grants.door()) == (0, "", None)
        assert store.ways.by_ref("a2V5", WayKind.CARD) == []
        assert store.templates.all() == []
        assert {each.kind for each in store.reports.waiting()} == {
            ReportKind.TEMPLATE_MADE,
            ReportKind.TEMPLATE_DELETED,
        }
        assert store.passes.count() == 1
        store.grants.restart(snapshot(grant(1, CARD)))
        store.grants.apply([GrantChange(number(1), grant(1, CARD))], "c2", NOW)
        assert store.grants.count() == 0, "what was on its way when the gate was revoked comes too late"
