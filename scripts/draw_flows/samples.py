"""What is tried in place of residents, papers and rules: one of each kind that leads elsewhere."""

from dataclasses import replace
from datetime import UTC, date, datetime

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import (
    check_paper,
    contents,
    details,
    dwelling_entry,
    errand,
    hand_in,
    happenings,
    identity,
    maintenance,
    notices,
    readiness,
    tenancy_case,
    tenancy_told,
    told,
)

_PURPOSES = (
    happenings.Purpose("plain", (), members=True),
    happenings.Purpose("book-is-enough", (), book_is_enough=True),
)
SERVICES = (
    errand.Service("household_certificate", _PURPOSES, children_below=16),
    errand.Service("temporary_id_proof", _PURPOSES[:1], hint=(("zh", ""),)),
    errand.Service("no_criminal_record", _PURPOSES[:1], collecting=errand.Collecting(3, ())),
    errand.Service("residence_receipt", _PURPOSES[:1]),
)
READY = readiness.Readiness(
    (
        *((service.kind, ()) for service in SERVICES),
        (readiness.CHECK, ()),
        (readiness.NOTICES, ()),
        *((kind, ()) for kind in readiness.ABOUT_FLATS),
    )
)
_AWAY = readiness.Readiness(
    (*READY.blocked, ("residence_receipt", ("records.unreachable",)), (readiness.RESIDENCE, ()))
)
_HERE = (DocumentKind.RESIDENT_CARD, DocumentKind.PASSPORT, DocumentKind.NUMBER)
OFFERS = identity.Offers(
    documents=(*((kind, "") for kind in _HERE), (DocumentKind.FOREIGNER_CARD, "exit-entry")),
    today=date(2026, 11, 22),
    officer=True,
    correction=True,
)
CLAIM = identity.Claim(DocumentKind.RESIDENT_CARD)
_CHILD = happenings.Child("child", Personal("child"), 9)
ADULT = happenings.Member("member", "spouse", "", adult=True)
_ROW = tuple(happenings.OwnField(name, Personal("value")) for name in ("name", "id_number"))
OWN = happenings.OwnData(_ROW, children=(_CHILD,), members=(ADULT,))
CASE = details.Case(errand.Errand(SERVICES[0], _PURPOSES[0], OFFERS), OWN)
APPLICATION = happenings.Application("household_certificate", "plain")
_DECLARANT = hand_in.Declarant(Personal("who"), Personal("number"), proven=False)
CONTENT = hand_in.Residence(_DECLARANT, dwelling_entry.DwellingEntry(), date(2026, 5, 1))
_DAY = date(2026, 12, 20)
_WAYS = tuple(tenancy_told.OwnWay(kind, kind, date(2026, 1, 1)) for kind in ("card", "phone", "slip"))
_SAID = tenancy_told.Registered("number", datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1), _DAY, 1)
RIGHT = tenancy_told.OwnRight(
    *("right", "tenant", "active", Personal("flat"), date(2025, 12, 21), _DAY),
    ways=_WAYS,
    choosing=True,
    registered=_SAID,
)
LET = tenancy_told.LetFlat("let", Personal("flat"), "", "active", date(2026, 1, 1), _DAY, registered=_SAID)
_ASK = tenancy_told.Ask(
    "ask", "renewal", Personal("flat"), "", date(2026, 12, 1), None, datetime(2026, 11, 25, tzinfo=UTC)
)
_OWN = tenancy_told.Own(
    (RIGHT, tenancy_told.OwnRight("other", "owner", "active", Personal("flat"), _DAY, None)), (_ASK,), (LET,)
)
_COMER = contents.Comer(DocumentKind.RESIDENT_CARD, Personal("comer"), Personal("1"), date(1990, 1, 1))
CASE_OF_FLAT = tenancy_case.Case(_DECLARANT, OFFERS.today, _OWN)
FLAT = tenancy_case.Flat(CASE_OF_FLAT, RIGHT)
_PHONE = told.Phone("138****1234")
_NOTICE = told.Notice("answer-ready", datetime(2026, 11, 20, tzinfo=UTC))
_LOOK = told.Look(_NOTICE.at, "officer", "report-received", "JQ-1")
_PAGES = notices.EACH_PAGE + 1
_TRIES = identity.Tries(3, datetime(2026, 11, 20, tzinfo=UTC))

