"""Speech through espeak-ng, Debian's synthesiser.

Its Mandarin voice reads pinyin, not characters (``cmn-latn-pinyin``), so sentences are turned into pinyin first. It is
clear and not beautiful; recorded prompts can take its place behind the same interface.
"""

import logging
import shutil
import subprocess
from contextlib import nullcontext
from threading import Lock

from devices.health import Health, Level

_VOICES = {"zh": "cmn-latn-pinyin", "en": "en"}
_WORDS_A_MINUTE = "150"
_ALARM = "110 110 110"

_log = logging.getLogger(__name__)


class EspeakSpeaker:
    """Sentences go through standard input: a command line could be read by any process."""

    def __init__(self, program: str = "espeak-ng") -> None:
        self._program = shutil.which(program)
        self._lock = Lock()
        self._speaking: subprocess.Popen[bytes] | None = None
        self._failed = False

    def health(self) -> Health:
        """Whether the synthesiser is installed; whether a loudspeaker is plugged in, nobody can tell."""
        if self._program is None or self._failed:
            return Health("speaker", Level.DEGRADED, "no-voice")
        return Health("speaker", Level.READY)

    def say(self, sentence: str, language: str) -> None:
        """Speak in ``zh`` or ``en``; silently nothing when there is no voice."""
        self._speak(_pinyin(sentence) if language == "zh" else sentence, language, amplitude=100)

    def sound_alarm(self) -> None:
        """The number to call, as loud as it gets."""
        self._speak(_ALARM, "en", amplitude=200)

    def hush(self) -> None:
        """Stop at once."""
        with self._lock:
            self._stop()

    def _speak(self, text: str, language: str, amplitude: int) -> None:
        if self._program is None:
            return
        command = [self._program, "-v", _VOICES[language], "-s", _WORDS_A_MINUTE, "-a", str(amplitude), "--stdin"]
        with self._lock:
            self._stop()
            try:
                self._speaking = _begun(command, text)
            except OSError as error:  # speech is a comfort: without it the screen still says everything
                if not self._failed:
                    _log.error("speech: %s", type(error).__name__)
                self._failed = True
            else:
                self._failed = False

    def _stop(self) -> None:
        if self._speaking is not None:
            self._speaking.kill()
            self._speaking.wait()
            self._speaking = None


def _begun(command: list[str], text: str) -> "subprocess.Popen[bytes]":
    """A synthesiser that has its text. A sentence fits a pipe, so writing it waits for nobody."""
    speaking = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with speaking.stdin or nullcontext() as pipe:
            if pipe is not None:
                pipe.write(text.encode())
    except OSError:
        speaking.kill()
        speaking.wait()
        raise
    return speaking


def _pinyin(sentence: str) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary takes a moment, and few ask for speech

    return " ".join(lazy_pinyin(sentence, style=Style.TONE3, neutral_tone_with_five=True))
