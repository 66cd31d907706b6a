"""A resident of nowhere, made anew for each reading, and the services they may ask for."""

from dataclasses import replace
from datetime import date

import numpy as np

from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import Personal, PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.camera.api import Image
from devices.id_card.api import IdCard
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.errand import Collecting, Service

NAME, NUMBER = "王灯明", "990101199003070023"
PORTRAIT = b"\xff\xd8 a portrait \xff\xd9"
SUBJECT = "subject-of-this-visit"
SERIAL = "2026-0001-000001-00"
PURPOSE = h.Purpose("move", (("zh", "办理户口迁移"), ("en", "moving the household")))
FAMILY = h.Purpose("family", (("zh", "证明家人"), ("en", "the family")), members=True)
CERTIFICATE = Service("household_certificate", (PURPOSE, FAMILY), valid_days=30, children_below=16)
SERVICES = (
    CERTIFICATE,
    Service(
        "temporary_id_proof", (replace(PURPOSE, valid_hours=24), FAMILY), hint=(("zh", "不是卡"), ("en", "no card"))
    ),
    Service(
        "no_criminal_record", (PURPOSE, FAMILY), collecting=Collecting(3, (("zh", "证件"), ("en", "your document")))
    ),
    Service("residence_receipt", (PURPOSE,)),
)
OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""), (DocumentKind.NUMBER, "")), date(2026, 11, 22))
CHILD, SPOUSE = "child-handle", "spouse-handle"
CHILD_NAME, FLAT = "王小灯", "示例市平安区灯火路12号5幢1单元1203室"


def card() -> IdCard:
    """A card whose values are made anew, so that nothing but who read it holds them."""
    return IdCard(
        kind=DocumentKind.RESIDENT_CARD,
        name=PersonName(fresh(NAME)),
        id_number=IdNumber(fresh(NUMBER)),
        sex="2",
        nation="01",
        birth_date=date(1990, 3, 7),
        address=PersonalText(fresh("示例市平安区灯火路12号")),
        issuer="示例市公安局",
        validity=Period(date(2018, 5, 2), None),
        photo_wlt=PersonalBytes(bytes(8)),
    )


def own_data(*, family: bool = False) -> h.OwnData:
    """The resident's own row, made anew. ``family``: with a child and a household."""
    fields: dict[str, Personal] = {"name": PersonName(fresh(NAME)), "id_number": IdNumber(fresh(NUMBER))}
    return h.OwnData(
        tuple(h.OwnField(name, value) for name, value in fields.items()),
        children=(h.Child(CHILD, PersonName(fresh(CHILD_NAME)), 9),) if family else (),
        members=(h.Member(SPOUSE, "配偶", "李**", adult=True),) if family else (),
    )


def picture() -> Image:
    """A camera's picture."""
    return np.zeros((4, 4, 3), np.uint8)


def fresh(text: str) -> str:
    """The same text as another object, which no module's constant keeps alive."""
    return "".join(list(text))