SAMPLES: dict[str, tuple[object, ...]] = {
    "again_s": (60,),
    "again": (False, True),
    "ahead": (1,),
    "card": (contents.NewCard("card", public_key="key"),),
    "claim": (CLAIM, replace(CLAIM, unclear=True, abroad=True)),
    "comer": (
        _COMER,
        contents.Comer(DocumentKind.RESIDENT_CARD, Personal("child"), Personal("2"), date(2016, 1, 1), minor=True),
        contents.Comer(DocumentKind.FOREIGNER_CARD, Personal("guest"), Personal("3"), date(1990, 1, 1), foreign=True),
    ),
    "closed": (None, ("repair", "tonight")),
    "code": ("code",),
    "count": (2,),
    "days": (0,),
    "by": (-1, 1),
    "hint": ("flatter",),
    "kind": ("card", "face"),
    "months": (12,),
    "GuestCodeMade.code": (tenancy_told.GuestCode("12345678", "code", _DAY),),
    "SlipMade.slip": (tenancy_told.MoveInSlip("number", "code", datetime(2026, 11, 29, tzinfo=UTC)),),
    "CardRead.kind": tuple(DocumentKind),
    "LostChosen.ref": ("card",),
    "ref": ("right", "let", "ask"),
    "TenanciesOpened.own": (_OWN,),
    "url": ("url",),
    "AsideChosen.what": maintenance.ASIDE[:2],
    "CodeNotSent.code": ("no-texts", "stale"),
    "PhoneNotChanged.code": ("wrong-code", "stale"),
    "digit": (Personal("7"),),
    "expected": maintenance.EXPECTED[:1],
    "finding": (check_paper.Finding(check_paper.Standing.COMPARE),),
    "instruction": ("look-straight",),
    "key": (Personal("9"),),
    "locked_minutes": (0, 15),
    "offers": (OFFERS,),
    "medium": ("page",),
    "office": ("exit-entry",),
    "opened": (told.Opened((_NOTICE,) * _PAGES, (_LOOK,) * _PAGES, _PHONE),),
    "phone": (_PHONE,),
    "own": (OWN, happenings.OwnData(()), happenings.OwnData((), closed="not-eligible")),
    "dwelling": (errand.Dwelling("flat", Personal("flat")),),
    "PersonChosen.handle": ("", "child"),
    "LineToggled.name": ("name",),
    "handle": ("member",),
    "CardNotRead.problem": ("moved", "refused"),
    "DocumentNotRead.problem": ("moved", "wrong-key", "altered"),
    "printer": ("page_printer",),
    "progress": (0.5,),
    "purpose_id": ("plain", "book-is-enough"),
    "reached": ("nobody",),
    "HandedIn.receipt": (hand_in.Receipt("residence", "number", Personal("who"), datetime(2026, 11, 20, tzinfo=UTC)),),
    "SlipEnded.slip": (hand_in.Slip.STRIP, hand_in.Slip.NONE),
    "readiness": (READY, _AWAY),
    "reason": maintenance.REASONS[:1],
    "said": ("printed",),
    "seconds": (20,),
    "serial": ("serial",),
    "receipt": (False,),
    "service": SERVICES,
    "stage": ("reading",),
    "tries": (None, _TRIES),
    "waiting_for": ("",),
    "who": (_DECLARANT,),
    "why": (readiness.OutOfService(maintenance.REVOKED),),
}
"""What to try for a field of an event, by the field's name, after the event's where events differ.

Truths and enumerations are tried whole.
"""
