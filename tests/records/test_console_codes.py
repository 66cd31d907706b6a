"""A visit code at the console: read aloud, typed in, and not to be guessed."""

import pytest

from records.context import Records
from tests.support.cases import MINUTE, asked, audited
from tests.support.clocks import StillClock
from tests.support.console import Browser
from tests.support.records_client import DENG, UNCLEAR, KioskClient, typed


def test_guessing_codes_is_slowed_and_audited(
    kiosk: KioskClient, desk: Browser, records: Records, clock: StillClock
) -> None:
    """Five are free; then each costs twice the wait of the one before, up to two minutes, for the right code too."""
    _, code = asked(kiosk, DENG.evidence())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    desk.get("/console/code")
    answers = [desk.send("/console/code", code=wrong).status for _ in range(8)]
    assert answers == [404] * 6 + [429] * 2
    assert desk.send("/console/code", code=code).status == 429
    clock.pass_by(2)
    assert desk.send("/console/code", code=code).status == 200
    assert len(audited(records, "visit-code-refused")) == 6


def test_a_right_code_buys_no_more_guesses(kiosk: KioskClient, desk: Browser, clock: StillClock) -> None:
    """An officer with a code of their own in hand can't guess at others' any faster."""
    _, code = asked(kiosk, DENG.evidence())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    desk.get("/console/code")
    for _ in range(6):
        desk.send("/console/code", code=wrong)
    clock.pass_by(2)
    assert desk.send("/console/code", code=code).status == 200
    desk.get("/console/code")
    assert desk.send("/console/code", code=wrong).status == 429
    clock.pass_by(2)
    assert [desk.send("/console/code", code=wrong).status for _ in range(2)] == [404, 429]


def test_on_the_phone_nothing_is_said_of_a_typed_number(kiosk: KioskClient, desk: Browser) -> None:
    """The officer is told so, where the page says that nobody has it."""
    _, code = asked(kiosk, typed("99010119700101001X"))
    assert "在电话里不要说" in desk.open_case(code).text
    _, code = asked(kiosk, UNCLEAR.evidence())
    assert "在电话里不要说" not in desk.open_case(code).text


def test_an_hour_of_guessing_is_a_few_dozen_codes(desk: Browser, clock: StillClock) -> None:
    """Of a million: under one in ten thousand per open code."""
    tried = 0
    desk.get("/console/code")
    for _ in range(60):
        page = desk.send("/console/code", code="000000")
        tried += page.status == 404
        clock.pass_by(MINUTE)
    assert tried < 50


@pytest.mark.parametrize("typed", ["{0} {1}", " {0}{1} ", "full-width"])
def test_a_code_may_be_typed_as_it_is_read_aloud(kiosk: KioskClient, desk: Browser, typed: str) -> None:
    """Three and three; and as an input method may write it."""
    _, code = asked(kiosk, DENG.evidence())
    wide = "".join(chr(ord(digit) - ord("0") + 0xFF10) for digit in code)
    assert (
        desk.open_case(wide if typed == "full-width" else typed.format(code[:3], code[3:])).title
        == "here的居民请您核验身份"
    )
