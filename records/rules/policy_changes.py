"""What a draft would change, value by value. Pure: of two rules as JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from records.rules.policy_fields import shown

Way = tuple[str, ...]
ORDER: Final = "order"
BETWEEN: Final = " · "  # the names of an order
_NAMES: Final = ("kind", "id")  # of what stands in a list: by this, not by its position


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after; empty: there is none. ``way``: names from the outermost on."""

    way: Way
    old: str
    new: str

    @property
    def language(self) -> str:
        """Whose words it is of: zh, en, or nobody's."""
        return self.way[-1] if self.way[-1] in {"zh", "en"} else ""

    @property
    def word(self) -> str:
        """What it is called."""
        return self.way[-2] if self.language else self.way[-1]

    @property
    def within(self) -> Way:
        """What it is a part of."""
        return self.way[: -2 if self.language else -1]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """All of them, in the order of the rules: of values, since two that differ may look the same."""
    before, after = dict(_values(old, ())), dict(_values(new, ()))
    changed = (way for way in dict.fromkeys([*after, *before]) if before.get(way) != after.get(way))
    return tuple(Change(way, shown(before.get(way)), shown(after.get(way))) for way in changed)


def titles(language: str, *rules: Mapping[str, Any]) -> dict[Way, str]:
    """What the things in lists are titled, by the way to each, as the first of ``rules`` has it; where two in a list
    are titled alike, with the id of each."""
    found: dict[Way, str] = {}
    for each in rules:
        found = {**dict(_titled(each, (), language)), **found}
    often = Counter((way[:-1], title) for way, title in found.items())
    return {way: f"{title} ({way[-1]})" if often[way[:-1], title] > 1 else title for way, title in found.items()}


def title_of(thing: Mapping[str, Any], language: str) -> str:
    """A purpose's title, an office's name; empty: it has none, or none that is fit to be read."""
    texts = thing.get("title") or thing.get("name")
    title = texts.get(language) if isinstance(texts, Mapping) else ""
    return title.strip() if isinstance(title, str) else ""


def _titled(value: Any, way: Way, language: str) -> Iterator[tuple[Way, str]]:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        for each, below in value.items():
            yield from _titled(below, (*way, each), language)
    elif name := _name(value):
        for each in value:
            inner, title = (*way, str(each[name])), title_of(each, language)
            if title:
                yield inner, title
            yield from _titled(each, inner, language)


def _values(value: Any, way: Way) -> Iterator[tuple[Way, Any]]:  # noqa: ANN401 - JSON
    name = _name(value)
    if isinstance(value, Mapping):
        for each, below in value.items():
            yield from _values(below, (*way, each))
    elif name:
        yield (*way, ORDER), BETWEEN.join(str(each[name]) for each in value)
        for each in value:
            yield from _values({key: below for key, below in each.items() if key != name}, (*way, str(each[name])))
    elif value not in (None, []):
        yield way, value


def _name(value: Any) -> str:  # noqa: ANN401 - JSON
    """By what the things in a list are called, if they have names."""
    if not isinstance(value, list) or not value or not isinstance(value[0], Mapping):
        return ""
    return next((name for name in _NAMES if name in value[0]), "")
