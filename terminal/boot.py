"""Which start of this machine it is: what its monotonic clock counts from; and how long this process has run."""

import os
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id(file: Path = _BOOT_ID) -> UUID:
    """The kernel's own number of this start (proc_sys_kernel(5)); where there is none, each process counts as one."""
    with suppress(OSError, ValueError):
        return UUID(file.read_text("ascii").strip())
    return uuid4()


def running_for(stat: Path = Path("/proc/self/stat")) -> float:
    """Seconds since the kernel began this process (proc_pid_stat(5), field 22): what its own code can't see, as the
    interpreter's start and its imports, is in it."""
    began = int(stat.read_text("ascii").rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began
