"""A conductor in a room of stand-ins: a screen that only remembers, desks that wait at a gate until a test opens it.

The jobs are real, with their threads. All people are made up; the number's region code is nobody's.
"""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Condition, Event
from types import FunctionType, ModuleType
from typing import Any, cast

import numpy as np

from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import Personal, PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.camera.api import Image
from devices.health import Health, Level
from devices.id_card.api import IdCard
from kiosk.conductor import Conductor, House
from kiosk.flows import errand, maintenance, visit
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event as Happening
from kiosk.flows.comfort import Language
from kiosk.flows.dwelling_entry import DwellingEntry
from kiosk.flows.errand import Collecting, Service
from kiosk.flows.readiness import Readiness, ReadinessChanged
from kiosk.idle import IdleTimes
from kiosk.place import NOWHERE
from kiosk.presenters.surroundings import Surroundings
from kiosk.services.desks import Desks
from kiosk.services.memory import VisitMemory
from terminal.jobs import Jobs
from terminal.store.audit import AuditKind
from terminal.store.errors import StoreUnwritableError
from terminal.texts import Catalogue
from terminal.views import Chrome, View
from tests.support.clocks import StillClock

ASSETS = Path(__file__).resolve().parents[2] / "assets"
NAME, NUMBER = "王灯明", "990101199003070023"
PORTRAIT = b"\xff\xd8 a portrait \xff\xd9"
SUBJECT = "subject-of-this-visit"
SERIAL = "2026-0001-000001-00"
PURPOSE = h.Purpose("move", (("zh", "办理户口迁移"), ("en", "moving the household")))
FAMILY = h.Purpose("family", (("zh", "证明家人"), ("en", "the family")), members=True)
CERTIFICATE = Service("household_certificate", (PURPOSE, FAMILY), valid_days=30, children_below=16)
SERVICES = (
    CERTIFICATE,
    Service(
        "temporary_id_proof", (replace(PURPOSE, valid_hours=24), FAMILY), hint=(("zh", "不是卡"), ("en", "no card"))
    ),
    Service(
        "no_criminal_record", (PURPOSE, FAMILY), collecting=Collecting(3, (("zh", "证件"), ("en", "your document")))
    ),
    Service("residence_receipt", (PURPOSE,)),
)
OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""), (DocumentKind.NUMBER, "")), date(2026, 11, 22))
CHILD, SPOUSE = "child-handle", "spouse-handle"
CHILD_NAME, FLAT = "王小灯", "示例市平安区灯火路12号5幢1单元1203室"
PATIENCE_S = 5.0


def card() -> IdCard:
    """A card whose values are made anew, so that nothing but who read it holds them."""
    return IdCard(
        kind=DocumentKind.RESIDENT_CARD,
        name=PersonName(_fresh(NAME)),
        id_number=IdNumber(_fresh(NUMBER)),
        sex="2",
        nation="01",
        birth_date=date(1990, 3, 7),
        address=PersonalText(_fresh("示例市平安区灯火路12号")),
        issuer="示例市公安局",
        validity=Period(date(2018, 5, 2), None),
        photo_wlt=PersonalBytes(bytes(8)),
    )


def own_data(*, family: bool = False) -> h.OwnData:
    """The resident's own row, made anew. ``family``: with a child and a household."""
    fields: dict[str, Personal] = {"name": PersonName(_fresh(NAME)), "id_number": IdNumber(_fresh(NUMBER))}
    return h.OwnData(
        tuple(h.OwnField(name, value) for name, value in fields.items()),
        children=(h.Child(CHILD, PersonName(_fresh(CHILD_NAME)), 9),) if family else (),
        members=(h.Member(SPOUSE, "配偶", "李**", adult=True),) if family else (),
    )


def picture() -> Image:
    """A camera's picture."""
    return np.zeros((4, 4, 3), np.uint8)


