"""What each kind of paper says in any case: its labels in their order, and the words that never change.

They are composed of papers that say nothing, made from the papers' own types: so a label has one home (forms.content),
a field one (forms.paper), and a paper that has a new one is read without a word here.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, cast, get_args, get_type_hints

from forms.content import Field, PageContent, canonical, compose
from forms.paper import HouseholdMember, Paper, PaperKind, Wording

_ANY: Final = "\u25cb"  # stands for whatever a field says
_KIND: Final = "kind"
_SAYING_NOTHING: Final[dict[Any, Any]] = {
    str: _ANY,
    bool: True,
    date: date(2000, 1, 1),
    date | None: date(2000, 1, 1),
    datetime: datetime(2000, 1, 1, tzinfo=UTC),
    Wording: Wording(_ANY, _ANY, _ANY, _ANY),
    tuple[str, ...]: (_ANY,),
    tuple[HouseholdMember, ...]: (HouseholdMember(_ANY, _ANY, _ANY),),
}


@cache
def template_of(kind: PaperKind) -> PageContent:
    """A paper of that kind with every field that it may have, each saying nothing."""
    return compose(empty(kind))


def empty(kind: PaperKind) -> Paper:
    """The paper itself."""
    (model,) = (each for each in get_args(Paper) if kind in get_args(get_type_hints(each)[_KIND]))
    values = {name: _SAYING_NOTHING[what] for name, what in get_type_hints(model).items() if name != _KIND}
    return cast("Paper", model(**values))


def values_in(text: str, kind: PaperKind) -> Iterator[tuple[Field, str]]:
    """What the text of a document of that kind says in its fields, without white space.

    Left out are the last field, behind which remarks follow without a sign, and labels that stand there more than once.
    """
    labels = {canonical(each.chinese + each.english): each for each in template_of(kind).fields}
    parts = re.split(f"({'|'.join(map(re.escape, labels))})", canonical(text))
    found = list(zip(parts[1::2], parts[2::2], strict=True))
    once = [label for label, _ in found]
    for label, value in found[:-1]:
        if once.count(label) == 1:
            yield labels[label], value
