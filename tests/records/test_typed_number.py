"""A typed number proves nothing and tells nothing: whoever asks about a number that nobody has hears the same."""

import io
import itertools
import math
import os
import random
import statistics
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from civic.id_number import check_character
from records.context import Records
from records.population import nobody
from records.services.portrait import filled
from tests.support.clocks import StillClock
from tests.support.records_client import (
    DENG,
    LAN,
    LATE,
    NOBODYS_NUMBER,
    RARE,
    UNCLEAR,
    KioskClient,
    live,
    new_key,
    other_face,
    statement,
    typed,
)

BLOCK = 64 * 1024
NUMBERS = {
    "known": LAN.id_number,
    "unknown": NOBODYS_NUMBER,
    "deceased": LATE.id_number,
    "unclear": UNCLEAR.id_number,
    "without portrait": RARE.id_number,
}
LONGEST_WAIT = 121
PAIRS = int(os.environ.get("LAMPLIGHT_PAIRS", "10"))  # of known and unknown numbers


@dataclass(frozen=True)
class Heard:
    """All that can be seen of an answer but its moment: two of one kind are equal."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: tuple[tuple[str, Any], ...]
    length: int


def _heard(answer: Any) -> Heard:
    headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name != "content-length"))
    if answer.headers["content-type"] == "image/jpeg":
        with Image.open(io.BytesIO(answer.content)) as picture:
            return Heard(answer.status_code, headers, (("size", picture.size),), len(answer.content))
    once = {"subject": "s", "instance": "i"}
    body = {name: once.get(name, value) for name, value in answer.json().items()}
    return Heard(answer.status_code, headers, tuple(sorted(body.items())), len(answer.content))


def _attempt(kiosk: KioskClient, number: str, visit: str) -> list[Heard]:
    """What somebody hears who types a number, shows a face, is not the person, tries again, and asks for the row."""
    first = kiosk.post("/v1/identifications", typed(number, visit), new_key())
    subject = first.json()["subject"]
    steps = [
        first,
        kiosk.portrait(subject),
        kiosk.portrait(subject, live(subject, visit, checks=[])),
        kiosk.portrait(subject, live(subject, visit), "the-same-key"),
        kiosk.portrait(subject, live(subject, visit), "the-same-key"),
        kiosk.portrait(subject, live(subject, visit), "another-key"),
        kiosk.state(subject, other_face(subject, visit)),
        kiosk.state(subject, other_face(subject, visit, challenge="look-up:live")),
        kiosk.post(f"/v1/identifications/{subject}/record"),
        kiosk.reserve(subject),
        kiosk.post("/v1/identifications", typed(number, visit)),
    ]
    return [_heard(step) for step in steps]


def _written(records: Records) -> dict[str, int]:
    """How many rows each table has."""
    with records.database.reading() as transaction:
        tables = sa.inspect(transaction.connection).get_table_names()
        rows = (transaction.connection.scalar(sa.text(f'SELECT count(*) FROM "{each}"')) for each in tables)  # noqa: S608
        return dict(zip(tables, map(int, rows), strict=True))


def test_nobody_learns_whether_a_number_is_anyones(records: Records) -> None:
    """The same statuses, headers, fields and lengths; the same number of rows written, in the same tables."""
    heard, written = {}, {}
    for what, number in NUMBERS.items():
        kiosk = KioskClient(records)
        before = _written(records)
        heard[what] = _attempt(kiosk, number, "visit-0001")
        written[what] = {name: count - before[name] for name, count in _written(records).items()}
    assert [each.status for each in heard["known"]] == [201, 403, 403, 200, 200, 409, 403, 403, 403, 403, 201]
    for what in NUMBERS:
        assert heard[what] == heard["known"], what
        assert written[what] == written["known"], what


def test_any_number_at_all_is_answered_like_a_known_one(records: Records) -> None:
    """Of any region, date and order that the rules allow; the length of the answer is the same, too."""
    chance = random.Random(20261122)
    kiosk = KioskClient(records)
    expected = _heard(kiosk.post("/v1/identifications", typed(LAN.id_number)))
    for _ in range(25):
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(34_000))
        digits = f"{chance.randrange(110_000, 999_999)}{born:%Y%m%d}{chance.randrange(1000):03}"
        number = digits + check_character(digits)
        assert _heard(kiosk.post("/v1/identifications", typed(number))) == expected


def test_who_is_recognised_goes_on(kiosk: KioskClient) -> None:
    """Number, live face, portrait, statement, paper."""
    found = kiosk.identified(typed())
    subject = found["subject"]
    assert (found["state"], found["has_portrait"], found["rare"]) == ("clear", True, "")
    assert kiosk.portrait(subject, live(subject)).status_code == 200
    said = statement(subject, document="number", checks=["liveness", "face"])
    assert kiosk.state(subject, said).status_code == 200
    assert kiosk.reserve(subject).status_code == 201


@pytest.mark.parametrize("number", [NOBODYS_NUMBER, LATE.id_number, UNCLEAR.id_number, RARE.id_number])
def test_a_portrait_of_nobody_proves_nobody(kiosk: KioskClient, number: str) -> None:
    """Whatever a kiosk says of it."""
    subject = kiosk.identified(typed(number))["subject"]
    kiosk.portrait(subject, live(subject))
    said = statement(subject, document="number", checks=["liveness", "face"])
    assert kiosk.state(subject, said).json()["code"] == "identity-not-proven"
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["code"] == "identity-not-proven"


def test_a_number_shows_the_same_face_each_time(kiosk: KioskClient, clock: StillClock) -> None:
    """One that changed would be nobody's."""
    faces = []
    for visit in ("visit-0001", "visit-0002"):
        subject = kiosk.identified(typed(NOBODYS_NUMBER, visit))["subject"]
        faces.append(kiosk.portrait(subject, live(subject, visit)).content)
        clock.pass_by(LONGEST_WAIT)
    assert faces[0] == faces[1]


