"""Speech: in the right voice, one sentence at a time, and never a fault of the kiosk's."""

import logging
import os
import stat
import time
from pathlib import Path

import pytest

from devices.health import Level
from devices.speaker.driver import EspeakSpeaker

PATIENCE_S = 5.0


@pytest.fixture
def synthesiser(tmp_path: Path) -> Path:
    """A program in espeak-ng's place that writes down what it is told, and then speaks until it is stopped."""
    path = tmp_path / "speak"
    path.write_text(f"""#!/bin/sh
echo "$$ $*" >> {tmp_path}/called
cat >> {tmp_path}/heard
echo >> {tmp_path}/heard
exec sleep 60
""")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def lines(path: Path, count: int) -> list[str]:
    """So many lines, once they are there."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = path.read_text("utf-8").splitlines() if path.exists() else []
        if len(found) >= count:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{path.name} never had {count} lines")


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_chinese_is_spoken_as_pinyin_in_the_mandarin_voice(synthesiser: Path) -> None:
    """The synthesiser's Mandarin voice reads no characters."""
    speaker = EspeakSpeaker(str(synthesiser))
    speaker.say("请把身份证放好", "zh")
    assert lines(synthesiser.with_name("heard"), 1) == ["qing3 ba3 shen1 fen4 zheng4 fang4 hao3"]
    assert "-v cmn-latn-pinyin" in lines(synthesiser.with_name("called"), 1)[0]
    speaker.hush()


def test_a_sentence_stands_on_no_command_line(synthesiser: Path) -> None:
    """Any process of the machine could read it there."""
    speaker = EspeakSpeaker(str(synthesiser))
    speaker.say("Lay your card here", "en")
    assert lines(synthesiser.with_name("heard"), 1) == ["Lay your card here"]
    assert "card" not in lines(synthesiser.with_name("called"), 1)[0]
    speaker.hush()


def test_a_new_sentence_cuts_the_old_one_short_and_hush_ends_it(synthesiser: Path) -> None:
    """Two voices at once help nobody."""
    speaker = EspeakSpeaker(str(synthesiser))
    speaker.say("one", "en")
    first = int(lines(synthesiser.with_name("called"), 1)[0].split()[0])
    speaker.say("two", "en")
    second = int(lines(synthesiser.with_name("called"), 2)[1].split()[0])
    assert not is_running(first)
    assert is_running(second)
    speaker.hush()
    assert not is_running(second)
    speaker.hush()


def test_saying_does_not_wait_for_the_voice(synthesiser: Path) -> None:
    """The screen goes on while a sentence is spoken."""
    speaker = EspeakSpeaker(str(synthesiser))
    speaker.say("好", "zh")
    began = time.monotonic()
    speaker.say("A sentence that takes long to say. " * 50, "en")
    assert time.monotonic() - began < 1.0
    speaker.hush()


def test_the_alarm_is_louder_than_a_sentence(synthesiser: Path) -> None:
    """It says the number to call."""
    speaker = EspeakSpeaker(str(synthesiser))
    speaker.sound_alarm()
    assert "110" in lines(synthesiser.with_name("heard"), 1)[0]
    assert "-a 200" in lines(synthesiser.with_name("called"), 1)[0]
    speaker.hush()


def test_without_a_synthesiser_the_kiosk_is_silent_and_says_so() -> None:
    """Speech is a comfort: everything also stands on the screen."""
    speaker = EspeakSpeaker("no-such-synthesiser")
    speaker.say("one", "en")
    speaker.sound_alarm()
    speaker.hush()
    assert (speaker.health().level, speaker.health().reason) == (Level.DEGRADED, "no-voice")
    assert speaker.health().works


def test_a_synthesiser_that_breaks_is_logged_once_and_comes_back(
    synthesiser: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is raised towards the screen, and no sentence stands in the log."""
    speaker = EspeakSpeaker(str(synthesiser))
    synthesiser.chmod(0o600)
    for _ in range(2):
        speaker.say("a sentence", "en")
    assert speaker.health().reason == "no-voice"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "a sentence" not in caplog.text
    synthesiser.chmod(0o700)
    speaker.say("one", "en")
    assert speaker.health().reason == "ok"
    speaker.hush()


def test_a_synthesiser_that_hears_nothing_is_no_fault_of_the_screen(tmp_path: Path) -> None:
    """It ends before it has taken the sentence: its pipe breaks, and nothing else."""
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\nexec 0<&-\nexit 1\n")
    deaf.chmod(0o700)
    speaker = EspeakSpeaker(str(deaf))
    speaker.say("a long sentence " * 20_000, "en")
    assert speaker.health().reason == "no-voice"
    speaker.hush()


def test_the_installed_synthesiser_speaks_both_languages() -> None:
    """The real program takes our voices; whether a loudspeaker is plugged in, nobody can tell."""
    speaker = EspeakSpeaker()
    if speaker.health().reason == "no-voice":
        pytest.skip("espeak-ng is not installed")
    speaker.say("好", "zh")
    speaker.say("Good", "en")
    assert speaker.health().level is Level.READY
    speaker.hush()
