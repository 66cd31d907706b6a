"""Validated settings -> drivers. The only place that knows which driver serves which device.

The drivers know no simulator: a demo's settings name a port, and what answers there is not their business. What a
production kiosk must never talk to is refused here, all reasons at once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from devices.access_card.api import AccessCardReader
from devices.access_card.driver import PcscAccessCardReader
from devices.access_card.settings import AccessCardSettings
from devices.camera.api import Camera
from devices.camera.binding import SYSFS, UsbBinding
from devices.camera.driver import OpenCvCamera
from devices.camera.settings import CameraSettings
from devices.chip.virtual import daemon_is_private, is_virtual_name, virtual_driver_installed
from devices.code_scanner.api import CodeScanner
from devices.code_scanner.driver import SerialCodeScanner
from devices.code_scanner.settings import CodeScannerSettings
from devices.document_camera.api import PageCamera
from devices.document_camera.driver import OpenCvPageCamera
from devices.door.api import DoorController
from devices.door.driver import DoorDriver
from devices.door.line import SerialLine
from devices.door.lines import GpioLines
from devices.door.mechanism import Mechanism
from devices.door.osdp import OsdpMechanism
from devices.door.relay import RelayMechanism
from devices.door.settings import DoorSettings, OsdpDoorSettings
from devices.errors import DeviceMisconfiguredError
from devices.face.api import FaceEngine, PassiveCheck, Threshold
from devices.face.driver import DEFAULT_THRESHOLD, InsightFaceEngine
from devices.face.identification import OperatingPoints
from devices.face.operating_points import operating_points
from devices.face.passive import InsightFacePassiveCheck
from devices.face.settings import FaceSettings
from devices.far_end import is_loopback, is_named_by_root, is_pty, may_be_device
from devices.id_card.api import IdCardReader, PhotoDecoder
from devices.id_card.driver import SamvCardReader
from devices.id_card.photo import Turned, VendorPhotoDecoder
from devices.mrz.api import MrzEngine
from devices.mrz.driver import OnnxMrzEngine
from devices.page_printer.driver import IppPagePrinter
from devices.page_printer.jobs import USER
from devices.page_printer.memory import JobMemory
from devices.page_printer.spool import kept_by
from devices.speaker.api import Speaker
from devices.speaker.driver import EspeakSpeaker
from devices.thermal_printer.api import StripPrinter
from devices.thermal_printer.driver import EscPosStripPrinter
from devices.thermal_printer.model import Address, StripModel
from devices.travel_document.api import TravelDocumentReader
from devices.travel_document.authorities import Authorities
from devices.travel_document.driver import PcscDocumentReader

_SPECIMEN = "SPECIMEN"
_QUEUE = "the address of a queue, as ipp://localhost/printers/NAME, or empty"


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IdCardSettings(_Settings):
    """A SAM-V module on a serial port. ``baud`` "auto": all rates are tried until the module answers.

    ``photo_library``: a vendor's shared library that opens the chip's photo, as an absolute path; without it there is
    no chip photo. The other three say how it is called (devices/id_card/photo.py).
    """

    driver: Literal["samv"] = "samv"
    port: str
    baud: Literal["auto", 9600, 19200, 38400, 57600, 115200, 230400] = "auto"
    photo_library: Path | None = None
    photo_symbol: str = Field("_Z6unpackPcS_i", min_length=1)
    photo_number: int = 708
    photo_turned: Turned = "no"

    @field_validator("photo_library")
    @classmethod
    def _is_absolute(cls, library: Path | None) -> Path | None:
        """A bare name would be searched for, and something else found."""
        if library is not None and not library.is_absolute():
            raise ValueError("photo_library is an absolute path")
        return library


class TravelDocumentSettings(_Settings):
    """A PC/SC reader. ``reader``: a part of its name. ``authorities``: the folder of CSCA certificates (DER or PEM),
    which the operator fills."""

    reader: str = Field(min_length=1)
    authorities: Path


class MrzSettings(_Settings):
    """``model``: the folder of the text recogniser that reads a travel document's page from the camera's picture."""

    model: Path


class PagePrinterSettings(_Settings):
    """``uri``: the printer's own IPP address, which is asked for the truth. ``queue``: where a vendor's driver is
    needed, the address of this machine's print queue with it; ``queue_settings``: its print server's folder."""

    uri: str = Field(pattern=r"^(ipp|ipps|http|https)://", description="an address that begins with ipp:// or ipps://")
    patience: float = Field(60.0, ge=1, le=600)
    queue: str = Field("", pattern=r"^((ipp|http)://.+/printers/.+)?$", description=_QUEUE)
    queue_settings: Path = Path("/etc/cups")


class ThermalPrinterSettings(_Settings):
    """``address`` and the model's settings are said in devices/thermal_printer/model.py."""

    address: str
    model: StripModel = StripModel()
    patience: float = Field(20.0, ge=1, le=600)

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        try:
            Address.parse(address)
        except DeviceMisconfiguredError as error:
            raise ValueError(str(error)) from None
        return address

    @field_validator("model", mode="before")
    @classmethod
    def _is_a_model(cls, values: object) -> object:
        """The model says itself what is wrong with its table."""
        if not isinstance(values, dict):
            return values
        try:
            return StripModel.parse(values)
        except DeviceMisconfiguredError as error:
            raise ValueError(str(error)) from None


