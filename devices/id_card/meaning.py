"""What each status of the module means: a problem of the card, which its holder can act on, or an error of the device.

The statuses are those that public sources list (docs/devices/id-card-reader.md); what each means is decided here alone.
"""

from devices.errors import DeviceError, DeviceFaultError, DeviceProtocolError
from devices.id_card.api import CardProblem
from devices.id_card.wire import Status

MEANING: dict[Status, CardProblem | type[DeviceError]] = {
    Status.FIND_FAILED: CardProblem.MOVED,
    Status.SELECT_FAILED: CardProblem.MOVED,
    Status.READ_FAILED: CardProblem.MOVED,
    Status.UNKNOWN_ERROR: CardProblem.MOVED,
    Status.CARD_REJECTS_SAM: CardProblem.REFUSED,
    Status.SAM_REJECTS_CARD: CardProblem.REFUSED,
    Status.INFORMATION_UNVERIFIED: CardProblem.REFUSED,
    Status.FINGERPRINT_UNVERIFIED: CardProblem.REFUSED,
    Status.RANDOM_FAILED: CardProblem.REFUSED,
    Status.UNKNOWN_CARD_TYPE: CardProblem.UNKNOWN_CARD,
    Status.NOT_ON_CARD: CardProblem.UNKNOWN_CARD,
    Status.INFORMATION_LENGTH: CardProblem.DAMAGED,
    # our own words got damaged on the way, and are said once more before this is an error
    Status.CHECKSUM_ERROR: DeviceProtocolError,
    Status.LENGTH_ERROR: DeviceProtocolError,
    Status.BAD_COMMAND: DeviceProtocolError,
    Status.SELF_TEST_FAILED: DeviceFaultError,
    Status.NOT_AUTHORISED: DeviceFaultError,
    Status.NO_PRIVILEGE: DeviceFaultError,
}
"""Every status but the two good ones, OK and CARD_FOUND."""

NOT_UNDERSTOOD = frozenset(status for status, means in MEANING.items() if means is DeviceProtocolError)
MODULE_FAULTS = frozenset(status for status, means in MEANING.items() if means is DeviceFaultError)


def problem(status: Status) -> CardProblem:
    """What it means for whoever laid the card. A good status in the wrong place: lay it again."""
    means = MEANING.get(status)
    return means if isinstance(means, CardProblem) else CardProblem.MOVED
