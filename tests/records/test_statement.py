"""A signed statement proves who it is only when everything in it holds; each rule is broken here once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.identity import IdentityStatement, SignedStatement, band_of
from backend_client.statement import subject_hash
from civic.document import DocumentKind
from records import certificates, keys
from records.context import Records
from records.errors import RefusedError
from records.rules.statement import FOREIGN, Fault, StatementRules, VisitFacts, live_fault, proof_fault
from records.services.statement import prove
from records.store import visits
from tests.support.clocks import NOW, StillClock
from tests.support.records_client import DENG, LAN, RARE, VISIT, KioskClient, live, signed, statement, travel, typed

RULES = StatementRules(minimum_threshold=0.38, maximum_rate=0.001, passive_required=False, simulated_allowed=True)
FACTS = VisitFacts(
    subject=subject_hash("s"),
    visit=VISIT,
    document=DocumentKind.RESIDENT_CARD,
    earliest=NOW - timedelta(minutes=1),
    latest=NOW + timedelta(minutes=1),
    portrait_given=True,
    portrait_own=True,
    attempts_left=True,
)
TYPED = {"document": "number", "checks": ["liveness", "face"]}
WITH_PASSIVE = {"checks": ["chip", "liveness", "passive", "face"], "passive_model": "minifasnet"}
PASSPORT = {"document": "passport", "reference": "chip"}
NO_CONSENT = {"notice": "2026-11", "given": False, "at": NOW.isoformat()}

REFUSED: list[tuple[Fault, dict[str, Any], VisitFacts, StatementRules]] = [
    (Fault.SUBJECT, {}, replace(FACTS, subject=subject_hash("t")), RULES),
    (Fault.VISIT, {"visit": "visit-0002"}, FACTS, RULES),
    (Fault.TIME, {"at": (NOW - timedelta(minutes=2)).isoformat()}, FACTS, RULES),
    (Fault.TIME, {"at": (NOW + timedelta(minutes=2)).isoformat()}, FACTS, RULES),
    (Fault.DOCUMENT, {"document": "hmt_permit"}, FACTS, RULES),
    (Fault.ATTEMPTS, {}, replace(FACTS, attempts_left=False), RULES),
    (Fault.CONSENT, {"consent": NO_CONSENT}, FACTS, RULES),
    (Fault.SIMULATED, {}, FACTS, replace(RULES, simulated_allowed=False)),
    (Fault.CHIP, {"checks": ["liveness", "face"]}, FACTS, RULES),
    (Fault.CHIP, {"document": "number"}, replace(FACTS, document=DocumentKind.NUMBER), RULES),
    (Fault.LIVENESS, {"checks": ["chip", "face"]}, FACTS, RULES),
    (Fault.PASSIVE, {}, FACTS, replace(RULES, passive_required=True)),
    (Fault.PASSIVE, {"checks": ["chip", "liveness", "passive", "face"]}, FACTS, replace(RULES, passive_required=True)),
    (Fault.FACE, {"checks": ["chip", "liveness"]}, FACTS, RULES),
    (Fault.THRESHOLD, {"threshold": 0.379}, FACTS, RULES),
    (Fault.RATE, {"false_match_rate": 0}, FACTS, RULES),
    (Fault.RATE, {"false_match_rate": 0.0011}, FACTS, RULES),
    (Fault.BAND, {"band": "below"}, FACTS, RULES),
    (Fault.BAND, {"band": "none"}, FACTS, RULES),
    (Fault.REFERENCE, {"reference": "none"}, FACTS, RULES),
    (Fault.REFERENCE, {**TYPED, "reference": "chip"}, replace(FACTS, document=DocumentKind.NUMBER), RULES),
    (Fault.REFERENCE, {}, replace(FACTS, portrait_given=False), RULES),
    (Fault.NO_PORTRAIT, {}, replace(FACTS, portrait_own=False), RULES),
]
ACCEPTED: list[tuple[dict[str, Any], VisitFacts, StatementRules]] = [
    ({}, FACTS, RULES),
    ({"band": "just-above"}, FACTS, RULES),
    ({"simulated": False}, FACTS, replace(RULES, simulated_allowed=False)),
    ({"false_match_rate": 0.001}, FACTS, RULES),
    (WITH_PASSIVE, FACTS, replace(RULES, passive_required=True)),
    (PASSPORT, replace(FACTS, document=DocumentKind.PASSPORT, portrait_given=False), RULES),
    ({"document": "travel_permit"}, replace(FACTS, document=DocumentKind.TRAVEL_PERMIT), RULES),
    (TYPED, replace(FACTS, document=DocumentKind.NUMBER), RULES),
]


def _said(changes: dict[str, Any]) -> IdentityStatement:
    return IdentityStatement.model_validate_json(json.dumps(statement("s", **changes)))


@pytest.mark.parametrize(("fault", "changes", "facts", "rules"), REFUSED, ids=[each[0].value for each in REFUSED])
def test_each_rule_refuses_by_itself(
    fault: Fault, changes: dict[str, Any], facts: VisitFacts, rules: StatementRules
) -> None:
    assert proof_fault(_said(changes), facts, rules) is fault


def test_every_rule_is_broken_once() -> None:
    """What the signature's check finds, and what is said too early, have their own tests."""
    elsewhere = {Fault.FORM, Fault.SIGNATURE, Fault.FACE_TOO_EARLY}
    assert {each[0] for each in REFUSED} == set(Fault) - elsewhere


