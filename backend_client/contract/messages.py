"""What records have to tell a resident: at the kiosk to who is proven, and as a text that says only to come and look.

GET  /v1/identifications/{subject}/messages          proven -> 200 Messages
GET  /v1/identifications/{subject}/contact           proven -> 200 Contact (ETag: its revision, as "3"; "0": none)
PUT  /v1/identifications/{subject}/contact           proven; ContactRequest; If-Match -> 202 CodeSent | 412
                                                     stale-revision | 429 | 503 contact-unreachable
POST /v1/identifications/{subject}/contact/code      proven; ContactCode -> 200 Contact, verified (ETag)
                                                     | 403 contact-code-wrong | 412 | 429
DELETE /v1/identifications/{subject}/contact         proven; If-Match -> 204 | 412

A number is verified before anything else goes there, again each year, and replaced at a kiosk without the old phone.
A PUT of the same number within a minute of its code sends no other code; it is answered like the first.
"""

from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, Field

from backend_client.contract.base import PersonalWire, ServerTime

REISSUE: Final = "reissue"  # a new print is free for a day


class MessageKind(StrEnum):
    """The closed set of what there is to tell."""

    PAPER_VOID = "paper-void"  # a paper of yours is void; ``state``: REISSUE, or it takes a new application
    ANSWER_READY = "answer-ready"  # what you came back for can be collected at the window
    INTAKE_DECIDED = "intake-decided"
    RESIDENCE_CONFIRMED = "residence-confirmed"
    NUMBER_GUESSED = "number-guessed"  # somebody typed your number and was not you
    CONTACT_CHANGED = "contact-changed"
    CONTACT_DUE = "contact-due"  # your number is to be verified again soon
    TENANCY_ASKED = "tenancy-asked"  # something waits for your yes
    TENANCY_CHANGED = "tenancy-changed"  # a right of yours; ``state``: began, goes-on, disputed, ended, refused
    TENANCY_ENDS = "tenancy-ends"  # ``state``: in so many days, of a flat of yours
    FLAT_TOLD = "flat-told"  # of a flat of yours: somebody registered, came or leaves
    CODE_TWICE = "code-twice"  # a code of yours was shown at two places at once: cancelled; ``state``: its WayKind
    WAY_LOST = "way-lost"  # an officer has cancelled a way of yours after a call; ``state``: its WayKind
    FACE_MADE = "face-made"  # a face was made at a gate as your way in; ``state``: its door
    FACE_DELETED_AT = "face-deleted-at"  # a gate has deleted your face; ``ref``: its receipt, ``state``: its door
    FACE_DELETED = "face-deleted"  # so has each that had it; ``ref``: the last receipt
    GUARD_CODE = "guard-code"  # a one-day code was given to you at the property desk, or to somebody in your name
    READ = "read"  # somebody on duty looked at your data


class Message(PersonalWire):
    """``ref``: a serial or an intake's number, shown as it is. Of a READ: for what ``purpose``, under which ``ticket``,
    and the ``reader``'s role, never a name."""

    kind: MessageKind
    at: AwareDatetime
    ref: str = ""
    state: str = ""
    purpose: str = ""
    ticket: str = ""
    reader: str = ""


class Messages(PersonalWire):
    """The newest first; at most 200."""

    messages: tuple[Message, ...]


class Contact(PersonalWire):
    """``masked``: as ``138****5678``, empty: none. ``due``: it must be verified again, and nothing goes there before;
    ``due_soon``: within a month."""

    masked: str
    verified_at: AwareDatetime | None
    due: bool
    revision: int
    due_soon: bool = False


class ContactRequest(PersonalWire):
    """``number``: a mobile number of mainland China. ``language``: of the text that is sent there."""

    number: str = Field(pattern=r"^1[3-9][0-9]{9}$")
    language: str = Field("zh", pattern=r"^(zh|en)$")


class CodeSent(ServerTime):
    """The gateway took the code's text. ``again_at``: from when another code may be asked for."""

    expires_at: AwareDatetime
    again_at: AwareDatetime


class ContactCode(PersonalWire):
    """The six digits that were sent there."""

    code: str = Field(pattern=r"^[0-9]{6}$")
