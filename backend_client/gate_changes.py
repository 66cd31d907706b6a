"""What a gate keeps of the feed: the grants that open its door, page after page, or all of them from its own signed
snapshot (backend_client.changes says how the feed is followed).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import ValidationError

from backend_client.changes import CursorStore, Following, Pages
from backend_client.contract.changes import Change, ChangePage, SignedSnapshot, Topic
from backend_client.contract.gates import GateSnapshot, Grant
from backend_client.errors import RecordsProtocolError

_GRANT = "grant"


@dataclass(frozen=True, slots=True)
class GrantChange:
    """``ref``: of the grant. ``grant``: as it is now; None: it is over."""

    ref: str
    grant: Grant | None


class GateFeedSession(Pages, Protocol):
    """What a gate asks of records."""

    def gate_snapshot(self) -> SignedSnapshot:
        """All of it at once."""


class GrantStore(CursorStore, Protocol):
    """A gate's."""

    def is_old(self) -> bool:
        """Whether it is time for another snapshot, though the feed goes on."""

    def restart(self, snapshot: GateSnapshot) -> None:
        """Hold this and nothing else."""

    def apply(self, changes: Iterable[GrantChange], cursor: str, server_time: datetime, *, anew: bool = False) -> None:
        """Hold these too. ``anew``: a snapshot is to be read beside the feed, until one was."""


class GateFollower(Following[GateFeedSession, GrantStore]):
    """A gate's: the grants that open its door, and nothing else."""

    def catch_up(self) -> None:
        """The feed first, and now and then a snapshot beside it: one that can't be had, or not be believed, keeps no
        gate from hearing that a card is lost."""
        super().catch_up()
        if self._store.is_old():
            self._begin_anew()

    def _keep(self, page: ChangePage) -> None:
        """That the door or the peers changed stands in a snapshot alone: it is fetched after the feed, again and again
        until it is had, and whatever else the feed tells meanwhile is heard."""
        anew = any(each.topic is Topic.GATES for each in page.items)
        grants = [_change(each) for each in page.items if each.topic is Topic.GRANT]
        self._store.apply(grants, page.cursor, page.server_time, anew=anew)

    def _begin_anew(self) -> None:
        stated = self._opened(self._session.gate_snapshot(), GateSnapshot)
        if (len(stated.grants), grants_digest(stated.grants)) != (stated.count, stated.digest):
            raise RecordsProtocolError("not the snapshot that it says it is")
        self._store.restart(stated)
        self._newest(stated.policy_version)


def grants_digest(grants: Iterable[Grant]) -> str:
    """Over the lines ``id revision``, sorted (``contract.gates.GateSnapshot``)."""
    lines = sorted(f"{each.id} {each.revision}\n" for each in grants)
    return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()


def _change(change: Change) -> GrantChange:
    """Raises RecordsProtocolError: a gate that can't read what changed must not go past it, as it may be a loss."""
    if not change.body:
        return GrantChange(change.ref, None)
    try:
        grant = Grant.model_validate_json(str(change.body.get(_GRANT, "")))
    except ValidationError:
        raise RecordsProtocolError("changes: not a Grant") from None
    if grant.id != change.ref:
        raise RecordsProtocolError("changes: another grant than it names")
    return GrantChange(change.ref, grant)
