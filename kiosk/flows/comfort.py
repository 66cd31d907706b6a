"""How the person at the kiosk likes to be spoken to."""

from civic.comfort import Comfort, Language, LanguageToggled, LargeTypeToggled, SpeechToggled, toggled

__all__ = ["Comfort", "Language", "LanguageToggled", "LargeTypeToggled", "SpeechToggled", "toggled"]
