"""How the person before a screen likes to be spoken to: language, size of type, speech.

Comfort belongs to the person and is reset with them.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from civic.flow import Event


class Language(StrEnum):
    """The product's languages; the first is the first."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Comfort:
    """How this person likes to be spoken to. Reset when they leave."""

    language: Language = Language.CHINESE
    large: bool = False
    speech: bool = False


@dataclass(frozen=True, slots=True)
class LanguageToggled(Event):
    """中文 / English."""


@dataclass(frozen=True, slots=True)
class LargeTypeToggled(Event):
    """大字."""


@dataclass(frozen=True, slots=True)
class SpeechToggled(Event):
    """语音."""


def toggled(comfort: Comfort, event: LanguageToggled | LargeTypeToggled | SpeechToggled) -> Comfort:
    """The other language, the other size, speech on or off."""
    match event:
        case LanguageToggled():
            english = comfort.language is Language.ENGLISH
            return replace(comfort, language=Language.CHINESE if english else Language.ENGLISH)
        case LargeTypeToggled():
            return replace(comfort, large=not comfort.large)
        case _:
            return replace(comfort, speech=not comfort.speech)
