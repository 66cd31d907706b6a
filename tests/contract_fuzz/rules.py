"""What schemathesis asks of every answer: all of its checks, and where one asks for what can't be, the reason.

The two about authorization (``ignored_auth``, ``object_level_authorization``) find nothing to try: who asks is in the
handshake, not in a header that could be left out. Strangers and other kiosks: tests/records/test_security_attackers.py.
"""

import re
from typing import Any, Final

SILENT: Final = "/v1/changes/hints"  # a stream without an end: tests/records has it
LAX: Final = "Incorrect type"
_OTHER_SHAPE: Final = re.compile(r"violates `enum` at /oneOf/\d+/\S*properties/kind")

# Whether a request is good is more than JSON Schema can say: these may refuse a well-formed one (422), others may not.
BEYOND_A_SCHEMA: Final = {
    "POST /v1/enrolments": "a request for a certificate is signed with its own key",
    "POST /v1/devices/self/certificate": "as above",
    "POST /v1/identifications": "a number has a check digit",
    "POST /v1/identifications/{subject}/companions": "as above",
    "POST /v1/identifications/{subject}/statement": "a statement is signed by this device, and is of this visit",
    "POST /v1/identifications/{subject}/portrait": "as above",
    "POST /v1/papers": "each kind of paper has its own purposes and persons",
    "POST /v1/papers/{serial}/seal": "the key was used for another request",
    "POST /v1/papers/{serial}/delivered": "as above",
    "POST /v1/papers/{serial}/void": "as above",
    "PUT /v1/blobs/{sha256}": "the bytes have the hash of their address",
    "GET /v1/changes": "a cursor is records' own, signed",
}
TEXTING: Final = "PUT /v1/identifications/{subject}/contact"  # without a gateway: 503 contact-unreachable, documented
_ANSWERED_AS_NONE: Final = "GET /v1/identifications/{subject}/contact"  # none is an answer, with its revision
_NOT_THERE_YET: Final = "GET /v1/identifications/{subject}/confirmation"  # a visit has none before it is asked for
_OF_A_RIGHT: Final = ("slip", "phone", "guest-codes")  # a visit is there; whether a right is one's own, it can't say
_WELL_FORMED: Final = ["2xx", "3xx", "401", "403", "404", "409", "429"]
_WELL_FORMED_TOO: Final = ["410", "412", "503"]  # the visit is over; changed meanwhile; a key or the gateway is away
_REFUSED: Final = ["400", "401", "403", "404", "405", "409", "410", "412", "413", "415", "422", "429"]  # no 5xx
_OR_AWAY: Final = ["2xx", "3xx", "4xx", "503"]


def settings(url: str, root: str, certificate: str, key: str, *, seed: int, examples: int, coverage: bool) -> Any:
    """The configuration of one round, as schemathesis.toml has it. ``coverage``: every boundary of the schema too."""
    usual = _acceptance(_WELL_FORMED + _WELL_FORMED_TOO)
    return {
        "base-url": url,
        "tls-verify": root,
        "request-cert": certificate,
        "request-cert-key": key,
        "request-timeout": 10,
        "continue-on-failure": True,
        "seed": seed,
        "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
        "phases": {"coverage": {"enabled": coverage}},
        "checks": usual,
        "operations": [
            {"include-name": name, "checks": _acceptance([*_WELL_FORMED, *_WELL_FORMED_TOO, "422"])}
            for name in BEYOND_A_SCHEMA
        ]
        + [{"include-name": TEXTING, "checks": {**usual, "not_a_server_error": {"expected-statuses": _OR_AWAY}}}]
        + [{"include-name": _ANSWERED_AS_NONE, "checks": {**usual, "use_after_free": {"enabled": False}}}]
        + [
            {"include-name": name, "checks": {**usual, "ensure_resource_availability": {"enabled": False}}}
            for name in (_NOT_THERE_YET, *(f"POST /v1/identifications/{{subject}}/{each}" for each in _OF_A_RIGHT))
        ],
    }


def is_lax(check: str, message: str) -> bool:
    """Whether this is only that a number was taken for a truth value, a date or another number: records read JSON as
    Pydantic does, so ``"test": 0`` is false. What is kept is of the type that the contract names, or it is refused. Or
    that a kind which one of several shapes does not have is another shape's."""
    return check == "negative_data_rejection" and (LAX in message or _OTHER_SHAPE.search(message) is not None)


def _acceptance(statuses: list[str]) -> dict[str, Any]:
    refused = {"expected-statuses": _REFUSED}
    return {"positive_data_acceptance": {"expected-statuses": statuses}, "negative_data_rejection": refused}
