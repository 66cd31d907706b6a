"""A gate's window with its street: ``python -m simulators.gate_window FOLDER`` serves ``FOLDER/gate.toml``, and what
stands around it is as ``FOLDER/sim`` says, until the window is closed or the process told to stop.
"""

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gate.config import load
from simulators.street import Street, street

if TYPE_CHECKING:  # importing it is what this module puts off
    from gate.main import Application


@contextmanager
def gate_with_street(folder: Path) -> "Iterator[tuple[Application, Street]]":
    """The application, not begun yet. Its street is there first: the drivers find their lines plugged in."""
    with street(folder / "sim") as around:
        from gate.main import Application  # noqa: PLC0415 - Kivy, and pcscd's socket, are settled by now

        application = Application(load(folder / "gate.toml"))
        try:
            yield application, around
        finally:
            application.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--left", type=int, default=0, help="place of the window, px (default: %(default)s)")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever has started this
    with gate_with_street(asked.folder) as (application, _):
        from kivy.core.window import Window  # noqa: PLC0415 - it is open now

        Window.left = asked.left
        return application.serve()


if __name__ == "__main__":
    sys.exit(main())
