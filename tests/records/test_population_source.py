"""The population source's contract: the same assertions for the store here and for a register behind HTTPS; and what
becomes of a register that is slow, away, wrong, or tells of somebody else."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from civic.clock import SystemClock
from civic.document import DocumentKind
from civic.id_number import IdNumber
from records.context import Records
from records.errors import PopulationAwayError
from records.population import nobody, wire
from records.population.circuit import Circuit, OpenCircuitError
from records.population.http_source import HttpPopulation
from records.population.seeded import SeededPopulation
from records.population.source import PopulationSource
from records.sections import PopulationSettings
from records.settings import Settings
from tests.support.clocks import StillClock
from tests.support.population_end import PopulationEnd, population_end
from tests.support.records_client import CHILD, DAUGHTER, DENG, LAN

ABSENT = IdNumber("990101199001010035")
DENG_NUMBER = IdNumber(DENG.id_number)


@pytest.fixture
def end(records: Records, tmp_path: Path) -> Iterator[PopulationEnd]:
    with population_end(tmp_path / "register", SeededPopulation(records.database)) as started:
        yield started


@pytest.fixture
def far(end: PopulationEnd, records: Records) -> HttpPopulation:
    return HttpPopulation(records.folder, end.settings(), SystemClock(), SeededPopulation(records.database))


@pytest.fixture(params=["seeded", "http"])
def source(request: pytest.FixtureRequest, records: Records) -> PopulationSource:
    if request.param == "seeded":
        return SeededPopulation(records.database)
    found: HttpPopulation = request.getfixturevalue("far")
    return found


def test_a_number_finds_its_person_whole(source: PopulationSource, records: Records) -> None:
    """Every field, as the store has it."""
    found = source.find(DENG_NUMBER)
    assert found is not None
    assert found.name.reveal() == DENG.name
    assert found == SeededPopulation(records.database).find(DENG_NUMBER)


def test_a_number_that_nobody_has_finds_nobody(source: PopulationSource) -> None:
    assert source.find(ABSENT) is None


def test_a_handle_finds_the_same_person(source: PopulationSource) -> None:
    found = source.find(DENG_NUMBER)
    assert found is not None
    assert source.resident(found.person_id) == found
    assert source.resident("nobody-at-all") is None


def test_a_document_finds_its_person(source: PopulationSource) -> None:
    """In whatever writing, and only of its state."""
    found = source.find_document(DocumentKind.PASSPORT, "CHN", "EA0000014")
    assert found is not None
    assert found.id_number == DENG_NUMBER
    assert source.find_document(DocumentKind.PASSPORT, "CHN", "ea0000014<") == found
    assert source.find_document(DocumentKind.PASSPORT, "UTO", "EA0000014") is None


def test_children_and_household_come_the_eldest_first(source: PopulationSource) -> None:
    """And the person is not among their own household."""
    parent = source.find(DENG_NUMBER)
    assert parent is not None
    children = [each.id_number.reveal() for each in source.children(parent.person_id)]
    assert DAUGHTER.id_number in children or CHILD.id_number in children
    household = source.household(parent.person_id)
    assert [each.birth_date for each in household] == sorted(each.birth_date for each in household)
    assert parent.person_id not in {each.person_id for each in household}
    assert source.children("nobody-at-all") == source.household("nobody-at-all") == ()


def test_a_portrait_is_a_picture_or_not_there(source: PopulationSource) -> None:
    found = source.find(DENG_NUMBER)
    assert found is not None
    image = source.portrait(found.person_id)
    assert image is not None
    assert image.reveal().startswith(b"\xff\xd8\xff")
    assert source.has_portrait(found.person_id)
    assert source.portrait("nobody-at-all") is None
    assert not source.has_portrait("nobody-at-all")


def test_nobody_has_a_portrait_and_always_the_same(source: PopulationSource) -> None:
    """What stands in for a person whose number nobody has."""
    handle = source.nobody("a" * 64)
    assert handle == source.nobody("a" * 64)
    assert nobody.is_handle(handle)
    image = source.portrait(handle)
    assert image is not None
    assert image.reveal().startswith(b"\xff\xd8\xff")
    assert source.has_portrait(handle)
    assert source.resident(handle) is None


def test_nobody_is_told_by_a_mask(source: PopulationSource) -> None:
    """Nothing of a person is in what prints them."""
    found = source.find(DENG_NUMBER)
    assert DENG.name not in f"{found!r} {found}"
    assert DENG.id_number not in f"{found!r} {found}"


def test_no_number_stands_in_an_address(far: HttpPopulation, end: PopulationEnd) -> None:
    """And the register knows by its certificate who asks."""
    found = far.find(DENG_NUMBER)
    assert found is not None
    far.portrait(found.person_id)
    assert end.asked == [("/v1/find", "records"), ("/v1/portrait", "records")]


def test_the_portrait_of_nobody_costs_the_register_the_same_question(far: HttpPopulation, end: PopulationEnd) -> None:
    """Who listens or measures could else tell a number that nobody has."""
    far.portrait(far.nobody("a" * 64))
    assert end.asked == [("/v1/portrait", "records")]


def _of_another(content: bytes) -> bytes:
    return content.replace(DENG.id_number.encode(), LAN.id_number.encode())


def _of_another_question(content: bytes) -> bytes:
    return re.sub(rb'"request_id":"\w+"', b'"request_id":"0"', content)


WRONG: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "another person": (_of_another, "another person"),
    "another question": (_of_another_question, "another question"),
    "no JSON": (lambda _: b"<html>", "breaks the form"),
    "nothing": (lambda _: b"", "breaks the form"),
    "half": (lambda content: content[:100], "breaks the form"),
    "a field too many": (lambda content: content[:-1] + b',"more":1}', "breaks the form"),
    "a number that is none": (
        lambda content: content.replace(DENG.id_number.encode(), b"990101198603140018"),
        "breaks the form",
    ),
    "too much": (lambda content: content + b" " * 300_000, "too long"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_answer_is_nobodys(far: HttpPopulation, end: PopulationEnd, wrong: str) -> None:
    """It is not believed, and what it says is in no error."""
    end.alter, words = WRONG[wrong]
    with pytest.raises(PopulationAwayError, match=words) as refused:
        far.find(DENG_NUMBER)
    told = f"{refused.value} {refused.value!r} {refused.value.__cause__} {refused.value.words}"
    assert DENG.name not in told
    assert DENG.id_number[:14] not in told


@pytest.mark.parametrize("status", [302, 403, 404, 500])
def test_another_status_is_no_answer(far: HttpPopulation, end: PopulationEnd, status: int) -> None:
    end.status = status
    with pytest.raises(PopulationAwayError, match=f"status {status}"):
        far.find(DENG_NUMBER)


def test_somebody_told_twice_or_of_themselves_is_wrong(far: HttpPopulation, end: PopulationEnd) -> None:
    """A household that holds the person who asks would print them on their own paper."""
    found = far.find(DENG_NUMBER)
    assert found is not None
    other = far.household(found.person_id)[0].person_id
    end.alter = lambda content: content.replace(other.encode(), found.person_id.encode())
    with pytest.raises(PopulationAwayError, match="twice"):
        far.household(found.person_id)


@pytest.mark.parametrize("how", ["hangs", "dribbles"])
def test_a_slow_register_is_waited_for_no_longer_than_it_may_take(
    end: PopulationEnd, records: Records, how: str
) -> None:
    """Silent, or a byte now and then: each read would be in time, all of it is not."""
    setattr(end, how, True)
    settings = end.settings(answer_seconds=0.5)
    far = HttpPopulation(records.folder, settings, SystemClock(), SeededPopulation(records.database))
    begun = time.monotonic()
    with pytest.raises(PopulationAwayError):
        far.find(DENG_NUMBER)
    assert time.monotonic() - begun < 5


def test_a_hanging_register_holds_few_threads_and_then_none(end: PopulationEnd, records: Records) -> None:
    """Forty ask: a few wait, the others hear at once; after some failures nobody waits, until one may try again."""
    end.hangs = True
    settings = end.settings(answer_seconds=0.5, connections=2)
    clock = SystemClock()
    far = HttpPopulation(records.folder, settings, clock, SeededPopulation(records.database))
    said: list[str] = []

    def ask() -> None:
        with pytest.raises(PopulationAwayError) as refused:
            far.find(DENG_NUMBER)
        said.append(refused.value.detail)

    for _ in range(3):
        threads = [threading.Thread(target=ask) for _ in range(14)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(timeout=10)
    ask()
    assert len(said) == 43
    assert said[-1] == "open"
    assert len(end.asked) < 15


def test_the_wrong_root_and_no_certificate_are_refused(end: PopulationEnd, records: Records, tmp_path: Path) -> None:
    """Nobody stands in for the register, and nobody without a certificate asks it."""
    with population_end(tmp_path / "other", end.source) as other:
        stranger = end.settings(root=str(other.folder / "root.pem"))
        thief = end.settings(certificate=str(other.folder / "certificate.pem"), key=str(other.folder / "key.pem"))
        for settings in (stranger, thief):
            far = HttpPopulation(records.folder, settings, SystemClock(), SeededPopulation(records.database))
            with pytest.raises(PopulationAwayError):
                far.find(DENG_NUMBER)
    assert end.asked == []


def test_a_circuit_opens_tries_once_and_closes() -> None:
    """After a pause one may try: their failure begins another pause, their success lets everybody in."""
    clock = StillClock()
    circuit = Circuit(clock, at_once=5, failures=2, pause_s=10)

    def ask(*, fails: bool) -> str:
        try:
            with circuit.asking(0):
                (Path("/").rmdir if fails else Path)()
        except OpenCircuitError:
            return "open"
        except OSError:
            return "failed"
        return "answered"

    assert [ask(fails=True) for _ in range(3)] == ["failed", "failed", "open"]
    clock.pass_by(10)
    assert [ask(fails=True), ask(fails=False)] == ["failed", "open"]
    clock.pass_by(10)
    assert [ask(fails=False) for _ in range(3)] == ["answered"] * 3
    assert [ask(fails=True), ask(fails=False)] == ["failed", "answered"]


def test_while_one_tries_the_others_do_not() -> None:
    clock = StillClock()
    circuit = Circuit(clock, at_once=5, failures=1, pause_s=10)
    with pytest.raises(OSError, match="away"), circuit.asking(0):
        raise OSError("away")
    clock.pass_by(10)
    with circuit.asking(0), pytest.raises(OpenCircuitError), circuit.asking(0):
        pass


@pytest.mark.parametrize("missing", ["root", "certificate", "key"])
def test_settings_without_certificates_at_both_ends_are_refused(end: PopulationEnd, missing: str) -> None:
    given = end.settings().model_dump() | {missing: ""}
    with pytest.raises(ValueError, match="needs root, certificate and key"):
        PopulationSettings.model_validate(given)
    assert Settings().population.url == ""


def test_the_description_of_the_far_end_is_true(checkout: Path, far: HttpPopulation, end: PopulationEnd) -> None:
    """Its examples are a question and an answer of the contract; each question that it names is answered."""
    text = (checkout / "docs" / "population-source.md").read_text("utf-8")
    question, answer = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    asked = wire.NumberQuestion.model_validate_json(question)
    told = wire.OneAnswer.model_validate_json(answer)
    assert told.request_id == asked.request_id
    assert told.resident is not None
    assert told.resident.resident().id_number == IdNumber(asked.id_number)
    person = far.find(DENG_NUMBER)
    assert person is not None
    far.find_document(DocumentKind.PASSPORT, "CHN", "EA0000014")
    for question_of in (far.resident, far.children, far.household, far.has_portrait, far.portrait):
        question_of(person.person_id)
    assert {path.removeprefix("/v1/") for path, _ in end.asked} == set(
        re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)
    )
