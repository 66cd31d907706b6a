"""What a technician sees while somebody at records compares the fingerprint: the same one, and that time passes."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TextIO

from backend_client.contract.devices import EnrolmentPending

_LONGEST_S = 60  # records say when to ask again; no answer of theirs may put us to sleep


@dataclass(slots=True)
class Waiting:
    """Called between two questions: says what to do, once, then a dot for each question."""

    pause: Callable[[float], object] = field(default_factory=lambda: Event().wait)
    out: TextIO | None = None
    asked: int = 0

    def __call__(self, pending: EnrolmentPending) -> None:
        """Show the fingerprint and wait."""
        out = self.out or sys.stdout
        if not self.asked:
            out.write(
                f"The fingerprint of this machine's key:\n\n    {pending.fingerprint}\n\n"
                "Whoever lets it in at records must see the same one: on the console's page of devices, or with\n"
                f"    records approve {pending.fingerprint}\n"
                "Waiting; Ctrl-C ends it, and the same command goes on. "
            )
        out.write(".")
        out.flush()
        self.asked += 1
        self.pause(min(max(pending.ask_again_s, 1), _LONGEST_S))
