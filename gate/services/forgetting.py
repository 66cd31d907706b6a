"""What a gate forgets once records have revoked it: everything by which somebody could be let in or be recognised.

How that survives a power cut is terminal.revocation's. The passes stay until their time is over, for the question of an
officer, and the audit for the bureau.
"""

from dataclasses import dataclass

from gate.store.opened import GateStore


@dataclass(frozen=True, slots=True)
class Forgetting:
    """``forget`` is Revocation's."""

    store: GateStore

    def forget(self) -> None:
        """Grants, ways, faces, and where the feed stood: the next thing that it hears, it hears from the beginning.
        Raises StoreError."""
        self.store.grants.forget()
        self.store.database.fold()
