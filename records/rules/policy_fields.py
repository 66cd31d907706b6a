"""The rules as forms: subjects, the fields of each, and how a field is typed. Pure.

A subject is a part of the rules (the desk, the purposes of one paper) at a place in their JSON; its form has a field
for each value, named by the way to it from there: ``address.zh``, or ``2.title.en`` in a subject of many.
"""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from records.rules.policy_slips import Place

_OPENING = re.compile(r"([1-7]+)\s+(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)")


class Shape(StrEnum):
    """How a value is typed."""

    LINE = "line"
    LONG = "long"  # a paragraph
    NUMBER = "number"
    YES = "yes"
    LINES = "lines"  # one value a line
    OPENINGS = "openings"  # ``12345 09:00-17:00``: days of the week, Monday is 1


@dataclass(frozen=True, slots=True)
class Field:
    """``path``: the way to it, dotted. ``word``: which word names it. ``optional``: empty means that there is none."""

    path: str
    shape: Shape = Shape.LINE
    optional: bool = False

    @property
    def language(self) -> str:
        """Whose words it holds: zh, en, or nobody's."""
        last = self.path.rpartition(".")[2]
        return last if last in {"zh", "en"} else ""

    @property
    def word(self) -> str:
        """Its name, the same wherever it stands."""
        return (self.path.rpartition(".")[0] if self.language else self.path).rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Subject:
    """``name``: what it is; ``kind``: of which paper, empty: of none. ``place``: where in the rules' JSON; ``many``:
    there is a list of them, each of which may be taken out, and a new one added."""

    name: str
    kind: str
    place: Place
    fields: tuple[Field, ...]
    many: bool = False

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.name}.{self.kind}" if self.kind else self.name


def _words(path: str, shape: Shape = Shape.LINE, *, optional: bool = False) -> tuple[Field, Field]:
    return Field(f"{path}.zh", shape, optional), Field(f"{path}.en", shape, optional)


def _numbers(*paths: str) -> tuple[Field, ...]:
    return tuple(Field(path, Shape.NUMBER) for path in paths)


_DESK: Final = (
    *_words("name"),
    *_words("address"),
    *_words("hours"),
    Field("phone"),
    Field("openings", Shape.OPENINGS),
)
_PAPER: Final = (
    *_words("wording.title"),
    *_words("wording.statement", Shape.LONG),
    Field("wording.remarks", Shape.LINES),
    Field("media", Shape.LINES),
    *_numbers("validity_days", "reissues_per_day", "guardian_below"),
    *_words("fee"),
    *_words("hint", Shape.LONG, optional=True),
)
_PURPOSE: Final = (
    Field("id"),
    *_words("title"),
    Field("book_is_enough", Shape.YES),
    *_words("why_enough", Shape.LONG, optional=True),
    Field("members", Shape.YES),
    Field("validity_hours", Shape.NUMBER, optional=True),
)
_LATER: Final = (
    *_numbers("working_days", "share", "answer_s", "validity_days"),
    Field("holidays", Shape.LINES),
    *_words("bring"),
    Field("media", Shape.LINES),
    *_words("wording.title"),
    *_words("wording.statement", Shape.LONG),
    Field("wording.remarks", Shape.LINES),
)
_WHO: Final = (
    Field("registered", Shape.LINES),
    Field("residence", Shape.YES),
    Field("confirmed", Shape.YES),
    *_numbers("from_age", "yearly"),
)
_INTAKE: Final = (Field("kinds", Shape.LINES), *_numbers("most", "oldest_days", "free_mb", "skew_s"))
_TENANCY: Final = (
    *_numbers("silence_days", "objection_hours", "most_people", "most_months"),
    Field("remind_days", Shape.LINES),
    *_numbers("permit_months"),
    *_words("mediation"),
)
_GATE: Final = (
    Field("notice"),
    *_numbers("grace_days", "slip_days", "guests_a_day"),
    Field("weak_cards", Shape.YES),
    *_numbers("fpir", "pass_days", "template_hours", "strike_s", "held_s"),
    Field("guard_phone"),
)
_TIMEOUTS: Final = _numbers("idle", "idle_accessible", "warning", "extensions", "paper")
_WHERE_GIVEN: Final = {"intake": _INTAKE, "tenancy": _TENANCY, "gate": _GATE}
"""Parts that rules may be without."""