def test_a_card_is_given_the_photograph_as_it_is(kiosk: KioskClient) -> None:
    """Only what could be nobody's is filled up to a block; both show the same picture."""
    plain = kiosk.portrait(kiosk.identify(DENG)["subject"]).content
    subject = kiosk.identified(typed(DENG.id_number, "visit-0002"))["subject"]
    full = kiosk.portrait(subject, live(subject, "visit-0002")).content
    assert len(plain) < len(full) == BLOCK
    assert filled(plain) == full
    assert Image.open(io.BytesIO(plain)).tobytes() == Image.open(io.BytesIO(full)).tobytes()


@pytest.mark.parametrize("missing", [0, 1, 2, 3, 4, 5, BLOCK - 1, BLOCK // 2])
def test_a_picture_is_filled_to_whole_blocks(missing: int) -> None:
    """By comments, which every decoder passes over."""
    _, jpeg = next(iter(nobody.portraits()))
    whole = jpeg + bytes(-(len(jpeg) + missing) % BLOCK)
    full = filled(whole)
    assert len(full) % BLOCK == 0
    assert len(full) - len(whole) < BLOCK + 4
    assert Image.open(io.BytesIO(full)).tobytes() == Image.open(io.BytesIO(jpeg)).tobytes()


def test_portraits_of_nobody_look_like_identity_photographs() -> None:
    """Of the format, and within the sizes, of real ones; each is another."""
    pictures = dict(nobody.portraits())
    assert len(pictures) == nobody.COUNT == len(set(pictures.values()))
    for jpeg in pictures.values():
        with Image.open(io.BytesIO(jpeg)) as picture:
            assert (picture.format, picture.size, picture.mode) == ("JPEG", (358, 441), "RGB")
        assert 20_000 < len(jpeg) < BLOCK


@pytest.mark.parametrize("number", ["990101198603140018", "99010119860332001X", "A" * 18])
def test_a_number_against_its_own_rules_is_refused(kiosk: KioskClient, number: str) -> None:
    """The kiosk checks as it is typed; the rule is named, and the number is not quoted."""
    answer = kiosk.post("/v1/identifications", typed(number))
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")
    assert answer.json()["detail"].startswith("id_number: ")
    assert number not in answer.text


def test_how_long_each_answer_takes_is_printed(
    kiosk: KioskClient, clock: StillClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """Known and unknown numbers in an order of chance. The figures are for reading: LAMPLIGHT_PAIRS=200 makes many."""
    took: dict[tuple[str, int], list[float]] = {}
    for turn, what in enumerate(random.sample(["known", "unknown"] * PAIRS, 2 * PAIRS)):
        for step, seconds in enumerate(_timed(kiosk, NUMBERS[what], f"visit-{turn:06}")):
            took.setdefault((what, step), []).append(seconds)
        clock.pass_by(LONGEST_WAIT)
    with capsys.disabled():
        for step, name in enumerate(("identification", "portrait", "statement")):
            known, unknown = took["known", step], took["unknown", step]
            medians = " and ".join(f"{statistics.median(each) * 1000:.2f} ms" for each in (known, unknown))
            print(f"\n  {name}: medians of {PAIRS} known and {PAIRS} unknown {medians}", end="")
            print(f"; rank test z = {_rank_z(known, unknown):+.2f}", end="")
        print()
    assert {len(each) for each in took.values()} == {PAIRS}


def _rank_z(first: list[float], second: list[float]) -> float:
    """The Mann-Whitney statistic in standard deviations; within -2 and 2 the two can't be told apart."""
    ranked = sorted((*((each, True) for each in first), *((each, False) for each in second)))
    ranks = sum(rank for rank, (_, of_first) in enumerate(ranked, start=1) if of_first)
    n, m = len(first), len(second)
    mean, deviation = n * (n + m + 1) / 2, math.sqrt(n * m * (n + m + 1) / 12)
    return (ranks - mean) / deviation


def _timed(kiosk: KioskClient, number: str, visit: str) -> list[float]:
    """Seconds of identification, portrait and a refused statement."""
    marks = [time.perf_counter()]
    subject = kiosk.identified(typed(number, visit))["subject"]
    marks.append(time.perf_counter())
    assert kiosk.portrait(subject, live(subject, visit)).status_code == 200
    marks.append(time.perf_counter())
    assert kiosk.state(subject, other_face(subject, visit)).status_code == 403
    marks.append(time.perf_counter())
    return [after - before for before, after in itertools.pairwise(marks)]
