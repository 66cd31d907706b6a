"""An officer's question is answered sealed, for one holder and one span, and stands in the audit as a count."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.base import Problem, ProblemCode
from backend_client.contract.gates import PassesAsked, PassesAskedOf, PassesSealed
from backend_client.contract.tenancies import WayKind
from backend_client.errors import RecordsRefusedError, RecordsUnreachableError, SealUnreadableError
from backend_client.pass_seals import open_passes
from gate.services.journal import Journal
from gate.store.opened import GateStore
from terminal.store.audit import Audit
from tests.gate.made_up import Still, number, store_at
from tests.support.clocks import NOW, StillClock

KEY = X25519PrivateKey.generate()
HOLDER, OTHER = number(1), number(2)


def asked(ask: int, holder: str = HOLDER, key: str = "") -> PassesAskedOf:
    raw = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return PassesAskedOf(
        ask=number(ask),
        holder=holder,
        since=NOW - timedelta(hours=2),
        until=NOW,
        purpose="missing-person",
        ticket="T-1",
        key=key or base64.b64encode(raw).decode(),
    )


@dataclass
class Records:
    """What records ask, and what they were sent."""

    asks: tuple[PassesAskedOf, ...]
    sent: dict[str, PassesSealed] = field(default_factory=dict)
    refuses: dict[str, ProblemCode] = field(default_factory=dict)
    away: bool = False

    def passes_asked(self) -> PassesAsked:
        if self.away:
            raise RecordsUnreachableError
        return PassesAsked(asks=self.asks)

    def send_passes(self, ask: str, sealed: PassesSealed) -> None:
        if ask in self.refuses:
            raise RecordsRefusedError(Problem(type="", title="", status=404, code=self.refuses[ask]))
        self.sent[ask] = sealed


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GateStore]:
    """Passes of two people: of one of them, one each hour."""
    with store_at(tmp_path / "gate.sqlite", Still()) as opened:
        for hours in range(5):
            opened.passes.note("gate-1", HOLDER, NOW - timedelta(hours=hours), WayKind.CARD)
        opened.passes.note("gate-1", OTHER, NOW - timedelta(hours=1), WayKind.FACE)
        yield opened


def _journal(store: GateStore, records: Records) -> Journal:
    return Journal(records, store.passes, Audit(store.database, StillClock()))


def test_the_answer_holds_what_was_asked_and_only_the_questions_key_opens_it(store: GateStore) -> None:
    records = Records((asked(7),))
    _journal(store, records).tick()
    answer = open_passes(records.sent[number(7)], number(7), KEY)
    assert [each.at for each in answer.passes] == [NOW - timedelta(hours=2), NOW - timedelta(hours=1)]
    assert {each.kind for each in answer.passes} == {WayKind.CARD}
    for ask, key in ((number(8), KEY), (number(7), X25519PrivateKey.generate())):
        with pytest.raises(SealUnreadableError):
            open_passes(records.sent[number(7)], ask, key)


def test_who_never_came_in_has_an_answer_too(store: GateStore) -> None:
    records = Records((asked(7, holder=number(3)),))
    _journal(store, records).tick()
    assert open_passes(records.sent[number(7)], number(7), KEY).passes == ()


def test_the_audit_says_that_it_was_asked_and_not_of_whom(store: GateStore) -> None:
    _journal(store, Records((asked(7), asked(8, holder=OTHER)))).tick()
    rows = store.database.query("SELECT kind, fields FROM audit")
    assert rows == [("passes-told", '{"count":2}'), ("passes-told", '{"count":1}')]


@pytest.mark.parametrize("code", [ProblemCode.NOT_FOUND, ProblemCode.NOT_READY])
def test_a_question_that_is_refused_holds_the_next_one_not_up(store: GateStore, code: ProblemCode) -> None:
    """It is still there in the next round."""
    records = Records((asked(7), asked(8)), refuses={number(7): code})
    _journal(store, records).tick()
    assert set(records.sent) == {number(8)}
    records.refuses.clear()
    _journal(store, records).tick()
    assert set(records.sent) == {number(7), number(8)}


def test_a_question_with_a_key_that_is_none_is_passed_over(store: GateStore) -> None:
    broken = base64.b64encode(bytes(32)).decode()  # the point of order one: a shared secret of zeros
    records = Records((asked(7, key=broken), asked(8)))
    _journal(store, records).tick()
    assert number(8) in records.sent


def test_while_records_are_away_nothing_is_said_and_nothing_is_lost(store: GateStore) -> None:
    _journal(store, Records((asked(7),), away=True)).tick()
    assert store.database.query("SELECT * FROM audit") == []
