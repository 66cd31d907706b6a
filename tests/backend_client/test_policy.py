"""The policy bundle: believed only from the root's own policy key, never older, never past its end."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from backend_client.contract.policy import (
    Desk,
    PaperRules,
    PaperWording,
    Policy,
    Purpose,
    SignedPolicy,
    Timeouts,
    Words,
)
from backend_client.errors import PolicyRefusedError
from backend_client.policy import PolicyHolder
from backend_client.trusted_clock import Heard, TrustedClock
from forms.paper import PaperKind
from forms.trust import key_id
from terminal.policy_trust import policy_keys_under
from tests.support.clocks import NOW, SetClock, StillClock
from tests.support.pki import Identity, make_root

ROOT = make_root("Root")
WORDS = Words(zh="字", en="words")


@dataclass(slots=True)
class KeptPolicy:
    """A store in memory."""

    bundle: str | None = None
    kept: list[str] = field(default_factory=list)

    def load_policy(self) -> str | None:
        """The last one kept."""
        return self.bundle

    def keep_policy(self, bundle: str) -> None:
        """Replace it."""
        self.bundle = bundle
        self.kept.append(bundle)


@dataclass(frozen=True, slots=True)
class PolicySigner:
    """A policy key with its certificate."""

    key: ed25519.Ed25519PrivateKey
    certificate_pem: str

    def sign(self, policy: Policy) -> SignedPolicy:
        """The bundle as records send it."""
        payload = policy.model_dump_json().encode()
        return SignedPolicy(
            payload=base64.b64encode(payload).decode(),
            key_id=key_id(self.key.public_key()).hex(),
            signature=base64.b64encode(self.key.sign(payload)).decode(),
            certificate_pem=self.certificate_pem,
        )


def signer(root: Identity = ROOT, unit: str = "policy-signing") -> PolicySigner:
    """A key that a root vouches for, for one purpose."""
    key = ed25519.Ed25519PrivateKey.generate()
    name = [
        x509.NameAttribute(x509.NameOID.COMMON_NAME, "policy"),
        x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
    ]
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(name))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2030, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **usage), critical=True)
        .sign(root.key, hashes.SHA256())
    )
    return PolicySigner(key, certificate.public_bytes(Encoding.PEM).decode())


SIGNER = signer()


def policy(version: int, days: int = 30) -> Policy:
    """A small policy of that version, good for so many days."""
    return Policy(
        version=version,
        community_id="c",
        community=WORDS,
        issued_at=NOW - timedelta(days=1),
        expires_at=NOW + timedelta(days=days),
        issuer=WORDS,
        specimen=True,
        papers=(
            PaperRules(
                kind=PaperKind.HOUSEHOLD_CERTIFICATE,
                wording=PaperWording(title=WORDS, statement=WORDS),
                purposes=(Purpose(id="school", title=WORDS, book_is_enough=False),),
                validity_days=30,
                reissues_per_day=2,
            ),
        ),
        desk=Desk(name=WORDS, address=WORDS, hours=WORDS, phone="110"),
        timeouts=Timeouts(idle=60, idle_accessible=120, warning=20, extensions=10),
    )


def holder(store: KeptPolicy, clock: StillClock | None = None) -> PolicyHolder:
    """A device that believes the root."""
    return PolicyHolder(store, policy_keys_under(ROOT.pem), clock or StillClock())


def test_a_valid_bundle_is_held_and_outlives_a_restart() -> None:
    """The last valid one is there before records answer."""
    store = KeptPolicy()
    assert holder(store).current() is None
    assert holder(store).accept(SIGNER.sign(policy(3))) == policy(3)
    restarted = holder(store)
    assert restarted.current() == policy(3)
    assert restarted.version() == 3


def test_the_same_bundle_again_writes_nothing() -> None:
    """A heartbeat's refresh does not wear the disk."""
    store = KeptPolicy()
    held = holder(store)
    bundle = SIGNER.sign(policy(3))
    held.accept(bundle)
    held.accept(bundle)
    assert len(store.kept) == 1


