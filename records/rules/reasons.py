"""The reason an officer gives: short, with its number in the desk book, and with nothing of the person.

It stays in the audit for good, so it is read for what would not belong there.
"""

import re
from typing import Final

from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.person_name import PersonName

LONGEST: Final = 100
_POSSIBLE_NUMBER = re.compile(r"(?=(\d{17}[\dXx]))")


def on_one_line(text: str) -> str:
    """The words, with single spaces between them."""
    return " ".join(text.split())


def refusal(reason: str, name: PersonName | None) -> str:
    """Why it won't do: ``missing``, ``long``, ``no-number`` or ``personal``; empty if it will."""
    if not reason:
        return "missing"
    if len(reason) > LONGEST:
        return "long"
    if not any(character.isdigit() for character in reason):
        return "no-number"
    named = name is not None and name.reveal() in reason
    return "personal" if named or tells_a_number(reason) else ""


def tells_a_number(reason: str) -> bool:
    """Whether a citizen number stands in it, written however."""
    digits = re.sub(r"[\s-]", "", reason)
    return any(_is_number(found.group(1)) for found in _POSSIBLE_NUMBER.finditer(digits))


def _is_number(text: str) -> bool:
    try:
        IdNumber(text)
    except InvalidValueError:
        return False
    return True