def subjects(rules: Mapping[str, Any]) -> tuple[Subject, ...]:
    """What may be changed by a form."""
    house = (
        Subject("community", "", (), (*_words("community"), Field("issuer.en"))),
        Subject("desk", "", ("desk",), _DESK),
        Subject("offices", "", ("offices",), (Field("id"), *_DESK), many=True),
        Subject("identity", "", ("identity",), (Field("notice"), *_numbers("face_from_age"))),
        Subject("timeouts", "", ("timeouts",), _TIMEOUTS),
        *(Subject(name, "", (name,), fields) for name, fields in _WHERE_GIVEN.items() if rules.get(name)),
    )
    return house + tuple(each for at, paper in enumerate(rules["papers"]) for each in _of_paper(paper, ("papers", at)))


def _of_paper(paper: Mapping[str, Any], at: Place) -> tuple[Subject, ...]:
    kind = paper["kind"]
    return (
        Subject("purposes", kind, (*at, "purposes"), _PURPOSE, many=True),
        Subject("paper", kind, at, _PAPER),
        Subject("eligibility", kind, (*at, "eligibility"), _WHO),
        *((Subject("later", kind, (*at, "later"), _LATER),) if paper.get("later") else ()),
    )


def part(rules: Any, place: Place) -> Any:  # noqa: ANN401 - JSON
    """What stands at a place."""
    for step in place:
        rules = rules[step]
    return rules


def shown(value: Any) -> str:  # noqa: ANN401 - JSON
    """A value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(shown(each) for each in value)
    if isinstance(value, Mapping):
        return f"{''.join(map(str, value['days']))} {value['opens']}-{value['closes']}"
    return str(value)


def filled(subject: Subject, rules: Mapping[str, Any]) -> dict[str, str]:
    """The form as the rules have it: each field's name and text."""
    found = part(rules, subject.place)
    items = [(f"{index}.", each) for index, each in enumerate(found)] if subject.many else [("", found)]
    return {f"{name}{each.path}": shown(_at(item, each.path)) for name, item in items for each in subject.fields}


def changed(subject: Subject, rules: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any]:
    """The rules with what the form says in the subject's place; what can't be read stands there as it was typed."""
    new = deepcopy(dict(rules))
    old = part(new, subject.place)
    if subject.many:
        old[:] = [_read(subject, item, form, f"{index}.") for index, item in _kept(subject, old, form)]
    else:
        old.update(_read(subject, old, form, ""))
    return new


def field_of(subject: Subject, place: Place) -> str:
    """The name of the field in which what stands at ``place`` is typed; empty: it is not in this form."""
    depth = len(subject.place)
    if place[:depth] != subject.place:
        return ""
    item, rest = (f"{place[depth]}.", place[depth + 1 :]) if subject.many and place[depth:] else ("", place[depth:])
    way = ".".join(map(str, rest)) + "."
    return next((f"{item}{each.path}" for each in subject.fields if way.startswith(f"{each.path}.")), "")


def _kept(subject: Subject, old: list[Any], form: Mapping[str, str]) -> list[tuple[int, dict[str, Any]]]:
    """Those that are not taken out, and the new one if anything was typed for it."""
    items = [(index, item) for index, item in enumerate(old) if form.get(f"{index}.remove") != "yes"]
    typed = any(form.get(f"{len(old)}.{each.path}", "") for each in subject.fields if each.shape is not Shape.YES)
    return [*items, (len(old), {})] if typed else items


def _read(subject: Subject, item: dict[str, Any], form: Mapping[str, str], name: str) -> dict[str, Any]:
    new = deepcopy(item)
    for each in subject.fields:
        _put(new, each.path, _READ[each.shape](form.get(f"{name}{each.path}", "")))
    for top in {each.path.partition(".")[0] for each in subject.fields if each.optional}:
        if new[top] == "" or (isinstance(new[top], dict) and not any(new[top].values())):
            new[top] = None
    return new


def _put(item: dict[str, Any], path: str, value: object) -> None:
    *way, last = path.split(".")
    for step in way:
        if not isinstance(item.get(step), dict):
            item[step] = {}
        item = item[step]
    item[last] = value


def _at(item: Any, path: str) -> Any:  # noqa: ANN401 - JSON
    for step in path.split("."):
        item = item.get(step) if isinstance(item, Mapping) else None
    return item


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _opening(line: str) -> object:
    found = _OPENING.fullmatch(line)
    return {"days": [int(day) for day in found[1]], "opens": found[2], "closes": found[3]} if found else line


_READ: Final[dict[Shape, Callable[[str], object]]] = {
    Shape.LINE: str.strip,
    Shape.LONG: lambda text: " ".join(text.split()),
    Shape.NUMBER: str.strip,
    Shape.YES: lambda text: text == "yes",
    Shape.LINES: _lines,
    Shape.OPENINGS: lambda text: [_opening(line) for line in _lines(text)],
}
