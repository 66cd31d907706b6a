"""No core file: whatever kills this process, the kernel writes its memory to no disk, and gives it to no collector."""

import ctypes
import resource

_PR_SET_DUMPABLE = 4  # prctl(2)


def leave_none() -> None:
    """From here on, for this process. The limit alone would not do: a collector named in core_pattern(5) gets the
    memory of a process all the same, unless it is not dumpable. Nor can then another process of this user read it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
