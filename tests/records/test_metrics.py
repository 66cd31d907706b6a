"""What Prometheus is told: figures that help whoever runs the service, and nobody in any of them."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
import requests
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from records import metrics
from records.context import Records
from records.errors import DataFolderError
from records.sections import MetricsSettings
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, Client, KioskClient
from tests.support.records_server import BOTH, SQLITE, free_port

Told = dict[tuple[str, tuple[str, ...]], float]


def told(text: str) -> Told:
    """Each sample: its name, the values of its labels, and what it says."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def state(records: Records) -> Callable[[], Told]:
    registry = CollectorRegistry()
    registry.register(metrics.State(records))
    return lambda: told(generate_latest(registry).decode())


@pytest.mark.parametrize("kind", BOTH)
def test_what_is_open_and_how_long_it_is(
    state: Callable[[], Told], kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """Papers, the feed, the audit, certificates, and each device by its number."""
    kiosk.reserved()
    done = kiosk.reserved(visit="visit-0002")["serial"]
    kiosk.seal(done)
    kiosk.delivered(done)
    outbox = {"waiting": 3, "aside": 1, "oldest_at": (clock.now() - timedelta(hours=2)).isoformat()}
    beat = {"at": clock.now().isoformat(), "software": "0.1", "policy_version": 1, "open_papers": 0, "outbox": outbox}
    assert kiosk.post("/v1/devices/self/heartbeat", beat).status_code == 200
    clock.pass_by(60)
    figures = state()
    number = str(int(done[5:9]))
    assert figures["lamplight_open_papers", ()] == 1
    assert figures["lamplight_intakes", ()] == figures["lamplight_alarms", ()] == 0
    assert figures["lamplight_audit", ()] > 5
    assert figures["lamplight_outbox_waiting", (number,)] == 3
    assert figures["lamplight_outbox_aside", (number,)] == 1
    assert figures["lamplight_outbox_oldest_seconds", (number,)] == 2 * 3600 + 60
    assert figures["lamplight_device_unheard_seconds", (number,)] == 60
    assert 80 < figures["lamplight_device_certificate_days", (number,)] < 91
    assert 1000 < figures["lamplight_certificate_days", ("code",)] < 1100
    assert 390 < figures["lamplight_certificate_days", ("server",)] < 398
    assert figures["lamplight_database_up", ()] == 1
    assert records.settings.community not in str(figures)


@pytest.mark.parametrize("kind", [SQLITE])  # whose tables are the service's own, to break in a test
def test_a_database_that_is_away_is_said(state: Callable[[], Told], records: Records) -> None:
    """And the figures that need none are still there."""
    with records.database.alone() as transaction:
        transaction.connection.exec_driver_sql("DROP TABLE papers")
    figures = state()
    assert figures["lamplight_database_up", ()] == 0
    assert ("lamplight_certificate_days", ("root",)) in figures
    assert ("lamplight_open_papers", ()) not in figures


@pytest.fixture
def served(records: Records) -> Iterator[str]:
    """Return the address where the figures of ``records`` are served."""
    chosen = MetricsSettings(port=free_port())
    object.__setattr__(records, "settings", records.settings.model_copy(update={"metrics": chosen}))
    logging.getLogger("lamplight.records").setLevel(logging.INFO)
    with metrics.serving(records):
        yield f"http://127.0.0.1:{chosen.port}/metrics"


def test_requests_are_counted_by_pattern_and_status(served: str, records: Records, kiosk: KioskClient) -> None:
    """A serial in a path, a number that belongs in none, and a name: none of them is a label."""
    serial = kiosk.reserved()["serial"]
    kiosk.seal(serial)
    with closing(requests.Session()) as session:
        Client(records, None).get(f"/v1/persons/{DENG.id_number}?name={DENG.name}")
        text = session.get(served, timeout=5).text
    figures = told(text)
    assert figures["lamplight_requests_total", ("POST", "/v1/papers/{serial}/seal", "200")] == 1
    assert figures["lamplight_request_seconds_count", ("/v1/papers/{serial}/seal",)] == 1
    assert figures["lamplight_requests_total", ("GET", "-", "404")] == 1
    for personal in (DENG.name, DENG.id_number, serial, kiosk.device_id):
        assert personal not in text


def test_nobody_outside_this_machine_may_ask(served: str) -> None:
    """The port is of the loopback address; and without a port in the settings nothing listens."""
    with open("/proc/net/tcp") as file:  # noqa: PTH123 - no file of ours
        local = [line.split()[1] for line in file.readlines()[1:]]
    port = f"{int(served.split(':')[2].split('/', maxsplit=1)[0]):04X}"
    assert {each.split(":")[0] for each in local if each.endswith(f":{port}")} == {"0100007F"}


def test_a_port_that_is_taken_is_said(served: str, records: Records) -> None:
    """In words, with its number: the service does not start without what was asked for."""
    with pytest.raises(DataFolderError, match=f"port {records.settings.metrics.port} for figures"):
        metrics.serving(records).__enter__()
    assert requests.get(served, timeout=5).ok


def test_without_a_port_nothing_is_counted(records: Records) -> None:
    before = list(logging.getLogger("lamplight.records").handlers)
    with metrics.serving(records):
        assert logging.getLogger("lamplight.records").handlers == before
