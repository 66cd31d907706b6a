"""What a kiosk does about what changes at records; how it follows that is terminal.following."""

from dataclasses import dataclass

from backend_client.contract.changes import Change, Topic
from backend_client.policy import PolicyHolder
from kiosk.services.link import RecordsLink
from terminal.following import POLL_S, Follow, Pace

__all__ = ["POLL_S", "Follow", "Heed", "Pace"]


@dataclass(frozen=True, slots=True)
class Heed:
    """What a kiosk does about what it hears. A void paper was kept with the page that told of it; what an officer has
    decided the resident reads under 我的通知, at whichever kiosk they come to."""

    link: RecordsLink
    held: PolicyHolder

    def heard(self, change: Change) -> None:
        """One change."""
        if change.topic is Topic.POLICY:
            self.newest(int(change.ref))
        elif change.topic is Topic.DEVICE:
            self.link.look()

    def newest(self, version: int) -> None:
        """Of the policies that there are."""
        if version > self.held.version():
            self.link.renew_policy()
