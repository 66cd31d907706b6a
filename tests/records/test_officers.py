"""Officers' accounts: passwords, one-time codes, roles, and the commands that make and end them."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from records.cli import main
from records.context import Records
from records.errors import DataFolderError, UnknownNameError
from records.rules import slowing
from records.rules.roles import RIGHTS, Right, Role, having, may
from records.services import officers, passwords, totp
from records.services.duty import officer_on_duty
from records.services.passwords import Cost
from records.store import audit
from records.store import officers as accounts
from records.store.audit import Deed
from tests.support.clocks import NOW, StillClock
from tests.support.console import Browser, hire

Capture = pytest.CaptureFixture[str]
RFC_SECRET = b"12345678901234567890"
# RFC 6238 appendix B, SHA-1: seconds, and the last six of the eight digits that stand there
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    """At the instant itself, and one step before and after; two steps away they are no longer good."""
    assert totp.code_at(RFC_SECRET, seconds // 30) == code
    for late, accepted in ((0, True), (30, True), (-30, True), (61, False), (-61, False)):
        step = totp.accepted_step(RFC_SECRET, code, datetime.fromtimestamp(seconds + late, UTC), -1)
        assert step == (seconds // 30 if accepted else None)


def test_a_code_is_not_accepted_twice() -> None:
    """Nor is an older one after it."""
    at = datetime.fromtimestamp(1111111111, UTC)
    step = totp.accepted_step(RFC_SECRET, "050 471", at, 0)
    assert step is not None
    assert totp.accepted_step(RFC_SECRET, "050471", at, step) is None
    assert totp.accepted_step(RFC_SECRET, "081804", at, step) is None


@pytest.mark.parametrize("typed", ["", "05047", "0504711", "０５０４７１", "abcdef"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert totp.accepted_step(RFC_SECRET, typed, datetime.fromtimestamp(1111111111, UTC), 0) is None


def test_a_secret_is_sealed_for_one_officer(records: Records) -> None:
    """The row on another account opens nothing, and the bytes do not show the secret."""
    sealed = totp.seal(records, "chen", RFC_SECRET)
    assert RFC_SECRET not in sealed
    assert totp.unseal(records, "chen", sealed) == RFC_SECRET
    with pytest.raises(DataFolderError, match="sealed under another key"):
        totp.unseal(records, "wang", sealed)


def test_an_authenticator_takes_the_secret() -> None:
    """Issuer, account, and the secret in Base32, as the otpauth form has it."""
    uri = totp.uri(RFC_SECRET, "chen")
    assert uri.startswith("otpauth://totp/Lamplight:chen?")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in uri


def test_a_password_is_kept_with_its_cost() -> None:
    """A later, dearer setting still reads what was kept under this one; the same password is never kept alike."""
    first, second = (passwords.kept("灯火阑珊处那人却在", Cost(n=16)) for _ in range(2))
    assert first.startswith("scrypt$16$8$1$")
    assert first != second
    assert passwords.matches("灯火阑珊处那人却在", first)
    assert not passwords.matches("灯火阑珊处那人却再", first)


def test_a_guess_costs_memory() -> None:
    """32 MiB by the standard setting (RFC 7914: 128 * N * r)."""
    assert 128 * passwords.STANDARD.n * passwords.STANDARD.r >= 32 * 2**20


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "short"),
        ("x" * 129, "long"),
        ("passwordpassword", "obvious"),
        ("Password123456", "obvious"),
        ("qwertyuiop[]", "obvious"),
        ("aaaaaaaaaaaaaaaa", "obvious"),
        ("chenliangchenliang", "obvious"),
        ("woaini5201314", "obvious"),
        ("pingandeng2026", "obvious"),
        ("公安公安公安公安公安公安", "obvious"),
        ("lanterns over the north wall", ""),
        ("灯火阑珊处那人却在门外等", ""),
    ],
)
def test_obvious_passwords_are_refused(password: str, why: str) -> None:
    """Whatever is short, or nothing but words, names and keys in a row."""
    assert passwords.refusal(password, "chenliang", "陈亮") == why


def test_a_first_password_is_random_and_would_be_accepted() -> None:
    """Read off a screen and typed once."""
    made = {passwords.new_initial() for _ in range(50)}
    assert len(made) == 50
    assert {passwords.refusal(each) for each in made} == {""}


def test_every_role_has_its_row() -> None:
    """Who confirms can be on duty, and whoever keeps the service running sees nobody's case."""
    assert set(RIGHTS) == set(Role)
    assert having(Right.DUTY) == having(Right.CASES) == (Role.OFFICER, Role.AUXILIARY)
    assert not may(Role.ADMINISTRATOR, Right.CASES)


