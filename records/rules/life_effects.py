"""What an event in somebody's life does to everything that records keep of them: one table, which is performed cell by
cell, drawn in docs/life-events.md and walked by a test on real databases. Pure.

Births, marriages and divorces are not here: a newborn has nothing that could change, and nothing here depends on who is
married. They come with the register itself.
"""

from enum import StrEnum
from typing import Final

from forms.paper import PaperKind


class EventKind(StrEnum):
    """The closed set. The values are those of ``records.store.approvals.Matter``, and at most 24 characters."""

    DEATH = "death"
    NAME_CHANGE = "name-change"
    NUMBER_CHANGE = "number-change"
    MOVE_IN = "move-in"  # of the household register, into this community
    MOVE_OUT = "move-out"
    GUARDIAN_GIVEN = "guardian-given"  # about the child, or whoever else is under guardianship
    GUARDIAN_ENDED = "guardian-ended"
    GUARDIAN_DISPUTED = "guardian-disputed"


class Thing(StrEnum):
    """What records keep of a person, in the order in which it is changed: first what still speaks to or of them."""

    CONTACT = "contact"  # the number of their phone, codes on the way, texts that have not left
    VISITS = "visits"  # at a kiosk, going on
    COMPANIONS = "companions"  # their card beside another's visit
    PAPERS_OPEN = "papers-open"  # reserved or sealed, of them or about them
    PAPERS_OWN = "papers-own"  # delivered and still valid, about themselves
    PAPERS_BY_GUARDIAN = "papers-by-guardian"  # the same, that a guardian asked for
    RECEIPTS = "receipts"  # of an application
    PAPERS_FOR_CHILD = "papers-for-child"  # about a living child, that they asked for
    PAPERS_MEMBER = "papers-member"  # about another, on which they stand
    APPLICATIONS = "applications"  # waiting for an answer at the window
    INTAKES = "intakes"  # handed in, with their files
    MESSAGES = "messages"
    RESIDENCES = "residences"  # where they have declared that they live
    WARDS = "wards"  # whose guardian they are
    GUARDIANS = "guardians"  # who is theirs
    HOUSEHOLD = "household"  # the rows of the others
    RIGHTS = "rights"  # to flats, and what waits for their yes
    TENANCIES = "tenancies"  # what contracts and the register of owners say, and what they consented to
    WAYS = "ways"  # how they come through a gate, and by what number gates know them
    PASSES_ASKED = "passes-asked"  # questions for their passes
    DOCUMENTS = "documents"  # passports, by which they are found too
    TRIES = "tries"  # at their number, by somebody else
    PROTECTION = "protection"
    FORMER_NUMBERS = "former-numbers"
    ROW = "row"  # of the register
    PORTRAIT = "portrait"
    CRIMINAL = "criminal"  # what the seeded source says
    READS = "reads"  # who looked at them
    APPROVALS = "approvals"  # what else waits about them for a second account


class Effect(StrEnum):
    """What becomes of it."""

    KEPT = "kept"
    ENDED = "ended"
    VOID = "void"  # as by an officer's hand: who checks such a paper does not learn why; its holder is told
    CHANGED = "changed"  # to what the event says
    BEGUN = "begun"
    MOVED = "moved"  # to the new number
    COPIED = "copied"  # it holds for the new number too
    OFFICER = "officer"  # kept, and an officer is told what is left to decide


Row = dict[Thing, Effect]

_AS_BEFORE: Final[Row] = dict.fromkeys(Thing, Effect.KEPT)
_NEW_START: Final[Row] = {  # who was proven before is not any more, and no paper is finished that says what is not so
    Thing.VISITS: Effect.ENDED,
    Thing.COMPANIONS: Effect.ENDED,
    Thing.PAPERS_OPEN: Effect.VOID,
    Thing.PAPERS_OWN: Effect.VOID,
    Thing.PAPERS_BY_GUARDIAN: Effect.VOID,
}

