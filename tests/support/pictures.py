"""Whether somebody wants to look: drawing and packing a picture of each screen takes longer than the screen itself."""

import os


def wanted() -> bool:
    """Whether ``PICTURES`` is set: ``PICTURES=1 make test``."""
    return bool(os.environ.get("PICTURES"))
