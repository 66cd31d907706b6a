"""``records confirm-residence``: by the serial of a receipt, so that no name or number is typed into a shell."""

from records.context import Records
from records.rules.reasons import LONGEST
from records.services import residences
from records.services.refusals import ReasonUnfitError

_UNFIT = {
    "missing": "write what you saw, and its number in the desk book",
    "long": f"a reason has {LONGEST} characters at most",
    "no-number": "the reason needs its number in the desk book",
    "personal": "no name or citizen number: the reason is kept for good",
}


def confirm(records: Records, serial: str, reason: str) -> str:
    """Do it; what to say. UnknownNameError, ReasonUnfitError in words."""
    try:
        residences.confirm(records, serial, reason)
    except ReasonUnfitError as error:
        raise ReasonUnfitError(_UNFIT[error.detail]) from None
    return f"The residence on {serial} is confirmed."