class RememberingScreen:
    """Holds what a window would hold, and says what it was shown."""

    def __init__(self) -> None:
        self.view: View | None = None
        self.chrome: Chrome | None = None
        self.frame: Image | None = None
        self.wiped = 0

    def show(self, view: View, chrome: Chrome) -> None:
        """Draw this now."""
        self.view, self.chrome = view, chrome

    def show_frame(self, image: Image | None) -> None:
        """The newest picture."""
        self.frame = image

    def forget(self) -> None:
        """Blank."""
        self.view = self.chrome = self.frame = None
        self.wiped += 1


@dataclass
class Speaker:
    """Remembers what was said (nothing personal ever is) and when it was hushed."""

    said: list[str] = field(default_factory=list)

    def health(self) -> Health:
        """Well."""
        return Health("speaker", Level.READY)

    def say(self, sentence: str, language: str) -> None:
        """Remember."""
        self.said.append(f"{language}: {sentence}")

    def sound_alarm(self) -> None:
        """Remember."""
        self.said.append("alarm")

    def hush(self) -> None:
        """Remember."""
        self.said.append("hush")


@dataclass
class AuditBook:
    """The kinds that were written, until the disk is ``full``."""

    kinds: list[AuditKind] = field(default_factory=list)
    full: bool = False

    def append(self, kind: AuditKind, /, **fields: object) -> None:  # noqa: ARG002 - the real one's signature
        """Write."""
        if self.full:
            raise StoreUnwritableError("full")
        self.kinds.append(kind)


class Gates:
    """Where jobs stop. ``hold`` a name, and each job that comes there waits for its own turn to be let on."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._held: set[str] = set()
        self._waiting: dict[str, list[Event]] = defaultdict(list)
        self._passed: dict[str, int] = defaultdict(int)
        self.breaks: dict[str, Exception] = {}

    def hold(self, name: str) -> None:
        """From now on nobody passes here by themselves."""
        self._held.add(name)

    def come(self, name: str) -> None:
        """A job comes to the gate."""
        if name in self.breaks:
            raise self.breaks[name]
        if name in self._held:
            turn = Event()
            with self._changed:
                self._waiting[name].append(turn)
                self._changed.notify_all()
            assert turn.wait(PATIENCE_S)
        with self._changed:
            self._passed[name] += 1
            self._changed.notify_all()

    def await_at(self, name: str, count: int = 1) -> None:
        """Return once so many jobs came to a held gate."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._waiting[name]) >= count, PATIENCE_S)

    def let_on(self, name: str, which: int = 0) -> None:
        """Let one of those that came on."""
        self._waiting[name][which].set()

    def let_all_on(self) -> None:
        """The test is over."""
        self._held.clear()
        for turns in self._waiting.values():
            for turn in turns:
                turn.set()


