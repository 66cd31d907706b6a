"""Records, as a device speaks to it: one method per endpoint of backend_client.contract, typed at both ends.

Every method raises RecordsUnreachableError (nobody answered), RecordsRefusedError (records said no; DeviceRevokedError
when to this device for good) and RecordsProtocolError (an answer outside the contract).
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import requests

from backend_client.contract.alarms import Alarm, AlarmState
from backend_client.contract.changes import ChangePage, SignedSnapshot
from backend_client.contract.devices import Enrolled, Heartbeat, HeartbeatAnswer, Renewal
from backend_client.contract.identity import SignedStatement
from backend_client.contract.intakes import IntakeAnswers, IntakeBatch
from backend_client.contract.messages import CodeSent, Contact, ContactCode, ContactRequest, Messages
from backend_client.contract.papers import (
    PaperAnswer,
    Reservation,
    Reserve,
    SealAnswer,
    SealRequest,
    VoidReason,
    VoidRequest,
)
from backend_client.contract.persons import (
    CardEvidence,
    Confirmation,
    ConfirmationAsked,
    Dwelling,
    DwellingRequest,
    HouseholdRecord,
    Identification,
    Member,
    NumberEvidence,
    PortraitRequest,
    Proof,
    RecordRequest,
    TravelEvidence,
)
from backend_client.contract.policy import SignedPolicy
from backend_client.contract.tenancies import (
    GuestCode,
    GuestRequest,
    MoveInSlip,
    OwnTenancies,
    PhoneLink,
    PhoneRequest,
    SlipRequest,
)
from backend_client.contract.verification import TrustBundle, VerificationAnswer, VerificationRequest
from backend_client.errors import RecordsProtocolError
from backend_client.transport import Timeouts, Transport
from civic.masking import PersonalBytes

_DEFAULT_TIMEOUTS = Timeouts()
SILENCE_S = 40.0  # of a stream of hints, in which records say every fifteen seconds that they are there


class RecordsSession:
    """Blocking, thread-safe. ``root`` is the only authority believed; ``certificate`` and ``key`` are the device's."""

    def __init__(
        self, url: str, root: Path, certificate: Path, key: Path, timeouts: Timeouts = _DEFAULT_TIMEOUTS
    ) -> None:
        self._where = (url, root, timeouts)
        self._revoked: Callable[[], None] = lambda: None
        self._transport = self._made(certificate, key)

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    def use(self, certificate: Path, key: Path) -> None:
        """From the next request on, be this device by another certificate; what is under way ends as it began."""
        before, self._transport = self._transport, self._made(certificate, key)
        before.close()

    def when_revoked(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` whenever records answer that this device is no longer welcome, before that is raised."""
        self._revoked = tell

    def _tell_revoked(self) -> None:
        self._revoked()  # as it is by then

    def _made(self, certificate: Path, key: Path) -> Transport:
        url, root, timeouts = self._where
        return Transport(url, root, (certificate, key), timeouts, self._tell_revoked)

    # --- who is at the kiosk ---

    def identify(self, evidence: CardEvidence | TravelEvidence | NumberEvidence) -> Identification:
        """The subject of this visit. A typed number may have to wait: RecordsRefusedError too-many-requests."""
        return self._transport.post("/v1/identifications", evidence, _new_key(), Identification)

    def portrait(self, subject: str, live: SignedStatement | None = None) -> PersonalBytes:
        """The portrait (JPEG), once per visit; into RAM only. Asking again after a lost answer is the same request.

        ``live``: for a typed number, the statement that a live face was shown.
        """
        body, key = PortraitRequest(live=live), str(uuid5(NAMESPACE_OID, subject))
        response = self._transport.request("POST", _person(subject, "portrait"), body, key)
        if response.headers.get("Content-Type", "").partition(";")[0].strip() != "image/jpeg":
            raise RecordsProtocolError("portrait: not a JPEG")
        return PersonalBytes(response.content)

    def prove(self, subject: str, statement: SignedStatement) -> Proof:
        """Tell what was checked; refused (identity-not-proven) when that does not prove who it is."""
        return self._transport.post(_person(subject, "statement"), statement, _new_key(), Proof)

    def ask_officer(self, subject: str) -> ConfirmationAsked:
        """A six-digit code for the officer at the console; refused (nobody-on-duty) when there is none."""
        return self._transport.post(_person(subject, "confirmation"), None, _new_key(), ConfirmationAsked)

    def confirmation(self, subject: str) -> Confirmation:
        """How far the officer is."""
        return self._transport.get(_person(subject, "confirmation"), Confirmation)

    def record(self, subject: str, person: str = "") -> HouseholdRecord:
        """The resident's own row, once the identity is proven, or a child's, by its handle (persons.Dependant)."""
        body = RecordRequest(person=person) if person else None
        return self._transport.post(_person(subject, "record"), body, _new_key(), HouseholdRecord)

    def companion(self, subject: str, card: CardEvidence) -> Member:
        """Which member of the household this card belongs to; refused (not-permitted) when it is no grown one."""
        return self._transport.post(_person(subject, "companions"), card, _new_key(), Member)

    def dwelling(self, door: DwellingRequest) -> Dwelling:
        """The flat with this door; refused (dwelling-unknown) when there is none."""
        return self._transport.post("/v1/dwellings", door, _new_key(), Dwelling)

    def tenancies(self, subject: str) -> OwnTenancies:
        """What is one's own of flats: rights, what waits for an answer, what is let."""
        return self._transport.get(_person(subject, "tenancies"), OwnTenancies)

    def move_in_slip(self, subject: str, right: str) -> MoveInSlip:
        """A new slip for one's own right; the earlier one ends with it. Refused: not-found."""
        return self._transport.post(_person(subject, "slip"), SlipRequest(right=right), _new_key(), MoveInSlip)

    def phone_link(self, subject: str, right: str) -> PhoneLink:
        """A link for one telephone; refused: not-found, too-many-requests."""
        return self._transport.post(_person(subject, "phone"), PhoneRequest(right=right), _new_key(), PhoneLink)

    def guest_code(self, subject: str, request: GuestRequest) -> GuestCode:
        """A code for somebody who visits on one day; refused: not-found, validation (the day), too-many-requests."""
        return self._transport.post(_person(subject, "guest-codes"), request, _new_key(), GuestCode)

    # --- what there is to tell, and the phone that hears that there is something ---

    def messages(self, subject: str) -> Messages:
        """What there is to tell whoever is proven, the newest first."""
        return self._transport.get(_person(subject, "messages"), Messages)

    def contact(self, subject: str) -> Contact:
        """The number that texts go to, masked."""
        return self._transport.get(_person(subject, "contact"), Contact)

    def send_code(self, subject: str, request: ContactRequest, revision: int) -> CodeSent:
        """Have a code sent to a number; refused: stale-revision, too-many-requests, contact-unreachable."""
        sent = self._transport.at_revision("PUT", _person(subject, "contact"), request, revision, CodeSent)
        if sent is None:
            raise RecordsProtocolError("contact: nothing said")
        return sent

    def verify_contact(self, subject: str, code: ContactCode) -> Contact:
        """The number that the code was sent to counts from now on; refused: contact-code-wrong, too-many-requests."""
        return self._transport.post(_person(subject, "contact/code"), code, _new_key(), Contact)

    def remove_contact(self, subject: str, revision: int) -> None:
        """No number any more; refused: stale-revision."""
        self._transport.request("DELETE", _person(subject, "contact"), revision=revision)

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

    # --- what residents handed in (the session of backend_client.outbox.sender) ---

    def intakes(self, batch: IntakeBatch) -> IntakeAnswers:
        """One result for each item; an item that was taken before is answered ``duplicate``."""
        return self._transport.post("/v1/intakes", batch, _new_key(), IntakeAnswers)

    def put_blob(self, sha256: str, content: bytes) -> None:
        """A file that an item names, before the item."""
        self._transport.put(f"/v1/blobs/{quote(sha256, safe='')}", content)

    # --- the device itself ---

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatAnswer:
        """How the device is."""
        return self._transport.post("/v1/devices/self/heartbeat", heartbeat, _new_key(), HeartbeatAnswer)

    def renew(self, request: Renewal) -> Enrolled:
        """A certificate for a new key; the present one holds until the new one has been used."""
        return self._transport.post("/v1/devices/self/certificate", request, _new_key(), Enrolled)

    def policy(self) -> SignedPolicy:
        """The newest signed bundle, unverified: give it to PolicyHolder."""
        return self._transport.get("/v1/policy", SignedPolicy)

    def changes(self, cursor: str) -> ChangePage:
        """What changed behind a cursor; refused (cursor-expired) when the snapshot must be read first."""
        return self._transport.get(f"/v1/changes?cursor={quote(cursor, safe='')}", ChangePage)

    def snapshot(self) -> SignedSnapshot:
        """All that the feed would have said, unverified: give it to backend_client.changes.Follower."""
        return self._transport.get("/v1/changes/snapshot", SignedSnapshot)

    def raise_alarm(self, alarm: Alarm) -> AlarmState:
        """Somebody calls for help: whether anybody watches, and has seen it. The same number is the same alarm."""
        return self._transport.post("/v1/alarms", alarm, _new_key(), AlarmState)

    def alarm(self, number: UUID) -> AlarmState:
        """How far an alarm is that this device raised."""
        return self._transport.get(f"/v1/alarms/{number}", AlarmState)

    def hints(self) -> requests.Response:
        """The stream of hints, open: give it to backend_client.hints.HintListener."""
        return self._transport.stream("/v1/changes/hints", SILENCE_S)

    def trust(self) -> TrustBundle:
        """The root and the certificates it issued."""
        return self._transport.get("/v1/trust", TrustBundle)

    def carried(self) -> bytes:
        """The newest carried list, unverified: give it to forms.carried."""
        return self._transport.request("GET", "/v1/trust/carried").content

    def verify(self, code: str) -> VerificationAnswer:
        """What is true now of the paper that carries ``code``."""
        request = VerificationRequest(code=code)
        return self._transport.post("/v1/verifications", request, _new_key(), VerificationAnswer)


def _new_key() -> str:
    return str(uuid4())


def _person(subject: str, verb: str) -> str:
    return f"/v1/identifications/{quote(subject, safe='')}/{verb}"


def _paper(serial: str, verb: str) -> str:
    return f"/v1/papers/{quote(serial, safe='')}/{verb}"
