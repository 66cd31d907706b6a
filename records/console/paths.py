"""Where the console's pages are."""

from typing import Final

HOME: Final = "/console/"
WAITING: Final = "/console/waiting"  # the home page again, asked for by itself
SIGN_IN: Final = "/console/sign-in"
SIGN_OUT: Final = "/console/sign-out"
UNLOCK: Final = "/console/unlock"
PASSWORD: Final = "/console/password"  # noqa: S105 - an address
LANGUAGE: Final = "/console/language"
DUTY: Final = "/console/duty"
CODE: Final = "/console/code"
CASES: Final = "/console/cases"
APPLICATIONS: Final = "/console/applications"
INTAKES: Final = "/console/intakes"
INTAKES_REVOKED: Final = "/console/intakes/revoked"
TENANCIES: Final = "/console/tenancies"
SLIPS: Final = "/console/slips"
SLIP_CODE: Final = "/console/slips/code"
PASSES: Final = "/console/passes"
PASSES_PERSON: Final = "/console/passes/person"
GATES: Final = "/console/gates"
RECEIPT: Final = "/console/applications/receipt"
ALERTS: Final = "/console/alerts"
ALARMS: Final = "/console/alarms"
ALARM_STRIP: Final = "/console/alarms/strip"  # asked for by a page itself
PERSONS: Final = "/console/persons"
PERSON_WAYS: Final = "/console/persons/ways"
LOST_WAY: Final = "/console/persons/ways/lost"
MEMBER: Final = "/console/persons/member"
HOUSES: Final = "/console/houses"
FLATS: Final = "/console/flats"
PROTECTION: Final = "/console/protection"
PROTECTION_END: Final = "/console/protection/end"
APPROVALS: Final = "/console/approvals"
LIFE_EVENTS: Final = "/console/life-events"
AUDIT: Final = "/console/audit"
AUDIT_CHECK: Final = "/console/audit/check"
DEVICES: Final = "/console/devices"
DEVICE_NEW: Final = "/console/devices/new"
PAPERS: Final = "/console/papers"
PAPER_VOID: Final = "/console/papers/void"
PAPER_HOLDER: Final = "/console/papers/holder"
POLICY: Final = "/console/policy"
POLICY_DRAFTS: Final = "/console/policy/drafts"
STATIC: Final = "/console/static"

WITH_INITIAL_PASSWORD: Final = frozenset({PASSWORD, SIGN_OUT})
WHILE_LOCKED: Final = frozenset({WAITING, UNLOCK, SIGN_OUT, ALARM_STRIP})
BY_THEMSELVES: Final = frozenset({WAITING, ALARM_STRIP})


def case(handle: str, what: str = "") -> str:
    """A case's page, or one of its forms."""
    return f"{CASES}/{handle}/{what}" if what else f"{CASES}/{handle}"


def intake(number: str, what: str = "") -> str:
    """An intake's page, or one of its forms."""
    return f"{INTAKES}/{number}/{what}" if what else f"{INTAKES}/{number}"


def tenancies(queue: str) -> str:
    """One queue of what was handed in about flats."""
    return f"{TENANCIES}/{queue}"


def passes(ask_id: str) -> str:
    """Where the answer to a question for passes is read."""
    return f"{PASSES}/{ask_id}"


def gate(device_id: str) -> str:
    """Where a gate stands: the form."""
    return f"{GATES}/{device_id}"


def application(serial: str, what: str = "") -> str:
    """An application's page, or one of its forms."""
    return f"{APPLICATIONS}/{serial}/{what}" if what else f"{APPLICATIONS}/{serial}"


def building(name: str) -> str:
    """A building's floors."""
    return f"{HOUSES}/{name}"


def floor(name: str, number: str) -> str:
    """A floor's flats. Doors that tell no floor are together, on one that is called ``-``."""
    return f"{HOUSES}/{name}/{number or '-'}"


def flat(dwelling_id: str) -> str:
    """A flat's form."""
    return f"{FLATS}/{dwelling_id}"


def approval(approval_id: str, what: str) -> str:
    """Where one thing that waits for a second account is decided."""
    return f"{APPROVALS}/{approval_id}/{what}"


def life_event(kind: str) -> str:
    """An event's form; ``taken-back``: of taking one back."""
    return f"{LIFE_EVENTS}/{kind}"


def device_waiting(fingerprint: str, what: str = "") -> str:
    """A machine that waits to be let in, or one of its forms."""
    return f"{DEVICES}/waiting/{fingerprint}/{what}" if what else f"{DEVICES}/waiting/{fingerprint}"


def alarm_seen(alarm_id: str) -> str:
    """Where an officer says that they see to an alarm."""
    return f"{ALARMS}/{alarm_id}/seen"


def device_revoke(device_id: str) -> str:
    """Where a device is put out."""
    return f"{DEVICES}/{device_id}/revoke"


def policy_draft(draft_id: str, what: str = "") -> str:
    """A draft of the rules, or one of its forms."""
    return f"{POLICY_DRAFTS}/{draft_id}/{what}" if what else f"{POLICY_DRAFTS}/{draft_id}"
