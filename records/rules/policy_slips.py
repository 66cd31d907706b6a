"""What is wrong with rules although each field is well formed. Pure: of their JSON, as a draft holds it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Place = tuple[str | int, ...]
Json = Mapping[str, Any]
_ID: Final = re.compile(r"[a-z0-9_]{1,64}")
_LANGUAGES: Final = frozenset({"zh", "en"})
_UNSEEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})  # Unicode's categories: control, format, line and paragraph


@dataclass(frozen=True, slots=True)
class Slip:
    """Something that won't do. ``place``: the way to it, by names and positions; ``code``: of its words, whose
    places ``values`` fill; ``said``: the same in English, for whoever reads a terminal."""

    place: Place
    code: str
    said: str
    values: dict[str, Any] = field(default_factory=dict)


def slips(rules: Json) -> tuple[Slip, ...]:
    """All of them, of rules that are well formed."""
    offices = [each["id"] for each in rules["offices"]]
    kinds = [each["kind"] for each in rules["papers"]]
    return (
        *_empty(rules, ()),
        *_unseen(rules, ()),
        *_ids(offices, ("offices",)),
        *(Slip(("papers", at), "twice", "stands twice") for at in _twice(kinds)),
        *_of_flats(rules.get("tenancy") or {}, rules.get("gate") or {}),
        *(slip for at, paper in enumerate(rules["papers"]) for slip in _of_paper(paper, ("papers", at), offices)),
    )


def _of_flats(tenancy: Json, gate: Json) -> Iterator[Slip]:
    """A last day that surprises people at the gate, and a door that would be called open while it may be."""
    days, at = tenancy.get("remind_days"), ("tenancy", "remind_days")
    if days is not None and not days:
        yield Slip(at, "too_short", "somebody must be told before the last day")
    yield from (Slip((*at, index), "twice", "stands twice") for index in _twice([str(each) for each in days or ()]))
    if gate and gate["held_s"] <= gate["strike_s"]:
        yield Slip(("gate", "held_s"), "held", "longer than the door is let go")


def _of_paper(paper: Json, at: Place, offices: list[str]) -> Iterator[Slip]:
    if not paper["purposes"]:
        yield Slip((*at, "purposes"), "no_purposes", "a paper needs a purpose")
    if not paper["media"]:
        yield Slip((*at, "media"), "too_short", "a paper needs something to be printed on")
    yield from _ids([each["id"] for each in paper["purposes"]], (*at, "purposes"))
    documents = [each["kind"] for each in paper["documents"]]
    yield from (Slip((*at, "documents", index, "kind"), "twice", "stands twice") for index in _twice(documents))
    for index, document in enumerate(paper["documents"]):
        if document["office"] and document["office"] not in offices:
            yield Slip((*at, "documents", index, "office"), "office", f"no office is called {document['office']}")


def _ids(ids: list[str], at: Place) -> Iterator[Slip]:
    for index, each in enumerate(ids):
        if not _ID.fullmatch(each):
            yield Slip((*at, index, "id"), "id", "1 to 64 small letters, digits or underscores")
    yield from (Slip((*at, index, "id"), "twice", "stands twice") for index in _twice(ids))


def _twice(names: list[str]) -> Iterator[int]:
    """Where a name stands that stood before."""
    seen = Counter[str]()
    for index, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            yield index


def _empty(value: Any, at: Place) -> Iterator[Slip]:  # noqa: ANN401 - JSON
    """Texts of two languages, one of which says nothing."""
    if isinstance(value, Mapping):
        if value.keys() == _LANGUAGES:
            yield from (Slip((*at, each), "empty", "says nothing") for each in value if not value[each].strip())
            return
        for name, below in value.items():
            yield from _empty(below, (*at, name))
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from _empty(below, (*at, index))


def _unseen(value: Any, at: Place) -> Iterator[Slip]:  # noqa: ANN401 - JSON
    """One of several values that looks like two, or like another: who signs sees each on a line."""
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield from _unseen(below, (*at, name))
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from _unseen(below, (*at, index))
    elif isinstance(value, str) and isinstance(at[-1], int) and _hides(value):
        yield Slip(at, "unseen", "holds a line break, or what nobody sees")


def _hides(text: str) -> bool:
    return any(unicodedata.category(each) in _UNSEEN for each in text)
