"""Rounds of schemathesis against a running service, and what became of them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import BaseSchema, engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events
from schemathesis.engine.recorder import ScenarioRecorder

from backend_client.device_files import DeviceIdentity
from backend_client.session import RecordsSession
from records.sections import GuessingSettings
from tests.contract_fuzz.rules import SILENT, is_lax, settings
from tests.contract_fuzz.seeds import Seeds, planted, sown
from tests.support.records_server import RecordsServer, quick_settings, running_records

_FREE_TRIES = GuessingSettings(free_tries=100)


@dataclass(slots=True)
class Campaign:
    """``cases``: (operation, status) -> requests; status 0: no answer. ``wrong``: what broke a check -> an example."""

    cases: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: dict[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many requests were made."""
        return self.cases.total()

    def statuses(self, operation: str) -> Counter[int]:
        """What this operation answered."""
        return Counter({status: count for (name, status), count in self.cases.items() if name == operation})

    def carried_out(self) -> set[str]:
        """The operations of which one request was not refused at least."""
        return {operation for operation, status in self.cases if 200 <= status < 300}

    def take(self, recorder: ScenarioRecorder) -> None:
        """What one scenario did."""
        for number, interaction in recorder.interactions.items():
            operation = recorder.cases[number].value.operation.label
            self.cases[operation, interaction.response.status_code if interaction.response else 0] += 1
        for number, checks in recorder.checks.items():
            for check in checks:
                if check.status is Status.FAILURE and check.failure_info is not None:
                    self._judge(recorder, number, check.name, check.failure_info)

    def _judge(self, recorder: ScenarioRecorder, number: str, check: str, info: Any) -> None:
        if not is_lax(check, info.failure.message):
            operation = recorder.cases[number].value.operation.label if number in recorder.cases else recorder.label
            self.wrong.setdefault((operation, check, info.failure.title), f"{info.failure.message}\n{info.code_sample}")


@dataclass(frozen=True, slots=True)
class Target:
    """A running service, and a kiosk that was let in."""

    server: RecordsServer
    kiosk: DeviceIdentity

    def schema(self, seed: int, examples: int, *, coverage: bool) -> BaseSchema:
        """Its description."""
        root, kiosk = str(self.server.root_pem), self.kiosk
        chosen = settings(
            self.server.url,
            root,
            str(kiosk.certificate),
            str(kiosk.key),
            seed=seed,
            examples=examples,
            coverage=coverage,
        )
        config = SchemathesisConfig.from_dict(chosen)
        schema = schemathesis.openapi.from_url(f"{self.server.url}/openapi.json", config=config, verify=root)
        return schema.exclude(path=SILENT)

    def seeds(self, seed: int) -> Seeds:
        """Real visits and papers."""
        identity = self.kiosk.certificate, self.kiosk.key
        with closing(RecordsSession(self.server.url, self.server.root_pem, *identity)) as session:
            return sown(session, self.kiosk.key, seed)


@contextmanager
def target(folder: Path) -> Iterator[Target]:
    """The service, on the database that this run is for."""
    with running_records(folder, quick_settings().model_copy(update={"guessing": _FREE_TRIES})) as server:
        yield Target(server, server.enrol())


def fuzz(target: Target, seed: int, cases: int, examples: int, *, coverage: bool = True) -> Campaign:
    """Rounds until so many requests were made; every boundary of the schema is walked in the first alone."""
    campaign = Campaign()
    for turn in range(cases):
        schema = target.schema(seed + turn, examples, coverage=coverage and turn == 0)
        before = campaign.count
        with planted(target.seeds(seed + turn), seed + turn):
            for event in engine.from_schema(schema).execute():
                _take(campaign, event)
        if campaign.count >= cases or campaign.count == before:
            break
    return campaign


def _take(campaign: Campaign, event: Any) -> None:
    if isinstance(event, events.ScenarioFinished):
        campaign.take(event.recorder)
    elif isinstance(event, events.NonFatalError):
        campaign.wrong.setdefault((event.label, "error", type(event.value).__name__), str(event.value))
    elif isinstance(event, events.FatalError):
        raise event.exception
