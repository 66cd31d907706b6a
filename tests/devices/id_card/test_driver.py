"""The reader's promises on a real terminal: what lies there, what is read, and what every fault becomes."""

import logging
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

import pytest

from civic.document import DocumentKind
from civic.id_number import IdNumber
from devices.errors import (
    DeviceCancelledError,
    DeviceError,
    DeviceFaultError,
    DeviceProtocolError,
    DeviceTimeoutError,
    DeviceUnavailableError,
)
from devices.health import Level
from devices.id_card.api import CardProblem, CardRead, CardUnreadable, IdCard, IdCardReader, Presence
from devices.id_card.driver import SamvCardReader
from devices.id_card.meaning import MEANING
from devices.id_card.wire import Command, Status, frame
from simulators.cards import RESIDENTS_FILE, cards
from simulators.state import SimulatedState
from tests.support.samv import ScriptedSamv

PEOPLE = tomllib.loads(RESIDENTS_FILE.read_text("utf-8"))
CANCEL_S = 0.2  # within this much a cancelled call ends: a hundred milliseconds, and the machine's own delays


class Desk(Protocol):
    """See conftest."""

    reader: SamvCardReader
    link: Path
    state: SimulatedState

    def lay(self, card: str) -> None:
        """Lay a card."""

    def lift(self) -> None:
        """Lift it."""

    def is_now(self, state: str) -> None:
        """Give the module a fault."""


OpenDesk = Callable[[float], Desk]


def read(reader: IdCardReader) -> CardRead | CardUnreadable:
    return reader.read(Event())


def card(outcome: CardRead | CardUnreadable) -> IdCard:
    assert isinstance(outcome, CardRead)
    return outcome.card


def base_answer(name: str) -> bytes:
    """What a module answers to 'read base' when this card lies there."""
    laid = cards()[name]
    sizes = len(laid.text).to_bytes(2, "big") + len(laid.photo).to_bytes(2, "big")
    return status(Status.OK, sizes + laid.text + laid.photo)


def status(value: int, data: bytes = b"") -> bytes:
    return frame(bytes([0, 0, value]) + data)


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def damaged(whole: bytes) -> bytes:
    return whole[:-1] + bytes([whole[-1] ^ 1])


# --- what lies there ---


def test_an_empty_reader_is_empty(desk: Desk) -> None:
    """However often it is asked."""
    assert [desk.reader.presence() for _ in range(3)] == [Presence.NONE] * 3


def test_a_laid_card_is_fresh_then_read_until_it_is_lifted_and_fresh_again(desk: Desk) -> None:
    """'find' alone could not tell a card that was read from no card."""
    desk.lay("deng")
    assert [desk.reader.presence() for _ in range(2)] == [Presence.FRESH] * 2
    assert card(read(desk.reader)).name.reveal() == "张明灯"
    assert [desk.reader.presence() for _ in range(3)] == [Presence.READ] * 3
    desk.lift()
    assert [desk.reader.presence() for _ in range(2)] == [Presence.NONE] * 2
    desk.lay("deng")
    assert desk.reader.presence() is Presence.FRESH


def test_a_card_that_lay_there_before_the_kiosk_started_is_fresh(desk: Desk) -> None:
    """Nobody has read it; that nobody laid it for this question is for the kiosk to see."""
    desk.lay("lan")
    assert SamvCardReader(str(desk.link)).presence() is Presence.FRESH


def test_a_card_read_before_a_restart_is_still_a_read_card(desk: Desk) -> None:
    """The last resident's card does not become invisible when the kiosk's process dies."""
    desk.lay("deng")
    card(read(desk.reader))
    desk.reader.close()
    restarted = SamvCardReader(str(desk.link))
    assert [restarted.presence() for _ in range(2)] == [Presence.READ] * 2
    desk.lift()
    assert restarted.presence() is Presence.NONE
    restarted.close()


def test_another_card_laid_upon_the_first_is_fresh(desk: Desk) -> None:
    """A quick change without a moment of nothing."""
    desk.lay("deng")
    card(read(desk.reader))
    desk.state.set("id_card", card="lan")
    assert desk.reader.presence() is Presence.FRESH
    assert card(read(desk.reader)).name.reveal() == "李若兰"


