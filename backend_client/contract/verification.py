"""Anyone may ask about a paper they hold, by its own code. No certificate, no login, never by a bare serial.

POST /v1/verifications   VerificationRequest   -> 200 VerificationAnswer
GET  /v1/trust                                  -> 200 TrustBundle
GET  /v1/trust/carried                          -> 200 the carried list, CARRIED_TYPE (forms.carried)
"""

from enum import StrEnum

from pydantic import Field

from backend_client.contract.base import ServerTime, Wire

CARRIED_TYPE = "application/vnd.lamplight.carried-list+cose"


class PaperStanding(StrEnum):
    """What records say of a paper now."""

    GENUINE = "genuine"
    NOT_YET = "not-yet"  # sealed, and not yet reported as delivered
    VOID = "void"
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # the code is not of this service


class VerificationRequest(Wire):
    """The text of the paper's two-dimensional code."""

    code: str = Field(max_length=2000)


class VerificationAnswer(ServerTime):
    """Nothing that the paper does not show itself."""

    standing: PaperStanding
    serial: str = ""


class TrustBundle(ServerTime):
    """What a verifier keeps: the root, the certificates of the document and code keys it has issued, earlier ones too,
    and its list of those it takes back (all PEM)."""

    root_pem: str
    issuers_pem: tuple[str, ...]
    revoked_pem: str = ""
