"""Text in the printer's own type (FS &): only what any GB 18030 ROM holds, which is ASCII and the two-byte characters.

Four-byte characters, and with them rare names, are not in such ROMs, and would come out as others: they are refused.
"""

from collections.abc import Iterator

from devices.thermal_printer.api import UnprintableStripError
from devices.thermal_printer.wire import CHINESE_TYPE

_LAST_ASCII = "~"
_LATER = 0xFE  # the lead byte of characters that GBK gave places and Unicode only later: old ROMs differ there
_PRIVATE = range(0xE000, 0xF900)  # GBK's user-defined places: every maker's ROM holds something else there


def lines(text: str) -> Iterator[bytes]:
    """One command per line of text. Raises UnprintableStripError, which says at which places, not which characters."""
    refused = [place for place, character in enumerate(text) if not _in_rom(character)]
    if refused:
        places = ", ".join(map(str, refused))
        raise UnprintableStripError(f"the printer's type has no character for those at: {places}")
    return (CHINESE_TYPE + line.encode("gb18030") + b"\n" for line in text.splitlines())


def _in_rom(character: str) -> bool:
    if character == "\n" or " " <= character <= _LAST_ASCII:
        return True
    encoded = character.encode("gb18030", "replace")
    return len(encoded) == 2 and encoded[0] < _LATER and ord(character) not in _PRIVATE  # noqa: PLR2004 - bytes