TABLE: Final[dict[EventKind, Row]] = {
    EventKind.DEATH: _AS_BEFORE
    | _NEW_START
    | {
        Thing.CONTACT: Effect.ENDED,
        Thing.RECEIPTS: Effect.VOID,
        Thing.APPLICATIONS: Effect.ENDED,
        Thing.RESIDENCES: Effect.ENDED,
        Thing.RIGHTS: Effect.ENDED,
        Thing.WARDS: Effect.ENDED,
        Thing.GUARDIANS: Effect.ENDED,
        Thing.HOUSEHOLD: Effect.OFFICER,
        Thing.WAYS: Effect.ENDED,
        Thing.ROW: Effect.CHANGED,
    },
    EventKind.NAME_CHANGE: _AS_BEFORE
    | _NEW_START
    | {Thing.HOUSEHOLD: Effect.CHANGED, Thing.DOCUMENTS: Effect.ENDED, Thing.ROW: Effect.CHANGED},
    EventKind.NUMBER_CHANGE: _AS_BEFORE
    | _NEW_START
    | {
        Thing.DOCUMENTS: Effect.ENDED,
        Thing.TRIES: Effect.MOVED,
        Thing.PROTECTION: Effect.COPIED,
        Thing.FORMER_NUMBERS: Effect.BEGUN,
        Thing.ROW: Effect.CHANGED,
    },
    EventKind.MOVE_IN: _AS_BEFORE | _NEW_START | {Thing.HOUSEHOLD: Effect.OFFICER, Thing.ROW: Effect.CHANGED},
    EventKind.MOVE_OUT: _AS_BEFORE | _NEW_START | {Thing.HOUSEHOLD: Effect.OFFICER, Thing.ROW: Effect.CHANGED},
    EventKind.GUARDIAN_GIVEN: _AS_BEFORE | {Thing.GUARDIANS: Effect.BEGUN},
    EventKind.GUARDIAN_ENDED: _AS_BEFORE
    | {Thing.PAPERS_OPEN: Effect.VOID, Thing.PAPERS_BY_GUARDIAN: Effect.VOID, Thing.GUARDIANS: Effect.ENDED},
    EventKind.GUARDIAN_DISPUTED: _AS_BEFORE | {Thing.PROTECTION: Effect.BEGUN},
}

_ALL: Final = frozenset(PaperKind)
_WITH_ADDRESS: Final = frozenset({PaperKind.HOUSEHOLD_CERTIFICATE, PaperKind.TEMPORARY_ID_PROOF})
UNTRUE: Final[dict[EventKind, frozenset[PaperKind]]] = {
    EventKind.DEATH: _ALL,
    EventKind.NAME_CHANGE: _ALL,
    EventKind.NUMBER_CHANGE: _ALL,
    EventKind.MOVE_IN: _WITH_ADDRESS,
    EventKind.MOVE_OUT: _WITH_ADDRESS,
    EventKind.GUARDIAN_ENDED: _ALL,
}
"""Which kinds of paper say what is not so any more; only those become void once they were delivered."""

