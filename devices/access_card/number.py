"""The bare number of a card, as the reader tells it (PC/SC part 3, 3.2.2.1.3: GET DATA, the UID).

No card proves it, and any number can be copied onto a card that is sold for it: the weaker way, where a card can do
nothing else. Of some cards it is another one each time (ISO/IEC 14443-3, 6.5.4: a single-size UID that begins with 08).
"""

from devices.access_card.api import CardReason
from devices.access_card.problems import CardError
from devices.access_card.talk import DONE, ask
from devices.chip.channel import Channel

_GET_UID = bytes.fromhex("FFCA000000")
_SIZES = (4, 7, 10)
_SINGLE, _RANDOM = 4, 0x08
_STORAGE_CARD = bytes.fromhex("804F0CA000000306")
"""In the ATR that a reader makes up for a card without commands of its own (PC/SC part 3, 3.1.3.2.3.2)."""


def knows_no_commands(atr: bytes) -> bool:
    """Whether the card is a mere memory: asked for an application, some readers call it lost."""
    return _STORAGE_CARD in atr


def lasting_number(channel: Channel) -> bytes:
    """The number, 4, 7 or 10 bytes. Raises CardError (NO_NUMBER, RANDOM_NUMBER), and what the channel does."""
    number, status = ask(channel, _GET_UID)
    if status != DONE or len(number) not in _SIZES:
        raise CardError(CardReason.NO_NUMBER, f"{len(number)} bytes, {status:04X}")
    if len(number) == _SINGLE and number[0] == _RANDOM:
        raise CardError(CardReason.RANDOM_NUMBER)
    return number
