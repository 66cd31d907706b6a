"""The property desk: it opens one right by the slip that somebody brings, and sees nothing else of anybody.

That somebody shows their slip is their own act: nothing is passed on to the desk without them, so that it takes no
separate consent (PIPL 23). No search and no list. Each look is written down; wrong numbers are slowed, and so is a desk
that goes on opening.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from backend_client.contract.tenancies import WayKind
from civic.errors import InvalidValueError
from civic.gate_codes import SlipCode, code_ref, parse
from records.context import Records
from records.rules.roles import Right
from records.services import failures
from records.services.failures import Failing, Scope
from records.services.gates import deriving, slips
from records.services.officers import note
from records.services.refusals import SlipUnknownError
from records.services.sessions import Session
from records.store import dwellings, rights, ways
from records.store import slips as stored_slips
from records.store.database import Transaction
from records.store.slips import SlipRow
from records.store.ways import Ended

_ASTRAY: Final = frozenset({Ended.LOST, Ended.REPLACED, Ended.TWICE, Ended.GONE})


@dataclass(frozen=True, slots=True, repr=False)
class OpenedRight:
    """What the desk sees: the slip's ``number``, the ``flat`` as it stands on its door, the last day (None: no end) and
    by what its holder comes in."""

    number: str
    flat: str
    valid_to: date | None
    methods: tuple[WayKind, ...]


def open_right(records: Records, session: Session, typed: str) -> OpenedRight:
    """The right of a slip, by its number or its square's code. SlipUnknownError, MustWaitError."""
    session.needs(Right.SLIPS)
    found = find(records, session, typed)
    with records.database.reading() as transaction:
        return _shown(records, transaction, found)


def find(records: Records, session: Session, typed: str) -> SlipRow:
    """The slip itself, for what else may be done by it. SlipUnknownError, MustWaitError."""
    who = session.officer.officer_id
    wrong, often = (Scope.SLIP, who), (Scope.SLIP_OPENED, who)
    failures.charge(records, wrong, often)
    with records.database.writing() as transaction:
        found = _slip(transaction, typed)
        _keep(records, transaction, session, found=found is not None, wrong=wrong, often=often)
    if found is None:
        raise SlipUnknownError
    return found


def _keep(
    records: Records, transaction: Transaction, session: Session, *, found: bool, wrong: Failing, often: Failing
) -> None:
    """One of the two was not so."""
    failures.take_back(records, transaction, wrong if found else often)
    note(records, transaction, "slip-opened", session.officer.officer_id, role=session.officer.role.value, found=found)


def _slip(transaction: Transaction, typed: str) -> SlipRow | None:
    """None too of one that its holder has lost or replaced, that was shown at two places, or whose holder is dead:
    whoever brings it may be anybody."""
    found = _written_there(transaction, typed)
    way = ways.by_id(transaction, found.way_id) if found is not None else None
    return None if way is not None and way.cancelled_why in _ASTRAY else found


def _written_there(transaction: Transaction, typed: str) -> SlipRow | None:
    try:
        code = parse(typed)
    except InvalidValueError:
        return stored_slips.by_number(transaction, slips.typed(typed))
    if not isinstance(code, SlipCode):
        return stored_slips.by_number(transaction, slips.typed(typed))
    way = ways.latest_with(transaction, code_ref(code))
    return stored_slips.by_way(transaction, way.way_id) if way is not None else None


def _shown(records: Records, transaction: Transaction, slip: SlipRow) -> OpenedRight:
    right = rights.find(transaction, slip.right_id)
    if right is None:
        raise SlipUnknownError
    flat = dwellings.by_id(transaction, right.dwelling_id)
    open_ways = ways.open_of_right(transaction, right.right_id, records.clock.now())
    found = {each.kind for each in open_ways if each.label != deriving.GUARD}
    return OpenedRight(
        number=slips.written(slip.number),
        flat=f"{flat.building}-{flat.unit}-{flat.room}" if flat is not None else "",
        valid_to=right.ends_on,
        methods=tuple(each for each in WayKind if each in found),
    )
