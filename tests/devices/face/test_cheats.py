"""Ten ways to cheat, each tried at the real stream as far as a stream can imitate it, through the camera driver, the
engine, capture and comparison. ``pytest -s`` prints the table.

What stands here shows that the protocol holds against these streams. The streams are made by the same hands as the
protocol, so they yield no rates: those come from recordings of people and of attacks (docs/liveness.md).
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from devices import catalog
from devices.errors import DeviceUnavailableError
from devices.face.api import Instruction
from devices.face.capture import Capture
from devices.face.challenge import SEQUENCES, Challenge, Move, Outcome, Reason, Rules
from devices.face.driver import InsightFaceEngine
from tests.devices.face.booth import CAST, PACE, Booth
from tests.support.camera import PACK, Stage, stage

OWNER, PORTRAIT = "lan", "person_b_1"
ASKED = (Move.TURN_LEFT, Move.LOOK_DOWN)
RULES = Rules(move=4)  # half of what a resident has: a picture moves no better in eight seconds
TABLE: list[tuple[str, str, str, str]] = []


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("sim"), pace=PACE, ready=CAST) as running:
        yield running
    print("\n\n| cheat | what was tried | outcome | caught by |\n|---|---|---|---|")
    for row in TABLE:
        print("|", " | ".join(row), "|")


@dataclass(frozen=True, slots=True)
class Cheat:
    """A row: who stands there, whether they do as told, and what else they do."""

    name: str
    tried: str
    subject: str
    caught: tuple[Reason, ...]
    obeys: bool = False
    scene: str = "plain"
    cheat: str = "none"
    at: tuple[Instruction, int] | None = None  # then ...
    then: Callable[[Stage], object] = lambda _: None
    rules: Rules = RULES


CHEATS = [
    Cheat("still picture", "a photograph of the owner, held still", f"still:{OWNER}", (Reason.NO_MOVE,)),
    Cheat("moved picture", "the photograph, tilted as told", f"still:{OWNER}", (Reason.NO_MOVE,), obeys=True),
    Cheat(
        "picture with cut-out eyes",
        "the photograph, tilted as told, with living eyes that move and blink",
        f"eyes:{OWNER}",
        (Reason.NO_MOVE,),
        obeys=True,
    ),
    Cheat(
        "replay of a different challenge",
        "a film of the owner's visit of yesterday: right, up",
        f"live:{OWNER}",
        (Reason.WRONG_MOVE, Reason.NO_MOVE),
        cheat="replay",
    ),
    Cheat(
        "replay of the same person, copied",
        "thirty frames of the owner, recorded from the camera, again and again",
        f"live:{OWNER}",
        (Reason.COPIED_FRAMES,),
        cheat="looped",
    ),
    Cheat(
        "replay of the same person, filmed",
        "a film of the owner who breathes and does not follow, with fresh noise",
        f"live:{OWNER}",
        (Reason.NO_MOVE,),
    ),
    Cheat(
        "two faces",
        "the owner, and somebody as near beside them, all the time",
        f"live:{OWNER}",
        (Reason.TOO_LONG,),
        obeys=True,
        scene="helper-near",
        rules=Rules(attempt=6),
    ),
    Cheat(
        "face swapped after the challenge",
        "a stranger makes the moves, the owner looks back at the end",
        "live:impostor_2",
        (Reason.ANOTHER_FACE, Reason.FACE_JUMPED),
        obeys=True,
        at=(Instruction.LOOK_BACK, 2),
        then=lambda wire: wire.put(f"live:{OWNER}"),
    ),
    Cheat(
        "frozen frame",
        "the stream stops at the owner's straight look",
        f"live:{OWNER}",
        (Reason.COPIED_FRAMES,),
        obeys=True,
        at=(Instruction.TURN_LEFT, 1),
        then=lambda wire: wire.state.set("camera", cheat="frozen"),
    ),
]


def stand(wire: Stage, subject: str, scene: str = "plain", cheat: str = "none") -> None:
    wire.fault("ok")
    wire.put(subject, scene=scene, cheat=cheat)
    time.sleep(0.3)  # the state file is followed, the picture is made ready, the head is straight


def report(cheat: str, tried: str, outcome: str, caught: str) -> None:
    TABLE.append((cheat, tried, outcome, caught))


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda cheat: cheat.name)
def test_a_cheat_is_refused_for_its_own_reason(engine: InsightFaceEngine, wire: Stage, cheat: Cheat) -> None:
    """No live face comes out of it, so no portrait is ever asked for."""
    stand(wire, cheat.subject, cheat.scene, cheat.cheat)
    booth = Booth(engine, wire, obeys=cheat.obeys)
    if cheat.at:
        booth.on[cheat.at] = lambda: cheat.then(wire)
    seen = booth.attempt(challenge=Challenge(ASKED, cheat.rules))
    report(cheat.name, cheat.tried, seen.outcome, str(seen.reason))
    assert seen.outcome is not Outcome.LIVE
    assert seen.face is None
    assert seen.reason in cheat.caught
    if cheat.name == "two faces":
        assert Instruction.ONE_PERSON in booth.said
        assert seen.outcome is Outcome.TIMED_OUT, "nobody is called a cheat for having company"


def test_a_camera_that_is_replaced_midway_is_an_error(engine: InsightFaceEngine, wire: Stage) -> None:
    """The stream's end ends the attempt, however soon another one comes; the next attempt asks for other moves."""
    stand(wire, "live:impostor_2")

    def replaced() -> None:
        wire.fault("unplugged")
        time.sleep(0.3)
        stand(wire, f"live:{OWNER}")

    booth = Booth(engine, wire, on={(Instruction.LOOK_DOWN, 1): replaced})
    with pytest.raises(DeviceUnavailableError):
        booth.attempt(*ASKED)
    tried = "unplugged before the second move; another stream, with the owner in it, comes at the same address"
    report("camera unplugged and replaced", tried, "device-unavailable", "the camera driver: a stream ends once")


def test_an_injected_stream_is_refused_in_production() -> None:
    """By configuration, before any picture is seen; a device behind another socket by the camera's binding."""
    settings = catalog.DeviceSettings.model_validate(
        {
            "id_card": {"port": "/dev/ttyUSB0"},
            "camera": {"source": "http://127.0.0.1:8081/stream"},
            "face": {"pack": str(PACK)},
            "page_printer": {"uri": "ipp://printer.example/ipp"},
        }
    )
    reasons = catalog.refusals(settings)
    assert "camera-is-a-stream" in reasons
    report("injected stream in production", "an http address as the camera", "does not start", "camera-is-a-stream")


def test_what_is_not_defended_passes_and_is_said(engine: InsightFaceEngine, wire: Stage) -> None:
    """A film of the owner that happens to show the moves that are asked for, in time: nothing here can tell."""
    stand(wire, f"live:{OWNER}")
    booth = Booth(engine, wire)
    seen: Capture = booth.attempt(*ASKED)
    compared = booth.compare(seen, PORTRAIT)
    assert seen.outcome is Outcome.LIVE
    assert compared is not None
    assert compared.passed
    chance = 2 / len(SEQUENCES)
    tried = f"a film of the owner that follows the sequence: by luck {chance:.1%} of the time; or chosen by hand"
    report("NOT DEFENDED: a film that follows", tried, "passes", "nothing here")
    assert chance == pytest.approx(0.025)