class DeviceSettings(_Settings):
    """One table of the configuration file per device."""

    id_card: IdCardSettings
    camera: CameraSettings
    face: FaceSettings
    page_printer: PagePrinterSettings
    travel_document: TravelDocumentSettings | None = None
    mrz: MrzSettings | None = None
    thermal_printer: ThermalPrinterSettings | None = None
    access_card: AccessCardSettings | None = None


@dataclass(frozen=True, slots=True)
class Devices:
    """The drivers of one kiosk."""

    id_card: IdCardReader
    camera: Camera
    face: FaceEngine
    page_printer: IppPagePrinter
    speaker: Speaker
    photo_decoder: PhotoDecoder | None = None
    passive: PassiveCheck | None = None
    travel_document: TravelDocumentReader | None = None
    mrz: MrzEngine | None = None
    thermal_printer: StripPrinter | None = None
    access_card: AccessCardReader | None = None
    pages: PageCamera | None = None


def build(settings: DeviceSettings, user: str = USER, memory: JobMemory | None = None) -> Devices:
    """Make the drivers. Opens nothing: each opens its device when first asked. ``user``: this kiosk's name at a page
    printer that others may share; ``memory``: of its last job there."""
    id_card, document = settings.id_card, settings.travel_document
    passive = build_passive(settings.face)
    return Devices(
        id_card=SamvCardReader(id_card.port, None if id_card.baud == "auto" else id_card.baud),
        photo_decoder=_photo_decoder(id_card),
        camera=build_camera(settings.camera),
        pages=_pages(settings.camera),
        face=build_face(settings.face, passive),
        passive=passive,
        page_printer=_page_printer(settings.page_printer, user, memory),
        speaker=build_speaker(),
        travel_document=PcscDocumentReader(document.reader, document.authorities) if document else None,
        mrz=OnnxMrzEngine(settings.mrz.model) if settings.mrz else None,
        thermal_printer=_thermal_printer(settings.thermal_printer),
        access_card=build_access_card(settings.access_card) if settings.access_card else None,
    )


def build_camera(settings: CameraSettings) -> Camera:
    """Make the driver of a camera, at a kiosk or a gate. Opens nothing."""
    return OpenCvCamera(settings.source, settings.width, settings.height, binding=_binding(settings))


def _pages(settings: CameraSettings) -> PageCamera:
    """The same camera, at the size at which print can be read."""
    size = settings.page_width, settings.page_height
    return OpenCvPageCamera(OpenCvCamera(settings.source, *size, binding=_binding(settings)))


