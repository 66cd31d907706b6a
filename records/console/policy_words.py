"""What the parts of the rules are called, and what is wrong with one, in words."""

from collections.abc import Mapping

from forms.paper import PaperKind
from records.console.texts import Words
from records.rules.policy_changes import Change
from records.rules.policy_fields import Field, Subject
from records.rules.policy_slips import Place, Slip


class Called:
    """The names in one language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def subject(self, subject: Subject) -> str:
        """A form's name."""
        name = self._words(f"rule_part.{subject.name}")
        return f"{self._part(subject.kind)} · {name}" if subject.kind else name

    def field(self, field: Field) -> str:
        """A field's name, and whose words it takes."""
        return self._with_language(self._part(field.word), field.language)

    def change(self, change: Change) -> str:
        """The way to a value."""
        names = [self._part(each) for each in change.within if each not in {"papers", "wording"}]
        return " · ".join([*names, self._with_language(self._part(change.word), change.language)])

    def seen(self, change: Change) -> str:
        """Where people will meet it, by the innermost part for which that can be said."""
        names = (change.word, *reversed(change.within))
        return next((text for each in names if (text := self._words.get(f"rule_seen.{each}", ""))), "")

    def value(self, text: str) -> str:
        """Yes and no in words; anything else as it is."""
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
            named = found.get("kind") or found.get("id") if isinstance(found, dict) else None
            if isinstance(step, int):
                names.append(self._part(str(named)) if named else str(step + 1))
            elif step not in {"papers", "wording"}:
                names.append(self._part(step))
        return " · ".join(names)

    def _part(self, name: str) -> str:
        if name in set(PaperKind):
            return self._words(f"service.{name}")
        return self._words.get(f"rule.{name}", self._words.get(f"rule_part.{name}", name))

    def _with_language(self, name: str, language: str) -> str:
        return f"{name} ({self._words(f'rule_language.{language}')})" if language else name


def _below(found: object, step: str | int) -> object:
    if isinstance(found, dict):
        return found.get(step)
    if isinstance(found, list) and isinstance(step, int) and step < len(found):
        return found[step]
    return None