@pytest.mark.parametrize(("changes", "facts", "rules"), ACCEPTED)
def test_what_keeps_every_rule_is_a_proof(changes: dict[str, Any], facts: VisitFacts, rules: StatementRules) -> None:
    assert proof_fault(_said(changes), facts, rules) is None


def test_a_live_face_is_shown_before_any_comparison() -> None:
    """The same rules, without a face; one that was compared already can't have been."""
    facts = replace(FACTS, document=DocumentKind.NUMBER)
    cases: list[tuple[Fault | None, dict[str, Any]]] = [
        (None, {}),
        (Fault.FACE_TOO_EARLY, {"checks": ["liveness", "face"]}),
        (Fault.LIVENESS, {"checks": []}),
        (Fault.CONSENT, {"consent": NO_CONSENT}),
        (Fault.DOCUMENT, {"document": "resident_card"}),
    ]
    for fault, changes in cases:
        said = IdentityStatement.model_validate_json(json.dumps(live("s", **changes)))
        assert live_fault(said, facts, RULES) is fault


def _stored(records: Records, subject: str) -> visits.VisitRow:
    with records.database.reading() as transaction:
        row = visits.by_subject(transaction, subject_hash(subject))
    assert row is not None
    return row


def _deeds(records: Records, action: str) -> list[dict[str, Any]]:
    with records.database.reading() as transaction:
        query = sa.text("SELECT facts FROM audit WHERE action = :action ORDER BY seq")
        return [json.loads(facts) for facts in transaction.connection.scalars(query, {"action": action})]


def test_an_accepted_statement_is_kept_with_the_visit_and_named_by_the_paper(
    kiosk: KioskClient, records: Records
) -> None:
    """As it was signed, without a score; paper and audit carry its digest."""
    subject = kiosk.prove()
    kiosk.reserve(subject)
    row = _stored(records, subject)
    kept = IdentityStatement.model_validate_json(row.statement)
    assert (row.proven_by, row.proven_at, kept.band.value) == ("statement", NOW, "far-above")
    (judged,), (reserved,) = _deeds(records, "identity-judged"), _deeds(records, "paper-reserved")
    assert judged["accepted"] is True
    assert judged["statement"] == reserved["statement"] == row.statement_digest
    assert reserved["proven_by"] == "statement"
    assert "score" not in row.statement


