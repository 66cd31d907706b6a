"""What lies at both ends when all is over: read from the databases and the disks, not asked of the programs."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backend_client.contract.changes import Topic
from backend_client.contract.intakes import CorrectionContent
from civic.clock import SystemClock
from kiosk.store.journal import MIGRATIONS
from records.context import Records
from records.errors import RefusedError
from records.services import cursors
from records.store import audit, changes
from records.store.changes import ChangeRow, Extent
from records.store.tables.intakes import blobs, intake_blobs, intakes
from records.store.tables.issuing import papers
from records.store.tables.keeping import audit as deeds
from terminal.store.audit import Audit
from terminal.store.database import Database
from terminal.store.errors import StoreError
from tests.chaos_sync import heard
from tests.chaos_sync.city import Box
from tests.chaos_sync.parts import STORE
from tests.chaos_sync.residents import NAME, NUMBER, digest_of
from tests.support.privacy_scan import find_personal
from tests.support.records_client import DENG

NOWHERE = -1
_EVERYTHING = 10**9


@dataclass(frozen=True, slots=True)
class Kept:
    """An intake at records. ``token``, ``content``: what it says; ``files``: those that are there, and are what their
    names say."""

    id: str
    sequence: int
    received_at: datetime
    token: str
    content: str
    files: tuple[str, ...]
    state: str = "waiting"


@dataclass(frozen=True, slots=True)
class Told:
    """A change, as a device hears of it."""

    topic: str
    ref: str
    body: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a kiosk heard between two places of the feed; ``anew``: by a snapshot, ``said`` are then void serials.
    ``epoch``: of the feed, as its cursor says."""

    place: int
    anew: bool
    said: tuple[Told, ...] | tuple[str, ...]
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class AtRecords:
    """``changes``: by place, each with the one device that it is for. By device: ``intakes``, ``papers`` (serial ->
    state), ``forks`` (how often its audit was another one). ``accepted``: how many intakes, by the audit."""

    changes: Mapping[int, tuple[str, Told]]
    intakes: Mapping[str, tuple[Kept, ...]]
    papers: Mapping[str, Mapping[str, str]]
    accepted: int
    forks: Mapping[str, int]
    first_break: int | None
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class AtKiosk:
    """``took``: token -> number that the resident has; ``begun``: token -> digest and files of what was handed in;
    ``papers``: serial -> outcome by its journal; ``held``: numbers of what stayed for a later run, once at least."""

    device_id: str
    begun: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    took: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    unsettled: int = 0
    left: int = 0
    aside: tuple[str, ...] = ()
    files_left: int = 0
    voids: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    held: frozenset[str] = frozenset()
    broke: tuple[str, ...] = ()
    personal: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """All of it."""

    records: AtRecords
    kiosks: tuple[AtKiosk, ...]


def gathered(records: Records, boxes: list[Box], forgotten: Mapping[int, ChangeRow]) -> Evidence:
    """Of a city that stands still."""
    with records.database.reading() as transaction:
        connection = transaction.connection
        held, extent = changes.after(transaction, 0, _EVERYTHING, tuple(Topic)), changes.extent(transaction)
        told = {row.place: (row.only, _told(row)) for row in (*forgotten.values(), *held)}
        by_audit = [json.loads(facts) for (facts,) in _rows(connection, deeds.c.facts, action="intakes-received")]
        at_records = AtRecords(
            changes=told,
            intakes=_intakes(connection),
            papers=_papers(connection),
            accepted=sum(facts.get("accepted", 0) for facts in by_audit),
            forks=Counter(device for (device,) in _rows(connection, deeds.c.device_id, action="audit-fork")),
            first_break=audit.first_break(transaction),
            epoch=extent.epoch,
        )
    return Evidence(at_records, tuple(at_kiosk(records, extent.last, box) for box in boxes))


def _rows(connection: sa.Connection, *wanted: Any, action: str) -> list[Any]:
    return list(connection.execute(sa.select(*wanted).where(deeds.c.action == action)).all())


