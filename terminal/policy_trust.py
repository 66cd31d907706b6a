"""Who may sign a policy: asked of the one profile that papers are verified by (forms.trust)."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend_client.errors import PolicyRefusedError
from backend_client.policy import KeyOf
from forms.errors import FormsError
from forms.trust import Purpose, TrustStore


def policy_keys_under(root_pem: str) -> KeyOf:
    """The ``KeyOf`` of backend_client.policy for a device that believes this root alone."""

    def key_of(certificate_pem: str, identifier: str, now: datetime) -> Ed25519PublicKey:
        try:
            trust = TrustStore.from_pem(root_pem, certificate_pem)
            issuer = trust.issuer(bytes.fromhex(identifier), Purpose.POLICY, now)
        except (FormsError, ValueError):
            raise PolicyRefusedError("issuer") from None
        if not isinstance(issuer.key, Ed25519PublicKey):
            raise PolicyRefusedError("issuer")
        return issuer.key

    return key_of
