"""What the policy says, in the shapes that flows, presenters and the idle watch use."""

from datetime import date

from backend_client.contract.policy import (
    Desk,
    GateRules,
    IdentityRules,
    PaperRules,
    Policy,
    TenancyRules,
    Words,
)
from backend_client.contract.policy import Purpose as PolicyPurpose
from backend_client.policy import PolicyHolder
from civic.document import DocumentKind
from forms.paper import Medium, Wording
from kiosk.flows.errand import Collecting, Service, Texts
from kiosk.flows.happenings import Purpose
from kiosk.flows.identity import CARDS, TRAVEL_DOCUMENTS, Offers, Way
from kiosk.flows.readiness import CORRECTION, NOTICES, TENANCY, Readiness
from kiosk.idle import IdleTimes
from kiosk.presenters.opening import Hours
from kiosk.presenters.surroundings import Place, Window
from kiosk.services.draft import PaperWords

NO_DOCUMENT_READER = "travel_document.not-fitted"
"""Why nobody is asked for a passport at a kiosk that was built without a reader for it."""

NOWHERE = Place(  # before the first policy nothing is offered; these words stand on the grey tile
    desk=Window(
        id="",
        name=(("zh", "附近的警务室"), ("en", "the nearest police room")),
        address=(("zh", "请拨打 110 询问"), ("en", "ask 110")),
        hours=(("zh", "白天"), ("en", "daytime")),
        phone="110",
    ),
    issuer=(("zh", "公安机关"), ("en", "the police")),
    specimen=True,
)


class PolicyPlace:
    """Always of the policy that holds now."""

    def __init__(self, holder: PolicyHolder) -> None:
        self._holder = holder

    def place(self) -> Place:
        """Desk, bureau and services."""
        policy = self._holder.current()
        if policy is None:
            return NOWHERE
        return Place(
            desk=_window(policy.desk),
            issuer=_texts(policy.issuer),
            specimen=policy.specimen,
            services=tuple(_service(rules) for rules in policy.papers),
            offices=tuple(_window(office, office.id) for office in policy.offices),
            notice=policy.identity.notice,
        )

    def service(self, kind: str) -> Service | None:
        """A service that is offered; None: it is not."""
        return next((each for each in self.place().services if each.kind == kind), None)

    def offers(self, service: str, readiness: Readiness, today: date) -> Offers:
        """What may be brought for a service, and what of it works now."""
        policy = self._holder.current()
        documents = _documents(policy, service) if policy else ()
        if (Way.TRAVEL, NO_DOCUMENT_READER) in readiness.broken:
            documents = tuple(each for each in documents if each[0] not in TRAVEL_DOCUMENTS)
        return Offers(
            documents,
            today,
            readiness.broken,
            face=not readiness.face,
            officer=readiness.officer,
            correction=not readiness.reasons(CORRECTION),
        )

    def ways(self, service: str) -> frozenset[Way]:
        """The ways by which somebody can finish a service here, as far as the policy says."""
        offers = self.offers(service, Readiness(), date.min)
        return frozenset(way for way in Way if offers.finishes(way))

    def media(self, service: str) -> tuple[Medium, ...]:
        """What a service's paper may be printed on, the first preferred."""
        policy = self._holder.current()
        rules = _rules(policy, service) if policy else None
        return rules.media if rules else ()

    def receipt_media(self, service: str) -> tuple[Medium, ...]:
        """The same of the receipt that may come in its stead."""
        policy = self._holder.current()
        rules = _rules(policy, service) if policy else None
        return rules.later.media if rules and rules.later else ()

    def words(self, service: str) -> PaperWords | None:
        """What a service's paper says besides somebody's own data; None: it is not offered."""
        policy = self._holder.current()
        rules = _rules(policy, service) if policy else None
        if policy is None or rules is None:
            return None
        said, purposes = rules.wording, tuple(each.title.zh for each in rules.purposes)
        wording = Wording(said.title.zh, said.title.en, said.statement.zh, said.statement.en, said.remarks)
        return PaperWords(wording, policy.issuer.zh, purposes, policy.specimen)

    def face_from_age(self) -> int:
        """From which age a face is asked for."""
        policy = self._holder.current()
        return policy.identity.face_from_age if policy else IdentityRules().face_from_age

    def notice(self) -> str:
        """The name of the notice in force."""
        policy = self._holder.current()
        return policy.identity.notice if policy else ""

    def tenancy(self) -> TenancyRules | None:
        """How rights in flats begin and end; None: nothing of them is offered here."""
        policy = self._holder.current()
        return policy.tenancy if policy else None

    def gate(self) -> GateRules | None:
        """How gates decide; None: there are none here."""
        policy = self._holder.current()
        return policy.gate if policy else None

    def gate_notice(self) -> str:
        """The name of the text about faces at the gate that is in force; empty: there are no gates."""
        gate = self.gate()
        return gate.notice if gate else ""

    def weak_cards(self) -> bool:
        """Whether a card that can only say its number may be a way."""
        gate = self.gate()
        return gate is not None and gate.weak_cards

    def idle_times(self) -> IdleTimes:
        """Seconds until somebody is asked whether they are still there."""
        policy = self._holder.current()
        if policy is None:
            return IdleTimes()
        times = policy.timeouts
        return IdleTimes(times.idle, times.idle_accessible, times.warning, times.extensions, times.paper)


def _documents(policy: Policy, service: str) -> tuple[tuple[DocumentKind, str], ...]:
    """Each kind, and the office that serves it instead. Notices are read with whatever some paper here is made for; at
    租房与门禁 any identity card will do: whoever rents a flat is registered here, wherever they come from."""
    if service not in (NOTICES, TENANCY):
        rules = _rules(policy, service)
        return tuple((rule.kind, rule.office) for rule in rules.documents) if rules else ()
    every = [rule for rules in policy.papers for rule in rules.documents]
    here = {rule.kind: "" for rule in every if not rule.office or (service == TENANCY and rule.kind in CARDS)}
    return tuple(({rule.kind: rule.office for rule in every} | here).items())


def _rules(policy: Policy, kind: str) -> PaperRules | None:
    return next((rules for rules in policy.papers if rules.kind == kind), None)


def _service(rules: PaperRules) -> Service:
    later = rules.later
    return Service(
        rules.kind.value,
        tuple(_purpose(each) for each in rules.purposes),
        rules.validity_days,
        _texts(rules.fee),
        _texts(rules.hint) if rules.hint else (),
        rules.guardian_below,
        Collecting(later.working_days, _texts(later.bring)) if later else None,
    )


def _purpose(purpose: PolicyPurpose) -> Purpose:
    return Purpose(
        purpose.id,
        _texts(purpose.title),
        purpose.book_is_enough,
        _texts(purpose.why_enough) if purpose.why_enough else (("zh", ""), ("en", "")),
        purpose.members,
        purpose.validity_hours,
    )


def _window(desk: Desk, office: str = "") -> Window:
    hours = tuple(Hours(each.days, each.opens, each.closes) for each in desk.openings)
    return Window(office, _texts(desk.name), _texts(desk.address), _texts(desk.hours), desk.phone, hours)


def _texts(words: Words) -> Texts:
    return (("zh", words.zh), ("en", words.en))
