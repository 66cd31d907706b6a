"""A process of its own, in which a vendor's library opens one photo: its code may crash, hang or write where it likes.

The photo comes on the standard input, the picture leaves on the standard output, and neither is written anywhere else:
the process may make no file and leaves no memory dump, and what the library prints is thrown away.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Sequence

PICTURE_BYTES = 102 * 126 * 3
NO_LIBRARY, REFUSED = 3, 4  # exit statuses; the decoder has words for each

_WLT_BYTES = 1024
_SLACK = 1 << 16  # libraries that read or write past the end do so here
_CPU_SECONDS = 10
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4  # <linux/prctl.h>


def main(arguments: Sequence[str]) -> int:
    """``arguments``: the library's path, its symbol, and the number it wants. Returns the exit status."""
    path, symbol, number = arguments
    wlt = sys.stdin.buffer.read(_WLT_BYTES)
    picture = os.dup(sys.stdout.fileno())
    _confine()
    try:
        unpack = ctypes.CDLL(path)[symbol]
    except (OSError, AttributeError):
        return NO_LIBRARY
    unpack.argtypes, unpack.restype = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int), ctypes.c_int
    given = ctypes.create_string_buffer(wlt, _WLT_BYTES + _SLACK)
    made = ctypes.create_string_buffer(PICTURE_BYTES + _SLACK)
    if unpack(given, made, int(number)) < 0:
        return REFUSED
    with os.fdopen(picture, "wb") as out:
        out.write(made.raw[:PICTURE_BYTES])
    return 0


def _confine() -> None:
    """No file, no memory dump, no word, and no life beyond the kiosk's."""
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_DUMPABLE, 0)  # a dump that is piped to a program heeds no limit
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