def test_a_passports_own_portrait_is_enough(kiosk: KioskClient) -> None:
    """Passive authentication vouches for it: records' portrait need not be asked for."""
    subject = kiosk.identified(travel())["subject"]
    assert kiosk.state(subject, statement(subject, **PASSPORT)).status_code == 200
    assert kiosk.reserve(subject).status_code == 201


FORGERIES: dict[Fault, Callable[[KioskClient, dict[str, Any]], dict[str, str]]] = {
    Fault.SIGNATURE: lambda _kiosk, said: signed(ec.generate_private_key(ec.SECP256R1()), said),
    Fault.FORM: lambda kiosk, said: kiosk.sign({**said, "score": 0.7}),
}


@pytest.mark.parametrize("fault", FORGERIES)
def test_only_the_devices_own_word_counts(kiosk: KioskClient, records: Records, fault: Fault) -> None:
    """Another key's signature; a field that a statement does not have."""
    subject = kiosk.identify()["subject"]
    kiosk.portrait(subject)
    forged = FORGERIES[fault](kiosk, statement(subject))
    answer = kiosk.post(f"/v1/identifications/{subject}/statement", forged)
    assert (answer.status_code, answer.json()["code"]) == (422, "statement-invalid")
    assert _deeds(records, "identity-judged") == [{"accepted": False, "fault": fault.value}]
    assert _stored(records, subject).proven_at is None


@pytest.mark.parametrize("part", ["payload", "signature"])
@pytest.mark.parametrize("text", ["*", "é"])
def test_what_is_no_base64_is_no_statement(kiosk: KioskClient, part: str, text: str) -> None:
    subject = kiosk.identify()["subject"]
    body = {**kiosk.sign(statement(subject)), part: text}
    assert kiosk.post(f"/v1/identifications/{subject}/statement", body).json()["code"] == "statement-invalid"


def test_a_statement_of_one_visit_is_none_of_another(kiosk: KioskClient, records: Records) -> None:
    """Replayed for another subject, another visit, and by another device."""
    first = kiosk.identify()["subject"]
    kiosk.portrait(first)
    good = kiosk.sign(statement(first))
    assert kiosk.post(f"/v1/identifications/{first}/statement", good).status_code == 200
    second = kiosk.identify(visit="visit-0002")["subject"]
    kiosk.portrait(second)
    other = KioskClient(records)
    third = other.identify()["subject"]
    other.portrait(third)
    for client, subject in ((kiosk, second), (other, third)):
        answer = client.post(f"/v1/identifications/{subject}/statement", good)
        assert answer.json()["code"] == "statement-invalid"
    assert other.post(f"/v1/identifications/{first}/statement", good).json()["code"] == "subject-expired"


def test_a_statement_from_before_the_visit_is_stale(kiosk: KioskClient, clock: StillClock) -> None:
    """Give or take what two clocks may differ."""
    subject = kiosk.identify()["subject"]
    kiosk.portrait(subject)
    for minutes, status in ((-11, 422), (+11, 422), (-9, 200), (+9, 200)):
        said = statement(subject, at=(clock.now() + timedelta(minutes=minutes)).isoformat())
        assert kiosk.state(subject, said).status_code == status


def test_faces_that_differ_prove_nothing(kiosk: KioskClient) -> None:
    subject = kiosk.identify()["subject"]
    kiosk.portrait(subject)
    answer = kiosk.state(subject, statement(subject, checks=["chip", "liveness"], band="below"))
    assert (answer.status_code, answer.json()["code"]) == (403, "identity-not-proven")
    assert kiosk.post(f"/v1/identifications/{subject}/record").json()["code"] == "identity-not-proven"


def test_attempts_are_counted(kiosk: KioskClient) -> None:
    """The sixth statement is refused, however good."""
    subject = kiosk.identify()["subject"]
    kiosk.portrait(subject)
    for _ in range(5):
        kiosk.state(subject, statement(subject, band="below"))
    assert kiosk.state(subject, statement(subject)).json()["code"] == "identity-not-proven"


