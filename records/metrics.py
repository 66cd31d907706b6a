"""What the service measures of itself, for a bureau's Prometheus, on a port of this machine alone.

Labels are patterns of routes, statuses, certificates' names and devices' numbers: no person, no serial, no device's
name. Requests are counted from their log lines, so that what must not stand in a log can't stand here either.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from cryptography import x509
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from records.backup import journal
from records.context import Records
from records.errors import DataFolderError
from records.services import heartbeats, retention
from records.store import devices, figures
from records.store.devices import DeviceRow

_HERE = "127.0.0.1"
_DAY_S = 86_400
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LOG = "lamplight.records"
_CERTIFICATES = ("root", "devices", "document", "code", "timestamp", "policy")
_COUNTS = {
    "open_papers": "Serials that nobody has decided",
    "feed": "Changes that a device may still ask for",
    "intakes": "Intakes that wait for an officer",
    "alarms": "Alarms that nobody has seen",
    "audit": "Rows of the audit ever added",
}


@contextmanager
def serving(records: Records) -> Iterator[None]:
    """Answer Prometheus while the block runs, if the settings name a port."""
    port = records.settings.metrics.port
    if not port:
        yield
        return
    registry = CollectorRegistry()
    requests = Requests(registry)
    registry.register(State(records))
    try:
        server, thread = start_http_server(port, _HERE, registry)
    except OSError as error:
        raise DataFolderError(f"can't listen on {_HERE} port {port} for figures: {error.strerror}") from None
    logging.getLogger(_LOG).addHandler(requests)
    try:
        yield
    finally:
        logging.getLogger(_LOG).removeHandler(requests)
        server.shutdown()
        server.server_close()
        thread.join()


class Requests(logging.Handler):
    """Counts the log lines of requests, by the route's pattern and the status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(logging.INFO)
        names = ("method", "route", "status")
        self._answered = Counter("lamplight_requests", "Requests that were answered", names, registry=registry)
        self._took = Histogram(
            "lamplight_request_seconds", "Until the answer was sent", ("route",), registry=registry, buckets=_BUCKETS
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Count one, if it is a request's."""
        if record.msg != "request":
            return
        line = record.__dict__
        self._answered.labels(line["method"], line["route"], line["status"]).inc()
        self._took.labels(line["route"]).observe(line["ms"] / 1000)


class State(Collector):
    """What is true at the moment of asking. A database that can't be read makes the figures few, never an error."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked of the database when the service starts."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every figure."""
        yield from self._ends()
        try:
            with self._records.database.reading() as transaction:
                found, rows = figures.figures(transaction), devices.every(transaction)
                tidied = retention.last_run(transaction)
        except SQLAlchemyError:
            yield GaugeMetricFamily("lamplight_database_up", "Whether the database can be read", 0)
            return
        yield GaugeMetricFamily("lamplight_database_up", "Whether the database can be read", 1)
        for name, words in _COUNTS.items():
            yield GaugeMetricFamily(f"lamplight_{name}", words, getattr(found, name))
        yield self._lag("retention_lag", "Since old rows were deleted last", tidied)
        yield from self._of_devices(each for each in rows if each.revoked_at is None)

    def _ends(self) -> Iterator[Metric]:
        ring, days = self._records.keys, _gauge("certificate_days", "Until a certificate ends", "certificate")
        for name in _CERTIFICATES:
            certificate: x509.Certificate = getattr(ring, name).certificate
            days.add_metric([name], self._days(certificate.not_valid_after_utc))
        with suppress(OSError, ValueError):
            content = (self._records.folder / "tls" / "server.cert.pem").read_bytes()
            days.add_metric(["server"], self._days(x509.load_pem_x509_certificate(content).not_valid_after_utc))
        yield days
        yield self._lag("backup_age", "Since the last backup was made", journal.last(self._records.folder))

    def _of_devices(self, rows: Iterable[DeviceRow]) -> Iterator[Metric]:
        """By number: the name that somebody gave a device stays in the console."""
        certificate = _gauge("device_certificate_days", "Until a device's certificate ends")
        heard = _gauge("device_unheard_seconds", "Since a device's last heartbeat")
        waiting, aside = (_gauge(f"outbox_{each}", f"Intakes {each} at a device") for each in ("waiting", "aside"))
        oldest = _gauge("outbox_oldest_seconds", "How long the oldest intake waits at a device")
        for each in rows:
            label = [str(each.number)]
            certificate.add_metric(label, self._days(each.certificate_until))
            if each.last_seen_at is not None:
                heard.add_metric(label, self._since(each.last_seen_at))
            if (state := heartbeats.last_state(each)) is not None:
                waiting.add_metric(label, state.outbox.waiting)
                aside.add_metric(label, state.outbox.aside)
                oldest.add_metric(label, self._since(state.outbox.oldest_at) if state.outbox.oldest_at else 0)
        yield from (certificate, heard, waiting, aside, oldest)

    def _lag(self, name: str, words: str, at: datetime | None) -> Metric:
        found = GaugeMetricFamily(f"lamplight_{name}_seconds", words)
        if at is not None:
            found.add_metric([], self._since(at))
        return found

    def _days(self, end: datetime) -> float:
        return (end - self._records.clock.now()).total_seconds() / _DAY_S

    def _since(self, at: datetime) -> float:
        return (self._records.clock.now() - at).total_seconds()


def _gauge(name: str, words: str, label: str = "device") -> GaugeMetricFamily:
    return GaugeMetricFamily(f"lamplight_{name}", words, labels=[label])
