"""What a loudspeaker offers: saying a sentence, and sounding the alarm."""

from typing import Protocol

from devices.health import Health


class Speaker(Protocol):
    """Never blocks: a new sentence cuts the old one short. What is said holds nothing personal."""

    def health(self) -> Health:
        """Never raises. Reasons: ok, no-voice."""

    def say(self, sentence: str, language: str) -> None:
        """Speak in ``zh`` or ``en``; silently nothing when there is no voice."""

    def sound_alarm(self) -> None:
        """A few loud tones."""

    def hush(self) -> None:
        """Stop at once."""
