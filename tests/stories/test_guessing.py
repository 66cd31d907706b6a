"""Somebody tries numbers: slowed and reported, the owner never kept out, and nothing told by answer or time.

The kiosk's own desks at a real records process with its real settings; its clock is set forward instead of waiting.
``pytest -s`` prints the figures; LAMPLIGHT_PAIRS=200 makes many of them.
"""

import os
import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from backend_client.device_files import DeviceIdentity
from backend_client.session import RecordsSession
from civic.assets import third_party
from devices.face.api import LiveFace, PortraitProblem
from devices.face.capture import Capture
from devices.face.challenge import Outcome
from devices.face.driver import InsightFaceEngine
from kiosk.flows import identity as who
from kiosk.services import proof as module
from kiosk.services.memory import VisitMemory
from records.rules.periods import bureau_time
from records.sections import PopulationSettings
from records.settings import Settings
from tests.support.guessing import Guesser, Heard, Patience, Wire, in_ms, made_up_number, rank_z
from tests.support.identification import Counter, counter, laid
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.moved_clock import MovedClock, clock_beside
from tests.support.officer import on_staff
from tests.support.records_client import DENG, LAN
from tests.support.records_server import RecordsServer, running_records

MODULE = "tests.support.moved_clock"
GUESSES, VISITS_OF_THE_OWNER = 100, 4
PAIRS = int(os.environ.get("LAMPLIGHT_PAIRS", "6"))
LONGEST_WAIT = Settings().guessing.kiosk_cap
MORNING = 8
REFUSED = who.FaceDecided(who.FaceResult.NOT_CONFIRMED)
TO_THE_CLOCK = 0.25  # by how much two readings of a clock differ where others work on the machine


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    """Settings as they come, but for fewer residents."""
    settings = Settings(population=PopulationSettings(synthetic_residents=40, let_flats=0))
    with running_records(tmp_path_factory.mktemp("guessing"), settings, MODULE) as server:
        yield server


@pytest.fixture(scope="module")
def kiosk(records: RecordsServer) -> Iterator[tuple[DeviceIdentity, RecordsSession]]:
    """Enrolled before the clock moves: certificates are held against the machine's."""
    device = records.enrol()
    session = RecordsSession(records.url, records.root_pem, device.certificate, device.key)
    yield device, session
    session.close()


@pytest.fixture
def clock(records: RecordsServer, kiosk: tuple[DeviceIdentity, RecordsSession]) -> MovedClock:
    """A morning: the tries of a day are counted together, and one test begins no day that the other has used."""
    assert kiosk is not None
    moved = clock_beside(records.folder)
    now = bureau_time(moved.now())
    morning = now.replace(hour=MORNING, minute=0, second=0) + timedelta(days=1)
    moved.pass_by((morning - now).total_seconds())
    return moved


@pytest.fixture
def store(tmp_path: Path, clock: MovedClock) -> Iterator[KioskStore]:
    with store_on(tmp_path / "kiosk.db", clock) as opened:
        yield opened


@pytest.fixture
def desk(
    kiosk: tuple[DeviceIdentity, RecordsSession],
    clock: MovedClock,
    store: KioskStore,
    monkeypatch: pytest.MonkeyPatch,
) -> Counter:
    """A kiosk's desks."""
    device, session = kiosk
    return counter(session, device.key, clock, store.audit, patch=monkeypatch.setattr)


# --- a hundred guesses ---


def owners_visit(desk: Counter, clock: MovedClock, memory: VisitMemory, number: str = "") -> tuple[int, int]:
    """Come as oneself: the seconds one had to wait, and the tries that one is told of."""
    waited = 0
    while isinstance(answer := desk.come(memory, number), who.Slowed):
        waited += answer.seconds
        clock.pass_by(answer.seconds)
    desk.engine.likeness = 0.71
    decided = desk.face(memory)
    desk.engine.likeness = 0.12
    assert decided.result is who.FaceResult.PASSED
    return waited, decided.tries.count if decided.tries else 0


