"""Whether what was presented at a gate opens it: one pure function of that, of what the gate holds, and of the moment.

- A grant opens from its first day to the end of its grace, days of the community's time; a way, within its own hours.
- A telephone's code holds for the half minute of the moment and the one on either side, each once. While the moment is
  not sure (``gate.flows.moment``), any half minute from the least on holds that is newer than all that this telephone
  has shown here: a picture taken before the machine was switched off opens nothing, and nobody is kept out by a clock.
- A slip opens until its end, whatever else its holder uses meanwhile: what stands on it is so.
- A card that can only say its number opens where the policy allows it.

A refusal has a reason, which is counted and never shown.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from civic.gate_codes import phone_counter
from gate.flows.moment import Moment


class Kind(StrEnum):
    """The ways in, with the wire's words."""

    CARD = "card"
    CARD_NUMBER = "card-number"
    PHONE = "phone"
    SLIP = "slip"
    GUEST = "guest"
    FACE = "face"


class Reason(StrEnum):
    """Why a gate stays shut. The later in this order, the nearer it was to open."""

    UNREADABLE = "unreadable"  # the gate's own disk did not answer
    TOO_OFTEN = "too-often"  # eight digits, after too many wrong ones
    UNKNOWN = "unknown"  # of nobody with a right here, or not signed by whom it names
    CANCELLED = "cancelled"
    OVER = "over"
    NOT_YET = "not-yet"
    WEAK_NOT_ALLOWED = "weak-not-allowed"
    STALE_CODE = "stale-code"
    REPLAYED = "replayed"


@dataclass(frozen=True, slots=True)
class CardKey:
    """A card has signed a challenge by this key. ``ref``: as ``civic.gate_codes.card_ref`` writes it."""

    ref: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A card has said its number. ``ref``: as ``civic.gate_codes.number_ref`` writes it."""

    ref: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone's square. ``counter``: its half minute; ``signature_good``: by the key of ``credential``."""

    credential: str = field(repr=False)
    counter: int
    signature_good: bool


@dataclass(frozen=True, slots=True)
class Code:
    """A slip's or a guest's code. ``ref``: as ``civic.gate_codes.code_ref`` writes it. ``short``: eight digits, which
    can be guessed."""

    ref: str = field(repr=False)
    short: bool = False


@dataclass(frozen=True, slots=True)
class FaceOf:
    """Somebody asked for it, and the face before the camera is this holder's."""

    holder: str = field(repr=False)


Presented = CardKey | CardNumber | Phone | Code | FaceOf


@dataclass(frozen=True, slots=True)
class Held:
    """One way in that was found, with the grant that it stands in. ``cancelled``: it was shown at two places.
    ``counters``: of the half minutes that this telephone has shown here, those that are still remembered."""

    grant: str = field(repr=False)
    holder: str = field(repr=False)
    credential: str = field(repr=False)
    kind: Kind
    starts_on: date
    ends_on: date | None
    grace_until: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    cancelled: bool = False
    counters: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the policy says of deciding. ``weak_cards``: a card's bare number may be a way."""

    weak_cards: bool = False


@dataclass(frozen=True, slots=True)
class Admitted:
    """The door is let go. ``in_grace``: the right's last day is over."""

    grant: str = field(repr=False)
    holder: str = field(repr=False)
    credential: str = field(repr=False)
    kind: Kind
    in_grace: bool = False


@dataclass(frozen=True, slots=True)
class NotAdmitted:
    """The door stays as it is."""

    reason: Reason


Decision = Admitted | NotAdmitted
_FITS: dict[type, frozenset[Kind]] = {
    CardKey: frozenset({Kind.CARD}),
    CardNumber: frozenset({Kind.CARD_NUMBER}),
    Phone: frozenset({Kind.PHONE}),
    Code: frozenset({Kind.SLIP, Kind.GUEST}),
    FaceOf: frozenset({Kind.FACE}),
}
_NEAREST = {reason: place for place, reason in enumerate(Reason)}


def decide(presented: Presented, found: tuple[Held, ...], moment: Moment, rules: Rules) -> Decision:
    """One way in may stand in several grants, as of whoever has two flats: one that opens is enough, and one that
    opens without its grace comes first. Of several refusals, the one that was nearest to opening is counted."""
    decisions = [_decided(presented, held, moment, rules) for held in found]
    admitted = [decision for decision in decisions if isinstance(decision, Admitted)]
    if admitted:
        return min(admitted, key=lambda each: each.in_grace)
    reasons = [decision.reason for decision in decisions if isinstance(decision, NotAdmitted)]
    return NotAdmitted(max(reasons, key=_NEAREST.__getitem__, default=Reason.UNKNOWN))


def _decided(presented: Presented, held: Held, moment: Moment, rules: Rules) -> Decision:
    reason = _of_way(presented, held, rules) or _of_time(held, moment) or _of_counter(presented, held, moment)
    if reason is not None:
        return NotAdmitted(reason)
    in_grace = held.ends_on is not None and held.ends_on < moment.today
    return Admitted(held.grant, held.holder, held.credential, held.kind, in_grace)


def _of_way(presented: Presented, held: Held, rules: Rules) -> Reason | None:
    if held.kind not in _FITS[type(presented)] or (isinstance(presented, Phone) and not presented.signature_good):
        return Reason.UNKNOWN
    if held.cancelled:
        return Reason.CANCELLED
    return Reason.WEAK_NOT_ALLOWED if held.kind is Kind.CARD_NUMBER and not rules.weak_cards else None


def _of_time(held: Held, moment: Moment) -> Reason | None:
    last_day = held.grace_until or held.ends_on
    if (last_day is not None and last_day < moment.today) or (held.ends_at is not None and held.ends_at <= moment.at):
        return Reason.OVER
    begun = held.starts_on <= moment.latest_day and (held.starts_at is None or held.starts_at <= moment.latest)
    return None if begun else Reason.NOT_YET


def _of_counter(presented: Presented, held: Held, moment: Moment) -> Reason | None:
    if not isinstance(presented, Phone):
        return None
    if presented.counter in held.counters:
        return Reason.REPLAYED
    now = phone_counter(moment.at)
    if moment.sure:
        return None if abs(presented.counter - now) <= 1 else Reason.STALE_CODE
    newest = max(held.counters, default=-1)
    return None if presented.counter >= now - 1 and presented.counter > newest else Reason.STALE_CODE
