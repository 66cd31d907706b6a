"""The console's words: a folder of TOML files per language, keys dotted. A missing key is an error, one said
twice too.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("zh", "en")
_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language."""

    language: str
    texts: dict[str, str] = field(repr=False)

    def get(self, key: str, otherwise: str) -> str:
        """The text under ``key``, if there is one: a code from elsewhere may be newer than the words."""
        return self.texts.get(key, otherwise)

    def __call__(self, key: str, **values: object) -> str:
        """The text under ``key`` with its {places} filled."""
        return self.texts[key].format(**values)


@cache
def words(language: str) -> Words:
    """The words of ``zh`` or ``en``."""
    return load(_FOLDER, language)


def load(folder: Path, language: str) -> Words:
    """The words of one of LANGUAGES: of every file in its folder below ``folder``. ValueError: a key stands twice."""
    texts: dict[str, str] = {}
    for file in sorted((folder / language).glob("*.toml")):
        for key, text in _flat(tomllib.loads(file.read_text("utf-8")), ""):
            if key in texts:
                raise ValueError(f"{file.name}: {key} stands in another file too")
            texts[key] = text
    return Words(language, texts)


def _flat(table: dict[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