def build_passive(settings: FaceSettings) -> InsightFacePassiveCheck | None:
    """Make the passive check; None: there is no model for it. Loads nothing."""
    model = settings.passive_model
    return InsightFacePassiveCheck(model, settings.passive_threshold) if model else None


def build_face(settings: FaceSettings, passive: InsightFacePassiveCheck | None) -> FaceEngine:
    """Make the engine of faces. Loads nothing."""
    return InsightFaceEngine(settings.pack, _threshold(settings), passive)


def face_points(settings: FaceSettings) -> OperatingPoints | None:
    """What the pack was measured at, for who searches among many. Raises OperatingPointsError."""
    return operating_points(settings.pack, _threshold(settings) if settings.threshold is not None else None)


def build_speaker() -> Speaker:
    """Make the driver of the loudspeaker. Opens nothing."""
    return EspeakSpeaker()


def build_access_card(settings: AccessCardSettings) -> AccessCardReader:
    """Make the driver of a reader of access cards, at a kiosk or a gate. Opens nothing."""
    return PcscAccessCardReader(settings.reader)


def build_code_scanner(settings: CodeScannerSettings) -> CodeScanner:
    """Make the driver of a gate's scanner. Opens nothing."""
    return SerialCodeScanner(settings.port, settings.baud, settings.again)


def build_door(settings: DoorSettings) -> DoorController:
    """Make the driver of a gate's door. Opens nothing: it begins with the first question."""
    return DoorDriver(_door_mechanism(settings))


def _door_mechanism(door: DoorSettings) -> Mechanism:
    inputs = door.inputs.wiring()
    if isinstance(door, OsdpDoorSettings):
        return OsdpMechanism(SerialLine(door.port, door.baud), door.address, door.key_file, inputs, door.output)
    lines = GpioLines(door.chip, door.line, inputs.numbers, active_low=door.active_low)
    return RelayMechanism(lines, inputs, f"{door.chip} {door.line}")


def door_refusals(door: DoorSettings) -> list[str]:
    """Why this door may not serve residents: stable codes. Whoever is at the far end of a pty is a program."""
    device = door.port if isinstance(door, OsdpDoorSettings) else door.chip
    if is_pty(device):
        return ["door-port-is-a-pty"]
    return [] if may_be_device(device) and is_named_by_root(device) else ["door-port-is-no-device"]


def _page_printer(settings: PagePrinterSettings, user: str, memory: JobMemory | None) -> IppPagePrinter:
    return IppPagePrinter(settings.uri, settings.patience, queue=settings.queue, user=user, memory=memory)


def _thermal_printer(settings: ThermalPrinterSettings | None) -> StripPrinter | None:
    return EscPosStripPrinter(settings.address, settings.model, settings.patience) if settings else None


def _photo_decoder(settings: IdCardSettings) -> PhotoDecoder | None:
    if settings.photo_library is None:
        return None
    how = settings.photo_symbol, settings.photo_number, settings.photo_turned
    return VendorPhotoDecoder(settings.photo_library, *how)


def _threshold(face: FaceSettings) -> Threshold:
    if face.threshold is None or face.false_match_rate is None:
        return DEFAULT_THRESHOLD
    return Threshold(face.threshold, face.false_match_rate, face.threshold_source)


def camera_is_stream(settings: DeviceSettings) -> bool:
    """Whether the picture comes from anything but a device node: then it is labelled simulated everywhere."""
    return not may_be_device(settings.camera.source)


