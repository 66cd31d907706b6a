"""What a configuration file says of a camera."""

from pydantic import BaseModel, ConfigDict, Field

_USB_ID = "vendor:product or vendor:product:serial, as 0bda:5830"


class CameraSettings(BaseModel):
    """``source``: a device path (/dev/v4l/by-path/…) or, outside production, the address of an MJPEG stream.

    ``usb_path``: the USB socket the camera is wired to, as sysfs names it ("1-1.4"); production requires it.
    ``usb_id``: the only camera accepted there, vendor:product or vendor:product:serial, as the technician's page shows
    it; without it, the first one seen since the start. ``page_width``, ``page_height``: what it is asked for where a
    page of print is held before it; an A4 page takes eight megapixels (docs/devices/document-camera.md).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    usb_path: str = Field("", pattern=r"^(\d+-\d+(\.\d+)*)?$", description="a socket as sysfs names it, as 1-1.4")
    usb_id: str = Field("", pattern=r"^([0-9a-f]{4}:[0-9a-f]{4}(:[^:]+)?)?$", description=_USB_ID)
    width: int = Field(640, ge=320, le=3840)
    height: int = Field(480, ge=240, le=2160)
    page_width: int = Field(3264, ge=320, le=8192)
    page_height: int = Field(2448, ge=240, le=8192)
