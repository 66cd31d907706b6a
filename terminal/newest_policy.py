"""The policy, fetched when there is a newer one, and what becomes of that in the audit."""

from dataclasses import dataclass, field
from typing import Protocol

from backend_client.contract.policy import SignedPolicy
from backend_client.errors import PolicyRefusedError
from backend_client.policy import PolicyHolder
from terminal.store.audit import Audit, AuditKind


class PolicySession(Protocol):
    """What is asked of records."""

    def policy(self) -> SignedPolicy:
        """The newest signed bundle, unverified."""


@dataclass(slots=True)
class NewestPolicy:
    """One at a time."""

    held: PolicyHolder
    audit: Audit
    _refused: str = field(default="")

    def fetch(self, session: PolicySession) -> bool:
        """Whether it was accepted. What is refused is audited once, not each time that it is offered again; what was
        held stays. Raises RecordsError and StoreError."""
        try:
            policy = self.held.accept(session.policy())
        except PolicyRefusedError as error:
            reason = error.detail or error.code
            if reason != self._refused:
                self.audit.append(AuditKind.POLICY_REFUSED, reason=reason)
            self._refused = reason
            return False
        self._refused = ""
        self.audit.append(AuditKind.POLICY_ACCEPTED, version=policy.version)
        return True
