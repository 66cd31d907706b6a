"""One question to a card and its whole answer, however many pieces it comes in (ISO/IEC 7816-4, 5.3.4 and 11.8).

Lengths are short ones: contactless cards of this kind hand a long answer out in pieces, and not every reader carries
another.
"""

from devices.access_card.api import CardReason
from devices.access_card.problems import CardError
from devices.chip.channel import Channel

DONE = 0x9000
_MORE, _OTHER_LENGTH = 0x61, 0x6C
_LONGEST = 8192  # bytes of an answer: a certificate on a card has at most 1,856 (SP 800-73-4, part 1, appendix A)
_STATUS_BYTES = 2


def ask(channel: Channel, command: bytes) -> tuple[bytes, int]:
    """The answer's data and its last status word. ``command``: whole, its last byte Le. Raises what the channel does,
    and CardError: an answer that does not end."""
    data, status = _once(channel, command)
    if status >> 8 == _OTHER_LENGTH:
        data, status = _once(channel, command[:-1] + bytes([status & 0xFF]))
    whole = bytearray(data)
    while status >> 8 == _MORE:
        data, status = _once(channel, bytes((0x00, 0xC0, 0x00, 0x00, status & 0xFF)))  # GET RESPONSE
        whole += data
        if not data or len(whole) > _LONGEST:
            raise CardError(CardReason.DAMAGED, "an answer without an end")
    return bytes(whole), status


def _once(channel: Channel, command: bytes) -> tuple[bytes, int]:
    answer = channel.transmit(command)
    if len(answer) < _STATUS_BYTES:
        raise CardError(CardReason.DAMAGED, "no status word")
    return answer[:-_STATUS_BYTES], int.from_bytes(answer[-_STATUS_BYTES:], "big")