def test_one_missed_answer_lifts_no_card() -> None:
    """A card lying at the edge of the field stays the last resident's card."""
    answers = {
        Command.READ_BASE: [base_answer("deng")],
        Command.READ_MANAGEMENT_NUMBER: [status(Status.READ_FAILED), status(Status.NOT_ON_CARD)],
        Command.FIND: [status(Status.CARD_FOUND, bytes(4))] * 2 + [status(Status.FIND_FAILED)],
    }
    with ScriptedSamv(answers) as module:
        reader = SamvCardReader(module.port)
        assert reader.presence() is Presence.FRESH
        card(read(reader))
        assert reader.presence() is Presence.READ


@pytest.mark.usefixtures("short_patience")
def test_a_module_silent_about_a_lifted_card_means_a_lifted_card() -> None:
    """Nobody promises that a module answers for a card that is not there."""
    answers = {
        Command.READ_BASE: [base_answer("deng")],
        Command.READ_MANAGEMENT_NUMBER: [b""],
        Command.FIND: [status(Status.CARD_FOUND, bytes(4)), status(Status.FIND_FAILED)],
    }
    with ScriptedSamv(answers) as module:
        reader = SamvCardReader(module.port)
        card(read(reader))
        assert [reader.presence() for _ in range(2)] == [Presence.NONE] * 2


# --- reading ---


def test_a_read_gives_all_fields_and_the_photo_as_stored(desk: Desk) -> None:
    """A supplementary-plane name, too."""
    desk.lay("rare")
    outcome = card(read(desk.reader))
    assert outcome.name.reveal() == "䶮\U0002b5b3晓"
    assert outcome.photo_wlt.reveal() == cards()["rare"].photo
    assert isinstance(outcome.id_number, IdNumber)
    assert outcome.id_number.birth_date == outcome.birth_date


def test_a_card_read_once_identifies_nobody_until_it_is_lifted(desk: Desk) -> None:
    """The next person finds it lying there: it is not theirs."""
    desk.lay("deng")
    card(read(desk.reader))
    assert read(desk.reader) == CardUnreadable(CardProblem.MOVED, "find-failed")


def test_reading_nothing_says_so(desk: Desk) -> None:
    """No card: lay it again."""
    assert read(desk.reader) == CardUnreadable(CardProblem.MOVED, "find-failed")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("deng", DocumentKind.RESIDENT_CARD),
        ("permit", DocumentKind.HMT_PERMIT),
        ("foreigner-2017", DocumentKind.FOREIGNER_CARD_2017),
        ("foreigner-2023", DocumentKind.FOREIGNER_CARD),
        ("foreigner-long-name", DocumentKind.FOREIGNER_CARD),
    ],
)
def test_a_card_of_each_kind_is_read_as_what_it_is(desk: Desk, name: str, kind: DocumentKind) -> None:
    """From the same question, and it counts as read."""
    desk.lay(name)
    assert card(read(desk.reader)).kind is kind
    assert desk.reader.presence() is Presence.READ


def test_a_card_of_a_kind_yet_to_come_is_told_apart(desk: Desk) -> None:
    """It is read, and nobody's data come out of it."""
    desk.lay("unknown-kind")
    assert read(desk.reader) == CardUnreadable(CardProblem.UNKNOWN_CARD)
    assert desk.reader.presence() is Presence.READ


# --- addresses that were added ---


@pytest.mark.parametrize(("name", "number"), [("deng", 0), ("moved", 1), ("wanderer", 4)])
def test_addresses_that_were_added_to_the_chip_are_read_after_its_text(desk: Desk, name: str, number: int) -> None:
    """None, one, and as many as a chip holds; the newest is the last, and the card's own stays what it was."""
    desk.lay(name)
    outcome = card(read(desk.reader))
    assert len(outcome.newer_addresses) == number
    entry = PEOPLE[name]
    assert [address.reveal() for address in outcome.newer_addresses] == entry.get("newer_addresses", [])
    assert outcome.address.reveal() == entry.get("card_address", entry["address"])


