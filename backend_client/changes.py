"""Follows the feed of changes: page after page, each kept together with its cursor, so that nothing is applied twice or
passed over, whenever the power fails. Who was away for too long begins with the signed snapshot.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from backend_client.contract.base import ProblemCode
from backend_client.contract.changes import Change, ChangePage, SignedSnapshot, Snapshot, Topic
from backend_client.errors import RecordsProtocolError, RecordsRefusedError
from backend_client.policy import KeyOf, signed_payload
from civic.clock import Clock

_BEGIN_ANEW = {ProblemCode.CURSOR_EXPIRED, ProblemCode.VALIDATION}


class Pages(Protocol):
    """What every device asks of the feed."""

    def changes(self, cursor: str) -> ChangePage:
        """What changed behind a cursor."""


class FeedSession(Pages, Protocol):
    """What a kiosk asks of records."""

    def snapshot(self) -> SignedSnapshot:
        """All of it at once."""


class CursorStore(Protocol):
    """Where a device keeps what it heard. Each call is one transaction."""

    def cursor(self) -> str:
        """Where it stands; empty: it is to begin anew."""


class FeedStore(CursorStore, Protocol):
    """A kiosk's."""

    def restart(self, voids: Collection[str], cursor: str, at: datetime) -> None:
        """Hold these void serials too, as records stated them ``at`` a moment; what is over by then may go."""

    def apply(self, voids: Collection[str], cursor: str) -> None:
        """Hold these too."""


SessionT = TypeVar("SessionT", bound=Pages)
StoreT = TypeVar("StoreT", bound=CursorStore)
StatedT = TypeVar("StatedT", bound=BaseModel)


class Following(ABC, Generic[SessionT, StoreT]):
    """The feed, whatever a device keeps of it. ``heard`` is called with each change once it is kept; ``newest`` with a
    policy's version that a snapshot names. Neither may raise. For one thread."""

    def __init__(
        self,
        session: SessionT,
        store: StoreT,
        key_of: KeyOf,
        clock: Clock,
        heard: Callable[[Change], None],
        newest: Callable[[int], None],
    ) -> None:
        self._session = session
        self._store = store
        self._key_of = key_of
        self._clock = clock
        self._heard = heard
        self._newest = newest

    def catch_up(self) -> None:
        """Hear everything that there is. Raises RecordsError; what was heard before that is kept."""
        if not self._follow():
            self._begin_anew()
            if not self._follow():
                raise RecordsProtocolError("changes: a cursor that was given out just now is refused")

    @abstractmethod
    def _keep(self, page: ChangePage) -> None:
        """Hold a page, with its cursor."""

    @abstractmethod
    def _begin_anew(self) -> None:
        """Hold a snapshot, with its cursor."""

    def _opened(self, bundle: SignedSnapshot, kind: type[StatedT]) -> StatedT:
        """Raises PolicyRefusedError, of the issuer or the signature, and RecordsProtocolError."""
        payload = signed_payload(bundle, self._key_of, self._clock.now())
        try:
            return kind.model_validate_json(payload)
        except ValidationError:
            raise RecordsProtocolError(f"not a {kind.__name__}") from None

    def _follow(self) -> bool:
        """False: the device is to begin anew."""
        more = True
        while more:
            cursor = self._store.cursor()
            page = self._page(cursor) if cursor else None
            if page is None:
                return False
            self._keep(page)
            for change in page.items:
                self._heard(change)
            more = page.more
        return True

    def _page(self, cursor: str) -> ChangePage | None:
        """None: records want the device to begin anew."""
        try:
            return self._session.changes(cursor)
        except RecordsRefusedError as error:
            if error.problem.code in _BEGIN_ANEW:
                return None
            raise


class Follower(Following[FeedSession, FeedStore]):
    """A kiosk's: which serials are void, and what else it is told of."""

    def _keep(self, page: ChangePage) -> None:
        self._store.apply([each.ref for each in page.items if each.topic is Topic.PAPER_VOID], page.cursor)

    def _begin_anew(self) -> None:
        stated = self._opened(self._session.snapshot(), Snapshot)
        _require_whole(stated)
        self._store.restart(stated.voids, stated.cursor, stated.at)
        self._newest(stated.policy_version)


def _require_whole(stated: Snapshot) -> None:
    digest = hashlib.sha256("".join(f"{each}\n" for each in sorted(stated.voids)).encode()).hexdigest()
    if (len(stated.voids), digest) != (stated.count, stated.digest):
        raise RecordsProtocolError("not the snapshot that it says it is")
