"""The console's main menu: each page that somebody may begin at, in the order in which they stand."""

from dataclasses import dataclass
from typing import Final

from records.console import paths
from records.rules.roles import Right, Role, may


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the menu. ``name``: of its words, below ``nav.``, and of what waits there; ``right``: who may go there,
    None: everybody; ``inner``: where pages of it are that are not below it."""

    path: str
    name: str
    right: Right | None = None
    inner: str = ""

    def current(self, path: str) -> str:
        """What ``aria-current`` says of it on the page at ``path``; empty: nothing."""
        if path == self.path:
            return "page"
        below = () if self.path == paths.HOME else (f"{self.path}/",)
        return "true" if path.startswith((*below, *filter(None, [self.inner]))) else ""


PLACES: Final = (
    Place(paths.HOME, "home", Right.DUTY, paths.WAITING),
    Place(paths.ALARMS, "alarms", Right.DUTY),
    Place(paths.CODE, "code", Right.CASES, f"{paths.CASES}/"),
    Place(paths.APPLICATIONS, "applications", Right.APPLICATIONS),
    Place(paths.INTAKES, "intakes", Right.INTAKES),
    Place(paths.TENANCIES, "tenancies", Right.INTAKES),
    Place(paths.PERSONS, "persons", Right.PERSONS),
    Place(paths.HOUSES, "houses", Right.HOUSES, f"{paths.FLATS}/"),
    Place(paths.SLIPS, "slips", Right.SLIPS),
    Place(paths.PASSES, "passes", Right.PASSES),
    Place(paths.LIFE_EVENTS, "life_events", Right.LIFE_EVENTS),
    Place(paths.PAPERS, "papers", Right.PAPERS),
    Place(paths.PROTECTION, "protection", Right.PROTECTION),
    Place(paths.APPROVALS, "approvals", Right.SECOND),
    Place(paths.DEVICES, "devices", Right.DEVICES),
    Place(paths.GATES, "gates", Right.DEVICES),
    Place(paths.POLICY, "policy", Right.POLICY),
    Place(paths.ALERTS, "alerts", Right.ALERTS),
    Place(paths.AUDIT, "audit", Right.AUDIT),
    Place(paths.PASSWORD, "password"),
)


def places(role: Role) -> list[Place]:
    """Where somebody of this role may go."""
    return [each for each in PLACES if each.right is None or may(role, each.right)]


def first(role: Role) -> Place:
    """Where somebody of this role begins: there is something to do here for each."""
    return next(each for each in places(role) if each.right is not None)
