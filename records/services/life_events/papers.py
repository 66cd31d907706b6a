"""The papers that an event makes void: open ones, and delivered ones that say what is not so any more."""

from collections.abc import Callable
from typing import Final

from backend_client.contract.papers import PaperState
from forms.paper import PaperKind
from records.rules.life_effects import UNTRUE, Thing
from records.services.life_events.happening import Earlier, Happening
from records.services.papers import void_by_event
from records.store import life_changes
from records.store.papers import PaperRow

_OPEN: Final = frozenset({PaperState.RESERVED, PaperState.SEALED})


def thing_of(paper: PaperRow, person_id: str) -> Thing:
    """What a paper is to a person who asked for it, or whom it is about."""
    if paper.state in _OPEN:
        return Thing.PAPERS_OPEN
    if (paper.about_id or paper.person_id) != person_id:
        return Thing.PAPERS_FOR_CHILD
    if paper.application:
        return Thing.RECEIPTS
    return Thing.PAPERS_BY_GUARDIAN if paper.about_id else Thing.PAPERS_OWN


def void(thing: Thing) -> Callable[[Happening], Earlier]:
    """Make such papers void; each is told to its holder and to the devices."""

    def voided(it: Happening) -> Earlier:
        for paper in life_changes.papers_that_count(it.transaction, it.person_id, it.today):
            if thing_of(paper, it.person_id) is thing and _meant(it, paper):
                void_by_event(it.records, it.transaction, paper)
        return {}

    return voided


def _meant(it: Happening, paper: PaperRow) -> bool:
    """Of a guardianship, the papers of that guardian; of the delivered ones, those that the event makes untrue."""
    if it.told.get("guardian", paper.person_id) != paper.person_id:
        return False
    return paper.state in _OPEN or PaperKind(paper.kind) in UNTRUE[it.kind]