def test_failures_slow_and_never_lock() -> None:
    """The first are free, then the wait doubles, up to a bound; it is counted from the last one."""
    rule = slowing.Slowing(free=3, longest=60)
    waits = [slowing.wait_s(rule, failures, NOW, NOW) for failures in range(12)]
    assert waits == [0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60]
    assert slowing.wait_s(rule, 6, NOW, NOW + timedelta(seconds=7.5)) == 1
    assert slowing.wait_s(rule, 10**9, NOW, NOW + timedelta(seconds=60)) == 0
    assert slowing.wait_s(rule, 10**9, NOW + timedelta(days=1), NOW) == 60  # the clock was set back


def test_what_the_command_prints_signs_in_once_and_must_be_replaced(
    folder: Path, records: Records, clock: StillClock, capsys: Capture
) -> None:
    """The first sign-in leads to a new password and nowhere else."""
    assert main(["--data", str(folder), "officer", "add", "chen", "--role", "officer", "--display", "陈亮"]) == 0
    password, uri = (line.split(": ", 1)[1] for line in capsys.readouterr().out.splitlines())
    account = hire(records, "other")
    secret = totp.unseal(records, "chen", _row(records, "chen").totp_sealed)
    assert uri == totp.uri(secret, "chen")
    browser = Browser(records, clock)
    page = browser.sign_in(replace(account, name="chen", password=password, secret=secret))
    assert page.path == "/console/password"
    assert browser.get("/console/code").path == "/console/password"
    page = browser.get("/console/password")
    new = "lamps along the quiet river"
    assert browser.send("/console/password", old=password, new=new, again=new).path == "/console/"
    assert "陈亮" in browser.get("/console/").text
    assert not _row(records, "chen").password_is_initial


