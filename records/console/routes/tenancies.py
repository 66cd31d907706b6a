"""Flats: what waits for an officer since no rule could decide it, a queue for each reason, and what is listed only.

Opening and deciding are those of everything that is handed in (``records.console.routes.intakes``).
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from records.console.pages import page
from records.console.visitor import AnyVisitor, AtConsole
from records.rules.tenancies import QueueKind
from records.services.tenancies import desk
from records.store import devices

router = APIRouter()


@router.get("/tenancies")
def queues_page(here: AnyVisitor, session: AtConsole) -> Response:
    """Each queue and how many wait in it; then the lists."""
    counts = desk.counts(here.records, session)
    return page(here, "tenancies.html", session, counts=counts, decided=desk.DECIDED, listed=desk.LISTED)


@router.get("/tenancies/{queue}")
def queue_page(
    here: AnyVisitor, session: AtConsole, queue: QueueKind, behind: Annotated[str, Query(max_length=36)] = ""
) -> Response:
    """Those that wait in one queue, the oldest first, or what stands on one list."""
    if queue in desk.LISTED:
        return page(here, "tenancy_list.html", session, kind=queue, rows=desk.listed(here.records, session, queue))
    found = desk.queue(here.records, session, queue, behind)
    with here.records.database.reading() as transaction:
        names = {each.device_id: each.name for each in devices.every(transaction)}
    return page(here, "tenancy_queue.html", session, kind=queue, queue=found, names=names)
