"""The reader over a real pcscd, with chips behind vpcd: whatever goes wrong is one outcome, and the next one reads."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import pytest

from civic.document import DocumentKind
from devices.errors import DeviceCancelledError, DeviceUnavailableError
from devices.health import Level
from devices.travel_document import driver
from devices.travel_document.api import DocumentProblem, DocumentRead, DocumentUnreadable, Stage, TravelDocumentReader
from devices.travel_document.driver import PcscDocumentReader
from simulators.chip.documents import documents
from simulators.pcsc import READER
from tests.support.pcsc import KEYS, SILENCE, Reader, fitted_reader, quiet, until

NOTICED_S = 0.2  # a cancel
SLACK_S = 1.0  # of a machine that does other things as well
OTHER_PROGRAM = """
import sys
from smartcard import scard
context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)[1]
status = scard.SCardConnect(context, sys.argv[1], scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_ANY)[0]
print(status, flush=True)
sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with fitted_reader(tmp_path_factory.mktemp("reader")) as reader:
        yield reader


@pytest.fixture
def reader(fitted: Reader) -> Iterator[Reader]:
    yield fitted
    fitted.state.set("travel_document", "ok", document="none")


def problem(outcome: DocumentRead | DocumentUnreadable) -> DocumentProblem:
    assert isinstance(outcome, DocumentUnreadable)
    return outcome.problem


def reads_well(reader: Reader, name: str) -> bool:
    """Whether this document, laid down now, is read and believed."""
    return isinstance(reader.read(reader.lay(name)), DocumentRead)


# --- reading ---


@pytest.mark.parametrize(
    ("name", "kind", "access"),
    [
        ("deng", DocumentKind.PASSPORT, "PACE"),
        ("deng-permit", DocumentKind.TRAVEL_PERMIT, "BAC"),  # and no extended length
        ("alex", DocumentKind.PASSPORT, "PACE"),  # RSA-PSS, brainpool, JPEG 2000
    ],
)
def test_a_document_is_read_whole_and_believed(reader: Reader, name: str, kind: DocumentKind, access: str) -> None:
    """Everything that the issuer put in comes out, over each way in."""
    stages: list[tuple[Stage, float]] = []
    outcome = reader.driver.read(reader.lay(name), Event(), lambda stage, share: stages.append((stage, share)))
    assert isinstance(outcome, DocumentRead)
    read, made = outcome.document, documents()[name]
    assert (read.kind, read.access, read.issuing_state, read.sex) == (kind, access, made.state, made.sex)
    assert read.number.reveal() == made.number
    assert read.name.reveal() == made.names.replace("<<", " ")
    assert (read.chinese_name.reveal() if read.chinese_name else "") == made.chinese_name
    assert (read.birth_date, read.expiry_date) == (made.birth, made.expires)
    assert read.personal_number.reveal() == made.personal_number
    assert len(read.portrait.reveal()) > made.image_bytes * 0.8
    assert (stages[0], stages[-1]) == ((Stage.OPENING, 0.0), (Stage.CHECKING, 1.0))


def test_the_same_document_is_read_twice_without_being_lifted(reader: Reader) -> None:
    """Each read ends by taking the chip's power, so the next begins anew."""
    key = reader.lay("deng")
    assert isinstance(reader.read(key), DocumentRead)
    assert isinstance(reader.read(key), DocumentRead)


def test_a_document_is_seen_to_lie_there_and_to_be_lifted(reader: Reader) -> None:
    """By whoever knows the interface alone."""
    driver: TravelDocumentReader = reader.driver
    reader.lay("deng")
    assert driver.present()
    reader.lift()
    assert not driver.present()


