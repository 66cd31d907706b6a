"""What must never be, whatever was done to the city: pure, over the evidence."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from backend_client.contract.changes import Topic
from tests.chaos_sync.evidence import NOWHERE, AtKiosk, AtRecords, Evidence, Kept, Step, Told

_VOID = "void"
_SHOWN = 3  # of many that are wrong in one way


def wrong_at_records(evidence: Evidence) -> tuple[str, ...]:
    """Of no kiosk in particular."""
    return tuple(_whole(evidence.records))


def wrong_at(evidence: Evidence, kiosk: AtKiosk) -> tuple[str, ...]:
    """Of one kiosk, and of what records have of it."""
    records = evidence.records
    kept = records.intakes.get(kiosk.device_id, ())
    return (
        *_intakes(kiosk, kept),
        *_order(kiosk, kept),
        *_left(kiosk, records),
        *_papers(kiosk, records.papers.get(kiosk.device_id, {})),
        *_feed(kiosk, records),
        *_voids(kiosk, records),
    )


def _whole(records: AtRecords) -> Iterator[str]:
    if records.first_break is not None:
        yield f"records' audit does not hold from row {records.first_break} on"
    there = [each for kept in records.intakes.values() for each in kept]
    if records.accepted != len(there):
        yield f"by the audit {records.accepted} intakes were accepted, and {len(there)} are there"
    if sorted(records.changes) != list(range(1, len(records.changes) + 1)):
        yield "the places of the feed have a gap"
    told = Counter(each.ref for _, each in records.changes.values() if each.topic == Topic.PAPER_VOID)
    voids = {serial for papers in records.papers.values() for serial, state in papers.items() if state == _VOID}
    yield from _some("void papers that the feed does not tell of once", sorted(voids ^ set(told)))
    yield from _some("void papers that the feed tells of twice", [ref for ref, times in told.items() if times > 1])
    decided = {each.ref for _, each in records.changes.values() if each.topic == Topic.INTAKE}
    undone = [each.id for each in there if (each.state != "waiting") != (each.id in decided)]
    yield from _some("intakes whose decision and the feed disagree", undone)


def _intakes(kiosk: AtKiosk, kept: tuple[Kept, ...]) -> Iterator[str]:
    there = {each.token: each for each in kept}
    times = Counter(each.token for each in kept)
    yield from _some("taken in and not at records", [token for token in kiosk.took if token not in there])
    yield from _some("at records more than once", [token for token, count in times.items() if count > 1])
    yield from _some("at records and never handed in", [token for token in there if token not in kiosk.begun])
    other = [token for token, number in kiosk.took.items() if token in there and there[token].id != number]
    yield from _some("at records under another number", other)
    changed = [
        token for token, each in there.items() if kiosk.begun.get(token, (each.content, each.files)) != _said_of(each)
    ]
    yield from _some("at records with another content or other files", changed)


def _said_of(each: Kept) -> tuple[str, tuple[str, ...]]:
    return each.content, each.files


def _order(kiosk: AtKiosk, kept: tuple[Kept, ...]) -> Iterator[str]:
    """``kept`` is in the kiosk's order. What was held came later by itself, and kept nothing that followed it."""
    places = [each.sequence for each in kept]
    if places != list(range(1, len(places) + 1)):
        yield f"places that are missing or there twice: {len(places)} intakes up to place {places[-1]}"
    times = [each.received_at for each in kept if each.id not in kiosk.held]
    if times != sorted(times):
        yield "intakes arrived in another order"


def _left(kiosk: AtKiosk, records: AtRecords) -> Iterator[str]:
    facts = {
        "still in the outbox": kiosk.left,
        "refused by records": len(kiosk.aside),
        "files left on the disk": kiosk.files_left,
        "personal texts on the disk": kiosk.personal,
        "papers not settled": kiosk.unsettled,
        "times its audit was another one": records.forks.get(kiosk.device_id, 0),
    }
    yield from (f"{count} {what}" for what, count in facts.items() if count)
    yield from (f"it broke: {each}" for each in kiosk.broke)


def _papers(kiosk: AtKiosk, papers: Mapping[str, str]) -> Iterator[str]:
    """Each reservation of the journal led to one serial at most, and each is void at both ends."""
    yield from _some("serials that the journal does not know", sorted(set(papers) - set(kiosk.papers)))
    yield from _some("serials that records do not know", sorted(set(kiosk.papers) - set(papers)))
    ends = [serial for serial in papers.keys() & kiosk.papers if (papers[serial], kiosk.papers[serial]) != (_VOID,) * 2]
    yield from _some("serials that are not void at both ends", sorted(ends))


def _feed(kiosk: AtKiosk, records: AtRecords) -> Iterator[str]:
    """Each step tells exactly what lies between its two places, for this device."""
    at, epoch, steps = NOWHERE, records.epoch, kiosk.steps
    for number, step in enumerate(steps, start=1):
        if step.epoch != epoch and number > 1 and not step.anew:
            yield f"feed, step {number}: another feed, and not begun anew"
        if step.place < max(at, 0):
            yield f"feed, step {number}: from place {at} back to {step.place}"
        expected = _expected(kiosk, records, at, step)
        if step.said != expected:
            yield f"feed, step {number}: {_difference(expected, step.said)} between {at} and {step.place}"
        at, epoch = step.place, step.epoch
    if not steps or not steps[0].anew:
        yield "feed: not begun with a snapshot"
    if epoch != records.epoch:
        yield "feed: ends in another one"
    if at != max(records.changes, default=0):
        yield f"feed: ends at place {at} of {max(records.changes, default=0)}"


def _expected(kiosk: AtKiosk, records: AtRecords, at: int, step: Step) -> tuple[Told, ...] | tuple[str, ...]:
    if step.anew:
        return tuple(_voids_until(records, step.place))
    return tuple(_between(kiosk, records, at, step.place))


def _between(kiosk: AtKiosk, records: AtRecords, after: int, until: int) -> list[Told]:
    places = (place for place in range(after + 1, until + 1) if place in records.changes)
    return [told for only, told in map(records.changes.__getitem__, places) if only in {"", kiosk.device_id}]


def _voids_until(records: AtRecords, until: int) -> list[str]:
    voids = ((place, told) for place, (_, told) in records.changes.items() if told.topic == Topic.PAPER_VOID)
    return sorted(told.ref for place, told in voids if place <= until)


def _difference(expected: Iterable[Told | str], said: Iterable[Told | str]) -> str:
    wanted, heard = Counter(expected), Counter(said)
    missing, extra = (wanted - heard).total(), (heard - wanted).total()
    return f"{missing} missing, {extra} too many" if missing or extra else "another order"


def _voids(kiosk: AtKiosk, records: AtRecords) -> Iterator[str]:
    voids = {serial for papers in records.papers.values() for serial, state in papers.items() if state == _VOID}
    yield from _some("void papers that it does not know of", sorted(voids - kiosk.voids))
    yield from _some("papers that it believes void, and are not", sorted(kiosk.voids - voids))


def _some(what: str, found: list[str]) -> Iterator[str]:
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        yield f"{what}: {', '.join(found[:_SHOWN])}{more}"
