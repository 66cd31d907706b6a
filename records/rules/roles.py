"""Who may do what on the officers' console: one table, and nothing else decides."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account is for."""

    OFFICER = "officer"  # 社区民警
    AUXILIARY = "auxiliary"  # 辅警
    ADMINISTRATOR = "administrator"  # keeps the service running, and sees nobody's data


class Right(StrEnum):
    """One thing that a page lets somebody do."""

    DUTY = "duty"  # be there for residents who ask
    CASES = "cases"  # open a case by its visit code, and decide it
    APPLICATIONS = "applications"  # see what waits for an answer at the window, open it with a reason, settle it
    ALERTS = "alerts"  # see and close alerts of guessing


RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.OFFICER: frozenset({Right.DUTY, Right.CASES, Right.APPLICATIONS, Right.ALERTS}),
    Role.AUXILIARY: frozenset({Right.DUTY, Right.CASES}),
    Role.ADMINISTRATOR: frozenset({Right.ALERTS}),
}


def may(role: Role, right: Right) -> bool:
    """Whether ``role`` has ``right``."""
    return right in RIGHTS[role]


def having(right: Right) -> tuple[Role, ...]:
    """The roles with ``right``."""
    return tuple(role for role in Role if may(role, right))