class GatedDesks:
    """All desks at once: what they answer is what goes well, once their gate is open.

    ``lies``: a card is on the reader. ``full``: nothing can be written. ``cameras``: the last word about the camera,
    each time it was opened. ``family``: the resident has one. ``receipt``: that is what comes out. ``made``: what was
    asked for.
    """

    def __init__(self) -> None:
        self.gates = Gates()
        self.lies = False
        self.memories: list[VisitMemory] = []
        self.see: list[Callable[[Image], None]] = []
        self.papers_said: list[str] = []
        self.consents: list[bool] = []
        self.cameras: list[list[bool]] = []
        self.full = False
        self.family = False
        self.receipt = False
        self.made: list[h.Application] = []
        self.kept_closed: tuple[str, str] | None = None

    # --- the card ---

    def look(self) -> Happening:
        """Whether something lies there."""
        self.gates.come("look")
        return h.CardLying() if self.lies else h.ReaderEmpty()

    def wait_for_lift(self, cancel: Event) -> Happening:  # noqa: ARG002 - the desk's signature
        """Until it is lifted."""
        self.gates.come("lift")
        return h.CardLifted()

    def read_next(self, memory: VisitMemory, cancel: Event) -> Happening:  # noqa: ARG002
        """A card is read, whether or not anybody still waits."""
        self.memories.append(memory)
        self.gates.come("read")
        memory.card = card()
        memory.kind = DocumentKind.RESIDENT_CARD
        return h.CardRead(memory.kind)

    # --- records and the camera ---

    def identify(self, memory: VisitMemory) -> Happening:
        """Somebody is known."""
        self.gates.come("identify")
        memory.subject = _fresh(SUBJECT)
        return who.Identified(who.Claim(memory.kind))

    def identify_by_number(self, memory: VisitMemory, number: IdNumber) -> Happening:
        """Anybody may have typed it."""
        assert number.reveal()
        return self.identify(memory)

    def note_consent(self, memory: VisitMemory, *, given: bool) -> None:
        """Noted."""
        assert memory is not None
        self._write()
        self.consents.append(given)

    def verify_face(
        self, memory: VisitMemory, cancel: Event, say: Callable[[Happening], None], see: Callable[[Image], None]
    ) -> Happening:
        """A portrait, a picture and a word; and once more after the gate."""
        assert cancel is not None
        self.cameras.append(self.consents[-1:])
        for instruction in ("turn-left", "look-straight"):
            memory.portrait = PersonalBytes(bytes(bytearray(PORTRAIT)))
            see(picture())
            say(who.FaceInstructed(instruction, 0.5))
            self.see.append(see)
            self.gates.come("face")
        return who.FaceDecided(who.FaceResult.PASSED)

    def open(self, memory: VisitMemory, asked: h.OpenRecord) -> Happening:
        """The own row, or a child's."""
        self.gates.come("record")
        assert (memory, asked) is not None
        return h.RecordOpened(own_data(family=self.family and not asked.person))

    def companion(self, memory: VisitMemory) -> Happening:
        """It is the card of the one whose card is needed."""
        self.gates.come("companion")
        memory.settle()
        return errand.CompanionSeen(SPOUSE)

    def find_dwelling(self, entry: DwellingEntry) -> Happening:
        """There is such a flat."""
        self.gates.come("dwelling")
        assert all(entry.texts)
        return errand.DwellingFound(errand.Dwelling("flat", PersonalText(_fresh(FLAT))))

    # --- papers ---

    def make(
        self, command: h.MakePaper, memory: VisitMemory, report: Callable[[Happening], None], cancel: Event
    ) -> Happening:
        """A paper."""
        assert (memory, cancel) is not None
        self.made.append(command.application)
        report(h.IssueAdvanced(h.Stage.SEALING))
        self.gates.come("make")
        report(h.IssueAdvanced(h.Stage.PRINTING))
        return h.PaperPrinted(SERIAL, "strip" if self.receipt else "page", self.receipt)

    def reject(self, serial: str, *, unreadable: bool) -> Happening:
        """Void."""
        self.gates.come("reject")
        self.papers_said.append(f"reject {serial} {unreadable}")
        return h.PaperRejected()

    def note_not_taken(self, serial: str) -> None:
        """Called out."""
        self.papers_said.append(f"not taken {serial}")

    def confirm(self, serial: str) -> None:
        """Delivered."""
        self.papers_said.append(f"confirm {serial}")

    # --- the technician ---

    def closed(self) -> tuple[str, str] | None:
        """Out of service or not."""
        return self.kept_closed

    def check(self, pin: Personal) -> Happening:
        """Any PIN is right."""
        assert pin.reveal()
        self.gates.come("check")
        return maintenance.PinAccepted(self.kept_closed)

    def leave(self) -> None:
        """Noted."""
        self._write()
        self.papers_said.append("technician left")

    def _write(self) -> None:
        if self.full:
            raise StoreUnwritableError("full")


