"""The composition root without a screen: settings -> devices, store, records, services, conductor.

``gate.main`` adds the window. Tests compose the same gate with a screen that only remembers.
"""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import SystemRandom
from threading import Event as Flag

from backend_client.device_files import KEY_FILE, DeviceIdentity
from backend_client.gate_changes import GateFollower
from backend_client.hints import HintListener
from backend_client.outbox.back_off import BackOff
from civic.clock import Clock, SystemClock
from civic.comfort import Language
from civic.flow import Event
from devices.catalog import face_points
from devices.face.gallery import Gallery
from forms.paper import CHINA_TIME
from gate.conductor import Conductor, Desks, Screen
from gate.config import TEXTS, Configuration, SharingSettings
from gate.flows.happenings import ConditionsChanged
from gate.ground import Ground, lay
from gate.place import Place
from gate.presenters.surroundings import Surroundings
from gate.running import Gate
from gate.services.admit import Admit
from gate.services.enrol_face import EnrolFace
from gate.services.face import FaceAtGate
from gate.services.face_desk import FaceDesk, Models
from gate.services.follow import HINT_WITHIN_S, Heed
from gate.services.forgetting import Forgetting
from gate.services.journal import Journal
from gate.services.known_faces import KnownFaces
from gate.services.link import BEATS_S, GateLink
from gate.services.listening import Listening
from gate.services.machine import Machine
from gate.services.passage import Passage
from gate.services.reading import Reading
from gate.services.refusals import Refusals
from gate.services.sharing import Here, Listen, Sharing, sharing
from gate.services.technician import TechnicianDesk
from gate.services.tell import Tell
from gate.services.tidy import Tidy
from gate.services.watch import REVOKED, GateWatch
from terminal.following import Follow, Pace
from terminal.identity import common_name, software
from terminal.jobs import Jobs
from terminal.pin import PIN_FILE, PinFile
from terminal.pin_tries import PinCheck
from terminal.policy_trust import policy_keys_under
from terminal.renewal import Renewal
from terminal.revocation import Revocation
from terminal.texts import Catalogue

_GUESSES_S = 60.0  # in which ten times eight digits may be wrong


def compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock | None = None
) -> Gate:
    """Everything but the window. Raises CodedError (configuration, store, its key, lock or missing enrolment), and then
    has closed whatever it had opened."""
    with ExitStack() as opened:
        gate = _compose(settings, assets, screen, wake, clock or SystemClock(), opened)
        gate.opened = opened.pop_all()  # from here on it is the gate's to close
    return gate


def _compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock, opened: ExitStack
) -> Gate:
    words = Catalogue.load(assets / TEXTS)
    ground = lay(settings, clock, opened)
    jobs: Jobs[Event] = Jobs(wake)
    opened.callback(jobs.close)
    watch = GateWatch(ground.audit, clock, lambda now: jobs.post(ConditionsChanged(now)))
    _heed_revocation(ground, watch)
    place = Place(ground.store.grants, ground.rules, ground.time.moment, watch)
    faces = _faces(ground, place)
    share = _sharing(ground, faces, watch, opened) if faces is not None or settings.sharing is not None else None
    ending = Flag()
    slip = share.slips.note if share is not None else _nobody
    renewal = Renewal(ground.session, ground.key, settings.records.identity, ground.audit, ground.trusted)
    technician = _technician(ground, watch, ending, renewal.days_left)
    desks = Desks(_passage(ground, watch, ending, slip), faces, ground.fitted.speaker, technician)
    conductor = Conductor(screen, desks, _around(ground, words, place), jobs, clock)
    link = _link(ground, watch, share)
    follow = _follow(ground, link, place, faces)
    opened.callback(follow.stop)  # before jobs are waited for
    fitted = ground.fitted
    listening = Listening(watch, fitted.door, fitted.cards, fitted.codes, conductor.presented, ending)
    opened.callback(listening.stop)
    tidy = Tidy(ground.store, ground.time.moment, ground.rules.pass_days, clock, watch.tell)
    return Gate(conductor, jobs, watch, fitted, link, follow, listening, place, faces, share, tidy, renewal, opened)


def _heed_revocation(ground: Ground, watch: GateWatch) -> None:
    """What was begun is finished before anything is decided."""
    forgetting = Forgetting(ground.store)
    identity = ground.settings.records.identity
    revocation = Revocation(identity, ground.audit, forgetting.forget, lambda: watch.shut(REVOKED))
    if revocation.resume():
        watch.shut(REVOKED)
    ground.session.when_revoked(revocation.told)


