"""Records, as a gate speaks to them: all that any device may ask, and the endpoints of ``contract.gates``."""

from urllib.parse import quote
from uuid import uuid4

from backend_client.contract.base import ServerTime
from backend_client.contract.changes import SignedSnapshot
from backend_client.contract.gates import GateReports, PassesAsked, PassesSealed
from backend_client.session import RecordsSession


class GateSession(RecordsSession):
    """Blocking, thread-safe. Raises what RecordsSession raises."""

    def gate_snapshot(self) -> SignedSnapshot:
        """Who may come in here, unverified: give it to backend_client.gate_changes.GateFollower."""
        return self._transport.get("/v1/gates/self/snapshot", SignedSnapshot)

    def send_reports(self, reports: GateReports) -> ServerTime:
        """Tell of ways; one that was told before is known again by its number."""
        return self._transport.post("/v1/gates/self/reports", reports, str(uuid4()), ServerTime)

    def passes_asked(self) -> PassesAsked:
        """The questions that this gate has not answered."""
        return self._transport.get("/v1/gates/self/passes-asked", PassesAsked)

    def send_passes(self, ask: str, sealed: PassesSealed) -> None:
        """Answer one; refused (not-found) when it was answered, or is over."""
        self._transport.request("POST", f"/v1/gates/self/passes/{quote(ask, safe='')}", sealed, str(uuid4()))
