"""Every text that may leave, in both languages. Nothing of a person, a paper or a service stands in any of them."""

import re
from enum import StrEnum
from typing import Final

LANGUAGES: Final = ("zh", "en")
CODE_FORM: Final = re.compile(r"\d{6}", re.ASCII)
PAGE_CODE_FORM: Final = re.compile(r"[2-9A-HJ-NP-Z]{10}", re.ASCII)


class TextKind(StrEnum):
    """The closed set."""

    CODE = "code"  # the six digits that show that a phone is at hand
    HINT = "hint"  # come and look: there is something new
    LANDLORD = "landlord"  # come and look, or answer on the public page with these ten characters
    CHANGED = "changed"  # to the number that counted before: it counts no more


_WORDS: Final[dict[TextKind, dict[str, str]]] = {
    TextKind.CODE: {
        "zh": "平安灯：验证码{code}，10分钟内在自助机上输入。请勿告诉任何人。",
        "en": "Lamplight: your code is {code}. Type it at the kiosk within 10 minutes. Tell nobody.",
    },
    TextKind.HINT: {
        "zh": "平安灯：您有一条新通知，请带身份证到自助机“我的通知”查看。",
        "en": "Lamplight: you have a new notice. Bring your ID card to a kiosk and open My notices.",
    },
    TextKind.LANDLORD: {
        "zh": "平安灯：有一件与您有关的事等您答复。请到自助机查看，或在公示的验证网页输入{code}。请勿告诉任何人。",
        "en": "Lamplight: something waits for your answer. Look at a kiosk, or type {code} on the public page. Tell "
        "nobody.",
    },
    TextKind.CHANGED: {
        "zh": "平安灯：您在自助机登记的联系方式有变动。如非本人操作，请带身份证到警务室询问。",
        "en": "Lamplight: the contact details kept for you at the kiosk have changed. If that was not you, ask at the "
        "police office and bring your ID card.",
    },
}


_FORMS: Final = {TextKind.CODE: CODE_FORM, TextKind.LANDLORD: PAGE_CODE_FORM}


def words(kind: TextKind, language: str, code: str = "") -> str:
    """The text. ``code``: of a CODE six digits, of a LANDLORD the ten characters for the page, else empty. ValueError:
    anything else was to stand in it."""
    form = _FORMS.get(kind)
    if (form is None and code) or (form is not None and not form.fullmatch(code)):
        raise ValueError("a text holds six digits, the ten characters of a page, or nothing")
    return _WORDS[kind][language].format(code=code)