TABLES: Final[dict[Thing, tuple[str, ...]]] = {
    Thing.CONTACT: ("contacts", "contact_codes", "texts"),
    Thing.VISITS: ("visits", "confirmations"),
    Thing.COMPANIONS: ("companions",),
    Thing.PAPERS_OPEN: ("papers", "paper_contents"),
    Thing.PAPERS_OWN: ("papers",),
    Thing.PAPERS_BY_GUARDIAN: ("papers",),
    Thing.RECEIPTS: ("papers",),
    Thing.PAPERS_FOR_CHILD: ("papers",),
    Thing.PAPERS_MEMBER: ("papers",),
    Thing.APPLICATIONS: ("applications",),
    Thing.INTAKES: ("intakes", "intake_blobs", "blobs"),
    Thing.MESSAGES: ("messages",),
    Thing.RESIDENCES: ("residences",),
    Thing.WARDS: ("guardianships",),
    Thing.GUARDIANS: ("guardianships",),
    Thing.HOUSEHOLD: ("residents",),
    Thing.RIGHTS: ("rights", "asks", "landlord_codes"),
    Thing.TENANCIES: ("tenancies", "ownerships", "consents"),
    Thing.WAYS: ("ways", "grants", "holders", "slips", "phone_links"),
    Thing.PASSES_ASKED: ("pass_asks",),
    Thing.DOCUMENTS: ("person_documents",),
    Thing.TRIES: ("tries", "alerts"),
    Thing.PROTECTION: ("protections",),
    Thing.FORMER_NUMBERS: ("former_numbers",),
    Thing.ROW: ("residents",),
    Thing.PORTRAIT: ("portraits",),
    Thing.CRIMINAL: ("criminal_records",),
    Thing.READS: ("reads",),
    Thing.APPROVALS: ("approvals",),
}
"""Where each thing stands."""

OF_NOBODY: Final[dict[str, str]] = {
    "life_events": "the events themselves",
    "audit": "the deed of each event",
    "audit_anchors": "where the audit begins",
    "counters": "no person",
    "changes": "what devices hear of a void paper",
    "idempotency": "keys of kiosks",
    "paper_voids": "an officer's reason, by a serial",
    "policies": "no person",
    "policy_drafts": "no person",
    "devices": "machines",
    "enrolment_codes": "machines",
    "alarms": "a kiosk and a time",
    "gate_doors": "machines",
    "gate_reports": "a gate, and the number of a way",
    "pass_answers": "machines, and what only a question's key opens",
    "dwellings": "houses",
    "dwelling_questions": "machines",
    "officers": "accounts",
    "console_sessions": "accounts",
    "console_failures": "accounts",
}
"""Tables of which no cell speaks, and why."""

_FOR_GOOD: Final = {
    (Thing.CONTACT, Effect.ENDED),
    (Thing.VISITS, Effect.ENDED),
    (Thing.COMPANIONS, Effect.ENDED),
    (Thing.APPLICATIONS, Effect.ENDED),
    (Thing.WAYS, Effect.ENDED),
}


def lasting(kind: EventKind) -> tuple[Thing, ...]:
    """What stays as the event made it, though the event is taken back."""
    return tuple(
        thing for thing, effect in TABLE[kind].items() if effect is Effect.VOID or (thing, effect) in _FOR_GOOD
    )


WHEN_TAKEN_BACK: Final[dict[EventKind, EventKind]] = {
    EventKind.NAME_CHANGE: EventKind.NAME_CHANGE,
    EventKind.NUMBER_CHANGE: EventKind.NUMBER_CHANGE,
    EventKind.MOVE_IN: EventKind.MOVE_IN,
    EventKind.MOVE_OUT: EventKind.MOVE_OUT,
    EventKind.GUARDIAN_GIVEN: EventKind.GUARDIAN_ENDED,
}
"""Whose effects on visits and papers taking an event back has: what was made meanwhile says what was never so. After
the others nothing could be made that does."""


BASES: Final[dict[EventKind, tuple[str, ...]]] = {
    EventKind.DEATH: ("medical-certificate", "court-ruling"),
    EventKind.NAME_CHANGE: ("change-approved", "court-ruling"),
    EventKind.NUMBER_CHANGE: ("change-approved",),
    EventKind.MOVE_IN: ("migration-certificate",),
    EventKind.MOVE_OUT: ("migration-permit",),
    EventKind.GUARDIAN_GIVEN: ("court-ruling", "designation", "agreement"),
    EventKind.GUARDIAN_ENDED: ("court-ruling", "agreement"),
    EventKind.GUARDIAN_DISPUTED: ("court-ruling", "dispute-filed"),
}
"""The documents that an event may be written down by (民法典 27, 31, 36, 39; 户口登记条例 8, 10, 13, 17, 18)."""
