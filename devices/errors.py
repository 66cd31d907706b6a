"""What a device may say instead of doing its work.

DeviceError
├── DeviceUnavailableError   not there: unplugged, port missing, refused        (temporary: poll again)
├── DeviceTimeoutError       there, and silent                                  (temporary)
├── DeviceProtocolError      there, and speaking nonsense                       (temporary)
├── DeviceFaultError         there, and reporting its own fault; ``detail`` says which
├── DeviceCancelledError     the visit that asked is over
└── DeviceMisconfiguredError can't work with this configuration                 (permanent)
"""

from threading import Event
from typing import ClassVar

from civic.errors import CodedError


class DeviceError(CodedError):
    """A device can't do what was asked."""

    code = "device"
    temporary: ClassVar[bool] = True


class DeviceUnavailableError(DeviceError):
    """The device is not there: unplugged, port missing, connection refused."""

    code = "device-unavailable"


class DeviceTimeoutError(DeviceError):
    """The device is there and does not answer in time."""

    code = "device-timeout"


class DeviceProtocolError(DeviceError):
    """The device answers what its protocol does not know."""

    code = "device-protocol"


class DeviceFaultError(DeviceError):
    """The device reports its own fault."""

    code = "device-fault"


class DeviceCancelledError(DeviceError):
    """The caller's cancel event was set: nobody waits for the answer."""

    code = "device-cancelled"


class DeviceMisconfiguredError(DeviceError):
    """The configuration can't work; trying again changes nothing."""

    code = "device-misconfigured"
    temporary = False


def heed_visit(cancel: Event) -> None:
    """Raises DeviceCancelledError once the visit that asked is over: whoever waits for a device calls it in between."""
    if cancel.is_set():
        raise DeviceCancelledError