def test_what_is_wrong_with_a_document_is_named_and_the_next_is_read(reader: Reader) -> None:
    """Every other fault of a chip's content: tests/simulators/test_chip.py, without the wait for the reader."""
    faults = {
        "wrong-key": DocumentProblem.WRONG_KEY,
        "missing-dg2": DocumentProblem.INCOMPLETE,
        "tampered-dg2": DocumentProblem.ALTERED,
        "garbage": DocumentProblem.NOT_TRAVEL_DOCUMENT,
    }
    for fault, expected in faults.items():
        assert problem(reader.read(reader.lay("deng", fault))) is expected
        assert dict(reader.driver.health().facts)["last-problem"].startswith(expected)
    assert reads_well(reader, "deng")


def test_a_document_lifted_while_it_is_read_was_moved(reader: Reader) -> None:
    """Also when nothing lies there at all."""
    assert problem(reader.read(reader.lay("deng", "removed-mid-read"))) is DocumentProblem.MOVED
    reader.lift()
    assert problem(reader.read(KEYS["deng"])) is DocumentProblem.MOVED
    assert reads_well(reader, "deng")


def test_a_hung_chip_is_silent_until_it_is_lifted(reader: Reader) -> None:
    """It keeps the reader: the second try does not wait for it again. Lifted, it gives the reader free."""
    key = reader.lay("deng", "hung")
    begun = time.monotonic()
    assert problem(reader.read(key)) is DocumentProblem.SILENT
    assert SILENCE <= time.monotonic() - begun < SILENCE + SLACK_S
    assert reader.driver.present()
    health = reader.driver.health()
    assert (health.level, health.reason) == (Level.DOWN, "silent")
    assert reader.read(key) == DocumentUnreadable(DocumentProblem.SILENT, "not lifted")
    reader.lift()
    until(lambda: reader.driver.health().reason == "ok")
    assert reads_well(reader, "deng")