def spoiled(bundle: SignedPolicy, **changes: str) -> SignedPolicy:
    """The bundle with some fields exchanged."""
    return bundle.model_copy(update=changes)


@pytest.mark.parametrize(
    ("bundle", "why"),
    [
        (SIGNER.sign(policy(2)), "version"),
        (SIGNER.sign(policy(3, days=31)), "version"),
        (SIGNER.sign(policy(4, days=0)), "expired"),
        (spoiled(SIGNER.sign(policy(4)), payload=SIGNER.sign(policy(5)).payload), "signature"),
        (spoiled(SIGNER.sign(policy(4)), signature="!"), "signature"),
        (spoiled(SIGNER.sign(policy(4)), key_id="00" * 8), "issuer"),
        (spoiled(SIGNER.sign(policy(4)), key_id="no hex"), "issuer"),
        (spoiled(SIGNER.sign(policy(4)), certificate_pem="none"), "issuer"),
        (signer(make_root("Another")).sign(policy(4)), "issuer"),
        (signer(unit="code-signing").sign(policy(4)), "issuer"),
    ],
)
def test_a_bundle_that_must_not_be_used_leaves_the_held_one(bundle: SignedPolicy, why: str) -> None:
    """Older, past its end, altered, or by a key that the root did not make for policies."""
    store = KeptPolicy()
    held = holder(store)
    held.accept(SIGNER.sign(policy(3)))
    with pytest.raises(PolicyRefusedError, match=f"policy-refused: {why}"):
        held.accept(bundle)
    assert held.current() == policy(3)
    assert len(store.kept) == 1


def test_a_held_policy_ends_and_its_version_still_counts() -> None:
    """After its end nothing may be issued, and nothing older comes back."""
    store, clock = KeptPolicy(), StillClock()
    held = holder(store, clock)
    held.accept(SIGNER.sign(policy(3, days=1)))
    clock.pass_by(2 * 86400)
    assert held.current() is None
    assert holder(store, clock).version() == 3
    with pytest.raises(PolicyRefusedError, match="version"):
        holder(store, clock).accept(SIGNER.sign(policy(2, days=30)))


@pytest.mark.parametrize("kept", ["", "{}", '{"payload": "!!"}'])
def test_a_store_that_holds_nonsense_holds_no_policy(kept: str) -> None:
    """The kiosk starts, grey, and asks records."""
    assert holder(KeptPolicy(kept)).current() is None


class MachineMemory(KeptPolicy):
    """The same disk, which remembers records' time too."""

    heard: Heard | None = None

    def load_heard(self) -> Heard | None:
        return self.heard

    def keep_heard(self, heard: Heard) -> None:
        self.heard = heard


@pytest.mark.parametrize("boot", [UUID(int=1), UUID(int=2)])
def test_a_clock_that_is_set_back_brings_no_policy_back(boot: UUID) -> None:
    """Neither while the kiosk runs, nor by starting it or its machine anew; nor is an old bundle taken then."""
    machine, disk = SetClock(), MachineMemory()
    clock = TrustedClock(machine, UUID(int=1), disk)
    held = PolicyHolder(disk, policy_keys_under(ROOT.pem), clock)
    held.accept(SIGNER.sign(policy(1, days=30)))
    machine.pass_by(31 * 86400)
    clock.hear(machine.up, machine.wall)
    assert held.current() is None
    machine.set_by(-20 * 86400)
    assert held.current() is None
    if boot != clock.boot:
        machine.up = 1.0
    after_start = PolicyHolder(disk, policy_keys_under(ROOT.pem), TrustedClock(machine, boot, disk))
    assert (after_start.current(), after_start.version()) == (None, 1)
    with pytest.raises(PolicyRefusedError, match="expired"):
        after_start.accept(SIGNER.sign(policy(2, days=25)))
    assert after_start.accept(SIGNER.sign(policy(2, days=60))).version == 2
