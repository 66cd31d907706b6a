"""The text catalogue: every word on a screen and in the loudspeaker, one TOML file per language.

Keys are dotted (``home.question``). A missing key is an error, never a key shown to a resident: a test walks all
screens in all languages. Both files must hold the same keys.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from civic.errors import CodedError

LANGUAGES = ("zh", "en")


class MissingTextError(CodedError):
    """The catalogue has no such key; ``detail`` is the key."""

    code = "missing-text"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language."""

    language: str
    _texts: dict[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text under ``key`` with its {places} filled. Raises MissingTextError."""
        if key not in self._texts:
            raise MissingTextError(f"{self.language}: {key}")
        text = self._texts[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self._texts

    def pick(self, texts: tuple[tuple[str, str], ...]) -> str:
        """This language's one of (language, text) pairs that came with the policy."""
        return dict(texts)[self.language]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All languages."""

    words: dict[str, Words]

    @classmethod
    def load(cls, folder: Path) -> "Catalogue":
        """Read ``zh.toml`` and ``en.toml``."""
        return cls({language: Words(language, _read(folder / f"{language}.toml")) for language in LANGUAGES})

    def in_language(self, language: str) -> Words:
        """The words of ``zh`` or ``en``."""
        return self.words[language]


def _read(path: Path) -> dict[str, str]:
    return dict(_flatten(tomllib.loads(path.read_text("utf-8")), ""))


def _flatten(table: dict[str, object], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            pairs += _flatten(value, f"{prefix}{name}.")
        else:
            pairs.append((f"{prefix}{name}", str(value)))
    return pairs
