"""What a gate does about what changes at records; how it follows that is terminal.following, and what it keeps of it
backend_client.gate_changes."""

from collections.abc import Callable
from dataclasses import dataclass

from backend_client.contract.changes import Change, Topic
from backend_client.policy import PolicyHolder

HINT_WITHIN_S = 0.5
"""A grant is told to the few gates whose doors it opens, and somebody may stand before one of them."""


@dataclass(frozen=True, slots=True)
class Heed:
    """A grant was kept with the page that told of it, and a new door or new peers come with the next snapshot. None of
    the calls may raise. ``renew``: fetch the policy; ``look``: a heartbeat now; ``asked``: passes are asked for;
    ``granted``: what opens has changed."""

    held: PolicyHolder
    renew: Callable[[], None]
    look: Callable[[], None]
    asked: Callable[[], None]
    granted: Callable[[], None] = lambda: None

    def heard(self, change: Change) -> None:
        """One change."""
        match change.topic:
            case Topic.POLICY:
                self.newest(int(change.ref))
            case Topic.DEVICE:
                self.look()
            case Topic.PASSES:
                self.asked()
            case Topic.GRANT:
                self.granted()
            case _:
                pass

    def newest(self, version: int) -> None:
        """Of the policies that there are."""
        if version > self.held.version():
            self.renew()