def _faces(ground: Ground, place: Place) -> FaceDesk | None:
    camera, engine, settings = ground.fitted.camera, ground.fitted.engine, ground.settings.face
    if camera is None or engine is None or settings is None:
        return None

    def load() -> Models:
        engine.load()
        gallery = Gallery(engine.model)
        refusals = Refusals(ground.clock)
        measured = face_points(settings)
        passive = ground.fitted.passive
        at_gate = FaceAtGate(camera, engine, gallery, measured, place.fpir, secrets.choice, refusals, passive)
        known = KnownFaces(ground.store.templates, gallery)
        enrol = EnrolFace(at_gate, ground.store.templates, ground.time.moment, gallery.__contains__, desk.made)
        return Models(at_gate, known, enrol)

    desk = FaceDesk(load, place.fpir)
    return desk


def _sharing(ground: Ground, faces: FaceDesk | None, watch: GateWatch, opened: ExitStack) -> Sharing:
    settings, chosen = ground.settings.records, ground.settings.sharing
    number = common_name(ground.certificate)
    identity = DeviceIdentity(number, ground.certificate, settings.identity / KEY_FILE)
    listen = _listen(chosen) if chosen else None
    root = settings.root_certificate()
    model, changed = (faces.model, faces.refresh) if faces else (str, _nothing)
    here = Here(identity, root, ground.key, model, changed, watch.tell, listen)
    made = sharing(here, ground.store, ground.time.moment, ground.trusted, SystemRandom())
    opened.callback(made.close)
    if faces is not None:
        faces.kept = made.wake
    return made


def _listen(chosen: SharingSettings) -> Listen:
    return Listen(chosen.host, chosen.port, chosen.address or f"{chosen.host}:{chosen.port}", chosen.walk_s)


def _passage(ground: Ground, watch: GateWatch, ending: Flag, slip: Callable[[str], None]) -> Passage:
    rules = ground.rules
    admit = Admit(ground.store, ground.time.moment, rules.rules, watch.tell)
    reading = Reading(admit.phone_key, rules.community)

    def strike_s() -> float:
        return rules.gate().strike_s

    guesses = Refusals(ground.clock, seconds=_GUESSES_S)
    return Passage(admit, reading, ground.fitted.door, strike_s, watch.count_refusal, ending, guesses, slip)


def _technician(ground: Ground, watch: GateWatch, ending: Flag, days_left: Callable[[], int | None]) -> TechnicianDesk:
    folder, store, rules = ground.settings.store.folder, ground.store, ground.rules
    machine = Machine(watch, store, rules, ground.trusted, folder, days_left, software())
    pin = PinCheck(PinFile(folder / PIN_FILE), store.settings, ground.audit, ground.clock)

    def strike_s() -> float:
        return rules.gate().strike_s

    return TechnicianDesk(pin, ground.fitted.door, strike_s, watch.count_trial, ground.audit, machine.table, ending)


def _around(ground: Ground, words: Catalogue, place: Place) -> Callable[[Language], Surroundings]:
    def around(language: Language) -> Surroundings:
        now = ground.time.moment().at.astimezone(CHINA_TIME)
        return Surroundings(words.in_language(language.value), now, place.site())

    return around


def _link(ground: Ground, watch: GateWatch, share: Sharing | None) -> GateLink:
    session, store, clock = ground.session, ground.store, ground.clock

    def renewed() -> None:
        ground.fitted.door.held_after(ground.rules.gate().held_s)

    renewed()
    return GateLink(
        session=session,
        policy=ground.rules.held,
        audit=ground.audit,
        watch=watch,
        trusted=ground.trusted,
        clock=clock,
        software=software(),
        tell=Tell(session, store.reports, ground.key, share.own if share else _nothing),
        journal=Journal(session, store.passes, ground.audit),
        back_off=BackOff(SystemRandom(), clock.monotonic(), *BEATS_S),
        mark=ground.time.mark,
        count=store.grants.count,
        renewed=renewed,
    )


def _nothing() -> None:
    """This gate has no faces, so no other gate seals one to it."""


def _nobody(_: str) -> None:
    """This gate knows no other that could have seen the same slip."""


def _follow(ground: Ground, link: GateLink, place: Place, faces: FaceDesk | None) -> Follow:
    clock, refresh = ground.clock, faces.refresh if faces else _nothing
    heed = Heed(ground.rules.held, link.renew_policy, link.look, link.asked, refresh)

    def newest(version: int) -> None:
        """There was a snapshot."""
        heed.newest(version)
        place.look()
        refresh()

    keys = policy_keys_under(ground.settings.records.root_certificate())
    follower = GateFollower(ground.session, ground.store.grants, keys, ground.trusted, heed.heard, newest)
    pace = Pace(SystemRandom(), clock.monotonic(), HINT_WITHIN_S)
    streams = BackOff(SystemRandom(), clock.monotonic())
    streams.succeeded()
    listener = HintListener(ground.session.hints, lambda: pace.hinted(clock.monotonic()))
    return Follow(follower, listener, pace, streams, clock, lambda: link.answers)
