"""``gate``: the gate terminal's command. It says what it is and where to read on, until the gate is built."""

import sys


def cli() -> int:
    """Say that there is no gate terminal yet; never pretend to open anything."""
    print("The gate terminal is not part of this release; docs/gate.md says what it will do.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(cli())