ONE_ADDRESS = "示例市新街1号".ljust(35).encode("utf-16-le")


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize(
    "answer",
    [
        b"",
        status(Status.NOT_ON_CARD),
        status(Status.READ_FAILED),
        status(Status.BAD_COMMAND),
        status(Status.NO_PRIVILEGE),
        status(0x77),
        status(Status.OK),
        status(Status.OK, ONE_ADDRESS[:-2]),
        status(Status.OK, ONE_ADDRESS * 5),
        status(Status.OK, ONE_ADDRESS + b"\x00\xd8" * 35),
        status(Status.OK, ONE_ADDRESS)[:-1],
    ],
    ids=["silence", "none", "lifted", "unknown", "no-right", "odd", "empty", "short", "many", "half", "cut"],
)
def test_whatever_becomes_of_the_added_addresses_the_card_is_read(answer: bytes) -> None:
    """They are a service to the resident; a module that does not know them serves no worse. No half list is shown."""
    with ScriptedSamv({Command.READ_BASE: [base_answer("deng")], Command.READ_NEW_ADDRESS: [answer]}) as module:
        outcome = card(read(SamvCardReader(module.port)))
        assert (outcome.name.reveal(), outcome.newer_addresses) == ("张明灯", ())


@pytest.mark.parametrize(("name", "asked"), [("permit", 1), ("foreigner-2017", 0), ("foreigner-2023", 0)])
def test_only_cards_with_an_address_are_asked_for_newer_ones(name: str, asked: int) -> None:
    """A foreigner's card holds none."""
    with ScriptedSamv({Command.READ_BASE: [base_answer(name)]}) as module:
        card(read(SamvCardReader(module.port)))
        assert module.asked.count(Command.READ_NEW_ADDRESS) == asked


def test_a_cable_pulled_after_the_text_loses_no_card() -> None:
    """The module goes away while the added addresses are asked for."""
    module = ScriptedSamv({Command.READ_BASE: [base_answer("deng")], Command.READ_NEW_ADDRESS: [b""]})
    outcomes: list[CardRead | CardUnreadable] = []
    with module:
        reader = SamvCardReader(module.port)
        reading = Thread(target=lambda: outcomes.append(read(reader)))
        reading.start()
        end = time.monotonic() + 5
        while Command.READ_NEW_ADDRESS not in module.asked and time.monotonic() < end:
            time.sleep(0.005)
    reading.join()
    assert [card(outcome).name.reveal() for outcome in outcomes] == ["张明灯"]


# --- what the module says ---


def test_a_damaged_card_is_told(desk: Desk) -> None:
    """No guess is made of half a text."""
    desk.lay("damaged")
    assert read(desk.reader) == CardUnreadable(CardProblem.DAMAGED)


@pytest.mark.parametrize("then", ["none", "lan"])
def test_a_card_lifted_or_changed_while_it_is_read_gives_nobody(open_desk: OpenDesk, then: str) -> None:
    """Never half of one person and half of another."""
    desk = open_desk(0.3)
    desk.lay("deng")
    outcomes: list[CardRead | CardUnreadable] = []
    reading = Thread(target=lambda: outcomes.append(read(desk.reader)))
    reading.start()
    time.sleep(0.1)
    desk.state.set("id_card", card=then)
    reading.join()
    assert outcomes == [CardUnreadable(CardProblem.MOVED, "read-failed")]
    assert desk.reader.presence() is (Presence.NONE if then == "none" else Presence.FRESH)


def test_a_card_just_being_laid_is_found_at_a_later_try() -> None:
    """Public readers find it at the second or third 'find'."""
    answers = {
        Command.FIND: [status(Status.FIND_FAILED), status(Status.FIND_FAILED), status(Status.CARD_FOUND, bytes(4))],
        Command.READ_BASE: [base_answer("deng")],
    }
    with ScriptedSamv(answers) as module:
        assert card(read(SamvCardReader(module.port))).name.reveal() == "张明灯"


