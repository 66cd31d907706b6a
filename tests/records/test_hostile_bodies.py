"""Bodies that nobody sends by mistake: each is refused as it should be, and the service goes on as if nothing were."""

import pytest
import requests

from tests.support.hostile_bodies import ENDPOINTS, HOSTILE, Answer, attack, lines, peak_mib
from tests.support.records_server import running_records

_MOST_MIB = 500
_PATIENCE_S = 20.0  # for the slowest of them on a machine that does much else


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    """Return what a real service answered, each body at each endpoint, but for those that take their time."""
    with running_records(tmp_path_factory.mktemp("hostile")) as server:
        found = list(attack(server, server.enrol(), slow=False))
        assert requests.get(f"{server.url}/health", verify=str(server.root_pem), timeout=5).ok
        assert peak_mib(server) < _MOST_MIB
        log = server.log.read_text("utf-8")
        assert '"unexpected"' not in log
    return found


def test_every_body_is_answered_as_it_should_be(answers: list[Answer]) -> None:
    """A problem detail with its code, or, where something was understood, the endpoint's own answer."""
    assert [each for each in answers if not each.expected] == [], "\n".join(lines(answers))
    assert len(answers) == len(ENDPOINTS) * len([each for each in HOSTILE if not each.slow])


def test_none_is_a_failure_of_ours(answers: list[Answer]) -> None:
    assert [each for each in answers if each.status >= 500] == []


def test_none_keeps_the_service_busy_for_long(answers: list[Answer]) -> None:
    assert [each for each in answers if each.seconds > _PATIENCE_S] == []


def test_the_table_has_a_line_for_each_body(answers: list[Answer]) -> None:
    table = lines(answers)
    assert len(table) == len({each.body for each in answers}) + 1
    assert "(!)" not in "".join(table)
