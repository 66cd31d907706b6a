"""The kiosk command: every condition we know ends in two sentences and in status 1, never in a traceback."""

import io
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

import kiosk.main as module
from backend_client.contract.devices import EnrolmentPending
from civic.errors import CodedError
from civic.masking import Personal
from kiosk.config import Configuration
from kiosk.main import cli
from terminal import command
from terminal.being_let_in import Waiting
from terminal.pin import PIN_FILE, PinFile
from tests.support.pki import make_root
from tests.support.scripted_https import Reply, scripted_service

CODE = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """A demo kiosk that is not enrolled, and whose root is missing."""
    values = {
        "profile": "demo",
        "records": {"url": "https://127.0.0.1:9", "root": "root.pem", "identity": "identity"},
        "store": {"folder": "store"},
        "devices": {
            "id_card": {"port": "reader.tty"},
            "camera": {"source": "/dev/none-such-camera"},
            "face": {"pack": "no-pack"},
            "page_printer": {"uri": "ipp://127.0.0.1:9/ipp/print"},
        },
    }
    path = tmp_path / "kiosk.toml"
    path.write_text(tomli_w.dumps(values), "utf-8")
    return path


def said(capsys: pytest.CaptureFixture[str], path: Path, *arguments: str) -> tuple[int, str]:
    """Status, and what was said on standard error."""
    status = cli(["--config", str(path), *arguments])
    return status, capsys.readouterr().err


