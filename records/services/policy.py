"""The signed policy bundle: made from rules, renewed when half its life is over, never numbered backwards.

The rules are those of the file that the settings name; else those that two accounts signed last at the console
(``records.services.policy_editing``); else those that come with the service.
"""

import base64
import hashlib
import json
import logging
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from backend_client.contract.changes import Topic
from backend_client.contract.policy import (
    Desk,
    GateRules,
    IdentityRules,
    IntakeLimits,
    IntakeRules,
    Office,
    PaperRules,
    Policy,
    SignedPolicy,
    TenancyRules,
    Timeouts,
    Words,
)
from civic.complaints import named, said
from forms.trust import key_id
from records import intake_keys
from records.context import Records
from records.errors import SettingsError
from records.keys import pem
from records.rules.policy_slips import Slip, slips
from records.services.searching import SHORTEST_ANSWER_S
from records.store import audit, changes, counters, policies, policy_drafts
from records.store.audit import Deed
from records.store.database import Transaction
from records.store.policies import PolicyRow

_log = logging.getLogger("lamplight.records")
DEFAULT_FILE = Path(__file__).parent.parent / "policy" / "default.toml"


class _IssuerWords(BaseModel):
    """The bureau's name in English; its Chinese name is its document certificate's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: str


class Rules(BaseModel):
    """What a policy file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    community: Words
    issuer: _IssuerWords
    papers: tuple[PaperRules, ...]
    desk: Desk
    offices: tuple[Office, ...] = ()
    identity: IdentityRules = IdentityRules()
    intake: IntakeLimits | None = None
    tenancy: TenancyRules | None = None
    gate: GateRules | None = None
    timeouts: Timeouts

    @field_validator("papers")
    @classmethod
    def _searches_show_nothing(cls, papers: tuple[PaperRules, ...]) -> tuple[PaperRules, ...]:
        for rules in papers:
            if rules.later is not None and rules.later.answer_s < SHORTEST_ANSWER_S:
                why = "or how long an answer takes would show what was found"
                raise ValueError(f"{rules.kind}: answer_s must be at least {SHORTEST_ANSWER_S} seconds, {why}")
        return papers


def fit(content: dict[str, Any]) -> tuple[Rules | None, tuple[Slip, ...]]:
    """The rules that ``content`` holds, or all that is wrong with it."""
    try:
        rules = Rules.model_validate(content)
    except ValidationError as error:
        wrong = error.errors()
        return None, tuple(Slip(each["loc"], each["type"], said(Rules, each), each.get("ctx", {})) for each in wrong)
    found = slips(rules.model_dump(mode="json"))
    return (None if found else rules), found


def read_rules(path: Path) -> Rules:
    """Read and check a policy file. SettingsError names the line or the field."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path.name} can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} is no TOML: {error}") from None
    return _fit(content, path.name)


def rules_of(version: Policy) -> dict[str, Any]:
    """The rules that a version was made from, as JSON."""
    rules = version.model_dump(mode="json", include=set(Rules.model_fields))
    for made in ("key", "key_id"):
        (rules["intake"] or {}).pop(made, None)
    del rules["issuer"]["zh"]
    return rules


def issue(records: Records) -> PolicyRow:
    """Read the rules and issue a new version if they changed or the last one grows old; the version in force."""
    now = records.clock.now()
    with records.database.writing() as transaction:
        one_at_a_time(transaction)
        rules, newest = _rules(records, transaction), policies.newest(transaction)
        if newest is not None and newest.rules_hash == _fingerprint(records, rules) and not old(newest, now):
            return newest
        return issue_in(records, transaction, rules)


def one_at_a_time(transaction: Transaction) -> None:
    """Whoever issues a version does it alone from here on, and sees what was issued and signed before."""
    counters.following(transaction, "policy-issue")


def current(records: Records) -> PolicyRow:
    """The version in force, renewed in time. A file that can't be read now stops nobody while that is still good."""
    now = records.clock.now()
    with records.database.reading() as transaction:
        newest = policies.newest(transaction)
    if newest is not None and not old(newest, now):
        return newest
    try:
        return issue(records)
    except SettingsError as error:
        if newest is None or newest.expires_at <= now:
            raise
        _log.error("policy not renewed", extra={"error": error.code})
        return newest