def test_accounts_are_listed_without_secrets(folder: Path, records: Records, capsys: Capture) -> None:
    account = hire(records)
    hire(records, "wang", Role.AUXILIARY, initial=True)
    assert main(["--data", str(folder), "officer", "list"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out == ["chen  chen officer  officer", "wang  wang auxiliary  auxiliary  never signed in"]
    assert account.password not in repr(_row(records, "chen"))
    assert "scrypt" not in repr(_row(records, "chen"))


def test_a_lost_phone_is_replaced_and_its_sessions_end(
    folder: Path, records: Records, clock: StillClock, capsys: Capture
) -> None:
    """The password stays; with --password that is replaced too."""
    account, browser = hire(records), Browser(records, clock)
    assert browser.sign_in(account).path == "/console/"
    assert main(["--data", str(folder), "officer", "reset-totp", "chen"]) == 0
    assert "password:" not in capsys.readouterr().out
    assert browser.get("/console/").path == "/console/sign-in"
    assert browser.sign_in(account).status == 403
    account.secret = totp.unseal(records, "chen", _row(records, "chen").totp_sealed)
    assert browser.sign_in(account).path == "/console/"
    assert main(["--data", str(folder), "officer", "reset-totp", "chen", "--password"]) == 0
    assert "password:" in capsys.readouterr().out
    assert _row(records, "chen").password_is_initial


@pytest.mark.parametrize(
    ("terminal", "asked", "shown"),
    [(True, [], True), (False, [], False), (True, ["--no-qr"], False), (False, ["--qr"], True)],
)
def test_an_authenticator_reads_the_secret_off_a_terminal(
    folder: Path,
    records: Records,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    *,
    terminal: bool,
    asked: list[str],
    shown: bool,
) -> None:
    """As a square code, dark on light; into a pipe only when it is asked for."""
    hire(records)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert main(["--data", str(folder), "officer", "reset-totp", "chen", *asked]) == 0
    uri, *lines = capsys.readouterr().out.splitlines()
    assert bool(lines) is shown
    assert all(line.startswith("\x1b[30;47m") and line.endswith("\x1b[0m") for line in lines)
    if shown:
        dots = [[[char in "▀█", char in "▄█"] for char in line[8:-4]] for line in lines]
        rows = np.array(dots).transpose(0, 2, 1).reshape(2 * len(lines), -1)
        picture = np.where(np.kron(rows, np.ones((4, 4))), 0, 255).astype(np.uint8)
        assert uri == f"one-time secret: {zxingcpp.read_barcodes(picture)[0].text}"


def test_a_disabled_account_is_out_at_once(folder: Path, records: Records, clock: StillClock) -> None:
    """And is refused like one that never was."""
    account, browser = hire(records), Browser(records, clock)
    browser.sign_in(account)
    assert main(["--data", str(folder), "officer", "disable", "chen"]) == 0
    assert browser.get("/console/").path == "/console/sign-in"
    refused = browser.sign_in(account)
    unknown = browser.sign_in(replace(account, name="nobody"))
    assert (refused.status, unknown.status) == (403, 403)
    assert refused.text == unknown.text


@pytest.mark.parametrize("name", ["", "C", "陈亮", "a b", "-x", "x" * 33])
def test_a_name_that_nobody_can_type_is_refused(records: Records, name: str) -> None:
    with pytest.raises(UnknownNameError):
        officers.add(records, name, Role.OFFICER)


def test_a_name_is_given_once(folder: Path, records: Records, capsys: Capture) -> None:
    """Not even after the account was disabled: the audit must go on meaning one person."""
    hire(records)
    officers.disable(records, "chen")
    assert main(["--data", str(folder), "officer", "add", "chen", "--role", "officer"]) == 1
    assert "there is an account of the name chen already, or there was" in capsys.readouterr().err
    assert main(["--data", str(folder), "officer", "disable", "chen"]) == 1


def test_the_audit_is_printed(folder: Path, records: Records, capsys: Capture) -> None:
    """Who, what and when, one deed to a line, after the chain was checked."""
    officers.add(records, "chen", Role.OFFICER)
    assert main(["--data", str(folder), "audit", "--show", "1"]) == 0
    line, verdict = capsys.readouterr().out.splitlines()
    assert line.endswith("2026-11-22T23:05:00+08:00  officer-added  officer=chen  role=officer")
    assert verdict.startswith("The audit holds: ")


def test_a_session_is_worth_nothing_once_its_account_is_disabled(records: Records, clock: StillClock) -> None:
    """Even one that began in the instant of the disabling, and was not ended by it."""
    browser = Browser(records, clock).on_duty(hire(records))
    with records.database.writing() as transaction:
        accounts.update(transaction, "chen", disabled_at=clock.now())
    assert browser.get("/console/").path == "/console/sign-in"
    assert not officer_on_duty(records)


def test_a_devices_words_move_no_terminals_cursor(folder: Path, records: Records, capsys: Capture) -> None:
    """What a kiosk may call its visit is printed as it is kept, but for what is no character to be seen."""
    with records.database.writing() as transaction:
        audit.append(transaction, Deed(NOW, "identified", "kiosk-0001", "visit\x1b[2J-0001"))
    assert main(["--data", str(folder), "audit", "--show", "1"]) == 0
    assert "visit\ufffd[2J-0001" in capsys.readouterr().out


def _row(records: Records, name: str) -> accounts.OfficerRow:
    with records.database.reading() as transaction:
        row = accounts.by_id(transaction, name)
    assert row is not None
    return row
