"""The signed policy bundle: made from rules in TOML, renewed when half its life is over, never numbered backwards."""

import base64
import hashlib
import logging
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from backend_client.contract.changes import Topic
from backend_client.contract.policy import (
    Desk,
    IdentityRules,
    IntakeLimits,
    IntakeRules,
    Office,
    PaperRules,
    Policy,
    SignedPolicy,
    Timeouts,
    Words,
)
from forms.trust import key_id
from records import intake_keys
from records.context import Records
from records.errors import SettingsError
from records.keys import pem
from records.services.searching import SHORTEST_ANSWER_S
from records.store import audit, changes, policies
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
    timeouts: Timeouts

    @field_validator("papers")
    @classmethod
    def _searches_show_nothing(cls, papers: tuple[PaperRules, ...]) -> tuple[PaperRules, ...]:
        for rules in papers:
            if rules.later is not None and rules.later.answer_s < SHORTEST_ANSWER_S:
                why = "or how long an answer takes would show what was found"
                raise ValueError(f"{rules.kind}: answer_s must be at least {SHORTEST_ANSWER_S} seconds, {why}")
        return papers


def read_rules(path: Path) -> Rules:
    """Read and check a policy file. SettingsError names the line or the field."""
    try:
        return Rules.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise SettingsError(f"{path.name} can't be read: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is no TOML: {error}") from None
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise SettingsError(f"{path.name}: {places}") from None


def issue(records: Records) -> PolicyRow:
    """Read the rules and issue a new version if they changed or the last one grows old; the version in force."""
    name = records.settings.policy.file
    rules = read_rules(records.folder / name if name else DEFAULT_FILE)
    return _in_force(records, rules)


def current(records: Records) -> PolicyRow:
    """The version in force, renewed in time. A file that can't be read now stops nobody while that is still good."""
    now = records.clock.now()
    with records.database.reading() as transaction:
        newest = policies.newest(transaction)
    if newest is not None and not _old(newest, now):
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


def _in_force(records: Records, rules: Rules) -> PolicyRow:
    now = records.clock.now()
    fingerprint = _fingerprint(records, rules)
    with records.database.writing() as transaction:
        newest = policies.newest(transaction)
        if newest is not None and newest.rules_hash == fingerprint and not _old(newest, now):
            return newest
        return _issue(records, transaction, _policy(records, rules, (newest.version if newest else 0) + 1), fingerprint)


def _issue(records: Records, transaction: Transaction, policy: Policy, fingerprint: str) -> PolicyRow:
    payload = policy.model_dump_json().encode("utf-8")
    row = PolicyRow(
        version=policy.version,
        rules_hash=fingerprint,
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


def _old(row: PolicyRow, now: datetime) -> bool:
    return now >= row.issued_at + (row.expires_at - row.issued_at) / 2