def signed(records: Records) -> SignedPolicy:
    """The bundle as devices get it."""
    row = current(records)
    return SignedPolicy(
        payload=base64.b64encode(row.payload).decode("ascii"),
        key_id=row.key_id,
        signature=base64.b64encode(row.signature).decode("ascii"),
        certificate_pem=pem(records.keys.policy.certificate),
    )


def opened(row: PolicyRow) -> Policy:
    """The policy inside a version."""
    return Policy.model_validate_json(row.payload)


def old(row: PolicyRow, now: datetime) -> bool:
    """Whether half its life is over: it is to be renewed."""
    return now >= row.issued_at + (row.expires_at - row.issued_at) / 2


def issue_in(records: Records, transaction: Transaction, rules: Rules) -> PolicyRow:
    """The next version, of these rules."""
    newest = policies.newest(transaction)
    policy = _policy(records, rules, (newest.version if newest else 0) + 1)
    payload = policy.model_dump_json().encode("utf-8")
    row = PolicyRow(
        version=policy.version,
        rules_hash=_fingerprint(records, rules),
        payload=payload,
        signature=records.keys.policy.key.sign(payload),
        key_id=_key_id(records),
        issued_at=policy.issued_at,
        expires_at=policy.expires_at,
    )
    policies.add(transaction, row)
    audit.append(transaction, Deed(policy.issued_at, "policy-issued", facts=(("version", policy.version),)))
    changes.append(transaction, Topic.POLICY, str(policy.version), at=policy.issued_at)
    return row


def _rules(records: Records, transaction: Transaction) -> Rules:
    """Whichever count. SettingsError: the file, or what was once signed, is no good to this release."""
    if name := records.settings.policy.file:
        return read_rules(records.folder / name)
    signed_last = policy_drafts.last_signed(transaction)
    return _fit(json.loads(signed_last.rules), "the signed rules") if signed_last else read_rules(DEFAULT_FILE)


def _fit(content: dict[str, Any], name: str) -> Rules:
    rules, wrong = fit(content)
    if rules is None:
        raise SettingsError(f"{name}: " + "; ".join(f"{named(each.place)}: {each.said}" for each in wrong))
    return rules


def _policy(records: Records, rules: Rules, version: int) -> Policy:
    now = records.clock.now().replace(microsecond=0)
    return Policy(
        version=version,
        community_id=records.settings.community,
        community=rules.community,
        issued_at=now,
        expires_at=now + timedelta(days=records.settings.policy.valid_days),
        issuer=Words(zh=records.keys.bureau, en=rules.issuer.en),
        specimen=records.keys.specimen,
        papers=rules.papers,
        desk=rules.desk,
        offices=rules.offices,
        identity=rules.identity,
        intake=_intake(records, rules.intake),
        tenancy=rules.tenancy,
        gate=rules.gate,
        timeouts=rules.timeouts,
    )


def _intake(records: Records, limits: IntakeLimits | None) -> IntakeRules | None:
    """The limits with the key in force."""
    if limits is None:
        return None
    key = intake_keys.current(records.key_store.folder)
    return IntakeRules(key=key.public, key_id=key.key_id, **limits.model_dump())


def _fingerprint(records: Records, rules: Rules) -> str:
    """Changes when the rules, the bureau, the life, the bundle's key or the key that intakes are sealed to does."""
    intake = intake_keys.current(records.key_store.folder).key_id if rules.intake else ""
    parts = (rules.model_dump_json(), records.keys.bureau, records.settings.policy, _key_id(records), intake)
    whole = "\n".join(map(str, parts))
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()


def _key_id(records: Records) -> str:
    return key_id(records.keys.policy.key.public_key()).hex()