class Room:
    """A conductor and everything around it. Close it."""

    def __init__(self, closed: tuple[str, str] | None = None, workers: int = 8, times: IdleTimes | None = None) -> None:
        self.bell = Event()
        self.clock, self.screen, self.speaker, self.audit = StillClock(), RememberingScreen(), Speaker(), AuditBook()
        self.desks = GatedDesks()
        self.desks.kept_closed = closed
        self.jobs: Jobs[Happening] = Jobs(self.bell.set, workers)
        self.conductor = Conductor(self.screen, self._desks(), self._house(times or IdleTimes()), self.jobs, self.clock)
        self.conductor.begin()
        self.jobs.post(ReadinessChanged(Readiness(tuple((each.kind, ()) for each in SERVICES))))
        self.conductor.drain()

    @property
    def gates(self) -> Gates:
        """Where the desks stop."""
        return self.desks.gates

    @property
    def here(self) -> object:
        """What the screen stands for."""
        return visit.innermost(self.conductor.visit)

    def close(self) -> None:
        """Let everybody go."""
        self.gates.let_all_on()
        self.jobs.close()

    def await_state(self, *kinds: type) -> object:
        """Drain as the window would, until one of these states is there."""
        self.until(lambda: isinstance(self.here, kinds))
        return self.here

    def until(self, true: Callable[[], bool]) -> None:
        """Drain until something is true."""
        for _ in range(int(PATIENCE_S / 0.01)):
            self.conductor.drain()
            if true():
                return
            self.bell.wait(0.01)
            self.bell.clear()
        raise AssertionError(f"{type(self.here).__name__} is there")

    def settle(self) -> None:
        """Until every job that is not held has ended and been heard."""
        done = Event()
        for _ in range(2):
            self.jobs.run_apart(lambda _: Happening(), lambda _: Happening())
        self.jobs.run_apart(lambda _: _told(done), lambda _: Happening())
        assert done.wait(PATIENCE_S)
        self.conductor.drain()

    def act(self, *actions: str) -> None:
        """Press targets, one after the other."""
        for action in actions:
            self.conductor.act(action)

    def pass_by(self, seconds: int) -> None:
        """Let seconds pass, with a tick in each."""
        for _ in range(seconds):
            self.clock.pass_by(1)
            self.conductor.tick()
            self.conductor.drain()

    def _desks(self) -> Desks:
        one = cast("Any", self.desks)
        audit = cast("Any", self.audit)
        return Desks(one, one, one, one, one, one, one, self.speaker, audit)

    def _house(self, times: IdleTimes) -> House:
        words = Catalogue.load(ASSETS / "texts")

        def around(language: Language, maintaining: bool) -> Surroundings:
            assert maintaining in (True, False)
            place = replace(NOWHERE, services=SERVICES)
            return Surroundings(words.in_language(language.value), self.clock.now(), place)

        return House(
            around, lambda kind: replace(NOWHERE, services=SERVICES).service(kind), lambda _, __: OFFERS, lambda: times
        )


def _told(done: Event) -> Happening:
    done.set()
    return Happening()


def _fresh(text: str) -> str:
    """The same text as another object, which no module's constant keeps alive."""
    return "".join(list(text))


def reachable(*roots: object) -> Iterator[object]:
    """Every object that is referred to from here: through attributes, containers, closures and queues; not through
    modules, classes and a function's globals, which belong to the program and not to the visit."""
    seen: set[int] = set()
    todo: list[object] = list(roots)
    while todo:
        at = todo.pop()
        if id(at) in seen or isinstance(at, type | ModuleType):
            continue
        seen.add(id(at))
        yield at
        if isinstance(at, FunctionType):
            todo += [at.__closure__, at.__defaults__, at.__kwdefaults__]
        else:
            todo += gc.get_referents(at)


def personal_among(objects: Iterator[object]) -> list[str]:
    """What of the resident of this module is among them: kinds of objects, nothing more."""
    found = []
    for each in objects:
        text = isinstance(each, str) and any(part in each for part in (NAME, NUMBER, SUBJECT, CHILD_NAME, FLAT))
        picture_or_portrait = isinstance(each, np.ndarray) or (isinstance(each, bytes) and PORTRAIT in each)
        if text or picture_or_portrait:
            found.append(type(each).__name__)
    return found
