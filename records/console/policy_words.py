"""What the parts of the rules are called, and what is wrong with one, in words."""

from collections.abc import Mapping
from typing import Any

from forms.paper import PaperKind
from records.console.texts import LANGUAGES, Words
from records.rules.policy_changes import BETWEEN, ORDER, Change, Way, title_of, titles
from records.rules.policy_fields import Field, Subject
from records.rules.policy_slips import Place, Slip


class Called:
    """The names in one language; of what stands in the lists of ``rules``, their titles there."""

    def __init__(self, words: Words, *rules: Mapping[str, Any]) -> None:
        self._words = words
        self._titles = titles(words.language, *rules)

    def subject(self, subject: Subject) -> str:
        """A form's name."""
        name = self._words(f"rule_part.{subject.name}")
        return f"{self._part(subject.kind)} · {name}" if subject.kind else name

    def field(self, field: Field) -> str:
        """A field's name, and whose words it takes."""
        return self._with_language(self._part(field.word), field.language)

    def change(self, change: Change) -> str:
        """The way to a value."""
        ways = (change.within[:end] for end in range(1, len(change.within) + 1))
        names = [self._at(way) for way in ways if way[-1] not in {"papers", "wording"}]
        return " · ".join([*names, self._with_language(self._part(change.word), change.language)])

    def seen(self, change: Change) -> str:
        """Where people will meet it, by the innermost part for which that can be said."""
        names = (change.word, *reversed(change.within))
        return next((text for each in names if (text := self._words.get(f"rule_seen.{each}", ""))), "")

    def value(self, text: str, change: Change | None = None) -> str:
        """Yes and no in words, an order by titles; anything else as it is."""
        if change is not None and change.word == ORDER:
            return BETWEEN.join(self._at((*change.within, each)) for each in text.split(BETWEEN) if each)
        return self._words.get(f"rule_value.{text}", text)

    def slip(self, slip: Slip) -> str:
        """What is wrong."""
        told = {name: value for name, value in slip.values.items() if name != "error"}
        text = self._words.get(f"slip.{slip.code}", "")
        try:
            return text.format(**told) if text else self._words("slip.other", said=slip.said)
        except (KeyError, IndexError):
            return self._words("slip.other", said=slip.said)

    def place(self, place: Place, rules: Mapping[str, object]) -> str:
        """The way to what is wrong; things in a list by their names, or by their numbers."""
        names: list[str] = []
        found: object = rules
        for step in place:
            found = _below(found, step)
            if isinstance(step, int):
                names.append(self._named(found) or str(step + 1))
            elif step in LANGUAGES and names:
                names[-1] = self._with_language(names[-1], step)
            elif step not in {"papers", "wording"}:
                names.append(self._part(step))
        return " · ".join(names)

    def _at(self, way: Way) -> str:
        return self._titles.get(way) or self._part(way[-1])

    def _named(self, thing: object) -> str:
        if not isinstance(thing, dict):
            return ""
        name = thing.get("kind") or thing.get("id")
        return title_of(thing, self._words.language) or (self._part(str(name)) if name else "")

    def _part(self, name: str) -> str:
        if name in set(PaperKind):
            return self._words(f"service.{name}")
        known = (self._words.get(f"{family}.{name}", "") for family in ("rule", "rule_part", "document"))
        return next(filter(None, known), name)

    def _with_language(self, name: str, language: str) -> str:
        return f"{name} ({self._words(f'rule_language.{language}')})" if language else name


def _below(found: object, step: str | int) -> object:
    if isinstance(found, dict):
        return found.get(step)
    if isinstance(found, list) and isinstance(step, int) and step < len(found):
        return found[step]
    return None
