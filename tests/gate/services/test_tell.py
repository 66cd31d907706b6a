"""Receipts reach records, signed by the gate's own key, each as often as it takes and never changed."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from backend_client.contract.base import ServerTime
from backend_client.contract.gates import (
    MOST_REPORTS,
    GateReport,
    GateReports,
    ReportKind,
    peer_statement,
    report_statement,
)
from backend_client.errors import RecordsUnreachableError
from gate.services.tell import OwnPart, Tell
from gate.store.opened import GateStore
from tests.gate.made_up import Still, number, store_at
from tests.support.clocks import NOW

KEY = ec.generate_private_key(ec.SECP256R1())
OWN = OwnPart("gate-1", base64.b64encode(bytes(range(32))).decode(), "192.0.2.7:7443")


@dataclass
class Records:
    """What arrived; ``lose``: how many answers get lost on their way back."""

    arrived: list[GateReports] = field(default_factory=list)
    lose: int = 0

    def send_reports(self, reports: GateReports) -> ServerTime:
        self.arrived.append(reports)
        if self.lose:
            self.lose -= 1
            raise RecordsUnreachableError
        return ServerTime(server_time=NOW)

    def reports(self) -> list[GateReport]:
        return [report for batch in self.arrived for report in batch.reports]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GateStore]:
    with store_at(tmp_path / "gate.sqlite", Still()) as opened:
        opened.reports.queue(ReportKind.TEMPLATE_DELETED, number(1), number(2), NOW)
        yield opened


def _verify(signature: str, statement: bytes) -> None:
    KEY.public_key().verify(base64.b64decode(signature), statement, ec.ECDSA(SHA256()))


def test_a_receipt_is_signed_and_told_once(store: GateStore) -> None:
    records = Records()
    subject = Tell(records, store.reports, lambda: KEY)
    for _ in range(2):
        subject.tick()
    (receipt,) = records.reports()
    _verify(receipt.signature, report_statement(receipt))
    with pytest.raises(InvalidSignature):
        _verify(receipt.signature, report_statement(receipt.model_copy(update={"holder": number(9)})))
    assert (receipt.kind, receipt.holder, receipt.at) == (ReportKind.TEMPLATE_DELETED, number(1), NOW)


def test_after_a_lost_answer_the_same_receipt_is_told_again(store: GateStore) -> None:
    records = Records(lose=1)
    subject = Tell(records, store.reports, lambda: KEY)
    for _ in range(3):
        subject.tick()
    first, second = records.reports()
    assert (first.id, report_statement(first)) == (second.id, report_statement(second))


def test_many_are_told_in_batches(store: GateStore) -> None:
    with store.database.transaction():
        for each in range(MOST_REPORTS):
            store.reports.queue(ReportKind.WAY_PROVED, number(each), number(each), NOW)
    records = Records()
    Tell(records, store.reports, lambda: KEY).tick()
    assert [len(batch.reports) for batch in records.arrived] == [MOST_REPORTS, 1]
    assert store.reports.waiting() == []


def test_the_gates_own_part_is_told_when_it_changed(store: GateStore) -> None:
    records, own = Records(lose=1), [OWN]
    subject = Tell(records, store.reports, lambda: KEY, lambda: own[0])
    for _ in range(3):
        subject.tick()
    own[0] = OwnPart(OWN.device_id, OWN.key, "192.0.2.8:7443")
    for _ in range(2):
        subject.tick()
    assert [batch.address for batch in records.arrived] == [OWN.address, OWN.address, "192.0.2.8:7443"]
    _verify(records.arrived[0].key_signature, peer_statement(OWN.device_id, OWN.key))


def test_with_nothing_to_tell_records_are_left_alone(store: GateStore) -> None:
    store.reports.answered(store.reports.waiting())
    records = Records()
    Tell(records, store.reports, lambda: KEY).tick()
    assert records.arrived == []
