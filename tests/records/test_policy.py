"""The policy is signed, its version only rises, and what comes with the service says what the law says."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend_client.contract.policy import PaperRules, Policy
from civic.document import DocumentKind
from forms.paper import PaperKind
from forms.trust import TrustStore
from records.context import Records
from records.errors import SettingsError
from records.sections import PolicySettings
from records.services import policy
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient

A_DAY = 24 * 3600
DEFAULT = Path(policy.__file__).parent.parent / "policy" / "default.toml"


def _with_rules(records: Records, text: str) -> Records:
    (records.folder / "changed.toml").write_text(text, "utf-8")
    return replace(
        records, settings=records.settings.model_copy(update={"policy": PolicySettings(file="changed.toml")})
    )


def test_the_bundle_is_signed_by_a_key_that_the_root_vouches_for(kiosk: KioskClient, records: Records) -> None:
    """Ed25519 over the exact bytes."""
    bundle = kiosk.get("/v1/policy").json()
    trust = TrustStore.from_pem(records.root_pem, bundle["certificate_pem"])
    assert [issuer.purpose.value for issuer in trust.issuers] == ["policy-signing"]
    key = x509.load_pem_x509_certificate(bundle["certificate_pem"].encode()).public_key()
    assert isinstance(key, Ed25519PublicKey)
    payload = base64.b64decode(bundle["payload"])
    key.verify(base64.b64decode(bundle["signature"]), payload)
    assert Policy.model_validate_json(payload).version == 1


def test_nothing_changed_means_no_new_version(records: Records, clock: StillClock) -> None:
    clock.pass_by(A_DAY)
    assert policy.issue(records).version == 1


def test_changed_rules_are_a_new_version(records: Records) -> None:
    """And going back to the old ones is yet another: the number never falls."""
    changed = DEFAULT.read_text("utf-8").replace("validity_days = 30", "validity_days = 15")
    assert policy.issue(_with_rules(records, changed)).version == 2
    assert policy.issue(records).version == 3


def test_a_bundle_is_renewed_before_it_ends(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    """A kiosk that asks half way through its life gets a fresh one."""
    before = policy.current(records)
    clock.pass_by(46 * A_DAY)
    bundle = Policy.model_validate_json(base64.b64decode(kiosk.get("/v1/policy").json()["payload"]))
    assert bundle.version == before.version + 1
    assert bundle.expires_at > before.expires_at


def test_a_file_that_broke_since_stops_nobody_while_the_bundle_is_good(records: Records, clock: StillClock) -> None:
    """Every request asks for the policy: a slip in its file must not close every kiosk of the community."""
    chosen = _with_rules(records, DEFAULT.read_text("utf-8"))
    issued = policy.issue(chosen)
    (chosen.folder / "changed.toml").write_text("[community", "utf-8")
    clock.pass_by(46 * A_DAY)
    assert policy.current(chosen) == issued
    clock.pass_by(45 * A_DAY)
    with pytest.raises(SettingsError):
        policy.current(chosen)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("validity_days = 30", "validity_days = 0"), "validity_days"),
        (("book_is_enough = false", "book_is_enogh = false"), "book_is_enogh"),
        (("[community]", "[community"), "no TOML"),
    ],
)
def test_a_broken_policy_file_is_named(records: Records, change: tuple[str, str], words: str) -> None:
    """In a sentence, with the field."""
    broken = _with_rules(records, DEFAULT.read_text("utf-8").replace(*change))
    with pytest.raises(SettingsError, match=words):
        policy.issue(broken)


def test_where_the_book_is_enough_the_policy_says_why(records: Records) -> None:
    """By the circular of 2016, in both languages; and only there."""
    paper = policy.opened(policy.current(records)).papers[0]
    assert paper.kind is PaperKind.HOUSEHOLD_CERTIFICATE
    for purpose in paper.purposes:
        assert purpose.book_is_enough is (purpose.why_enough is not None)
        if purpose.why_enough:
            assert "公通字〔2016〕21号" in purpose.why_enough.zh
            assert "(2016) No. 21" in purpose.why_enough.en
    assert {purpose.id for purpose in paper.purposes if not purpose.book_is_enough} >= {"move_hukou", "book_lost"}


def test_the_temporary_proofs_hours_are_short_and_marrying_is_no_purpose(records: Records) -> None:
    """Thirty days at most; the proof for marrying is the hukou place's alone. Who needs it has no card: the number
    comes first."""
    rules = _of(records, PaperKind.TEMPORARY_ID_PROOF)
    hours = {purpose.id: purpose.validity_hours for purpose in rules.purposes}
    assert (hours["rail"], hours["hotel"], hours["exam"]) == (24, 72, 168)
    assert all(each is not None and each <= 30 * 24 for each in hours.values())
    assert not any("婚" in purpose.title.zh for purpose in rules.purposes)
    assert rules.documents[0].kind is DocumentKind.NUMBER
    assert rules.hint is not None
    assert "临时居民身份证" in rules.hint.zh


def test_a_search_for_criminal_records_is_by_the_law_of_2021(records: Records) -> None:
    """Three working days, a reason from the third of a year on, register or residence; in this house only by card."""
    rules = _of(records, PaperKind.NO_CRIMINAL_RECORD)
    assert rules.later is not None
    assert (rules.later.working_days, rules.eligibility.yearly, rules.eligibility.residence) == (3, 2, True)
    assert [each.kind for each in rules.documents if not each.office] == [DocumentKind.RESIDENT_CARD]
    assert DEFAULT.read_text("utf-8").count("share = 0.1\n") == 1


def test_members_stand_only_where_there_is_no_book(records: Records) -> None:
    """Other people's rows: one purpose of one paper."""
    whole = policy.opened(policy.current(records)).papers
    members = [(rules.kind.value, purpose.id) for rules in whole for purpose in rules.purposes if purpose.members]
    assert members == [("household_certificate", "household_members")]


def _of(records: Records, kind: PaperKind) -> PaperRules:
    return next(rules for rules in policy.opened(policy.current(records)).papers if rules.kind is kind)


def test_the_desk_is_nobodys(records: Records) -> None:
    """A fictional place, and a number that can't be dialled."""
    desk = policy.opened(policy.current(records)).desk
    assert desk.phone.startswith("0000")
    assert "示例" in desk.address.zh
