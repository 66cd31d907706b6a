"""Several services over one database, on both databases: what one has read can't change before it writes.

Threads of one process take turns anyway (test_database_writers); here they are spread over services, each with its own
line of writers, so that the database itself has to keep them apart.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.devices import DeviceKind, EnrolmentRequest
from backend_client.contract.papers import Reserve
from backend_client.contract.persons import CardEvidence
from forms.paper import PaperKind
from records import installation
from records.context import Records
from records.errors import RefusedError
from records.services import confirmation, enrolment, identification, issuing, policy
from records.store import audit, devices, papers
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, KioskClient, csr, new_key
from tests.support.records_server import BOTH, rules_with

pytestmark = pytest.mark.parametrize("kind", BOTH)
SERVICES = 4
MANY = 40


@pytest.fixture
def services(records: Records, folder: Path, clock: StillClock) -> Iterator[list[Records]]:
    """Return services over the same records; at the end the audit must hold: none of them lost another's place."""
    with ExitStack() as stack:
        opened = [installation.open_existing(folder, clock) for _ in range(SERVICES)]
        for each in opened:
            stack.callback(each.database.close)
        yield opened
        with records.database.reading() as transaction:
            assert audit.first_break(transaction) is None


def _at_once(services: list[Records], work: Callable[[Records, int], str], count: int) -> list[str]:
    """Let the services do it in turns, all at the same time; answers, or the codes of refusals."""

    def one(number: int) -> str:
        try:
            return work(services[number % len(services)], number)
        except RefusedError as error:
            return error.problem.value

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def _asked(subject: str, replaces: str = "") -> Reserve:
    return Reserve(subject=subject, kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose="move_hukou", replaces=replaces)


def test_one_key_reserves_one_serial(services: list[Records], kiosk: KioskClient, records: Records) -> None:
    subject, key = kiosk.prove(), new_key()

    replays: list[bool] = []

    def reserve(service: Records, _number: int) -> str:
        reservation, replayed = issuing.reserve(service, kiosk.device, _asked(subject), key)
        replays.append(replayed)
        return reservation.serial

    assert len(set(_at_once(services, reserve, MANY))) == 1
    assert sorted(replays) == [False] + [True] * (MANY - 1)
    with records.database.reading() as transaction:
        assert len(papers.every(transaction)) == 1


def test_serials_have_neither_gaps_nor_doubles(services: list[Records], kiosk: KioskClient) -> None:
    subject = kiosk.prove()

    def reserve(service: Records, _number: int) -> str:
        return issuing.reserve(service, kiosk.device, _asked(subject), new_key())[0].serial

    serials = _at_once(services, reserve, MANY)
    assert sorted(int(serial[10:16]) for serial in serials) == list(range(1, MANY + 1))


def test_a_void_paper_is_reissued_once(services: list[Records], kiosk: KioskClient) -> None:
    serial = str(kiosk.reserved()["serial"])
    kiosk.seal(serial)
    kiosk.void(serial)
    subject = kiosk.prove(visit="visit-0002")

    def reserve(service: Records, _number: int) -> str:
        issuing.reserve(service, kiosk.device, _asked(subject, serial), new_key())
        return "reserved"

    assert sorted(_at_once(services, reserve, 20)) == ["not-permitted"] * 19 + ["reserved"]


def test_one_code_lets_one_machine_ask(services: list[Records], records: Records) -> None:
    """Twenty machines with the same code: it is the first one's, and one device comes of it."""
    code = enrolment.new_code(records, DeviceKind.KIOSK, "east gate")

    def ask(service: Records, _number: int) -> str:
        request = csr(ec.generate_private_key(ec.SECP256R1()))
        answer = enrolment.enrol(service, EnrolmentRequest(code=code, kind=DeviceKind.KIOSK, csr_pem=request))
        return type(answer).__name__

    answers = _at_once(services, ask, 20)
    assert sorted(answers) == ["EnrolmentPending"] + ["enrolment-code-invalid"] * 19
    (waiting,) = enrolment.waiting(records)
    before = _devices(records)
    enrolment.approve(records, waiting.fingerprint)
    assert _devices(records) == before + 1


@pytest.mark.usefixtures("desk")
def test_one_visit_has_one_code_for_the_officer(services: list[Records], kiosk: KioskClient) -> None:
    """Six digits that two services could draw at once."""
    subject = str(kiosk.identify()["subject"])

    def ask(service: Records, _number: int) -> str:
        return confirmation.ask(service, kiosk.device, subject).code

    assert len(set(_at_once(services, ask, 20))) == 1


def test_identifications_are_counted_to_the_last_one(services: list[Records], kiosk: KioskClient) -> None:
    """A limit that two see as not yet reached would be passed by both."""
    identity = services[0].settings.identity.model_copy(update={"identifications_per_hour": 10})
    settings = services[0].settings.model_copy(update={"identity": identity})
    services = [replace(each, settings=settings) for each in services]

    def identify(service: Records, number: int) -> str:
        evidence = CardEvidence.model_validate(DENG.evidence(f"visit-{number:04}"))
        identification.identify(service, kiosk.device, evidence, new_key())
        return "identified"

    answers = _at_once(services, identify, 20)
    assert sorted(answers) == ["identified"] * 10 + ["too-many-requests"] * 10


def test_changed_rules_make_one_new_version(services: list[Records], records: Records, folder: Path) -> None:
    before = policy.current(records).version
    (folder / "rules.toml").write_text(rules_with(share=0.3), "utf-8")
    versions = _at_once(services, lambda service, _number: str(policy.issue(service).version), 20)
    assert set(versions) == {str(before + 1)}


def _devices(records: Records) -> int:
    with records.database.reading() as transaction:
        return len(devices.every(transaction))
