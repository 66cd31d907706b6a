"""A gate follows its feed over the real wire into its real store, and believes nothing that is forged."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend_client.contract.changes import Change, Topic
from backend_client.contract.gates import GateReports, GateSnapshot, PassesSealed
from backend_client.contract.tenancies import WayKind
from backend_client.errors import PolicyRefusedError, RecordsProtocolError, RecordsRefusedError
from backend_client.gate_changes import GateFollower
from backend_client.gate_session import GateSession
from backend_client.policy import PolicyHolder
from backend_client.transport import Timeouts
from forms.trust import key_id
from gate.services.follow import Heed
from gate.store.grants import Grants
from gate.store.opened import GateStore
from terminal.policy_trust import policy_keys_under
from tests.backend_client.test_policy import ROOT, SIGNER, KeptPolicy
from tests.gate.made_up import DOOR, Still, grant, number, snapshot, store_at, way
from tests.support.clocks import NOW, StillClock
from tests.support.scripted_https import Reply, ScriptedService, scripted_service

TIME = NOW.isoformat()
CARD = way(8, WayKind.CARD, "a2V5")


def _signed(stated: GateSnapshot) -> dict[str, str]:
    payload = stated.model_dump_json().encode()
    return {
        "payload": base64.b64encode(payload).decode(),
        "key_id": key_id(SIGNER.key.public_key()).hex(),
        "signature": base64.b64encode(SIGNER.key.sign(payload)).decode(),
        "certificate_pem": SIGNER.certificate_pem,
    }


def _page(cursor: str, *items: tuple[Topic, str, dict[str, Any]], more: bool = False) -> Reply:
    changes = [{"topic": topic, "ref": ref, "at": TIME, "body": body} for topic, ref, body in items]
    return Reply({"server_time": TIME, "items": changes, "cursor": cursor, "more": more})


def _refusal(code: str, status: int) -> Reply:
    body = {"type": f"/problems/{code}", "title": "x", "status": status, "detail": "", "instance": "", "code": code}
    return Reply(body, status=status, content_type="application/problem+json")


@dataclass
class Gate:
    """A gate at the end of a scripted service."""

    service: ScriptedService
    session: GateSession
    store: GateStore
    heard: list[Change] = field(default_factory=list)
    newest: list[int] = field(default_factory=list)

    def hears(self, *replies: Reply) -> Grants:
        """Catch up, by these answers."""
        self.service.script.extend(replies)
        keys = policy_keys_under(ROOT.pem)
        follower = GateFollower(
            self.session, self.store.grants, keys, StillClock(), self.heard.append, self.newest.append
        )
        follower.catch_up()
        return self.store.grants


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedService]:
    with scripted_service(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def gate(service: ScriptedService, tmp_path: Path) -> Iterator[Gate]:
    service.script.clear()
    service.asked.clear()
    session = GateSession(service.url, service.root_file, *service.device, Timeouts(connect=1, read=1))
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        yield Gate(service, session, store)
    session.close()


@pytest.fixture
def begun(gate: Gate) -> Gate:
    """A gate that has its snapshot."""
    gate.hears(Reply(_signed(snapshot(grant(1, CARD)))), _page("c1"))
    gate.service.asked.clear()
    return gate


def test_it_begins_with_its_own_snapshot_and_goes_on_with_pages(gate: Gate) -> None:
    added = {"grant": grant(2).model_dump_json()}
    held = gate.hears(
        Reply(_signed(snapshot(grant(1, CARD)))), _page("c2", (Topic.GRANT, number(2), added), more=True), _page("c3")
    )
    assert [each.path for each in gate.service.asked] == [
        "/v1/gates/self/snapshot",
        "/v1/changes?cursor=c1",
        "/v1/changes?cursor=c2",
    ]
    assert (held.count(), held.cursor(), held.door(), gate.newest) == (2, "c3", DOOR, [1])
    assert [each.ref for each in gate.heard] == [number(2)]


def test_a_grant_that_is_over_opens_nothing_from_the_next_page_on(begun: Gate) -> None:
    begun.hears(_page("c2", (Topic.GRANT, number(1), {})))
    assert begun.store.ways.by_ref("a2V5", WayKind.CARD) == []


def test_a_new_door_is_read_from_a_new_snapshot_at_once(begun: Gate) -> None:
    moved = snapshot(grant(3), cursor="c9").model_copy(update={"door": DOOR.model_copy(update={"id": "gate-2"})})
    held = begun.hears(_page("c2", (Topic.GATES, "gate-1", {})), Reply(_signed(moved)), _page("c9"))
    door = held.door()
    assert (door.id if door else None, held.count(), held.cursor()) == ("gate-2", 1, "c9")


def test_a_cursor_that_records_no_longer_know_begins_anew(begun: Gate) -> None:
    anew = Reply(_signed(snapshot(grant(5), cursor="c9")))
    held = begun.hears(_refusal("cursor-expired", 410), anew, _page("c9"))
    assert (held.count(), held.cursor(), begun.store.ways.by_ref("a2V5", WayKind.CARD)) == (1, "c9", [])


def test_a_week_s_snapshot_that_can_not_be_had_keeps_no_gate_from_the_feed(begun: Gate) -> None:
    """Else a card that was lost would open for as long as that takes."""
    begun.store.grants.apply([], "c2", NOW + timedelta(days=7))
    with pytest.raises(PolicyRefusedError):
        begun.hears(_page("c3", (Topic.GRANT, number(1), {})), Reply(_signed(snapshot()) | {"signature": "AAAA"}))
    assert begun.store.ways.by_ref("a2V5", WayKind.CARD) == []
    anew = snapshot(grant(5), cursor="c9", at=NOW + timedelta(days=7))
    held = begun.hears(_page("c4"), Reply(_signed(anew)))
    assert (held.cursor(), held.count(), held.is_old()) == ("c9", 1, False)


def test_a_new_door_s_snapshot_that_can_not_be_had_keeps_no_gate_from_the_feed(begun: Gate) -> None:
    """It is asked for after the feed, until it is had; a gate that starts anew meanwhile still knows that it has to."""
    refused = Reply(_signed(snapshot()) | {"signature": "AAAA"})
    with pytest.raises(PolicyRefusedError):
        begun.hears(_page("c2", (Topic.GATES, "gate-1", {})), refused)
    assert (begun.store.grants.cursor(), begun.store.grants.is_old()) == ("c2", True)
    with pytest.raises(PolicyRefusedError):
        begun.hears(_page("c3", (Topic.GRANT, number(1), {})), refused)
    assert begun.store.ways.by_ref("a2V5", WayKind.CARD) == []
    held = begun.hears(_page("c4"), Reply(_signed(snapshot(grant(3), cursor="c9"))))
    assert (held.cursor(), held.count(), held.is_old()) == ("c9", 1, False)


@pytest.mark.parametrize("forged", ["payload", "signature"])
def test_a_snapshot_that_is_not_as_it_was_signed_is_not_believed(gate: Gate, forged: str) -> None:
    genuine, other = (_signed(snapshot(grant(n, CARD))) for n in (1, 2))
    with pytest.raises(PolicyRefusedError):
        gate.hears(Reply(genuine | {forged: other[forged]}))
    assert (gate.store.grants.count(), gate.store.grants.cursor()) == (0, "")


@pytest.mark.parametrize("change", [{"count": 2}, {"digest": "0" * 64}])
def test_a_snapshot_that_is_not_what_it_says_is_not_held(gate: Gate, change: dict[str, Any]) -> None:
    with pytest.raises(RecordsProtocolError):
        gate.hears(Reply(_signed(snapshot(grant(1)).model_copy(update=change))))
    assert gate.store.grants.count() == 0


@pytest.mark.parametrize("body", [{"grant": "{}"}, {"grant": grant(2).model_dump_json()}, {"other": 1}])
def test_a_change_that_can_not_be_read_is_not_passed_over(begun: Gate, body: dict[str, Any]) -> None:
    """It may have taken something away; the page is asked for again at the next time."""
    with pytest.raises(RecordsProtocolError):
        begun.hears(_page("c2", (Topic.GRANT, number(1), body)))
    assert (begun.store.grants.cursor(), begun.heard) == ("c1", [])


def test_what_it_hears_reaches_whoever_it_is_for(begun: Gate) -> None:
    done: list[str] = []
    held = PolicyHolder(KeptPolicy(), policy_keys_under(ROOT.pem), StillClock())
    called = [lambda name=name: done.append(name) for name in ("renew", "look", "asked", "granted")]
    heed = Heed(held, *called)
    items = [(Topic.POLICY, "3"), (Topic.DEVICE, "gate-1"), (Topic.PASSES, number(7)), (Topic.GRANT, number(1))]
    begun.hears(_page("c2", *((topic, ref, {}) for topic, ref in items)))
    for change in begun.heard:
        heed.heard(change)
    heed.newest(0)
    assert done == ["renew", "look", "asked", "granted"]


def test_a_gate_speaks_to_its_own_endpoints_alone(gate: Gate) -> None:
    gate.service.script.extend([Reply({"server_time": TIME}), Reply({"asks": []}), Reply(b"", status=204)])
    assert gate.session.send_reports(GateReports()).server_time == NOW
    assert gate.session.passes_asked().asks == ()
    gate.session.send_passes(number(7), PassesSealed(sealed="AAAA"))
    gate.service.script.append(_refusal("not-found", 404))
    with pytest.raises(RecordsRefusedError):
        gate.session.send_passes(number(8), PassesSealed(sealed="AAAA"))
    paths = ["reports", "passes-asked", f"passes/{number(7)}", f"passes/{number(8)}"]
    assert [each.path for each in gate.service.asked] == [f"/v1/gates/self/{path}" for path in paths]
    assert {each.client for each in gate.service.asked} == {"device"}
