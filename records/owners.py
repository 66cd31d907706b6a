"""Who may run a command on a data folder: its owner alone. What another user writes there, root too, is that user's,
and the service can't read it.
"""

import os
import pwd
import sys
from pathlib import Path

from records.errors import DataFolderError


def require_own(folder: Path) -> None:
    """DataFolderError says how to go on. A folder that is not there yet is whoever makes it's."""
    try:
        owner = folder.stat().st_uid
    except FileNotFoundError:
        return
    own = os.geteuid()
    if owner != own:
        raise DataFolderError(
            f"{folder} belongs to {_user(owner)}, and this is {_user(own)}; {_advice(folder, owner, own)}"
        )


def _advice(folder: Path, owner: int, own: int) -> str:
    """Root's folder was made by mistake, or is a demonstration's: its service has a user of its own."""
    if owner == 0:
        return f"if that is the service's user, say once: sudo chown -R {_user(own)}: {folder.absolute()}"
    program = sys.argv[0] if Path(sys.argv[0]).name == "records" else "records"
    return f"say: sudo -u {_user(owner)} {program} --data {folder.absolute()} …"


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"#{number}"  # as sudo takes it