def test_a_chip_that_does_not_get_done_is_given_up(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers each command in time, and could keep a visit busy for hours."""
    monkeypatch.setattr(driver, "_LONGEST", 0.3)
    key = reader.lay("deng", "slow")
    begun = time.monotonic()
    assert problem(reader.read(key)) is DocumentProblem.SILENT
    assert time.monotonic() - begun < 0.3 + SLACK_S
    monkeypatch.undo()
    assert reads_well(reader, "deng")


def test_who_leaves_waits_for_no_chip(reader: Reader) -> None:
    """While it hangs, within a fifth of a second."""
    key, cancel = reader.lay("deng", "hung"), Event()
    left: list[float] = []

    def leave() -> None:
        left.append(time.monotonic())
        cancel.set()

    Timer(SILENCE / 3, leave).start()
    with pytest.raises(DeviceCancelledError):
        reader.driver.read(key, cancel, quiet)
    assert time.monotonic() - left[0] < NOTICED_S + SLACK_S
    assert reads_well(reader, "deng")


# --- the reader and its daemon ---


def test_a_restarted_daemon_is_found_again(reader: Reader) -> None:
    """Killed while a chip is read: no service, and then all is as before without a hand on the kiosk."""
    key = reader.lay("deng", "slow")
    Timer(0.3, lambda: reader.pcscd.stop(signal.SIGKILL)).start()
    with pytest.raises(DeviceUnavailableError, match="no-service"):
        reader.read(key)
    assert (reader.driver.health().level, reader.driver.health().reason) == (Level.DOWN, "no-service")
    with pytest.raises(DeviceUnavailableError, match="no-service"):
        reader.driver.present()
    reader.pcscd.start()
    assert reader.driver.health().reason == "ok"
    assert reads_well(reader, "deng")


def test_a_daemon_that_hangs_is_no_service(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for it longer than stated."""
    monkeypatch.setattr("devices.chip.pcsc._ANSWERED", 0.2)
    process = reader.pcscd.process
    os.kill(process, signal.SIGSTOP)
    try:
        assert reader.driver.health().reason == "no-service"
        with pytest.raises(DeviceUnavailableError, match="no-service"):
            reader.driver.present()
    finally:
        os.kill(process, signal.SIGCONT)
    until(lambda: reader.driver.health().reason == "ok")


def test_a_reader_that_is_plugged_in_again_is_found(reader: Reader) -> None:
    """The daemon runs, and has no reader."""
    reader.pcscd.stop()
    reader.pcscd.start(with_reader=False)
    health = reader.driver.health()
    assert (health.level, health.reason, dict(health.facts)["reader"]) == (Level.DOWN, "unplugged", READER)
    with pytest.raises(DeviceUnavailableError, match="unplugged"):
        reader.driver.present()
    with pytest.raises(DeviceUnavailableError, match="unplugged"):
        reader.read(KEYS["deng"])
    reader.pcscd.stop()
    reader.pcscd.start()
    assert reader.driver.health().reason == "ok"


def test_another_program_on_the_reader_is_told(reader: Reader) -> None:
    """Its session is not disturbed, and ours waits for nothing; afterwards the reader is ours again."""
    key = reader.lay("deng")
    command = [sys.executable, "-c", OTHER_PROGRAM, READER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "0\n"
        assert (reader.driver.health().level, reader.driver.health().reason) == (Level.DOWN, "in-use")
        with pytest.raises(DeviceUnavailableError, match="in-use"):
            reader.read(key)
        other.communicate("\n")
    until(lambda: reader.driver.health().reason == "ok")
    assert isinstance(reader.read(key), DocumentRead)


def test_two_who_read_at_once_take_turns(reader: Reader) -> None:
    """A second read waits for the first, and can be left while it waits."""
    key, cancel, seen = reader.lay("deng"), Event(), list[str]()

    def meanwhile(stage: Stage, _: float) -> None:
        if stage is Stage.READING and not seen:
            seen.append(reader.driver.health().reason)
            cancel.set()
            with pytest.raises(DeviceCancelledError):
                reader.driver.read(key, cancel, quiet)

    assert isinstance(reader.driver.read(key, Event(), meanwhile), DocumentRead)
    assert seen == ["ok"]


# --- health ---


def test_a_well_reader_says_who_it_is_and_how_many_authorities_it_knows(reader: Reader) -> None:
    """For the technician; a file that is no certificate is named."""
    (reader.store / "notes.pem").write_text("to do: ask for the master list")
    facts = dict(reader.driver.health().facts)
    (reader.store / "notes.pem").unlink()
    assert (facts["reader"], facts["authorities"], facts["unreadable-authorities"]) == (READER, "2", "notes.pem")
    assert "unreadable-authorities" not in dict(reader.driver.health().facts)


def test_without_authorities_no_document_is_believed_and_the_technician_reads_why(
    reader: Reader, tmp_path: Path
) -> None:
    """The reader works; what it reads is worth nothing. Filled, the store is used at once."""
    driver = PcscDocumentReader(READER, tmp_path / "store", SILENCE)
    health = driver.health()
    assert (health.level, health.reason, health.works) == (Level.DEGRADED, "no-authorities", True)
    key = reader.lay("deng")
    assert problem(driver.read(key, Event(), quiet)) is DocumentProblem.SIGNER_UNKNOWN
    (tmp_path / "store").mkdir()
    for path in reader.store.iterdir():
        (tmp_path / "store" / path.name).write_bytes(path.read_bytes())
    assert isinstance(driver.read(key, Event(), quiet), DocumentRead)
    assert driver.health().reason == "ok"
    driver.close()


def test_nothing_of_a_document_is_logged_or_printed(
    reader: Reader, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not even by the libraries below, at their loudest."""
    caplog.set_level(logging.DEBUG)
    outcome = reader.read(reader.lay("deng"))
    said = "".join(capfd.readouterr()) + caplog.text + repr(outcome) + repr(reader.driver.health())
    made = documents()["deng"]
    for secret in (made.number, "ZHANG", made.chinese_name, made.personal_number):
        assert secret not in said
    assert isinstance(outcome, DocumentRead)
