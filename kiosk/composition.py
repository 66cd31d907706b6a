"""The composition root without a screen: settings -> devices, store, records, services, conductor.

``kiosk.main`` adds the window. Tests compose the same kiosk with a screen that only remembers.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import SystemRandom

from backend_client.changes import Follower
from backend_client.hints import HintListener
from backend_client.outbox.back_off import BackOff
from backend_client.outbox.sender import Sender
from civic.clock import Clock, SystemClock
from devices.catalog import camera_is_stream
from devices.health import Health, Level
from forms.paper import CHINA_TIME
from kiosk.conductor import Conductor, House, Screen
from kiosk.config import Configuration
from kiosk.flows.base import Event
from kiosk.flows.comfort import Language
from kiosk.flows.identity import Offers
from kiosk.flows.maintenance import REVOKED, UNKNOWN
from kiosk.flows.readiness import OutOfService, Readiness, ReadinessChanged, Shut
from kiosk.ground import Ground, lay, own_connection
from kiosk.presenters.surroundings import Surroundings
from kiosk.running import Kiosk
from kiosk.services.access_card import AccessCardDesk
from kiosk.services.alarm import AGAIN_S, AlarmBell
from kiosk.services.belief import Belief
from kiosk.services.card import CardDesk
from kiosk.services.check import CheckDesk
from kiosk.services.claim import ClaimDesk
from kiosk.services.desks import Desks
from kiosk.services.diagnostics import Diagnostics
from kiosk.services.document import DocumentDesk
from kiosk.services.evidence import Witness
from kiosk.services.follow import Follow, Heed, Pace
from kiosk.services.hand_in import HandInDesk
from kiosk.services.issue import IssuePaper
from kiosk.services.link import BEATS_S, RecordsLink
from kiosk.services.maintenance import Maintenance
from kiosk.services.move_in_slip import MoveInSlipDesk
from kiosk.services.notices import NoticesDesk
from kiosk.services.outbox import IntakeDesk
from kiosk.services.outbox_sync import OutboxSync
from kiosk.services.pages import PagesDesk
from kiosk.services.paper import PaperDesk
from kiosk.services.proof import ProofDesk
from kiosk.services.readiness import Watch
from kiosk.services.record import RecordDesk
from kiosk.services.settle import Settle
from kiosk.services.tenancy import TenancyDesk
from kiosk.services.tenancy_receipts import ReceiptDesk
from kiosk.store.alarms import Alarms
from kiosk.store.blobs import Blobs
from kiosk.store.outbox import Outbox
from terminal.identity import software
from terminal.jobs import Jobs
from terminal.pin import PIN_FILE, PinFile
from terminal.policy_trust import policy_keys_under
from terminal.renewal import Renewal
from terminal.texts import Catalogue


def compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock | None = None
) -> Kiosk:
    """Everything but the window. Raises CodedError (configuration, store, lock or missing enrolment), and then has
    closed whatever it had opened."""
    with ExitStack() as opened:
        kiosk = _compose(settings, assets, screen, wake, clock or SystemClock(), opened)
        kiosk.opened = opened.pop_all()  # from here on it is the kiosk's to close
    return kiosk


def _compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock, opened: ExitStack
) -> Kiosk:
    words = Catalogue.load(assets / "texts")
    ground = lay(settings, clock, opened)
    jobs: Jobs[Event] = Jobs(wake)
    opened.callback(jobs.close)
    watch = _watch(ground, jobs)
    check = _check(ground)
    outbox = _outbox(ground, watch)
    opened.callback(outbox.stop)  # before jobs are waited for
    link = _link(ground, watch, check, outbox)
    store, carried = settings.store.folder, check.belief.carried
    renewal = Renewal(ground.session, ground.signer, settings.records.identity, ground.audit, ground.trusted)
    diagnostics = Diagnostics(watch, link, ground.policy, ground.audit, store, clock, software(), carried)
    diagnostics.days_left = renewal.days_left
    diagnostics.outbox = lambda: outbox.seen
    desks = _desks(ground, check)
    desks.maintenance.outbox = outbox
    bell = _bell(ground)
    intakes = HandInDesk(outbox.desk, ground.printers, ground.place.place, ground.clock, ground.place.gate_notice)
    desks = replace(desks, bell=bell, intakes=intakes)
    conductor = Conductor(screen, desks, _house(ground, words, diagnostics), jobs, clock)
    ground.forgetting.shut = lambda: jobs.post(Shut(OutOfService(REVOKED, UNKNOWN)))
    renewal.idle = conductor.idle
    follow = _follow(ground, link)
    opened.callback(follow.stop)  # before jobs are waited for
    devices, audit = ground.devices, ground.audit
    return Kiosk(conductor, jobs, link, watch, devices, audit, diagnostics, outbox, renewal, follow, bell, opened)


def _watch(ground: Ground, jobs: Jobs[Event]) -> Watch:
    place, devices = ground.place, ground.devices
    watch = Watch(ground.audit, lambda now: jobs.post(ReadinessChanged(now)), ground.clock, place.ways, place.media)
    watch.tell(devices.speaker.health())
    for name in ("travel_document", "mrz", "thermal_printer", "access_card"):
        if getattr(devices, name) is None:
            watch.tell(Health(name, Level.UNKNOWN, "not-fitted"))
    return watch


def _check(ground: Ground) -> CheckDesk:
    belief = Belief(ground.settings.records.root_certificate(), ground.settings.store.folder, ground.clock)
    feed = ground.feed
    return CheckDesk(ground.devices.camera, ground.session, belief, ground.clock, feed.says_void, feed.hold)


def _outbox(ground: Ground, watch: Watch) -> OutboxSync:
    folder, time = ground.settings.store.folder, ground.trusted
    blobs = Blobs(folder)
    outbox = Outbox(ground.database, ground.audit, blobs, time)
    outbox.tidy()
    desk = IntakeDesk(outbox, blobs, ground.policy, time, folder)
    line, held = (BackOff(SystemRandom(), time.monotonic()) for _ in range(2))
    return OutboxSync(desk, outbox, Sender(ground.session, outbox), watch, time, line, held)


def _link(ground: Ground, watch: Watch, check: CheckDesk, outbox: OutboxSync) -> RecordsLink:
    session, store, audit, clock = ground.session, ground.store, ground.audit, ground.clock
    settle = Settle(session, ground.journal, ground.printers, audit)
    return RecordsLink(
        session,
        settle,
        ground.policy,
        store,
        audit,
        watch,
        clock,
        software(),
        check.refresh,
        trusted=ground.trusted,
        outbox=outbox.outbox.state,
        back_off=BackOff(SystemRandom(), clock.monotonic(), *BEATS_S),
        accepted=outbox.wake,
    )


def _bell(ground: Ground) -> AlarmBell:
    back_off = BackOff(SystemRandom(), ground.clock.monotonic(), *AGAIN_S)
    opened = partial(own_connection, ground.settings.records)
    return AlarmBell(Alarms(ground.database), opened, ground.clock, back_off)


def _follow(ground: Ground, link: RecordsLink) -> Follow:
    clock, heed = ground.clock, Heed(link, ground.policy)
    keys = policy_keys_under(ground.settings.records.root_certificate())
    follower = Follower(ground.session, ground.feed, keys, ground.trusted, heed.heard, heed.newest)
    pace = Pace(SystemRandom(), clock.monotonic())
    streams = BackOff(SystemRandom(), clock.monotonic())
    streams.succeeded()
    listener = HintListener(ground.session.hints, lambda: pace.hinted(clock.monotonic()))
    return Follow(follower, listener, pace, streams, clock, lambda: link.last_sync)


def _desks(ground: Ground, check: CheckDesk) -> Desks:
    devices, session, audit, clock = ground.devices, ground.session, ground.audit, ground.clock
    place = ground.place
    papers = PaperDesk(IssuePaper(session, ground.journal, ground.printers, place, audit))
    pin = PinFile(ground.settings.store.folder / PIN_FILE)
    return Desks(
        card=CardDesk(devices.id_card, audit, devices.travel_document),
        document=DocumentDesk(devices.camera, devices.mrz, devices.travel_document, audit),
        claim=ClaimDesk(session, clock, audit, place.face_from_age, devices.photo_decoder),
        proof=_proof(ground),
        records=RecordDesk(session, papers, audit, clock),
        papers=papers,
        maintenance=Maintenance(pin, ground.store, ground.printers, audit, clock),
        speaker=devices.speaker,
        audit=audit,
        check=check,
        notices=NoticesDesk(session, audit),
        renting=TenancyDesk(session, audit, clock, place.tenancy, place.gate),
        access_cards=AccessCardDesk(devices.access_card, place.weak_cards),
        pages=PagesDesk(devices.pages),
        slips=MoveInSlipDesk(ground.printers, clock),
        receipts=ReceiptDesk(ground.printers, place.tenancy, place.place),
    )


def _proof(ground: Ground) -> ProofDesk:
    devices, clock, audit = ground.devices, ground.clock, ground.audit
    simulated = camera_is_stream(ground.settings.devices)
    witness = Witness(ground.signer, devices.face, clock, simulated=simulated)
    notice = ground.place.notice
    return ProofDesk(ground.session, devices.camera, devices.face, devices.passive, witness, clock, audit, notice)


def _house(ground: Ground, words: Catalogue, diagnostics: Diagnostics) -> House:
    place, simulated = ground.place, camera_is_stream(ground.settings.devices)

    def now() -> datetime:
        return ground.clock.now().astimezone(CHINA_TIME)

    def surroundings(language: Language, maintaining: bool) -> Surroundings:  # noqa: FBT001 - House's signature
        table = diagnostics.table() if maintaining else ()
        return Surroundings(words.in_language(language.value), now(), place.place(), table, simulated=simulated)

    def offers(service: str, readiness: Readiness) -> Offers:
        return place.offers(service, readiness, now().date())

    return House(surroundings, place.service, offers, place.idle_times)
