"""What the policy says of this place, and what is said before there is one."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

from backend_client.contract.policy import (
    Desk,
    DocumentRule,
    IdentityRules,
    LaterRules,
    Office,
    Opening,
    PaperRules,
    PaperWording,
    Policy,
    Purpose,
    Timeouts,
    Words,
)
from civic.document import DocumentKind
from forms.paper import PaperKind
from kiosk.flows import happenings as h
from kiosk.flows.errand import Collecting
from kiosk.flows.identity import Way
from kiosk.flows.readiness import NOTICES, TENANCY, Readiness
from kiosk.idle import IdleTimes
from kiosk.place import NO_DOCUMENT_READER, PolicyPlace
from kiosk.presenters.opening import Hours
from tests.support.clocks import NOW


def words(text: str) -> Words:
    return Words(zh=f"{text}（中）", en=text)


POLICY = Policy(
    version=3,
    community_id="C1",
    community=words("community"),
    issued_at=NOW,
    expires_at=NOW + timedelta(days=30),
    issuer=words("bureau"),
    specimen=True,
    papers=(
        PaperRules(
            kind=PaperKind.HOUSEHOLD_CERTIFICATE,
            wording=PaperWording(title=words("certificate"), statement=words("so it is")),
            purposes=(
                Purpose(id="move", title=words("moving"), book_is_enough=False),
                Purpose(id="school", title=words("school"), book_is_enough=True, why_enough=words("it says so")),
            ),
            documents=(
                DocumentRule(kind=DocumentKind.RESIDENT_CARD),
                DocumentRule(kind=DocumentKind.PASSPORT),
                DocumentRule(kind=DocumentKind.FOREIGNER_CARD, office="exit_entry"),
            ),
            validity_days=30,
            reissues_per_day=3,
        ),
    ),
    desk=Desk(name=words("desk"), address=words("street"), hours=words("always"), phone="0000-0110"),
    offices=(
        Office(
            id="exit_entry",
            name=words("hall"),
            address=words("road"),
            hours=words("weekdays"),
            phone="0000-0120",
            openings=(Opening(days=(1, 2, 3, 4, 5), opens="09:00", closes="17:00"),),
        ),
    ),
    identity=IdentityRules(notice="2026-12", face_from_age=16),
    timeouts=Timeouts(idle=45, idle_accessible=150, warning=25, extensions=12),
)


def place(policy: Policy | None) -> PolicyPlace:
    return PolicyPlace(cast("Any", SimpleNamespace(current=lambda: policy)))


def test_the_desk_and_the_bureau_are_the_policy_s() -> None:
    """In both languages."""
    here = place(POLICY).place()
    assert dict(here.desk.name) == {"zh": "desk（中）", "en": "desk"}
    assert (here.desk.phone, here.specimen) == ("0000-0110", True)
    assert dict(here.issuer)["en"] == "bureau"


def test_a_service_is_what_the_policy_says_of_it() -> None:
    """With the reason why the household book is enough, where it is."""
    service = place(POLICY).service("household_certificate")
    assert service is not None
    assert (service.valid_days, dict(service.fee)["zh"], service.hint, service.collecting) == (30, "免费", (), None)
    move, school = service.purposes
    assert move == h.Purpose("move", (("zh", "moving（中）"), ("en", "moving")), why_enough=(("zh", ""), ("en", "")))
    assert school.book_is_enough
    assert dict(school.why_enough)["en"] == "it says so"
    assert place(POLICY).service("unheard-of") is None


def test_what_a_service_asks_besides_is_the_policy_s_too() -> None:
    """Whether for a child, with whom, when, how long, and what the paper is not."""
    rules = POLICY.papers[0].model_copy(
        update={
            "purposes": (Purpose(id="rail", title=words("rail"), members=True, validity_hours=24),),
            "guardian_below": 16,
            "hint": words("no card"),
            "later": LaterRules(
                wording=PaperWording(title=words("receipt"), statement=words("received")),
                working_days=3,
                bring=words("a card"),
            ),
        }
    )
    service = place(POLICY.model_copy(update={"papers": (rules,)})).service("household_certificate")
    assert service is not None
    assert (service.children_below, dict(service.hint)["en"]) == (16, "no card")
    assert service.collecting == Collecting(3, (("zh", "a card（中）"), ("en", "a card")))
    assert (service.purposes[0].members, service.purposes[0].valid_hours) == (True, 24)


TODAY = date(2026, 11, 22)


def test_an_office_is_found_by_its_id_and_says_when_it_is_open() -> None:
    """For a program; the desk stands in for one that the policy does not know."""
    here = place(POLICY).place()
    assert here.window("exit_entry").openings == (Hours((1, 2, 3, 4, 5), "09:00", "17:00"),)
    assert here.window("nowhere") is here.desk


def test_what_may_be_brought_is_the_policy_s_and_what_of_it_works_is_the_devices() -> None:
    """As it was when the service was chosen."""
    broken = Readiness(broken=((Way.CARD, "id_card.unplugged"),), face="camera.dark", officer=True)
    offers = place(POLICY).offers("household_certificate", broken, TODAY)
    assert offers.office_for(DocumentKind.FOREIGNER_CARD) == "exit_entry"
    assert offers.reason(Way.CARD) == "id_card.unplugged"
    assert (offers.face, offers.officer, offers.today) == (False, True, TODAY)
    assert not place(None).offers("household_certificate", broken, TODAY).documents


def test_a_kiosk_without_a_document_reader_asks_nobody_for_a_passport() -> None:
    """Broken is said, and not being there is not mentioned at all."""
    without = Readiness(broken=((Way.TRAVEL, NO_DOCUMENT_READER),))
    assert not place(POLICY).offers("household_certificate", without, TODAY).finishes(Way.TRAVEL)
    assert place(POLICY).ways("household_certificate") == {Way.CARD, Way.TRAVEL}


def test_a_flat_is_rented_with_any_identity_card() -> None:
    """Whoever rents one is registered here, wherever they come from; a paper another office makes for them."""
    renting = place(POLICY).offers(TENANCY, Readiness(), TODAY)
    assert renting.office_for(DocumentKind.FOREIGNER_CARD) == ""
    assert renting.office_for(DocumentKind.RESIDENT_CARD) == ""
    assert place(POLICY).offers(NOTICES, Readiness(), TODAY).office_for(DocumentKind.FOREIGNER_CARD) == "exit_entry"


def test_the_notice_and_the_age_of_consent_are_the_policy_s() -> None:
    """And the law's own where there is no policy."""
    assert (place(POLICY).notice(), place(POLICY).face_from_age()) == ("2026-12", 16)
    assert (place(None).notice(), place(None).face_from_age()) == ("", 14)


def test_idle_times_are_the_policy_s() -> None:
    """And the criterion's own where there is no policy."""
    assert place(POLICY).idle_times() == IdleTimes(45, 150, 25, 12, 30)
    assert place(None).idle_times() == IdleTimes()


def test_before_the_first_policy_nothing_is_offered_and_110_can_be_called() -> None:
    """Everything reads 样张 until somebody says otherwise."""
    nowhere = place(None).place()
    assert nowhere.desk.phone == "110"
    assert nowhere.specimen
    assert nowhere.services == ()
    assert place(None).service("household_certificate") is None


def test_both_languages_are_there() -> None:
    """Whichever the resident chooses."""
    for policy in (POLICY, None):
        here = place(policy).place()
        windows = (here.desk, *here.offices)
        texts = [here.issuer, *(text for each in windows for text in (each.name, each.address, each.hours))]
        assert all(set(dict(text)) == {"zh", "en"} for text in texts)
