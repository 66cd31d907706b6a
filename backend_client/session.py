"""Records, as a device speaks to it: one method per endpoint of backend_client.contract, typed at both ends.

Every method raises RecordsUnreachableError (nobody answered), RecordsRefusedError (records said no; DeviceRevokedError
when to this device for good) and RecordsProtocolError (an answer outside the contract).
"""

from pathlib import Path
from urllib.parse import quote
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from backend_client.contract.devices import Heartbeat, HeartbeatAnswer
from backend_client.contract.papers import (
    PaperAnswer,
    Reservation,
    Reserve,
    SealAnswer,
    SealRequest,
    VoidReason,
    VoidRequest,
)
from backend_client.contract.persons import CardEvidence, FaceAccepted, FaceOutcome, HouseholdRecord, Identification
from backend_client.contract.policy import SignedPolicy
from backend_client.contract.verification import TrustBundle
from backend_client.errors import RecordsProtocolError
from backend_client.transport import Timeouts, Transport
from civic.masking import PersonalBytes

_DEFAULT_TIMEOUTS = Timeouts()


class RecordsSession:
    """Blocking, thread-safe. ``root`` is the only authority believed; ``certificate`` and ``key`` are the device's."""

    def __init__(
        self, url: str, root: Path, certificate: Path, key: Path, timeouts: Timeouts = _DEFAULT_TIMEOUTS
    ) -> None:
        self._transport = Transport(url, root, (certificate, key), timeouts)

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    # --- who is at the kiosk ---

    def identify(self, evidence: CardEvidence) -> Identification:
        """The subject of this visit, from what the card says."""
        return self._transport.post("/v1/identifications", evidence, _new_key(), Identification)

    def portrait(self, subject: str) -> PersonalBytes:
        """The portrait (JPEG), once per visit; into RAM only. Asking again after a lost answer is the same request."""
        path = f"/v1/identifications/{quote(subject, safe='')}/portrait"
        response = self._transport.request("POST", path, key=str(uuid5(NAMESPACE_OID, subject)))
        if response.headers.get("Content-Type", "").partition(";")[0].strip() != "image/jpeg":
            raise RecordsProtocolError("portrait: not a JPEG")
        return PersonalBytes(response.content)

    def report_face(self, subject: str, outcome: FaceOutcome) -> FaceAccepted:
        """Tell what the comparison concluded; refused (identity-not-proven) when it did not pass."""
        path = f"/v1/identifications/{quote(subject, safe='')}/face"
        return self._transport.post(path, outcome, _new_key(), FaceAccepted)

    def record(self, subject: str) -> HouseholdRecord:
        """The resident's own row, once the identity is proven."""
        path = f"/v1/identifications/{quote(subject, safe='')}/record"
        return self._transport.post(path, None, _new_key(), HouseholdRecord)

    # --- issuing; every key comes from the journal ---

    def reserve(self, request: Reserve, key: UUID) -> Reservation:
        """A serial, with all that the page will say and its compact code."""
        return self._transport.post("/v1/papers", request, str(key), Reservation)

    def seal(self, serial: str, request: SealRequest, key: UUID) -> SealAnswer:
        """The signature over one digest; another digest for the serial is refused (already-sealed)."""
        return self._transport.post(_paper(serial, "seal"), request, str(key), SealAnswer)

    def delivered(self, serial: str, key: UUID) -> PaperAnswer:
        """The paper was handed over; refused (paper-void) when it is void."""
        return self._transport.post(_paper(serial, "delivered"), None, str(key), PaperAnswer)

    def void_paper(self, serial: str, reason: VoidReason, key: UUID) -> PaperAnswer:
        """The paper does not count."""
        return self._transport.post(_paper(serial, "void"), VoidRequest(reason=reason), str(key), PaperAnswer)

    def void_reservation(self, reserved_by: UUID, reason: VoidReason, key: UUID) -> PaperAnswer:
        """Whatever ``reserved_by`` reserved, or ever will, does not count."""
        path = f"/v1/reservations/{reserved_by}/void"
        return self._transport.post(path, VoidRequest(reason=reason), str(key), PaperAnswer)

    # --- the device itself ---

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatAnswer:
        """How the device is."""
        return self._transport.post("/v1/devices/self/heartbeat", heartbeat, _new_key(), HeartbeatAnswer)

    def policy(self) -> SignedPolicy:
        """The newest signed bundle, unverified: give it to PolicyHolder."""
        return self._transport.get("/v1/policy", SignedPolicy)

    def trust(self) -> TrustBundle:
        """The root and the certificates it issued."""
        return self._transport.get("/v1/trust", TrustBundle)


def _new_key() -> str:
    return str(uuid4())


def _paper(serial: str, verb: str) -> str:
    return f"/v1/papers/{quote(serial, safe='')}/{verb}"