MOVED, REFUSED, OTHER_KIND = CardProblem.MOVED, CardProblem.REFUSED, CardProblem.UNKNOWN_CARD
OUTCOMES: dict[Status, CardProblem | type[DeviceError]] = {  # written down once more, apart from the driver's table
    Status.OK: CardProblem.DAMAGED,  # without any data
    Status.CARD_FOUND: DeviceProtocolError,  # only 'find' says so
    Status.NOT_ON_CARD: OTHER_KIND,
    Status.CHECKSUM_ERROR: DeviceProtocolError,
    Status.LENGTH_ERROR: DeviceProtocolError,
    Status.BAD_COMMAND: DeviceProtocolError,
    Status.NO_PRIVILEGE: DeviceFaultError,
    Status.UNKNOWN_ERROR: MOVED,
    Status.CARD_REJECTS_SAM: REFUSED,
    Status.SAM_REJECTS_CARD: REFUSED,
    Status.INFORMATION_UNVERIFIED: REFUSED,
    Status.FINGERPRINT_UNVERIFIED: REFUSED,
    Status.INFORMATION_LENGTH: CardProblem.DAMAGED,
    Status.UNKNOWN_CARD_TYPE: OTHER_KIND,
    Status.READ_FAILED: MOVED,
    Status.RANDOM_FAILED: REFUSED,
    Status.SELF_TEST_FAILED: DeviceFaultError,
    Status.NOT_AUTHORISED: DeviceFaultError,
    Status.FIND_FAILED: MOVED,
    Status.SELECT_FAILED: MOVED,
}


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize("value", list(Status))
def test_every_status_has_its_meaning(value: Status) -> None:
    """What the resident can act on is a problem of the card; the rest is the device's."""
    expected = OUTCOMES[value]
    with ScriptedSamv({Command.READ_BASE: [status(value)]}) as module:
        reader = SamvCardReader(module.port)
        if isinstance(expected, CardProblem):
            told = "" if value is Status.OK else value.word
            assert read(reader) == CardUnreadable(expected, told)
        else:
            with pytest.raises(expected) as failed:
                read(reader)
            assert failed.value.detail in (value.word, "another command's answer")


# --- faults of the line and of the module ---


@pytest.mark.parametrize("fault", ["noise", "fragments"])
def test_a_poor_line_is_read_all_the_same(desk: Desk, fault: str) -> None:
    """Junk before and between the frames; seven bytes at a time."""
    desk.lay("deng")
    desk.is_now(fault)
    assert desk.reader.health().works
    assert desk.reader.presence() is Presence.FRESH
    assert card(read(desk.reader)).name.reveal() == "张明灯"
    assert desk.reader.presence() is Presence.READ


@pytest.mark.parametrize("value", [value for value, means in MEANING.items() if isinstance(means, CardProblem)])
def test_every_status_of_a_card_reaches_the_technician_by_name(desk: Desk, value: Status) -> None:
    """From the simulated module, too, whatever it refuses: 'find', 'select' or the text itself."""
    desk.lay("deng")
    desk.state.set("id_card", state="status", status=f"{value:02x}")
    outcome = read(desk.reader)
    assert isinstance(outcome, CardUnreadable)
    assert (outcome.problem, outcome.status) == (OUTCOMES[value], value.word)
    assert dict(desk.reader.health().facts)["last-status"] == value.word
    desk.is_now("ok")
    assert card(read(desk.reader)).name.reveal() == "张明灯"


@pytest.mark.parametrize("value", [Status.SELF_TEST_FAILED, Status.NOT_AUTHORISED, Status.NO_PRIVILEGE])
def test_a_fault_found_while_a_card_is_read_stays_named(desk: Desk, value: Status) -> None:
    """The next self-test may pass; the technician still reads what the module said."""
    desk.lay("deng")
    desk.state.set("id_card", state="status", status=f"{value:02x}")
    with pytest.raises(DeviceFaultError, match=value.word):
        read(desk.reader)
    health = desk.reader.health()
    assert (health.reason, dict(health.facts)["last-status"]) == ("ok", value.word)


@pytest.mark.parametrize(
    ("fault", "problem", "told"), [("read-fails", MOVED, "read-failed"), ("refused", REFUSED, "card-rejects-sam")]
)
def test_a_card_that_does_not_let_itself_be_read_stays_fresh(
    desk: Desk, fault: str, problem: CardProblem, told: str
) -> None:
    """It may be tried again without lifting, once the cause is gone."""
    desk.lay("deng")
    desk.is_now(fault)
    assert read(desk.reader) == CardUnreadable(problem, told)
    assert desk.reader.presence() is Presence.FRESH
    desk.is_now("ok")
    assert card(read(desk.reader)).name.reveal() == "张明灯"


