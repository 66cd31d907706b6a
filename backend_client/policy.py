"""The signed policy bundle: believed only when the root vouches for its key, and never older than the one we hold.

Who is a policy key is the trust profile's question, and is answered by the function given in (``KeyOf``): this package
stands beside the papers, not above them.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from backend_client.contract.changes import SignedSnapshot
from backend_client.contract.policy import Policy, SignedPolicy
from backend_client.errors import PolicyRefusedError
from civic.clock import Clock

KeyOf = Callable[[str, str, datetime], Ed25519PublicKey]
"""(certificate as PEM, key id, now) -> the policy key. Raises PolicyRefusedError if the root does not vouch for it."""


class PolicyStore(Protocol):
    """Where the last valid bundle is kept."""

    def load_policy(self) -> str | None:
        """The bundle as JSON, or None."""

    def keep_policy(self, bundle: str) -> None:
        """Replace it, durably."""


def verify(bundle: SignedPolicy, key_of: KeyOf, now: datetime) -> Policy:
    """The policy inside. Raises PolicyRefusedError: issuer, signature, payload or expiry."""
    payload = signed_payload(bundle, key_of, now)
    try:
        policy = Policy.model_validate_json(payload)
    except ValidationError:
        raise PolicyRefusedError("payload") from None
    if policy.expires_at <= now:
        raise PolicyRefusedError("expired")
    return policy


def signed_payload(bundle: SignedPolicy | SignedSnapshot, key_of: KeyOf, now: datetime) -> bytes:
    """What a policy key has signed. Raises PolicyRefusedError: issuer or signature."""
    key = key_of(bundle.certificate_pem, bundle.key_id, now)
    try:
        payload = base64.b64decode(bundle.payload, validate=True)
        key.verify(base64.b64decode(bundle.signature, validate=True), payload)
    except (InvalidSignature, binascii.Error):
        raise PolicyRefusedError("signature") from None
    return payload


class PolicyHolder:
    """The newest valid policy, kept across restarts. Thread-safe."""

    def __init__(self, store: PolicyStore, key_of: KeyOf, clock: Clock) -> None:
        self._store = store
        self._key_of = key_of
        self._clock = clock
        self._lock = Lock()
        self._held = self._stored()

    def current(self) -> Policy | None:
        """The policy to go by. None: there is none, or it is past its end, and nothing may be issued."""
        held = self._held
        return held if held is not None and held.expires_at > self._clock.now() else None

    def last(self) -> Policy | None:
        """The newest that was ever held, also past its end: for what must go on by the rules that were known last, as
        letting people into their homes does."""
        return self._held

    def version(self) -> int:
        """The highest version ever held, also when it has expired; 0 before the first."""
        return self._held.version if self._held is not None else 0

    def accept(self, bundle: SignedPolicy) -> Policy:
        """Hold a bundle from records. Raises PolicyRefusedError; what was held stays."""
        with self._lock:
            policy = verify(bundle, self._key_of, self._clock.now())
            if policy == self._held:
                return policy
            if policy.version <= self.version():  # lower, or the number of another that was signed
                raise PolicyRefusedError("version")
            self._store.keep_policy(bundle.model_dump_json())
            self._held = policy
            return policy

    def _stored(self) -> Policy | None:
        """What the store holds, verified anew as of its own issue: expiry is asked at each use."""
        kept = self._store.load_policy()
        if kept is None:
            return None
        try:
            bundle = SignedPolicy.model_validate_json(kept)
            issued_at = Policy.model_validate_json(base64.b64decode(bundle.payload)).issued_at
            return verify(bundle, self._key_of, issued_at)
        except (ValidationError, binascii.Error, PolicyRefusedError):
            return None
