"""The gates' rules of the policy in force."""

import functools

from backend_client.contract.policy import GateRules, Policy
from records.context import Records
from records.store import policies
from records.store.database import Transaction


def rules(transaction: Transaction) -> GateRules:
    """Those of the newest version; where it has none, the ones that every community begins with."""
    return policy(transaction).gate or GateRules()


def policy(transaction: Transaction) -> Policy:
    """The newest version. Records issue one before they serve anything."""
    newest = policies.newest(transaction)
    assert newest is not None  # noqa: S101 - issued when the records are made (records.installation)
    return _opened(newest.payload)


def version(records: Records) -> int:
    """Its number."""
    with records.database.reading() as transaction:
        return policy(transaction).version


@functools.lru_cache(maxsize=4)
def _opened(payload: bytes) -> Policy:
    return Policy.model_validate_json(payload)
