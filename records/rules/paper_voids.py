"""Why an officer voids a paper: a closed set, which stands beside the serial for as long as it is kept."""

from enum import StrEnum


class VoidBasis(StrEnum):
    """Why."""

    HOLDER_ASKS = "holder-asks"
    WRONG_CONTENT = "wrong-content"  # it says what was never so
    REGISTER_CHANGED = "register-changed"  # it says what is so no longer
    LOST = "lost"  # by its holder, or stolen
    MISUSED = "misused"  # shown by somebody else, or for something else
    KIOSK_FAULT = "kiosk-fault"  # its kiosk will never say what became of it
