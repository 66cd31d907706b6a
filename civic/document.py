"""What people bring to show who they are, named once for kiosk, policy and records."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """The kinds of document a kiosk reads, and the claim made without one."""

    RESIDENT_CARD = "resident_card"  # 居民身份证
    HMT_PERMIT = "hmt_permit"  # 港澳台居民居住证
    FOREIGNER_CARD_2017 = "foreigner_card_2017"  # 外国人永久居留身份证, the form of 2017
    FOREIGNER_CARD = "foreigner_card"  # the same, the form of 2023
    PASSPORT = "passport"  # ICAO 9303 TD3
    TRAVEL_PERMIT = "travel_permit"  # 往来港澳通行证, 往来台湾通行证: an eMRTD in the size of a card
    NUMBER = "number"  # no document: a typed citizen number
