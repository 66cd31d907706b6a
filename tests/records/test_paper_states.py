"""The life of a serial: the whole table of states and requests, and long random lives against a model of it."""

import base64
from collections.abc import Callable
from itertools import product

import pytest
from asn1crypto import cms
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import sampled_from

from backend_client.contract.papers import PaperState, VoidReason
from records.context import Records
from records.errors import UnknownNameError
from records.services.papers import void_by_officer
from records.store import papers
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient, digest_of

FIRST, OTHER = digest_of("first page"), digest_of("another page")

REQUESTS: dict[str, Callable[[KioskClient, str], object]] = {
    "seal": lambda kiosk, serial: _said(kiosk.seal(serial, FIRST)),
    "seal other": lambda kiosk, serial: _said(kiosk.seal(serial, OTHER)),
    "delivered": lambda kiosk, serial: _said(kiosk.delivered(serial)),
    "not-printed": lambda kiosk, serial: _said(kiosk.void(serial, "not-printed")),
    "print-doubtful": lambda kiosk, serial: _said(kiosk.void(serial, "print-doubtful")),
    "not-received": lambda kiosk, serial: _said(kiosk.void(serial, "not-received")),
    "unreadable": lambda kiosk, serial: _said(kiosk.void(serial, "unreadable")),
    "officer": lambda kiosk, serial: _said(kiosk.void(serial, "officer")),
}

# (state, request) -> what is said, and the state afterwards
TABLE: dict[tuple[str, str], tuple[str, str]] = {
    ("reserved", "seal"): ("ok", "sealed"),
    ("reserved", "seal other"): ("ok", "sealed"),
    ("reserved", "delivered"): ("paper-not-sealed", "reserved"),
    ("sealed", "seal"): ("ok", "sealed"),
    ("sealed", "seal other"): ("already-sealed", "sealed"),
    ("sealed", "delivered"): ("ok", "delivered"),
    ("delivered", "seal"): ("paper-delivered", "delivered"),
    ("delivered", "seal other"): ("paper-delivered", "delivered"),
    ("delivered", "delivered"): ("ok", "delivered"),
    ("delivered", "not-printed"): ("paper-delivered", "delivered"),
    ("delivered", "print-doubtful"): ("paper-delivered", "delivered"),
    ("delivered", "not-received"): ("ok", "void"),
    ("delivered", "unreadable"): ("ok", "void"),
    ("void", "seal"): ("paper-void", "void"),
    ("void", "seal other"): ("paper-void", "void"),
    ("void", "delivered"): ("paper-void", "void"),
    **{
        (state, reason): ("ok", "void")
        for state in ("reserved", "sealed", "void")
        for reason in ("not-printed", "print-doubtful", "not-received", "unreadable")
    },
    **{(state, "officer"): ("not-permitted", state) for state in ("reserved", "sealed", "delivered", "void")},
}

WAY_TO: dict[str, list[str]] = {
    "reserved": [],
    "sealed": ["seal"],
    "delivered": ["seal", "delivered"],
    "void": ["seal", "not-printed"],
}


def _said(answer: object) -> str:
    return "ok" if answer.is_success else str(answer.json()["code"])  # type: ignore[attr-defined]


def _state(records: Records, serial: str) -> str:
    with records.database.reading() as transaction:
        row = papers.find(transaction, serial)
    assert row is not None
    return row.state.value


def test_the_table_is_whole() -> None:
    """Every state meets every request."""
    assert set(TABLE) == set(product((state.value for state in PaperState), REQUESTS))


@pytest.mark.parametrize(("state", "request_"), TABLE, ids=[f"{state} meets {request}" for state, request in TABLE])
def test_every_state_meets_every_request(kiosk: KioskClient, records: Records, state: str, request_: str) -> None:
    """What is said and what is so afterwards, as the table has it."""
    serial = kiosk.reserved()["serial"]
    for step in WAY_TO[state]:
        assert REQUESTS[step](kiosk, serial) == "ok"
    said, after = TABLE[state, request_]
    assert REQUESTS[request_](kiosk, serial) == said
    assert _state(records, serial) == after


def test_a_holder_speaks_up_at_once_or_at_the_window(kiosk: KioskClient, clock: StillClock) -> None:
    """A quarter of an hour after delivery the kiosk's word no longer voids."""
    serial = kiosk.reserved()["serial"]
    kiosk.seal(serial)
    kiosk.delivered(serial)
    clock.pass_by(15 * 60 + 1)
    assert kiosk.void(serial, "not-received").json()["code"] == "paper-delivered"


@pytest.mark.parametrize("state", WAY_TO)
def test_an_officer_voids_anything(kiosk: KioskClient, records: Records, state: str) -> None:
    """By hand, at records."""
    serial = kiosk.reserved()["serial"]
    for step in WAY_TO[state]:
        REQUESTS[step](kiosk, serial)
    assert void_by_officer(records, serial, VoidReason.OFFICER).state == state
    assert _state(records, serial) == "void"


def test_an_officer_is_told_of_a_serial_that_is_not_there(records: Records) -> None:
    with pytest.raises(UnknownNameError, match="no paper has the serial"):
        void_by_officer(records, "2026-0001-000099-00", VoidReason.OFFICER)


def test_the_first_reason_stays(kiosk: KioskClient, records: Records) -> None:
    serial = kiosk.reserved()["serial"]
    kiosk.void(serial, "print-doubtful")
    kiosk.void(serial, "not-received")
    with records.database.reading() as transaction:
        row = papers.find(transaction, serial)
    assert row is not None
    assert row.reason is VoidReason.PRINT_DOUBTFUL


def test_the_seal_is_a_signature_over_the_digest_asked_for(kiosk: KioskClient) -> None:
    """CMS, detached, with that message digest; asked again it is made again, over the same."""
    serial = kiosk.reserved()["serial"]
    for _ in range(2):
        container = base64.b64decode(kiosk.seal(serial, FIRST).json()["cms"])
        (signer,) = cms.ContentInfo.load(container)["content"]["signer_infos"]
        attributes = {each["type"].native: each["values"].native[0] for each in signer["signed_attrs"]}
        assert attributes["message_digest"] == base64.b64decode(FIRST)


def test_a_seal_asked_for_again_with_its_key_is_marked(kiosk: KioskClient) -> None:
    serial = kiosk.reserved()["serial"]
    answers = [kiosk.seal(serial, FIRST, key="the-same-key") for _ in range(2)]
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true"]
    assert kiosk.seal(serial, OTHER, key="the-same-key").json()["code"] == "idempotency-key-reused"


def test_a_random_life_follows_the_table(kiosk: KioskClient, records: Records) -> None:
    """Long lives of one serial after another, against the table."""

    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.serial = kiosk.reserve(subject).json()["serial"]
            self.digest = ""
            self.expected = "reserved"

        @rule(name=sampled_from(sorted(REQUESTS)))
        def ask(self, name: str) -> None:
            said, after = TABLE[self.expected, self._as_the_table_has_it(name)]
            assert REQUESTS[name](kiosk, self.serial) == said
            if self.expected == "reserved" and after == "sealed":
                self.digest = name
            self.expected = after

        @invariant()
        def records_agree(self) -> None:
            assert _state(records, self.serial) == self.expected

        def _as_the_table_has_it(self, name: str) -> str:
            """The table speaks of the digest that was sealed first."""
            if not name.startswith("seal") or not self.digest:
                return name
            return "seal" if name == self.digest else "seal other"

    subject = kiosk.prove()
    case = Life.TestCase
    case.settings = settings(
        max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    case().runTest()
