"""Which start of this machine it is: what its monotonic clock counts from."""

from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id(file: Path = _BOOT_ID) -> UUID:
    """The kernel's own number of this start (proc_sys_kernel(5)); where there is none, each process counts as one."""
    with suppress(OSError, ValueError):
        return UUID(file.read_text("ascii").strip())
    return uuid4()
