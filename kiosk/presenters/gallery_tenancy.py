"""The screens of 租房与门禁 around its parts, and of what is one's own, with synthetic content (see gallery.py)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from civic.masking import PersonalText
from kiosk.flows import claim, contents, ending, hand_in
from kiosk.flows import tenancy_mine as mine
from kiosk.flows import tenancy_places as flow
from kiosk.flows import tenancy_told as told
from kiosk.flows.readiness import ABOUT_FLATS, Readiness
from kiosk.flows.tenancy_case import Case, Flat
from kiosk.flows.tenancy_receipts import ShowingReceipt
from kiosk.presenters.gallery_identification import OFFERS
from kiosk.presenters.gallery_intakes import RECEIPT, WHO
from kiosk.presenters.gallery_tenancy_deeds import COMERS, codings, leasings, leavings, peoplings, settings

_AT = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
_ADDRESS = PersonalText("示例市灯火路 1 号平安灯小区 5 号楼 1 单元 1203 室")
_ELSEWHERE = PersonalText("示例市灯火路 1 号平安灯小区 2 号楼 3 单元 402 室")
_ENDS = date(2026, 12, 20)
WAYS = (
    told.OwnWay("c1", "card", date(2025, 12, 21), "4F2A"),
    told.OwnWay("p1", "phone", date(2026, 3, 1)),
    told.OwnWay("s1", "slip", date(2026, 11, 20), until=date(2026, 11, 27), waiting=True),
    told.OwnWay("n1", "card-number", date(2026, 5, 1), "09B1"),
    told.OwnWay("g1", "guest", date(2026, 11, 22), until=date(2026, 11, 22)),
    told.OwnWay("x1", "a-later-kind", date(2026, 5, 1)),
)
FACE = told.OwnWay("f1", told.FACE, date(2026, 11, 20), waiting=True)
_REGISTERED = told.Registered("4827-1936-5042", _AT, date(2025, 12, 21), _ENDS, 3)
RIGHT = told.OwnRight(
    "r1",
    "tenant",
    "active",
    _ADDRESS,
    date(2025, 12, 21),
    _ENDS,
    others=2,
    ways=WAYS,
    permit_from=date(2026, 6, 21),
    choosing=True,
    registered=_REGISTERED,
)
PENDING = replace(
    RIGHT, ref="r2", state="pending", ways=(), choosing=False, missing=("landlord", "filing-number"), registered=None
)
RENEWING = replace(RIGHT, ref="r3", renewal_until=date(2027, 12, 20), missing=("landlord",))
OWNER = told.OwnRight("r4", "owner", "active", _ELSEWHERE, date(2018, 1, 1), None, choosing=True)
LET = told.LetFlat(
    "t1",
    _ELSEWHERE,
    "王**",
    "active",
    date(2026, 1, 1),
    date(2026, 12, 31),
    3,
    missing=("landlord", "filing-number"),
    registered=replace(_REGISTERED, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)),
)
HIDDEN = replace(LET, tenant="", missing=())
ASKS = tuple(
    told.Ask(f"a{at}", kind, _ELSEWHERE, "王**", date(2026, 12, 1), date(2027, 11, 30), _AT, kind == "renewal")
    for at, kind in enumerate(("tenancy", "renewal", "occupant", "joining", "minor", "early-end"))
)
ENDLESS = replace(ASKS[3], ends_on=None)  # with an owner
MEDIATION = (("zh", "社区调解室"), ("en", "the community's mediation room"))
OWN = told.Own((RIGHT, PENDING, OWNER), ASKS[:1], (LET,), mediation=MEDIATION)
CASE = Case(WHO, OFFERS.today, OWN)
AWAY = Case(WHO, OFFERS.today, told.Own(face=False), linked=False)
FLAT = Flat(CASE, RIGHT)
COMING = flow.Coming(OFFERS)
_UNLINKED = flow.Coming(OFFERS, linked=False)
_KINDS = {"people": "occupant", "leave": "departure", "end": "departure", "answer": "answer"}
_ABOUT = ("register", "renew", "people", "card", "face", "no-face", "lost", "leave", "end", "answer")


def homes(ready: Readiness, offline: Readiness) -> Iterator[tuple[str, Readiness]]:
    """The tiles where leases are taken in: with a link, without one, and where something stands in the way."""
    taken = tuple((kind, ()) for kind in ABOUT_FLATS)
    yield "home-renting", replace(ready, blocked=(*ready.blocked, *taken))
    yield "home-renting-away", replace(offline, blocked=(*offline.blocked, *taken))
    full = ("outbox.queue-full",)
    yield "home-renting-full", replace(ready, blocked=(*ready.blocked, ("tenancy", full), *taken[1:]))


def screens() -> Iterator[tuple[str, flow.Here]]:
    """(name, state), in the order of a visit."""
    yield "renting-before", flow.ReadingNotice(COMING)
    yield "renting-before-away", flow.ReadingNotice(_UNLINKED)
    yield "renting-way", flow.Claiming(COMING, claim.ChoosingWay(OFFERS))
    yield "renting-card-away", flow.Claiming(_UNLINKED, claim.AwaitingCard(OFFERS))
    yield "renting-window-away", flow.Claiming(_UNLINKED, claim.AtWindow(OFFERS, "refused"))
    yield "renting-checking", flow.CheckingCard(_UNLINKED)
    yield "renting-checking-stranger", flow.CheckingCard(replace(_UNLINKED, stranger=True))
    yield "renting-opening", flow.Opening(COMING)
    yield "renting-not-opened", flow.NotOpened("records-unreachable")
    yield from _mine()
    for name, leasing in leasings(CASE, AWAY, RIGHT):
        coming = COMING if leasing.draft.case.linked else _UNLINKED
        yield f"lease-{name}", flow.Leasing(coming, leasing.draft.case, leasing)
    for name, peopling in peoplings(CASE, RIGHT.others):
        yield f"people-{name}", flow.Peopling(COMING, FLAT, peopling)
    yield "people-over", flow.ReadingPeopleOver(COMING, FLAT, contents.Joining(WHO, RIGHT.ref, COMERS))
    for name, setting in settings(FLAT, FACE):
        yield f"ways-{name}", flow.SettingWays(COMING, setting.flat, setting)
    for name, coding in codings(FLAT):
        yield name, flow.GettingCode(COMING, FLAT, coding)
    for name, leaving in leavings(CASE, RIGHT, LET):
        yield name, flow.Leaving(COMING, leaving)
    yield from _handing_in()


def _mine() -> Iterator[tuple[str, flow.Here]]:
    states: tuple[tuple[str, mine.Here], ...] = (
        ("list", mine.Listing(CASE)),
        ("list-2", mine.Listing(CASE, 1)),
        ("list-one", mine.Listing(replace(CASE, own=told.Own((RIGHT,))))),
        ("list-none", mine.Listing(replace(CASE, own=told.Own()))),
        ("list-asks", mine.Listing(replace(CASE, own=replace(OWN, asks=ASKS)))),
        ("list-asks-2", mine.Listing(replace(CASE, own=replace(OWN, asks=ASKS)), 1)),
        ("list-shut", mine.Listing(replace(CASE, shut=ABOUT_FLATS))),
        ("list-away", mine.Listing(AWAY)),
        ("list-stranger", mine.Listing(replace(AWAY, stranger=True))),
        *((f"flat-{name}", mine.AtFlat(Flat(CASE, right))) for name, right in _rights()),
        ("flat-shut", mine.AtFlat(Flat(replace(CASE, shut=ABOUT_FLATS), RIGHT))),
        ("let", mine.AtLetFlat(CASE, LET)),
        ("list-let", mine.Listing(replace(CASE, own=told.Own(let=(HIDDEN,))))),
        ("let-unnamed", mine.AtLetFlat(CASE, HIDDEN)),
        ("let-filed", mine.AtLetFlat(CASE, replace(LET, filing_number="ZL20260001", missing=()))),
        (
            "let-waiting",
            mine.AtLetFlat(CASE, replace(LET, missing=("officer", "occupant", "guardian"), registered=None)),
        ),
        ("let-ended", mine.AtLetFlat(CASE, replace(LET, state="ended", missing=()))),
        *((f"receipt-{out}", ShowingReceipt(CASE, RIGHT, out)) for out in hand_in.Slip),
        *((f"answer-{ask.kind}", mine.Answering(CASE, ask)) for ask in ASKS),
        ("answer-endless", mine.Answering(CASE, ENDLESS)),
        ("answer-yes", mine.ReadingAnswerOver(CASE, ASKS[0], yes=True)),
        ("answer-no", mine.ReadingAnswerOver(CASE, ASKS[1], yes=False)),
    )
    for name, at in states:
        yield f"renting-{name}", flow.Choosing(COMING if _linked(at) else _UNLINKED, at)


def _linked(at: mine.Here) -> bool:
    return at.flat.case.linked if isinstance(at, mine.AtFlat) else at.case.linked


def _rights() -> Iterator[tuple[str, told.OwnRight]]:
    grace = replace(RIGHT, state="grace", ends_on=date(2026, 11, 20), grace_until=date(2026, 11, 27))
    yield "active", RIGHT
    yield "pending", PENDING
    yield "renewing", RENEWING
    yield "owner", OWNER
    yield "grace", grace
    yield "disputed", replace(RIGHT, state="disputed", missing=("officer", "occupant", "guardian"))
    ended = replace(RIGHT, state="ended", ways=(), choosing=False, permit_from=None)
    yield "ended", ended
    yield "ended-face", replace(ended, ways=(FACE,))


def _handing_in() -> Iterator[tuple[str, flow.Here]]:
    answer = contents.Answer(WHO, "a1", yes=True)
    yield "renting-keeping", flow.HandingIn(COMING, "answer", hand_in.Keeping(answer))
    for about in _ABOUT:
        kind = _KINDS.get(about, "tenancy" if about in ("register", "renew") else "ways")
        received = hand_in.Received(replace(RECEIPT, kind=kind), hand_in.Slip.STRIP)
        yield f"renting-received-{about}", flow.HandingIn(COMING, about, received)
    away = hand_in.Received(replace(RECEIPT, kind="tenancy"), hand_in.Slip.NONE)
    stranger = replace(_UNLINKED, stranger=True)
    yield "renting-received-stranger", flow.HandingIn(stranger, "register", replace(away, slip=hand_in.Slip.STRIP))
    yield "renting-received-away", flow.HandingIn(_UNLINKED, "register", away)
    yield "renting-not-kept", flow.HandingIn(COMING, "renew", hand_in.NotKept("outbox.store-unwritable"))
    yield "renting-over", ending.Over(served=True)
