"""The feed as a device gets it: pages behind cursors, and a signed snapshot for who was away too long."""

import base64
import hashlib
from typing import Final

from backend_client.contract.base import ProblemCode
from backend_client.contract.changes import Change, ChangePage, SignedSnapshot, Snapshot, Topic
from backend_client.contract.devices import DeviceKind
from backend_client.contract.gates import GateSnapshot
from forms.trust import key_id
from records.context import Records
from records.errors import RefusedError
from records.keys import pem
from records.rules.periods import bureau_time
from records.services import policy
from records.services.cursors import cursor_at, place_of
from records.store import changes, papers, policies
from records.store.changes import ChangeRow
from records.store.devices import DeviceRow

HEARD: Final[dict[DeviceKind, tuple[Topic, ...]]] = {
    DeviceKind.KIOSK: (Topic.PAPER_VOID, Topic.POLICY, Topic.DEVICE, Topic.INTAKE),
    DeviceKind.GATE: (Topic.POLICY, Topic.DEVICE, Topic.GRANT, Topic.GATES, Topic.PASSES),
}


def page(records: Records, device: DeviceRow, cursor: str, limit: int) -> ChangePage:
    """What the device may hear of behind ``cursor``. RefusedError: validation; cursor-expired, also without any: what
    was void before the feed began stands in the snapshot alone."""
    with records.database.reading() as transaction:
        held = changes.extent(transaction)  # before the rows: what commits meanwhile is heard now or the next time
        if not cursor:
            raise RefusedError(ProblemCode.CURSOR_EXPIRED)
        place = place_of(records, held, cursor)
        found = changes.after(transaction, place, limit + 1, HEARD[device.kind], device.device_id)
    rows, more = found[:limit], len(found) > limit
    last = rows[-1].place if more else max(held.last, *(row.place for row in rows), 0)
    return ChangePage(
        server_time=records.clock.now(),
        items=tuple(_told(row) for row in rows),
        cursor=cursor_at(records, held, last),
        more=more,
    )


def head(records: Records) -> str:
    """The cursor of who has heard everything."""
    with records.database.reading() as transaction:
        held = changes.extent(transaction)
    return cursor_at(records, held, held.last)


def snapshot(records: Records, device: DeviceRow) -> Snapshot:
    """What the device would know had it heard everything: without papers that would be over by now anyway."""
    renewed, now = policy.current(records), records.clock.now()
    with records.database.reading() as transaction:
        newest = policies.newest(transaction) or renewed  # of the same view as the cursor: what follows is behind it
        held = changes.extent(transaction)
        hears = Topic.PAPER_VOID in HEARD[device.kind]
        voids = sorted(papers.void_serials(transaction, bureau_time(now).date())) if hears else []
    return Snapshot(
        cursor=cursor_at(records, held, held.last),
        at=now,
        policy_version=newest.version,
        voids=tuple(voids),
        count=len(voids),
        digest=hashlib.sha256("".join(f"{each}\n" for each in voids).encode("ascii")).hexdigest(),
    )


def signed(records: Records, stated: Snapshot | GateSnapshot) -> SignedSnapshot:
    """The snapshot as devices get it. It can be taken for no policy: neither has the other's fields."""
    short = isinstance(stated, GateSnapshot)  # thousands of grants, most of whose fields are empty
    payload, own = stated.model_dump_json(exclude_defaults=short).encode("utf-8"), records.keys.policy
    return SignedSnapshot(
        payload=base64.b64encode(payload).decode("ascii"),
        key_id=key_id(own.key.public_key()).hex(),
        signature=base64.b64encode(own.key.sign(payload)).decode("ascii"),
        certificate_pem=pem(own.certificate),
    )


def tag(stated: Snapshot) -> str:
    """The same tag: the same facts, whenever they were stated."""
    facts = f"{stated.cursor}\n{stated.policy_version}\n{stated.digest}"
    return f'W/"{hashlib.sha256(facts.encode("ascii")).hexdigest()[:32]}"'


def _told(row: ChangeRow) -> Change:
    return Change(topic=row.topic, ref=row.ref, at=row.at, body=row.body)
