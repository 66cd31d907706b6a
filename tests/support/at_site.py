"""A gate with its own store and socket that hears from real records and tells them."""

from dataclasses import dataclass
from datetime import timedelta

from backend_client.contract.base import ServerTime
from backend_client.contract.gates import GateReports
from gate.flows.admission import Kind, NotAdmitted, Reason, Rules
from gate.services.admit import Admit
from gate.services.reading import Reading, Shown
from gate.services.tell import Tell
from tests.gate.made_up import moment
from tests.gate.site import GateThere
from tests.support import at_gates
from tests.support.clocks import NOW
from tests.support.records_client import KioskClient
from tests.support.tenancies import Town


@dataclass
class AtGate:
    """A gate of the site, which hears from records and tells them."""

    town: Town
    client: KioskClient
    there: GateThere

    def hears(self) -> None:
        """Everything that records have for it now."""
        told = at_gates.snapshot(self.client)
        self.there.store.grants.restart(told.model_copy(update={"peers": self.there.others}))

    def shows(self, text: str, after_s: float = 0) -> Reason | None:
        """Somebody holds a square before its scanner so many seconds after NOW; None: it opens."""
        self.there.time.at = moment(NOW + timedelta(seconds=after_s))
        admit = Admit(self.there.store, self.there.time.moment, Rules)
        presented = Reading(admit.phone_key, lambda: self.town.records.settings.community).presented(Shown(text))
        assert presented is not None
        decision = admit.present(presented)
        if isinstance(decision, NotAdmitted):
            return decision.reason
        if decision.kind is Kind.SLIP:
            self.there.sharing.slips.note(decision.credential)
        self.there.sharing.tell_slips()
        return None

    def tells(self) -> None:
        """What there is, signed by its own key."""
        Tell(self, self.there.store.reports, lambda: self.client.key).tick()

    def send_reports(self, reports: GateReports) -> ServerTime:
        at_gates.tell(self.client, *reports.reports)
        return ServerTime(server_time=NOW)