def test_without_the_portrait_nothing_was_compared(kiosk: KioskClient) -> None:
    """Nor for whom records have none."""
    for card, visit in ((DENG, "visit-0001"), (RARE, "visit-0002")):
        subject = kiosk.identify(card, visit)["subject"]
        assert kiosk.state(subject, statement(subject, visit)).json()["code"] == "identity-not-proven"


def test_a_visit_that_is_unclear_can_not_be_proven(kiosk: KioskClient, records: Records) -> None:
    """Neither by a statement, nor by whoever writes that it is."""
    subject = kiosk.identify(replace(DENG, name=LAN.name))["subject"]
    assert kiosk.state(subject, statement(subject)).json()["code"] == "record-unclear"
    with records.database.writing() as transaction:
        assert visits.proven(transaction, subject_hash(subject), "officer", NOW) is False
    assert _stored(records, subject).proven_at is None


def test_an_office_serves_who_can_not_be_served_here(kiosk: KioskClient) -> None:
    """The policy names the documents of each paper: one whose office is elsewhere reserves nothing."""
    permit = {**DENG.evidence(), "kind": "hmt_permit"}
    subject = kiosk.identified(permit)["subject"]
    kiosk.portrait(subject)
    assert kiosk.state(subject, statement(subject, document="hmt_permit")).status_code == 200
    assert kiosk.reserve(subject).json()["code"] == "purpose-not-offered"


def test_a_proof_whose_answer_was_lost_is_given_again(kiosk: KioskClient) -> None:
    """Word for word."""
    subject = kiosk.identified(typed())["subject"]
    kiosk.portrait(subject, live(subject))
    said = statement(subject, document="number", checks=["liveness", "face"])
    assert kiosk.state(subject, said).json() == kiosk.state(subject, said).json()


def test_where_papers_count_no_simulated_camera_does(kiosk: KioskClient, records: Records) -> None:
    """A bureau's own document key ends the specimen, and with it what a demonstration may do."""
    name, key = certificates.name("document", "某某市公安局", "document"), ec.generate_private_key(ec.SECP256R1())
    root = records.keys.root
    certificate = certificates.issue(root, key.public_key(), name, certificates.DOCUMENT, NOW)
    keys.write_private(records.folder / "keys" / "document.key.pem", keys.private_pem(key))
    keys.write_private(records.folder / "keys" / "document.cert.pem", keys.pem(certificate).encode())
    subject = kiosk.identify()["subject"]
    kiosk.portrait(subject)
    signed_statement = SignedStatement.model_validate(kiosk.sign(statement(subject)))
    with pytest.raises(RefusedError, match="identity-not-proven"):
        prove(records, kiosk.device, subject, signed_statement)
    (judged,) = _deeds(records, "identity-judged")
    assert judged["fault"] == "simulated"
    real = SignedStatement.model_validate(kiosk.sign(statement(subject, simulated=False)))
    assert prove(records, kiosk.device, subject, real).tries is None


def test_what_proved_it_proves_it_again_when_the_last_attempt_did(kiosk: KioskClient) -> None:
    """The answer was lost; another statement has no attempt left."""
    subject = kiosk.identify()["subject"]
    kiosk.portrait(subject)
    for _ in range(4):
        kiosk.state(subject, statement(subject, band="below"))
    fifth = kiosk.sign(statement(subject))
    answers = [kiosk.post(f"/v1/identifications/{subject}/statement", fifth) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert kiosk.state(subject, statement(subject, band="above")).status_code == 403


def test_bands_say_no_score() -> None:
    """Five words for a number between -1 and 1."""
    bands = [band_of(score, 0.461).value for score in (0.2, 0.461, 0.52, 0.7)]
    assert bands == ["below", "just-above", "above", "far-above"]
    assert {Fault.SIGNATURE, Fault.SUBJECT} < FOREIGN
