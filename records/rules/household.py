"""Who of a household is told of, and in which order. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from civic.period import age_on
from records.population.source import Resident

ADULT_FROM: Final = 18  # 民法典 art. 17
_ORDER: Final = (r"户主", r"配偶|夫|妻", r"[长次三四五六]?[子女]", r"外?孙.*", r"[公岳]?[父母]|公|婆", r"外?祖.*")


def of_age(person: Resident, today: date) -> bool:
    """Whether somebody is grown up."""
    return age_on(person.birth_date, today) >= ADULT_FROM


def in_order(people: Iterable[Resident]) -> list[Resident]:
    """As the register's own form lists them: householder, spouse, children, grandchildren, parents, grandparents."""
    return sorted(people, key=lambda each: (rank(each.relation.reveal()), each.birth_date, each.person_id))


def rank(relation: str) -> int:
    """Where a relation to the householder stands in that order."""
    return next((rank for rank, form in enumerate(_ORDER) if re.fullmatch(form, relation)), len(_ORDER))