FAULTS: list[tuple[str, type[DeviceError], str]] = [
    ("unplugged", DeviceUnavailableError, "unplugged"),
    ("hung", DeviceTimeoutError, "silent"),
    ("bad-checksum", DeviceProtocolError, "nonsense"),
    ("module-fault", DeviceFaultError, "module-fault"),
]


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize(("fault", "error", "reason"), FAULTS)
def test_a_fault_is_told_within_bounds_and_passes_by_itself(
    desk: Desk, fault: str, error: type[DeviceError], reason: str
) -> None:
    """Health names it and never raises; calls raise; once it is gone nobody has to do anything."""
    assert desk.reader.health().reason == "ok"
    desk.is_now(fault)
    health = desk.reader.health()
    assert (health.device, health.level, health.reason) == ("id_card", Level.DOWN, reason)
    for call in (desk.reader.presence, lambda: read(desk.reader)):
        begun = time.monotonic()
        with pytest.raises(error):
            call()
        assert time.monotonic() - begun < 1.5
    desk.is_now("ok")
    desk.lay("deng")
    assert desk.reader.health().reason == "ok"
    assert card(read(desk.reader)).name.reveal() == "张明灯"


def test_a_cable_pulled_while_a_card_is_read_ends_the_call(open_desk: OpenDesk) -> None:
    """At once, and the reader is found again when it is back: the module forgot the card, so it is fresh."""
    desk = open_desk(0.3)
    desk.lay("deng")
    failures: list[DeviceError] = []

    def reads() -> None:
        try:
            read(desk.reader)
        except DeviceError as error:
            failures.append(error)

    reading = Thread(target=reads)
    reading.start()
    time.sleep(0.1)
    desk.state.set("id_card", state="unplugged")
    reading.join(1.0)
    assert [type(failure) for failure in failures] == [DeviceUnavailableError]
    desk.is_now("ok")
    assert desk.reader.presence() is Presence.FRESH


@pytest.mark.usefixtures("short_patience")
def test_one_damaged_answer_is_asked_for_again() -> None:
    """Silently: a resident need not lay the card twice for a spark on the line."""
    whole = base_answer("deng")
    with ScriptedSamv({Command.READ_BASE: [damaged(whole), whole]}) as module:
        assert card(read(SamvCardReader(module.port))).name.reveal() == "张明灯"
        assert module.asked.count(Command.READ_BASE) == 2


@pytest.mark.usefixtures("short_patience")
def test_a_request_that_was_damaged_on_its_way_is_sent_again() -> None:
    """The module says that it did not understand."""
    answers = [status(Status.CHECKSUM_ERROR), status(Status.FIND_FAILED)]
    with ScriptedSamv({Command.FIND: answers}) as module:
        assert SamvCardReader(module.port).presence() is Presence.NONE


@pytest.mark.usefixtures("short_patience")
def test_a_line_that_never_falls_silent_is_no_answer() -> None:
    """Kilobytes of junk end in an error, not in a wait."""
    with ScriptedSamv({Command.STATUS: [b"\x55" * 3000]}) as module:
        assert SamvCardReader(module.port).health().reason == "nonsense"
    with ScriptedSamv({Command.STATUS: [b"\xaa\xaa\xaa\x96\x69\xff\xff" + b"\x55" * 3000]}) as module:
        assert SamvCardReader(module.port).health().reason == "nonsense"


def test_a_port_that_is_not_there_not_a_port_or_in_use_is_unavailable(tmp_path: Path) -> None:
    """One sentence for the technician: look at the cable and the port's name."""
    (tmp_path / "file").write_bytes(b"")
    with ScriptedSamv({}) as module:
        first = SamvCardReader(module.port)
        assert first.health().works
        for port in (str(tmp_path / "missing"), str(tmp_path / "file"), module.port):
            assert SamvCardReader(port).health().reason == "unplugged"
        first.close()
        assert SamvCardReader(module.port).health().works


@pytest.mark.usefixtures("short_patience")
def test_no_port_stays_open_after_a_failure(desk: Desk) -> None:
    """Otherwise a reader that is plugged in again would come up under another name."""
    desk.reader.health()
    before = _open_files()
    desk.is_now("hung")
    assert desk.reader.health().reason == "silent"
    assert _open_files() < before


# --- leaving ---


@pytest.mark.parametrize("hung", [False, True])
def test_a_cancelled_read_ends_at_once(open_desk: OpenDesk, hung: bool) -> None:
    """While the chip works, and while nothing answers."""
    desk = open_desk(2.0)
    desk.lay("deng")
    if hung:
        desk.is_now("hung")
    cancel, ended = Event(), []

    def reads() -> None:
        with pytest.raises(DeviceCancelledError):
            desk.reader.read(cancel)
        ended.append(time.monotonic())

    reading = Thread(target=reads)
    reading.start()
    time.sleep(0.2)
    cancelled = time.monotonic()
    cancel.set()
    reading.join()
    assert ended[0] - cancelled < CANCEL_S


