"""Asking records: over TLS that the trusted root vouches for, and never mistaken for an answer when there is none."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forms import reasons
from forms.online import ask_records
from forms.paper import HouseholdCertificate
from forms.trust import ROOT_FILE, TrustStore
from forms.verification import Outcome, Verdict, verify_paper
from tests.support.papers import ISSUED_AT, SPARSE
from tests.support.scripted_https import Reply, ScriptedService, scripted_service

Papers = Callable[[HouseholdCertificate], bytes]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedService]:
    """Records, as far as a verifier sees them."""
    with scripted_service(tmp_path_factory.mktemp("records")) as running:
        yield running


@pytest.fixture(scope="module")
def genuine(signed: Papers, trust: TrustStore) -> Verdict:
    """The offline answer that is to be completed."""
    return verify_paper(signed(SPARSE), trust, ISSUED_AT)


@pytest.mark.parametrize(
    ("standing", "outcome"),
    [
        ("genuine", Outcome.GENUINE),
        ("not-yet", Outcome.GENUINE),
        ("void", Outcome.VOID),
        ("expired", Outcome.EXPIRED),
        ("unknown", Outcome.UNKNOWN_ISSUER),
        ("something-new", Outcome.NOT_REACHED),
    ],
)
def test_records_have_the_last_word(
    standing: str, outcome: Outcome, genuine: Verdict, service: ScriptedService
) -> None:
    """Each standing becomes its outcome; one we don't know is no answer."""
    service.script.append(Reply({"standing": standing, "serial": SPARSE.serial}))
    assert ask_records(genuine, service.url, service.root_file).outcome is outcome


def test_only_the_code_is_sent(genuine: Verdict, service: ScriptedService) -> None:
    """The request holds what the paper shows, and is made to the contract's path."""
    service.asked.clear()
    service.script.append(Reply({"standing": "genuine"}))
    ask_records(genuine, service.url + "/", service.root_file)
    (asked,) = service.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/v1/verifications", {"code": genuine.code})


@pytest.mark.parametrize(
    "reply", [Reply(status=503), Reply(b"no json"), Reply([1]), Reply({}), Reply({"standing": 1}), Reply(drop=True)]
)
def test_no_answer_is_not_good_news(reply: Reply, genuine: Verdict, service: ScriptedService) -> None:
    """A service in trouble never turns into genuine."""
    service.script.append(reply)
    assert ask_records(genuine, service.url, service.root_file).outcome is Outcome.NOT_REACHED


def test_a_service_of_another_root_is_not_asked(genuine: Verdict, service: ScriptedService, trust_folder: Path) -> None:
    """TLS is verified against the trusted root, not against whatever the machine believes."""
    service.asked.clear()
    assert ask_records(genuine, service.url, trust_folder / ROOT_FILE).outcome is Outcome.NOT_REACHED
    assert service.asked == []


def test_plain_http_is_refused(genuine: Verdict, service: ScriptedService) -> None:
    """Anyone on the way could answer."""
    url = service.url.replace("https", "http")
    assert ask_records(genuine, url, service.root_file).outcome is Outcome.NOT_REACHED


def test_an_altered_paper_is_not_asked_about(service: ScriptedService) -> None:
    """What is refused offline stays refused."""
    service.asked.clear()
    verdict = Verdict(Outcome.ALTERED, reasons.ALTERED_CODE)
    assert ask_records(verdict, service.url, service.root_file) == verdict
    assert service.asked == []
