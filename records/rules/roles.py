"""Who may do what on the officers' console: one table, and nothing else decides."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account is for."""

    OFFICER = "officer"  # 社区民警
    AUXILIARY = "auxiliary"  # 辅警
    PROPERTY_DESK = "property_desk"  # 物业服务台: opens a door right that somebody brings, and nothing else
    TECHNICIAN = "technician"  # 运维: sees machines, and nobody's data
    AUDITOR = "auditor"  # 审计: reads who read what, never what they read
    ADMINISTRATOR = "administrator"  # lets devices in and changes the policy, and sees nobody's data


class Right(StrEnum):
    """One thing that a page lets somebody do."""

    DUTY = "duty"  # be there for residents who ask
    CASES = "cases"  # open a case by its visit code, and decide it
    APPLICATIONS = "applications"  # see what waits for an answer at the window, open it with a reason, settle it
    ALERTS = "alerts"  # see and close alerts of guessing
    INTAKES = "intakes"  # see what residents sent in, open one with a reason, decide it
    PERSONS = "persons"  # find a person by number, for a listed purpose and a ticket; end a way in that they lost
    HOUSES = "houses"  # look through buildings, floors and flats; into a flat with a purpose and a ticket
    PAPERS = "papers"  # see what became of a paper, and void one
    LIFE_EVENTS = "life_events"  # write down a death, a change of name or number, a move, a guardianship
    PROTECTION = "protection"  # hide a person, or end that, the second time by another account
    SLIPS = "slips"  # open one right by the slip that somebody brings
    GUARD_CODES = "guard_codes"  # a one-day code for somebody whose right is over
    PASSES = "passes"  # ask gates for somebody's passes, and read the answer
    SECOND = "second"  # be the second approver of what another account asked for
    DEVICES = "devices"  # see how machines are
    ADMISSION = "admission"  # let a machine in, and put one out
    POLICY = "policy"  # change the rules, and sign what another account changed
    AUDIT = "audit"  # read who did what, and check its chain


RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.OFFICER: frozenset(
        {
            Right.DUTY,
            Right.CASES,
            Right.APPLICATIONS,
            Right.ALERTS,
            Right.INTAKES,
            Right.PERSONS,
            Right.HOUSES,
            Right.PAPERS,
            Right.LIFE_EVENTS,
            Right.PROTECTION,
            Right.SLIPS,
            Right.GUARD_CODES,
            Right.PASSES,
            Right.SECOND,
        }
    ),
    Role.AUXILIARY: frozenset({Right.DUTY, Right.CASES}),
    Role.PROPERTY_DESK: frozenset({Right.SLIPS, Right.GUARD_CODES}),
    Role.TECHNICIAN: frozenset({Right.DEVICES}),
    Role.AUDITOR: frozenset({Right.AUDIT}),
    Role.ADMINISTRATOR: frozenset({Right.ALERTS, Right.DEVICES, Right.ADMISSION, Right.POLICY}),
}


def may(role: Role, right: Right) -> bool:
    """Whether ``role`` has ``right``."""
    return right in RIGHTS[role]


def having(right: Right) -> tuple[Role, ...]:
    """The roles with ``right``."""
    return tuple(role for role in Role if may(role, right))
