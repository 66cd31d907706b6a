"""Enrolment and the heartbeat of a device.

POST /v1/enrolments                  no certificate yet; the one-time code is the proof   -> 201 Enrolled
                                     nobody has let it in yet: ask again with the same    -> 202 EnrolmentPending
POST /v1/devices/self/certificate    device certificate; Renewal: a new key, at 2/3 of its life   -> 200 Enrolled
POST /v1/devices/self/heartbeat      device certificate (mutual TLS)                      -> 200 HeartbeatAnswer
"""

import hashlib
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, Field

from backend_client.contract.base import ServerTime, Wire

HEARTBEAT_S: Final = 10  # a device in service is heard at least so often
LONGEST_AUDIT: Final = 2**31 - 1  # rows, as records count them: one a second for 68 years

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, 1, I or O: it is read aloud and compared by eye
_FINGERPRINT_BYTES, _GROUP = 20, 4


def fingerprint(public_key: bytes) -> str:
    """What two people compare: of a key's SubjectPublicKeyInfo (DER), as eight groups of four letters and digits.

    The first 160 bits of its SHA-256, five to a character.
    """
    digest = hashlib.sha256(public_key).digest()[:_FINGERPRINT_BYTES]
    value, count = int.from_bytes(digest, "big"), _FINGERPRINT_BYTES * 8 // 5
    text = "".join(_LETTERS[value >> 5 * place & 31] for place in reversed(range(count)))
    return "-".join(text[start : start + _GROUP] for start in range(0, count, _GROUP))


class DeviceKind(StrEnum):
    """What the certificate is for."""

    KIOSK = "kiosk"
    GATE = "gate"


class EnrolmentRequest(Wire):
    """``csr_pem``: PKCS#10, ECDSA P-256; records choose the subject."""

    code: str = Field(min_length=6, max_length=64)
    kind: DeviceKind
    csr_pem: str = Field(max_length=8192)


class Enrolled(Wire):
    """The device's certificate, its number (the certificate's CN) and the roots it is to trust."""

    device_id: str
    community_id: str
    certificate_pem: str
    root_pem: str


class EnrolmentPending(Wire):
    """Somebody at the console must let it in. ``fingerprint``: of the device's key, shown there and on the device's own
    screen, to be compared; ``ask_again_s``: when."""

    fingerprint: str
    ask_again_s: int = 5


class Renewal(Wire):
    """``csr_pem``: PKCS#10 with a new key. The old certificate holds until the new one has been used."""

    csr_pem: str = Field(max_length=8192)


class OutboxState(Wire):
    """What waits at the device to be sent. ``aside``: refused for good, for a technician to see to."""

    waiting: int = Field(0, ge=0)
    aside: int = Field(0, ge=0)
    oldest_at: AwareDatetime | None = None
    bytes: int = Field(0, ge=0)


class Heartbeat(Wire):
    """How the device is. Nothing about residents."""

    at: AwareDatetime
    software: str
    policy_version: int
    open_papers: int
    out_of_service: str = ""  # the reason's code, empty when in service
    audit_head: str = ""  # hex of the kiosk's own hash chain
    audit_rows: int = Field(0, ge=0, le=LONGEST_AUDIT)  # how long that chain is: it never grows shorter
    devices: dict[str, str] = Field(default_factory=dict)  # device -> reason code
    outbox: OutboxState = OutboxState()
    grants: int | None = Field(None, ge=0)  # how many rights a gate holds; None: it is none, or does not know


class HeartbeatAnswer(ServerTime):
    """What the device should know. ``officer_on_duty``: somebody at the console says that they are there."""

    policy_version: int
    officer_on_duty: bool = False
