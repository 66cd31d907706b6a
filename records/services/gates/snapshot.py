"""Everything that one gate is to know, at once and signed: where it begins, and goes on from after a long absence."""

import hashlib
from collections.abc import Iterable

from backend_client.contract.base import ProblemCode
from backend_client.contract.gates import GateSnapshot, Grant
from records.context import Records
from records.errors import RefusedError
from records.keys import pem
from records.rules.periods import bureau_time
from records.services.cursors import cursor_at
from records.services.gates import doors, in_force, peers
from records.store import changes, gate_doors, grants
from records.store.devices import DeviceRow


def snapshot(records: Records, device: DeviceRow) -> GateSnapshot:
    """What the gate would know had it heard everything. Refused: not-found, nobody has said where it stands."""
    now = records.clock.now()
    with records.database.reading() as transaction:
        row = gate_doors.of_device(transaction, device.device_id)
        if row is None:
            raise RefusedError(ProblemCode.NOT_FOUND)
        held = changes.extent(transaction)  # of the same view as the grants: what follows is behind it
        found = grants.of_door(transaction, row, bureau_time(now).date())
        told = tuple(Grant.model_validate_json(body) for _, _, body in found)
        return GateSnapshot(
            cursor=cursor_at(records, held, held.last),
            at=now,
            policy_version=in_force.policy(transaction).version,
            door=doors.door_of(row),
            peers=peers.peers_of(transaction, row, pem(records.keys.devices.certificate)),
            grants=told,
            count=len(told),
            digest=digest((grant_id, revision) for grant_id, revision, _ in found),
        )


def tag(stated: GateSnapshot) -> str:
    """The same tag: the same facts, whenever they were stated."""
    mutual = "\n".join(each.model_dump_json() for each in (stated.door, *stated.peers))
    facts = f"{stated.cursor}\n{stated.policy_version}\n{stated.digest}\n{mutual}"
    return f'W/"{hashlib.sha256(facts.encode("utf-8")).hexdigest()[:32]}"'


def digest(grants_told: Iterable[tuple[str, int]]) -> str:
    """SHA-256 over the lines ``id revision``, sorted, in hex."""
    lines = sorted(f"{grant_id} {revision}\n" for grant_id, revision in grants_told)
    return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()