def refusals(settings: DeviceSettings, sysfs: Path = SYSFS) -> list[str]:
    """Why these settings may not serve residents: stable codes, all of them at once."""
    reasons = []
    if is_pty(settings.id_card.port):
        reasons.append("id-card-port-is-a-pty")
    elif not (may_be_device(settings.id_card.port) and is_named_by_root(settings.id_card.port)):
        reasons.append("id-card-port-is-no-device")
    reasons += camera_refusals(settings.camera, sysfs)
    reasons += _page_printer_refusals(settings.page_printer)
    if settings.thermal_printer is not None:
        reasons += _thermal_printer_refusals(settings.thermal_printer)
    if settings.travel_document is not None:
        reasons += _travel_document_refusals(settings.travel_document)
    if settings.access_card is not None:
        reasons += access_card_refusals(settings.access_card)
    return list(dict.fromkeys(reasons))  # two readers of one machine share theirs


def _page_printer_refusals(printer: PagePrinterSettings) -> list[str]:
    """Not a program in the printer's place; and no queue elsewhere, or one that keeps what it printed."""
    reasons = ["printer-is-loopback"] if is_loopback(printer.uri) else []
    if printer.queue and not is_loopback(printer.queue):
        reasons.append("print-queue-is-not-local")
    elif printer.queue:
        reasons += kept_by(printer.queue_settings)
    return reasons


def _thermal_printer_refusals(printer: ThermalPrinterSettings) -> list[str]:
    """Not a program at the far end, and not a wire without answers: no paper could ever be said to be out."""
    address = Address.parse(printer.address)
    if address.transport == "file":
        return ["thermal-printer-can-not-answer"]
    if address.transport == "tcp":
        return ["thermal-printer-is-loopback"] if is_loopback(printer.address) else []
    if address.transport == "serial":
        if is_pty(address.target):
            return ["thermal-printer-port-is-a-pty"]
        if not (may_be_device(address.target) and is_named_by_root(address.target)):
            return ["thermal-printer-port-is-no-device"]
    return []


def access_card_refusals(card: AccessCardSettings) -> list[str]:
    """Why this reader may not serve residents: whoever reaches vpcd's port lays cards on it."""
    return _chip_refusals("access-card", card.reader)


def code_scanner_refusals(scanner: CodeScannerSettings) -> list[str]:
    """Why this scanner may not serve residents: a program at the far end shows whatever code it was told."""
    if is_pty(scanner.port):
        return ["code-scanner-port-is-a-pty"]
    is_device = may_be_device(scanner.port) and is_named_by_root(scanner.port)
    return [] if is_device else ["code-scanner-port-is-no-device"]


def _travel_document_refusals(document: TravelDocumentSettings) -> list[str]:
    """Whoever reaches vpcd's port is a passport, and whoever has a demonstration's files can sign one."""
    authorities = Authorities.load(document.authorities).certificates
    is_specimen = any(_SPECIMEN in each.issuer_name.upper() for each in authorities)
    found = _chip_refusals("travel-document", document.reader)
    return [*found, *(["travel-document-authority-is-specimen"] if is_specimen else [])]


def _chip_refusals(device: str, reader: str) -> list[str]:
    found = {
        f"{device}-reader-is-virtual": is_virtual_name(reader),
        "virtual-smart-card-driver-installed": virtual_driver_installed(),
        "smart-card-service-is-private": daemon_is_private(),
    }
    return [code for code, is_so in found.items() if is_so]


def _binding(camera: CameraSettings, sysfs: Path = SYSFS) -> UsbBinding | None:
    return UsbBinding(camera.source, camera.usb_path, camera.usb_id, sysfs) if camera.usb_path else None


def camera_refusals(camera: CameraSettings, sysfs: Path = SYSFS) -> list[str]:
    """Why this camera may not serve residents. One that is not plugged in now is judged when it comes: at each
    opening."""
    stream = [] if may_be_device(camera.source) else ["camera-is-a-stream"]
    binding = _binding(camera, sysfs)
    if binding is None:
        return [*stream, "camera-usb-path-missing"]
    found = binding.look()
    mismatch = binding.mismatch(found) if found else None
    return [*stream, *([mismatch.value] if mismatch else [])]