def test_a_missing_file_is_two_sentences(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What is wrong, and what to do."""
    status, words = said(capsys, tmp_path / "none.toml")
    assert status == 1
    assert "No such file" in words
    assert "Correct the file" in words
    assert "Traceback" not in words


def test_enrolment_without_a_root_asks_nobody(capsys: pytest.CaptureFixture[str], configuration: Path) -> None:
    """The root is brought with the code; without it whoever answered would be believed."""
    status, words = said(capsys, configuration, "enrol", "CODE-1234")
    assert status == 1
    assert "records.root" in words
    assert not (configuration.parent / "identity").exists()


def test_a_wait_that_is_ended_says_how_it_goes_on(
    capsys: pytest.CaptureFixture[str], configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fingerprint, a dot for each question, and after Ctrl-C what to do; nothing is an error."""
    asked: list[int] = []

    def waits(*arguments: Any) -> None:
        pending: Callable[[EnrolmentPending], None] = arguments[-1]
        for _ in range(2):
            pending(EnrolmentPending(fingerprint="AAAA-BBBB", ask_again_s=1))
        raise KeyboardInterrupt

    (configuration.parent / "root.pem").write_text(make_root("Root").pem, "ascii")
    monkeypatch.setattr(command, "enrol", waits)
    monkeypatch.setattr(module, "Waiting", lambda: Waiting(pause=lambda seconds: asked.append(int(seconds))))
    assert cli(["--config", str(configuration), "enrol", "ABCDE-FGHJK"]) == 130
    said = capsys.readouterr().out
    assert said.count("AAAA-BBBB") == 2  # alone on its line, and in the command that lets it in
    assert "records approve AAAA-BBBB" in said
    assert ".." in said
    assert "give the same command again" in said
    assert asked == [1, 1]


def test_nobody_puts_the_kiosk_to_sleep_for_long() -> None:
    """Records say when to ask again, within a minute."""
    slept: list[float] = []
    waiting = Waiting(slept.append, io.StringIO())
    for seconds in (-3, 0, 7, 86_400):
        waiting(EnrolmentPending(fingerprint="AAAA", ask_again_s=seconds))
    assert slept == [1, 1, 7, 60]


def test_a_code_that_records_refuse_is_said_without_repeating_it(
    capsys: pytest.CaptureFixture[str], configuration: Path, tmp_path: Path
) -> None:
    """A code is a secret while it lives."""
    problem = {"type": "about:blank", "title": "t", "status": 403, "code": "enrolment-code-invalid"}
    with scripted_service(tmp_path / "service") as service:
        service.script.append(Reply(problem, 403, "application/problem+json"))
        (tmp_path / "root.pem").write_bytes(service.root_file.read_bytes())
        text = configuration.read_text("utf-8").replace("https://127.0.0.1:9", service.url)
        configuration.write_text(text, "utf-8")
        status, words = said(capsys, configuration, "enrol", "CODE-1234")
    assert status == 1
    assert "new code" in words
    assert "CODE-1234" not in words


@pytest.mark.parametrize("typed", ["XYZ", "A" * 80, "ABCDE-FGHJ编"])
def test_a_mistyped_code_is_two_sentences(
    capsys: pytest.CaptureFixture[str], configuration: Path, tmp_path: Path, typed: str
) -> None:
    """A newcomer's first mistake ends neither in a traceback nor in a key that nobody asked for."""
    with scripted_service(tmp_path / "service") as service:
        (tmp_path / "root.pem").write_bytes(service.root_file.read_bytes())
        status, words = said(capsys, configuration, "enrol", typed)
    assert status == 1
    assert words.startswith("kiosk: enrolment-code-invalid: ")
    assert "Type the code" in words
    assert typed not in words
    assert not (configuration.parent / "identity").exists()


def test_the_pin_is_read_from_standard_input_and_never_from_the_command_line(
    capsys: pytest.CaptureFixture[str], configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any process of the machine could read it there; what is weak is refused without being repeated."""
    path = configuration.parent / "store" / PIN_FILE
    monkeypatch.setattr(sys, "stdin", io.StringIO("111111\n"))
    status, words = said(capsys, configuration, "set-pin")
    assert status == 1
    assert "Choose another PIN" in words
    assert "111111" not in words
    assert not path.exists()
    monkeypatch.setattr(sys, "stdin", io.StringIO("27182818\n"))
    assert said(capsys, configuration, "set-pin") == (0, "")
    assert PinFile(path).matches(Personal("27182818"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SystemExit):
        cli(["--config", str(configuration), "set-pin", "27182818"])


class Terminal(io.StringIO):
    """Standard input at which a person sits."""

    def isatty(self) -> bool:
        return True


def typed_at_a_terminal(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[str]:
    """Whoever sits there types these; what they were asked."""
    asked: list[str] = []
    waiting = list(lines)

    def type_unseen(prompt: str) -> str:
        asked.append(prompt)
        return waiting.pop(0)

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", type_unseen)
    return asked


def test_a_pin_that_is_typed_unseen_is_typed_twice(
    capsys: pytest.CaptureFixture[str], configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip of the finger would lock the technician out; two that differ leave the PIN that was."""
    path = configuration.parent / "store" / PIN_FILE
    asked = typed_at_a_terminal(monkeypatch, "27182818", "27182819")
    status, words = said(capsys, configuration, "set-pin")
    assert status == 1
    assert len(asked) == len(set(asked)) == 2
    assert words.startswith("kiosk: pins-differ: ")
    assert "2718" not in words
    assert not path.exists()
    typed_at_a_terminal(monkeypatch, "27182818", "27182818")
    assert said(capsys, configuration, "set-pin") == (0, "")
    typed_at_a_terminal(monkeypatch, "31415926", "31415962")
    assert said(capsys, configuration, "set-pin")[0] == 1
    assert PinFile(path).matches(Personal("27182818"))


def test_what_has_no_advice_of_its_own_leads_to_the_page(
    capsys: pytest.CaptureFixture[str], configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator's page has them all."""

    def breaks(_: Configuration) -> int:
        raise CodedError("half way")

    monkeypatch.setattr(module, "run", breaks)
    status, words = said(capsys, configuration)
    assert status == 1
    assert "unexpected: half way" in words
    assert "docs/kiosk.md" in words


def test_the_operator_s_page_has_every_code_there_is_advice_for(checkout: Path) -> None:
    """And every code of what can be raised while the kiosk starts, enrols or takes a PIN."""
    import backend_client.errors as records
    import terminal.store.errors as store
    from devices.errors import DeviceMisconfiguredError
    from forms.errors import AssetsMissingError
    from terminal.configuration import ConfigurationError, TerminalRefusedError
    from terminal.identity import NotEnrolledError
    from terminal.pin import WeakPinError
    from terminal.set_pin import PinsDifferError
    from terminal.set_up import SetUpError
    from terminal.texts import MissingTextError

    page = set(CODE.findall((checkout / "docs" / "kiosk.md").read_text("utf-8")))
    own = (
        ConfigurationError,
        TerminalRefusedError,
        NotEnrolledError,
        WeakPinError,
        MissingTextError,
        AssetsMissingError,
    )
    enrolling = (
        SetUpError,
        PinsDifferError,
        records.EnrolmentCodeError,
        records.EnrolmentError,
        records.RecordsUnreachableError,
        records.RecordsProtocolError,
    )
    storing = (store.AlreadyRunningError, store.StoreDamagedError, store.StoreTooNewError, store.StoreUnwritableError)
    raised = {
        str(kind.code)
        for kind in (*own, AssetsMissingError, *enrolling, *storing, CodedError, DeviceMisconfiguredError)
    }
    assert (raised | set(module._WHAT_TO_DO)) - page == set()
