"""A kiosk without its window: the real flow, desks, drivers, presenters and technician's page. Its jobs run here and
now, one after the other, so that whoever stands before it can do something in between: lay a card, pull a plug.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Timer
from types import SimpleNamespace
from typing import Any, Self, cast

from backend_client.device_files import DeviceIdentity
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from civic.clock import Clock, SystemClock
from devices.camera.api import Camera
from devices.health import Health
from devices.id_card.api import IdCardReader
from devices.mrz.api import MrzEngine
from devices.travel_document.api import TravelDocumentReader
from forms.paper import CHINA_TIME
from kiosk.actions import event_of
from kiosk.flows import application, claim, visit
from kiosk.flows import happenings as h
from kiosk.flows.base import Command
from kiosk.flows.base import Event as Happening
from kiosk.flows.errand import Errand, Service
from kiosk.flows.identity import Offers
from kiosk.flows.maintenance import Page
from kiosk.flows.readiness import Readiness
from kiosk.place import PolicyPlace
from kiosk.presenters import application as screens
from kiosk.presenters import maintenance
from kiosk.presenters.surroundings import Surroundings
from kiosk.services.card import CardDesk
from kiosk.services.claim import ClaimDesk
from kiosk.services.desks import Desks
from kiosk.services.diagnostics import Diagnostics
from kiosk.services.document import DocumentDesk
from kiosk.services.link import RecordsLink
from kiosk.services.memory import VisitMemory
from kiosk.services.readiness import Watch
from terminal.jobs import Ticket
from terminal.policy_trust import policy_keys_under
from terminal.texts import Catalogue
from terminal.views import CameraView, ChoiceView, KeypadView, MessageView, PictureView, TableRow, TableView, View
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.records_server import RecordsServer

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SERVICE = "household_certificate"
PURPOSE = h.Purpose("requested", (("zh", "单位要求提供"), ("en", "A receiving body insists on it")))
_STOPS = ("。", "！", "？", "：", "…")
_QUICK = Timeouts(2.0, 5.0)


@dataclass(slots=True)
class Devices:
    """What a booth has; None: not fitted."""

    id_card: IdCardReader | None = None
    travel_document: TravelDocumentReader | None = None
    camera: Camera | None = None
    mrz: MrzEngine | None = None

    def health(self) -> list[Health]:
        """The word of each, now."""
        fitted = (self.id_card, self.travel_document, self.camera, self.mrz)
        return [device.health() for device in fitted if device is not None]


@dataclass(slots=True)
class Room:
    """What the booths share: words, and the records service that each asks by a session of its own."""

    records: RecordsServer
    identity: DeviceIdentity
    folder: Path
    clock: Clock = field(default_factory=SystemClock)
    words: Catalogue = field(default_factory=lambda: Catalogue.load(ASSETS / "texts"))


class Booth:
    """One kiosk. ``devices`` may be changed between visits. A context manager."""

    def __init__(self, room: Room, name: str, devices: Devices) -> None:
        self._room, self._name, self.devices = room, name, devices
        self._opened = ExitStack()
        self.seen: list[View] = []

    def __enter__(self) -> Self:
        room, folder = self._room, self._room.folder / self._name
        folder.mkdir()
        identity = room.identity
        self._store: KioskStore = self._opened.enter_context(store_on(folder / "kiosk.sqlite", room.clock))
        self.session = RecordsSession(
            room.records.url, room.records.root_pem, identity.certificate, identity.key, _QUICK
        )
        self._opened.callback(self.session.close)
        self._compose(folder)
        self.link.tick()
        self.begin()
        return self

    def __exit__(self, *_error: object) -> None:
        self._opened.close()

    def _compose(self, folder: Path) -> None:
        room, store = self._room, self._store
        policy = PolicyHolder(store.settings, policy_keys_under(room.records.root_pem.read_text()), room.clock)
        self.place = PolicyPlace(policy)
        self.watch = Watch(store.audit, lambda _: None, room.clock, self.place.ways)
        settled = SimpleNamespace(queue_clear=True, open=SimpleNamespace(untold=0, refused=0))
        settle = cast("Any", SimpleNamespace(run=lambda: settled))
        self.link = RecordsLink(
            self.session, settle, policy, store.settings, store.audit, self.watch, room.clock, "lamplight"
        )
        self._page = Diagnostics(self.watch, self.link, policy, store.audit, folder, room.clock, "lamplight")

    # --- a visit ---

    @property
    def here(self) -> object:
        """What the screen would stand for."""
        return visit.innermost(visit.Visit(visit.Serving(self.state)))

    def begin(self) -> None:
        """Somebody else comes, as far as the question what they have brought."""
        self.memory = VisitMemory()
        self.pending: list[Command] = []
        errand = Errand(Service(SERVICE, (PURPOSE,)), PURPOSE, self.offers())
        self.state: application.Here = application.Claiming(errand, claim.ChoosingWay(errand.offers))
        self.seen = []

    def offers(self) -> Offers:
        """What the policy offers, whatever is broken: people meet a fault that nobody knew of before."""
        today = self._room.clock.now().astimezone(CHINA_TIME).date()
        return self.place.offers(SERVICE, Readiness(), today)

    def touch(self, *actions: str) -> None:
        """Press targets."""
        for action in actions:
            event = event_of(action, lambda _: None, lambda _: self.offers())
            assert event is not None, action
            self._dispatch(event)

    def keys(self, text: str) -> None:
        """Type, and go on."""
        self.touch(*(f"key:{key}" for key in text), "key-done")

    def work(self, *until: type, patience: float | None = None) -> object:
        """Do what is to be done, until nothing is, or one of these states stands there. ``patience``: after so many
        seconds nobody waits any longer, and the screen stays as it is."""
        while self.pending and not isinstance(self.here, until):
            self._run(self.pending.pop(0), patience)
        return self.here

    def _run(self, command: Command, patience: float | None) -> None:
        cancel: Event = Event()
        queue: SimpleQueue[tuple[Event | None, Happening]] = SimpleQueue()
        work = self._desks().work(command, self.memory, lambda _: None)
        if work is None:
            return
        impatient = Timer(patience, cancel.set) if patience else None
        if impatient:
            impatient.start()
        ended = work(Ticket(cancel, queue, lambda: None, _of_visit=True))
        while not queue.empty():
            self._dispatch(queue.get()[1])
        if not cancel.is_set():
            self._dispatch(ended)
        if impatient:
            impatient.cancel()

    def _dispatch(self, event: Happening) -> None:
        step = application.advance(self.state, event)
        self.state = step.state
        if h.StopJobs() in step.commands:
            self.pending.clear()
        self.pending += [command for command in step.commands if command != h.StopJobs()]
        self.seen.append(self._shown())

    def _desks(self) -> Desks:
        devices, audit, clock = self.devices, self._store.audit, self._room.clock
        none = cast("Any", None)
        return Desks(
            card=CardDesk(devices.id_card or none, audit),
            document=DocumentDesk(devices.camera or none, devices.mrz, devices.travel_document, audit),
            claim=ClaimDesk(self.session, clock, audit, self.place.face_from_age),
            proof=none,
            records=none,
            papers=none,
            maintenance=none,
            speaker=none,
            audit=audit,
        )

    def _shown(self) -> View:
        """The resident's screen, which says nothing of the machine."""
        return screens.present(self.state, self._around())

    def _around(self) -> Surroundings:
        words, now = self._room.words.in_language("zh"), self._room.clock.now().astimezone(CHINA_TIME)
        return Surroundings(words, now, self.place.place())

    # --- what people read ---

    def resident(self) -> str:
        """The sentence on the screen, and what one can do, in Chinese."""
        return said(self._shown())

    def technician(self, *devices: str) -> str:
        """What the technician's page says of these devices: those that are not well or have something to tell; if all
        are, the first."""
        for health in self.devices.health():
            self.watch.tell(health)
        around = replace(self._around(), machine=self._page.table())
        view = maintenance.present(Page(None), around)
        assert isinstance(view, TableView)
        shown = {line.name: line for _, lines in view.groups for line in lines}
        rows = [
            _line(shown[around.words(f"device.{row.name}")], said=bool(row.said))
            for group in around.machine
            for row in group.rows
            if row.name in devices and (row.state != "ok" or row.said or row.name == devices[0])
        ]
        troubled = [line for line in rows if not line.endswith("：正常")]
        return "".join(troubled or rows)

    def wait_for(self, true: Callable[[], bool], seconds: float = 10.0) -> None:
        """Until it is so. Fails when it does not come."""
        waiting, deadline = Event(), self._room.clock.monotonic() + seconds
        while not true():
            assert self._room.clock.monotonic() < deadline
            waiting.wait(0.02)


def _line(row: TableRow, *, said: bool) -> str:
    """One row as a sentence, without the facts that stand below it."""
    more = row.detail.split("\n", maxsplit=1)[0] if said else ""
    return f"{row.name}：{row.state}。{more}" if more else f"{row.name}：{row.state}"


def said(view: View) -> str:
    """The large sentence of a view and what stands with it, in one line."""
    match view:
        case MessageView():
            parts = (view.question, view.true_now, view.you_can)
        case PictureView() | KeypadView():
            parts = (view.question, view.line, "")
        case ChoiceView():
            parts = (view.question, view.paragraph, "")
        case CameraView():
            parts = (view.question, "", "")
        case _:
            raise AssertionError(type(view).__name__)
    lines = [line for part in parts for line in part.split("\n") if line]
    return "".join(line if line.endswith(_STOPS) else f"{line}，" for line in lines).rstrip("，")
