"""The parts of a kiosk that speak with records, put together as ``kiosk.composition`` does, but for screen and devices.

They are the product's own. Only their patience is shorter: a quarter of an hour of waiting would be the whole run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, cast

from backend_client.changes import Follower
from backend_client.contract.changes import ChangePage, SignedSnapshot
from backend_client.contract.intakes import IntakeAnswers, IntakeBatch, IntakeResult, IntakeStatus
from backend_client.errors import RecordsUnreachableError
from backend_client.hints import HintListener
from backend_client.outbox.back_off import BackOff
from backend_client.outbox.sender import Sender
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from backend_client.trusted_clock import TrustedClock
from civic.clock import SystemClock
from forms.paper import Medium
from kiosk.services import follow as following
from kiosk.services.follow import Follow, Pace
from kiosk.services.link import RecordsLink
from kiosk.services.outbox import IntakeDesk
from kiosk.services.outbox_sync import OutboxSync
from kiosk.services.printers import Printers
from kiosk.services.readiness import Watch
from kiosk.services.settle import Settle
from kiosk.store.blobs import Blobs
from kiosk.store.journal import MIGRATIONS, Journal
from kiosk.store.outbox import Outbox
from kiosk.store.settings import Settings
from terminal.boot import boot_id
from terminal.policy_trust import policy_keys_under
from terminal.store.audit import Audit, AuditKind
from terminal.store.database import Database
from tests.chaos_sync.bugs import Bug
from tests.chaos_sync.echo import Echo
from tests.chaos_sync.heard import HeardFeed
from tests.chaos_sync.ledger import Ledger
from tests.support.power_cut import without_syncs

STORE = "kiosk.db"
_TIMEOUTS = Timeouts(connect=1.0, read=3.0)
_POLL_S = 20.0
_WAITS_S = 0.25, 4.0  # the first and the longest; a kiosk's: 1 and 900


@dataclass(frozen=True, slots=True)
class Place:
    """One kiosk, in one of its lives. ``pace``: seconds between two who come; ``speed``: 1, or how much quicker its
    jobs repeat themselves."""

    number: int
    life: int
    seed: int
    folder: str
    ledger: str
    records: str
    root: str
    certificate: str
    key: str
    subject: str
    pace: float = 4.0
    speed: float = 1.0
    resting: bool = False
    bug: Bug = Bug.NONE

    def session(self) -> RecordsSession:
        """A fresh one."""
        own = Path(self.certificate), Path(self.key)
        return RecordsSession(self.records, Path(self.root), *own, _TIMEOUTS)


@dataclass(slots=True)
class Kiosk:
    """What of it the chaos needs."""

    database: Database
    session: RecordsSession
    audit: Audit
    journal: Journal
    outbox: Outbox
    desk: IntakeDesk
    sync: OutboxSync
    feed: HeardFeed
    follow: Follow
    link: RecordsLink

    def close(self) -> None:
        """Switch off."""
        self.session.close()
        self.audit.append(AuditKind.STOPPED)
        self.database.close()


class NoPrinter:
    """What is cleared of a kiosk.services.printers.Outlet in which nothing ever lies."""

    medium, device = Medium.PAGE, "page_printer"

    def clear(self) -> int:
        """Nothing was there."""
        return 0


def assembled(place: Place, ledger: Ledger, vfs: str | None) -> Kiosk:
    """Started."""
    folder, clock, chance = Path(place.folder), SystemClock(), Random(place.seed)
    database, root_pem = Database(folder / STORE, MIGRATIONS, vfs=vfs), Path(place.root).read_text("ascii")
    if place.bug is Bug.KIOSK_NO_SYNCS:
        without_syncs(database)
    session = place.session()
    session._transport._session.mount("https://", Echo(chance, ledger.say))
    audit, settings, journal = Audit(database, clock), Settings(database), Journal(database, clock)
    audit.append(AuditKind.STARTED)
    trusted, keys = TrustedClock(clock, boot_id(), settings), policy_keys_under(root_pem)
    policy, watch = PolicyHolder(settings, keys, trusted), Watch(audit, lambda _: None, clock)
    blobs = Blobs(folder)
    outbox = SayingOutbox(database, audit, blobs, trusted)
    outbox.ledger = ledger
    outbox.tidy()
    desk = IntakeDesk(outbox, blobs, policy, trusted, folder)

    def back_off() -> BackOff:
        return BackOff(chance, clock.monotonic(), *_WAITS_S)

    way = Believing(session) if place.bug is Bug.KIOSK_BELIEVES else session
    sync = OutboxSync(desk, outbox, Sender(way, outbox), watch, trusted, back_off(), back_off())
    settle = Settle(session, journal, Printers(cast("Any", NoPrinter())), audit)
    link = RecordsLink(
        session, settle, policy, settings, audit, watch, clock, "chaos",
        trusted=trusted, outbox=outbox.state, back_off=back_off(), accepted=sync.wake,
    )  # fmt: skip
    feed = HeardFeed(database, clock)
    follower = Follower(Ear(session, feed, place.bug), feed, keys, trusted, lambda _: None, lambda _: None)
    following.POLL_S = _POLL_S * place.speed
    pace, streams = Pace(chance, clock.monotonic()), back_off()
    pace._back_off = back_off()
    listener = HintListener(session.hints, lambda: pace.hinted(clock.monotonic()))
    follow = Follow(follower, listener, pace, streams, clock, lambda: link.last_sync)
    return Kiosk(database, session, audit, journal, outbox, desk, sync, feed, follow, link)


class SayingOutbox(Outbox):
    """Says which items are gone, once they are."""

    ledger: Ledger

    def settle(self, results: Sequence[IntakeResult]) -> None:
        """See Outbox."""
        super().settle(results)
        by_status = {status: [str(each.id) for each in results if each.status is status] for status in IntakeStatus}
        gone = by_status[IntakeStatus.ACCEPTED] + by_status[IntakeStatus.DUPLICATE]
        self.ledger.say("answered", gone=gone, held=by_status[IntakeStatus.HELD])


@dataclass(slots=True)
class Ear:
    """What is asked of records on the way to the feed's store, which is told what each page said."""

    session: RecordsSession
    feed: HeardFeed
    bug: Bug

    def changes(self, cursor: str) -> ChangePage:
        """One page."""
        page = self.session.changes(cursor)
        if self.bug is Bug.KIOSK_SKIPS:
            page = page.model_copy(update={"items": page.items[:-1]})
        self.feed.said = page.items
        return page

    def snapshot(self) -> SignedSnapshot:
        """All of it."""
        return self.session.snapshot()


@dataclass(slots=True)
class Believing:
    """A bug: whoever does not answer has said yes."""

    session: RecordsSession

    def put_blob(self, sha256: str, content: bytes) -> None:
        """As it should be."""
        self.session.put_blob(sha256, content)

    def intakes(self, batch: IntakeBatch) -> IntakeAnswers:
        """Not as it should be."""
        try:
            return self.session.intakes(batch)
        except RecordsUnreachableError:
            results = tuple(IntakeResult(id=item.id, status=IntakeStatus.ACCEPTED) for item in batch.items)
            return IntakeAnswers(server_time=SystemClock().now(), results=results)