def test_a_call_that_is_cancelled_beforehand_asks_nothing() -> None:
    """Nobody waits for the answer."""
    cancel = Event()
    cancel.set()
    with ScriptedSamv({}) as module:
        reader = SamvCardReader(module.port)
        with pytest.raises(DeviceCancelledError):
            reader.read(cancel)
        assert reader.health().works
        assert Command.FIND not in module.asked


def test_the_answer_to_a_cancelled_read_reaches_nobody(open_desk: OpenDesk) -> None:
    """The first resident's data are still on the line when the second resident's questions begin."""
    desk = open_desk(0.3)
    desk.lay("deng")
    assert desk.reader.presence() is Presence.FRESH
    cancel = Event()

    def reads() -> None:
        with pytest.raises(DeviceCancelledError):
            desk.reader.read(cancel)

    reading = Thread(target=reads)
    reading.start()
    time.sleep(0.1)
    cancel.set()
    reading.join()
    assert desk.reader.presence() is Presence.READ  # deng's card was read, and lies there
    desk.lay("lan")
    assert desk.reader.presence() is Presence.FRESH
    assert card(read(desk.reader)).name.reveal() == "李若兰"


@pytest.mark.usefixtures("short_patience")
def test_an_answer_meant_for_an_earlier_question_is_not_taken() -> None:
    """A whole person's data is no answer to 'find': the question is put again."""
    with ScriptedSamv({Command.FIND: [base_answer("deng"), status(Status.FIND_FAILED)]}) as module:
        assert SamvCardReader(module.port).presence() is Presence.NONE
        assert module.asked.count(Command.FIND) == 2


# --- for the technician ---


def test_health_tells_port_and_module_and_nothing_personal(desk: Desk) -> None:
    """The module's number is asked for once, and kept."""
    desk.lay("deng")
    card(read(desk.reader))
    facts = dict(desk.reader.health().facts)
    assert facts == {"port": str(desk.link), "baud": "115200", "SAM": "05.01-20170529-0001234567-0987654321"}
    desk.is_now("unplugged")
    assert dict(desk.reader.health().facts) == facts


def test_the_modules_number_is_asked_for_once() -> None:
    """Then it is known."""
    with ScriptedSamv({Command.SAM_ID: [status(Status.OK, bytes(16))]}) as module:
        reader = SamvCardReader(module.port)
        assert [reader.health().works for _ in range(3)] == [True] * 3
        assert module.asked.count(Command.SAM_ID) == 1


def test_health_does_not_wait_for_a_read(open_desk: OpenDesk) -> None:
    """The home screen asks while somebody's card is being read."""
    desk = open_desk(0.4)
    desk.lay("deng")
    reading = Thread(target=lambda: read(desk.reader))
    reading.start()
    time.sleep(0.1)
    begun = time.monotonic()
    assert desk.reader.health().works
    assert time.monotonic() - begun < 0.3
    reading.join()


def test_questions_from_several_threads_do_not_mix(desk: Desk) -> None:
    """One lock: each gets the answer to its own question."""
    desk.lay("deng")
    seen: list[object] = []
    asking = [Thread(target=lambda: seen.extend(desk.reader.presence() for _ in range(10))) for _ in range(3)]
    for thread in asking:
        thread.start()
    outcome = card(read(desk.reader))
    for thread in asking:
        thread.join()
    assert outcome.name.reveal() == "张明灯"
    assert set(seen) <= {Presence.FRESH, Presence.READ}
    assert len(seen) == 30


def test_neither_a_log_nor_an_error_holds_a_byte_of_the_card(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Not even at the most talkative level."""
    caplog.set_level(logging.DEBUG)
    desk.lay("deng")
    printed = repr(read(desk.reader))
    desk.lay("damaged")
    printed += repr(read(desk.reader))
    with ScriptedSamv({Command.READ_BASE: [damaged(base_answer("deng"))]}) as module:
        with pytest.raises(DeviceProtocolError) as refused:
            read(SamvCardReader(module.port))
        printed += repr(refused.value) + repr(refused.value.__cause__)
    for secret in ("明灯", "19860314", "灯火路", "张明灯".encode("utf-16-le").hex()):
        assert secret not in printed + caplog.text