def _intakes(connection: sa.Connection) -> dict[str, tuple[Kept, ...]]:
    files: dict[str, list[str]] = {}
    there = connection.execute(sa.select(blobs.c.sha256, blobs.c.content))
    whole = {row.sha256 for row in there if sha256(row.content).hexdigest() == row.sha256}
    for row in connection.execute(sa.select(intake_blobs.c.intake_id, intake_blobs.c.sha256)).all():
        if row.sha256 in whole:
            files.setdefault(row.intake_id, []).append(row.sha256)
    found: dict[str, list[Kept]] = {}
    for row in connection.execute(sa.select(intakes).order_by(intakes.c.device_id, intakes.c.sequence)).all():
        content = CorrectionContent.model_validate_json(row.content)
        own = tuple(sorted(files.get(row.intake_id, ())))
        kept = Kept(row.intake_id, row.sequence, row.received_at, content.fields[1], digest_of(content), own, row.state)
        found.setdefault(row.device_id, []).append(kept)
    return {device: tuple(each) for device, each in found.items()}


def _papers(connection: sa.Connection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(sa.select(papers.c.device_id, papers.c.serial, papers.c.state)).all():
        found.setdefault(row.device_id, {})[row.serial] = row.state
    return found


def _told(row: ChangeRow) -> Told:
    return Told(row.topic.value, row.ref, json.dumps(row.body, sort_keys=True))


def at_kiosk(records: Records, last: int, box: Box) -> AtKiosk:
    """Of one. ``last``: where the feed ends."""
    said, folder = box.said(), Path(box.place.folder)
    begun = {each.facts["token"]: each.facts for each in said if each.what == "begun"}
    broke = [each.facts["error"] for each in said if each.what == "broke"]
    try:
        on_disk = _on_disk(records, last, folder / STORE)
    except StoreError as error:
        on_disk, broke = {}, [*broke, error.code]
    return AtKiosk(
        device_id=box.device_id,
        begun={token: (facts["content"], tuple(facts["files"])) for token, facts in begun.items()},
        took={each.facts["token"]: each.facts["id"] for each in said if each.what == "took"},
        held=frozenset(number for each in said for number in each.facts.get("held", ())),
        files_left=sum(1 for _ in (folder / "outbox").glob("*")),
        broke=tuple(broke),
        personal=len(find_personal(folder, (NAME, NUMBER, DENG.name, DENG.id_number))),
        **on_disk,
    )


def _on_disk(records: Records, last: int, path: Path) -> dict[str, Any]:
    """AtKiosk's fields, as far as its store has them. Raises StoreError, also where its audit does not hold."""
    database = Database(path, MIGRATIONS)
    try:
        Audit(database, SystemClock()).verify()
        states = Counter(state for (state,) in database.query("SELECT state FROM outbox"))
        papers_there = database.query("SELECT serial, outcome FROM paper_attempt WHERE serial <> ''")
        open_papers = database.query("SELECT count(*) FROM paper_attempt WHERE state <> 'settled'")
        return {
            "papers": {serial: outcome or "open" for serial, outcome in papers_there},
            "unsettled": open_papers[0][0],
            "left": states["waiting"],
            "aside": tuple(row[0] for row in database.query("SELECT problem FROM outbox WHERE state = 'aside'")),
            "voids": frozenset(serial for (serial,) in database.query("SELECT serial FROM void_paper")),
            "steps": tuple(_step(records, last, each) for each in heard.steps_in(database)),
        }
    finally:
        database.close()


def _step(records: Records, last: int, step: heard.Step) -> Step:
    epoch, place = _stood(records, last, step.cursor)
    if step.anew:
        return Step(place, anew=True, said=tuple(step.said), epoch=epoch)
    said = tuple(Told(each["topic"], each["ref"], json.dumps(each["body"], sort_keys=True)) for each in step.said)
    return Step(place, anew=False, said=said, epoch=epoch)


def _stood(records: Records, last: int, cursor: str) -> tuple[int, int]:
    """Epoch and place that a cursor names, also of a feed that has begun anew since."""
    try:
        epoch = int(cursors._FORM.unpack(cursors._parted(cursor)[0])[1])
        return epoch, cursors.place_of(records, Extent(epoch, 0, last), cursor)
    except RefusedError:
        return 0, NOWHERE  # of no feed of these records
