"""An officer's question for passes: fetched from records, who give out only what a second account has approved;
answered sealed, to the key of that question, and to nothing else. What a gate hears by the feed is only that it should
look: the questions themselves come over its own connection to records.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from backend_client.contract.gates import Passes as Answer
from backend_client.contract.gates import PassesAsked, PassesAskedOf, PassesSealed
from backend_client.errors import RecordsError, RecordsRefusedError
from backend_client.pass_seals import seal_passes
from gate.store.passes import Passes
from terminal.store.audit import Audit, AuditKind
from terminal.store.errors import StoreError

MOST_PASSES = 2500
"""In one answer, which has half a megabyte; of more, the newest."""


class PassesSession(Protocol):
    """What is asked of records."""

    def passes_asked(self) -> PassesAsked:
        """The questions that are not answered."""

    def send_passes(self, ask: str, sealed: PassesSealed) -> None:
        """Answer one."""


@dataclass(frozen=True, slots=True)
class Journal:
    """Each answer stands in the gate's audit before it is sent: how many passes, never whose."""

    session: PassesSession
    passes: Passes
    audit: Audit

    def tick(self) -> None:
        """Answer what there is. Never raises what belongs to the network or the disk: a question stays at records until
        it is answered."""
        with suppress(RecordsError, StoreError):
            for asked in self.session.passes_asked().asks:
                self._answer(asked)

    def _answer(self, asked: PassesAskedOf) -> None:
        found = tuple(self.passes.of(asked.holder, asked.since, asked.until, MOST_PASSES))
        try:
            sealed = seal_passes(Answer(passes=found), asked)
        except ValueError:
            return  # a key that is none: nobody could read an answer
        self.audit.append(AuditKind.PASSES_TOLD, count=len(found))
        with suppress(RecordsRefusedError):  # it alone: answered or withdrawn meanwhile, or not now
            self.session.send_passes(asked.ask, sealed)
