"""Tells records what became of ways, as receipts that can be shown to somebody else: signed as they are sent, by the
key whose certificate records have by then; their number, and what they say, was fixed when it happened.
"""

import base64
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from backend_client.contract.base import ServerTime
from backend_client.contract.gates import GateReport, GateReports, peer_statement, report_statement
from backend_client.errors import RecordsError
from gate.store.reports import Reports, Waiting
from terminal.store.errors import StoreError


class ReportsSession(Protocol):
    """What is told to records."""

    def send_reports(self, reports: GateReports) -> ServerTime:
        """All or none of them."""


@dataclass(frozen=True, slots=True)
class OwnPart:
    """Of ``contract.gates.Peer``. ``key``: base64 of the X25519 key that templates are sealed to; ``address``: host and
    port on the site's own network, empty: unknown. ``signer``: names the certificate whose key signs this, so that it
    is told again when there is another."""

    device_id: str
    key: str
    address: str = ""
    signer: str = ""


@dataclass(slots=True)
class Tell:
    """``key``: the device's own, as it is now. ``own``: told once at each start and whenever it changed; None: this
    gate takes no templates."""

    session: ReportsSession
    reports: Reports
    key: Callable[[], ec.EllipticCurvePrivateKey]
    own: Callable[[], OwnPart | None] = lambda: None
    _told: OwnPart | None = field(default=None)

    def tick(self) -> None:
        """Tell what there is. Never raises what belongs to the network or the disk: the next tick tells it."""
        with suppress(RecordsError, StoreError):
            while self._tell():
                pass

    def _tell(self) -> bool:
        waiting, own = self.reports.waiting(), self.own()
        news = own if own != self._told else None
        if not waiting and news is None:
            return False
        signed = tuple(self._signed(each) for each in waiting)
        self.session.send_reports(self._introduced(GateReports(reports=signed), news))
        self.reports.answered(waiting)
        self._told = own
        return bool(waiting)

    def _introduced(self, reports: GateReports, own: OwnPart | None) -> GateReports:
        if own is None:
            return reports
        signature = self._signature(peer_statement(own.device_id, own.key))
        return GateReports(reports=reports.reports, key=own.key, key_signature=signature, address=own.address)

    def _signed(self, waiting: Waiting) -> GateReport:
        bare = GateReport(
            id=waiting.id, kind=waiting.kind, holder=waiting.holder, credential=waiting.credential, at=waiting.at
        )
        return bare.model_copy(update={"signature": self._signature(report_statement(bare))})

    def _signature(self, statement: bytes) -> str:
        return base64.b64encode(self.key().sign(statement, ec.ECDSA(SHA256()))).decode("ascii")
