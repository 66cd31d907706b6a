"""Reading one travel document from first byte to belief."""

from collections.abc import Callable

from civic.mrz import MrzKey
from devices.travel_document.api import DocumentRead, DocumentUnreadable, Stage
from devices.travel_document.authorities import Authorities
from devices.travel_document.channel import Channel


def read_document(
    channel: Channel,
    key: MrzKey,
    authorities: Authorities,
    on_stage: Callable[[Stage, float], None],
    heed: Callable[[], None],
) -> DocumentRead | DocumentUnreadable:
    """Open the chip with ``key``, read it and authenticate it. ``heed`` raises DeviceCancelledError when the visit is
    over. Raises that, and DeviceError when the reader itself fails."""
    raise NotImplementedError