@pytest.mark.timeout(240)
def test_a_hundred_wrong_guesses_are_slowed_and_reported_and_the_owner_comes_in_between(
    records: RecordsServer,
    desk: Counter,
    clock: MovedClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By card at once, in the guesser's own second; by number after two minutes at the most; told how many tries."""
    monkeypatch.setattr(module, "ANSWER_AFTER_S", 0.001)  # here the waits are counted, not the answers
    desk.engine.likeness = 0.12
    guesser, by_card, by_number = Guesser(desk, clock), [], []
    for _ in range(VISITS_OF_THE_OWNER):
        for _ in range(GUESSES // VISITS_OF_THE_OWNER):
            guesser.guess(DENG.id_number)
        by_card.append(owners_visit(desk, clock, laid(DENG)))
        by_number.append(owners_visit(desk, clock, VisitMemory(), DENG.id_number))
    alerts = seen_by_an_officer(records, clock)
    with capsys.disabled():
        print_guesses(guesser)
        print(f"  the owner at the same kiosk, after 25, 50, 75 and 100 (waited s, told of tries): by card {by_card},")
        print(f"  then by number {by_number}")
        print(f"  officers see: {alerts}")
    assert by_card == [(0, GUESSES // VISITS_OF_THE_OWNER)] * VISITS_OF_THE_OWNER
    assert by_number == [(LONGEST_WAIT, 0)] * VISITS_OF_THE_OWNER, "told once, by the card before"
    assert guesser.per_hour() == [35, 30, 30, 5]
    assert [guess.waits for guess in guesser.guesses[:7]] == [[], [], [], [15], [30], [60], [120]]
    counts = [int(count) for count in re.findall(r"共 (\d+) 次", alerts)]
    assert len(counts) == 2, "one of the kiosk, one of the number"
    assert min(counts) >= GUESSES
    assert DENG.id_number not in alerts


def print_guesses(guesser: Guesser) -> None:
    """The table."""
    print("\n  guess  wait said (s)  got through after")
    for number, guess in enumerate(guesser.guesses, start=1):
        if number <= 8 or number % 20 == 0:
            print(f"  {number:5}  {'+'.join(map(str, guess.waits)) or '0':>13}  {timedelta(seconds=round(guess.at))}")
    print(f"  got through in each hour: {guesser.per_hour()}")


def seen_by_an_officer(records: RecordsServer, clock: MovedClock) -> str:
    """The alerts' page, in words."""
    officer = on_staff(records.cli, records.url, records.root_pem, "wang", clock)
    page = officer.look("/console/alerts")
    officer.close()
    return page.text.rpartition(page.title)[2].strip()


# --- nothing told ---


class Stranger:
    """A living face that is nobody's of whom it types the number, and the models that compare it."""

    def __init__(self, desk: Counter, engine: InsightFaceEngine) -> None:
        seen = engine.portrait_vector((third_party("portraits") / "impostor_2.jpg").read_bytes())
        assert not isinstance(seen, PortraitProblem)
        self._desk = desk
        desk.outcome = Capture(Outcome.LIVE, LiveFace(seen, seen), "turn-left,look-up:live", 40, None)

    def try_number(self, number: str, patience: Patience) -> tuple[tuple[object, who.FaceDecided], float, float]:
        """What was heard, and the seconds from the live face until the desk had decided, and until it said so."""
        memory = VisitMemory()
        identified = self._desk.come(memory, number)
        self._desk.proof.note_consent(memory, given=True)
        began = time.perf_counter()
        decided = self._desk.proof.verify_face(memory, patience, lambda _: None, lambda _: None)
        ended = time.perf_counter()
        memory.forget()
        work = patience.began_at - began
        total = ended - began if patience.real else work + patience.asked
        return (identified, decided), work, total


@pytest.fixture
def stranger(desk: Counter, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    engine = InsightFaceEngine(third_party("face_pack"))
    engine.load()
    monkeypatch.setattr(desk.proof.witness, "_engine", engine)
    desk.proof = replace(desk.proof, face=cast("Any", engine))
    return Stranger(desk, engine)


@pytest.mark.timeout(900)
def test_a_number_of_nobody_and_another_face_are_told_apart_by_nothing(
    desk: Counter, stranger: Stranger, clock: MovedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """The kiosk's answers and records' own, word for word and byte for byte; and when they come."""
    wire = Wire(desk.claim.session)
    heard: dict[str, set[tuple[object, tuple[Heard, ...]]]] = {"another face": set(), "nobody's": set()}
    work: dict[str, list[float]] = {what: [] for what in heard}
    total: dict[str, list[float]] = {what: [] for what in heard}
    for serial, what in enumerate(random.sample(list(heard) * PAIRS, 2 * PAIRS)):
        number = random.choice((DENG, LAN)).id_number if what == "another face" else made_up_number(serial)
        wire.take()
        answer, worked, took = stranger.try_number(number, Patience(time.perf_counter, real=False))
        heard[what].add((answer, wire.take()))
        work[what].append(worked)
        total[what].append(took)
        clock.pass_by(LONGEST_WAIT)
    waited = {what: in_full(stranger, clock, what) for what in heard}
    with capsys.disabled():
        print_times(work, total, waited, heard)
    assert len(heard["another face"]) == 1
    assert heard["nobody's"] == heard["another face"]
    for what in heard:
        for seconds in (*total[what], waited[what]):
            assert seconds >= module.ANSWER_AFTER_S - TO_THE_CLOCK
            assert beside_a_step(seconds) < TO_THE_CLOCK, "filled up to whole steps"


def in_full(stranger: Stranger, clock: MovedClock, what: str) -> float:
    """One answer, waited for as a resident waits."""
    number = LAN.id_number if what == "another face" else made_up_number(999)
    (_, decided), _, took = stranger.try_number(number, Patience(time.perf_counter, real=True))
    assert decided == REFUSED
    clock.pass_by(LONGEST_WAIT)
    return took


def beside_a_step(seconds: float) -> float:
    """How far a time is from a whole number of the desk's steps."""
    over = seconds % module.ANSWER_AFTER_S
    return min(over, module.ANSWER_AFTER_S - over)


def print_times(
    work: dict[str, list[float]],
    total: dict[str, list[float]],
    waited: dict[str, float],
    heard: dict[str, set[tuple[object, tuple[Heard, ...]]]],
) -> None:
    """The figures."""
    print(f"\n  {PAIRS} numbers of somebody with another face, {PAIRS} of nobody, in an order of chance")
    for title, times in (("decided inside", work), ("on the screen", total)):
        print(f"  {title}, from the live face:", end="")
        print("".join(f"  {what} {in_ms(each)}" for what, each in times.items()), end="")
        print(f"; rank test z = {rank_z(*times.values()):+.2f}")
    print("  waited for in full: " + ", ".join(f"{what} {seconds:.3f} s" for what, seconds in waited.items()))
    for answer in next(iter(heard["another face"]))[1]:
        print(f"  records, both alike: {answer.path} {answer.status}, {answer.size} bytes, headers {answer.headers}")
