"""Settings become drivers, and nothing is opened or asked meanwhile."""

import os
import socket
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from pydantic import ValidationError

from devices import catalog
from devices.access_card.driver import PcscAccessCardReader
from devices.access_card.settings import AccessCardSettings
from devices.camera.driver import OpenCvCamera
from devices.catalog import (
    DeviceSettings,
    IdCardSettings,
    TravelDocumentSettings,
    access_card_refusals,
    build,
    build_access_card,
    build_code_scanner,
    camera_is_stream,
    code_scanner_refusals,
    refusals,
)
from devices.code_scanner.driver import SerialCodeScanner
from devices.code_scanner.settings import CodeScannerSettings
from devices.face.api import Threshold
from devices.face.driver import DEFAULT_THRESHOLD, InsightFaceEngine
from devices.health import Level
from devices.id_card.driver import SamvCardReader
from devices.id_card.photo import VendorPhotoDecoder
from devices.page_printer.driver import IppPagePrinter
from devices.speaker.driver import EspeakSpeaker
from devices.travel_document.driver import PcscDocumentReader
from simulators.chip.issuer import Issuer
from tests.support.fake_sysfs import FakeSysfs


def settings(**changes: str) -> DeviceSettings:
    """Settings of devices that are not there."""
    return DeviceSettings.model_validate(
        {
            "id_card": {"port": changes.get("port", "/dev/none-such-reader")},
            "camera": {
                "source": changes.get("source", "/dev/none-such-camera"),
                "usb_path": changes.get("usb_path", "1-1.4"),
                "usb_id": changes.get("usb_id", ""),
            },
            "face": {"pack": "none"},
            "page_printer": {"uri": changes.get("uri", "ipp://192.0.2.1/ipp/print")},
        }
    )


def test_each_device_gets_its_real_driver() -> None:
    """The drivers know no simulator: there is one of each."""
    devices = build(settings())
    assert isinstance(devices.id_card, SamvCardReader)
    assert isinstance(devices.camera, OpenCvCamera)
    assert isinstance(devices.face, InsightFaceEngine)
    assert isinstance(devices.page_printer, IppPagePrinter)
    assert isinstance(devices.speaker, EspeakSpeaker)


def test_a_kiosk_has_its_own_name_at_the_page_printer() -> None:
    """Where another kiosk prints too."""
    with socket.create_server(("127.0.0.1", 0)) as printer:
        port = printer.getsockname()[1]
        driver = build(settings(uri=f"ipp://127.0.0.1:{port}/ipp/print"), "kiosk-0123abcd").page_printer
        asking = Thread(target=driver.health)
        asking.start()
        connection, _ = printer.accept()
        with connection:
            assert b"kiosk-0123abcd" in connection.recv(65536) + connection.recv(65536)
        asking.join()


def test_building_asks_no_device() -> None:
    """A printer hears nothing before it is needed, and what is not there is found out when it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as printer:
        printer.settimeout(0.05)
        devices = build(settings(uri=f"ipp://127.0.0.1:{printer.getsockname()[1]}/ipp/print"))
        with pytest.raises(TimeoutError):
            printer.accept()
    assert devices.id_card.health().reason == "unplugged"
    assert devices.camera.health().reason == "unplugged"
    assert devices.face.health().level is not Level.READY


@pytest.mark.parametrize(
    ("source", "stream"),
    [
        ("/dev/none-such-camera", False),
        ("/dev/null", False),
        ("http://localhost:8081/stream.mjpg", True),
        ("0", True),
        ("film.mjpg", True),
        ("/dev/..", True),
    ],
)
def test_only_a_device_node_is_no_stream(source: str, stream: bool) -> None:
    """Everything else is labelled simulated, on the screen and in the audit."""
    assert camera_is_stream(settings(source=source)) is stream


def test_production_needs_the_camera_s_socket() -> None:
    """Whether or not a camera is there now: a stream without one is refused for both."""
    assert refusals(settings(usb_path="")) == ["camera-usb-path-missing"]
    assert refusals(settings(usb_path="", source="film.mjpg")) == ["camera-is-a-stream", "camera-usb-path-missing"]
    assert refusals(settings()) == []


def test_a_node_without_a_socket_is_refused_at_the_start() -> None:
    """Looked up in this machine's own sysfs: /dev/null is as virtual as a loopback camera."""
    assert refusals(settings(source="/dev/null")) == ["camera-is-virtual"]


def test_what_is_plugged_in_at_the_start_has_to_be_the_camera(tmp_path: Path) -> None:
    """At its socket, by its driver, and, if stated, by its own identity."""
    sysfs = FakeSysfs(tmp_path)
    here = settings(source=str(sysfs.node()), usb_id="046d:0825")
    sysfs.plug_in("1-1.4", usb_id="046d:0825")
    assert refusals(here, sysfs.root) == []
    sysfs.unplug()
    assert refusals(here, sysfs.root) == ["camera-is-a-stream"]  # no node, and not below /dev: it could be anything
    sysfs.plug_in("1-1.3")
    assert refusals(here, sysfs.root) == ["camera-at-another-socket"]
    sysfs.unplug()
    sysfs.plug_in("1-1.4", driver="em28xx")
    assert refusals(here, sysfs.root) == ["camera-driver-is-not-uvcvideo"]
    sysfs.unplug()
    sysfs.plug_in("1-1.4", usb_id="1e4e:0102")
    assert refusals(here, sysfs.root) == ["camera-replaced"]
    sysfs.unplug()
    sysfs.loop_back()
    assert refusals(here, sysfs.root) == ["camera-is-virtual"]


def test_a_stated_socket_binds_a_demonstration_too() -> None:
    """The driver is given what the settings say, in every profile."""
    bound = build(settings(source="/dev/null")).camera
    assert (bound.health().level, bound.health().reason) == (Level.DOWN, "another-camera")
    assert build(settings(source="/dev/null", usb_path="")).camera.health().works


@pytest.mark.parametrize("usb_path", ["usb1", "1-", "1-1.", "../1-1", "1-1.4:1.0"])
def test_a_socket_is_named_as_sysfs_names_it(usb_path: str) -> None:
    with pytest.raises(ValidationError):
        settings(usb_path=usb_path)


@pytest.mark.parametrize("usb_id", ["046d", "046D:0825", "046d:0825:", "046d:0825:a:b"])
def test_an_identity_is_written_as_the_technician_s_page_shows_it(usb_id: str) -> None:
    with pytest.raises(ValidationError):
        settings(usb_id=usb_id)


def test_a_pty_is_known_through_links_and_before_it_exists(tmp_path: Path) -> None:
    """By the node it leads to."""
    master, slave = os.openpty()
    link = tmp_path / "reader"
    link.symlink_to(os.ttyname(slave))
    try:
        assert refusals(settings(port=str(link))) == ["id-card-port-is-a-pty"]
    finally:
        os.close(master)
        os.close(slave)
    assert refusals(settings(port="/dev/pts/99999")) == ["id-card-port-is-a-pty"]


@pytest.mark.parametrize("port", ["/dev/shm/reader", "/dev/mqueue/reader", "/dev/fd/none", "/dev/../x", "x"])  # noqa: S108
def test_a_name_that_anybody_may_lead_to_a_program_later_is_no_device(port: str) -> None:
    """It is asked for once, at the start, and nothing is there yet."""
    assert refusals(settings(port=port)) == ["id-card-port-is-no-device"]
    assert camera_is_stream(settings(source=port))


def test_a_link_outside_of_dev_is_no_device_though_it_leads_to_one(tmp_path: Path) -> None:
    """Whoever owns its folder may turn it to a program when the kiosk runs. Links that udev makes are root's."""
    (tmp_path / "reader").symlink_to("/dev/null")
    assert refusals(settings(port=str(tmp_path / "reader"))) == ["id-card-port-is-no-device"]
    assert refusals(settings(port="/dev/null")) == []


def test_a_printer_at_this_machine_s_own_address_is_no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under whatever name it is found."""
    addresses = {"cellar.test": "127.0.0.1", "hall.test": "192.0.2.44"}

    def found(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (addresses[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert refusals(settings(uri="ipp://cellar.test/ipp/print")) == ["printer-is-loopback"]
    assert refusals(settings(uri="ipp://hall.test/ipp/print")) == []


def test_a_printer_whose_name_is_not_known_yet_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network may come later than the kiosk."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refusals(settings(uri="ipp://printer.test/ipp/print")) == []


@pytest.mark.parametrize(
    "uri", ["lpd://printer.test", "printer.test", "socket://printer.test:9100", "file:///dev/null"]
)
def test_a_printer_is_spoken_to_by_ipp_or_not_at_all(uri: str) -> None:
    """No other protocol says honestly how a job ended."""
    with pytest.raises(ValidationError):
        settings(uri=uri)


FACE = {"threshold": 0.5, "false_match_rate": 1e-3, "threshold_source": "own recordings of 2026-11-20"}


def face(**changes: object) -> DeviceSettings:
    """Settings with a face table of this content."""
    whole = settings().model_dump()
    return DeviceSettings.model_validate(whole | {"face": {"pack": "none", **changes}})


def test_an_operator_s_own_threshold_is_used_with_its_rate_and_source() -> None:
    """As face-calibrate prints them; without, the default's."""
    assert build(face(**FACE)).face.threshold == Threshold(0.5, 1e-3, "own recordings of 2026-11-20")
    assert build(face()).face.threshold == DEFAULT_THRESHOLD


@pytest.mark.parametrize("left_out", sorted(FACE))
def test_a_threshold_without_its_rate_or_source_is_no_setting(left_out: str) -> None:
    """A number without its origin is no number."""
    with pytest.raises(ValidationError, match="stated together"):
        face(**{name: value for name, value in FACE.items() if name != left_out})


def test_a_passive_model_is_handed_to_the_engine_and_to_the_kiosk() -> None:
    """The technician's page names it, or that there is none."""
    devices = build(face(passive_model="bureau.onnx", passive_threshold=0.9))
    assert devices.passive is not None
    assert (devices.passive.model, devices.passive.threshold) == ("bureau", 0.9)
    assert dict(devices.face.health().facts)["passive"] == "bureau"
    assert build(face()).passive is None
    assert dict(build(face()).face.health().facts)["passive"] == "no model"


def test_without_a_vendors_library_no_chip_photo_is_opened() -> None:
    """Then records' portrait is compared."""
    assert build(settings()).photo_decoder is None


def test_a_vendors_library_is_called_as_the_settings_say() -> None:
    """Nothing is loaded before the first photo."""
    id_card = {"port": "/dev/none", "photo_library": "/opt/none.so", "photo_number": 752, "photo_turned": "both"}
    made = build(DeviceSettings.model_validate(settings().model_dump() | {"id_card": id_card})).photo_decoder
    assert made == VendorPhotoDecoder(Path("/opt/none.so"), "_Z6unpackPcS_i", 752, "both")


def test_a_vendors_library_is_named_by_its_whole_path() -> None:
    """A bare name would be looked for in the system's folders."""
    with pytest.raises(ValidationError, match="absolute"):
        IdCardSettings(port="/dev/none", photo_library=Path("libwlt.so"))


@pytest.mark.parametrize(("baud", "rate"), [("auto", ""), (9600, "9600")])
def test_a_rate_that_is_set_is_kept_and_auto_is_found_out(baud: Literal["auto", 9600], rate: str) -> None:
    """Shown to the technician once it is known."""
    reader = build(DeviceSettings.model_validate(settings().model_dump() | {"id_card": {"port": "x", "baud": baud}}))
    assert dict(reader.id_card.health().facts).get("baud", "") == rate


# --- travel documents ---


def with_reader(authorities: Path, reader: str = "ACS ACR1252") -> DeviceSettings:
    """Settings with a PC/SC reader."""
    document = TravelDocumentSettings(reader=reader, authorities=authorities)
    return settings().model_copy(update={"travel_document": document})


def test_a_kiosk_has_a_travel_document_reader_where_one_is_stated(tmp_path: Path) -> None:
    """And is asked for nothing else because of it."""
    assert build(settings()).travel_document is None
    assert isinstance(build(with_reader(tmp_path)).travel_document, PcscDocumentReader)


def test_production_refuses_a_reader_that_is_software(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, or because its driver is installed at all: any program on the network would be a passport."""
    installed = private = False
    monkeypatch.setattr(catalog, "virtual_driver_installed", lambda: installed)
    monkeypatch.setattr(catalog, "daemon_is_private", lambda: private)
    assert refusals(with_reader(tmp_path)) == []
    assert refusals(with_reader(tmp_path, "Virtual PCD")) == ["travel-document-reader-is-virtual"]
    installed = True
    assert refusals(with_reader(tmp_path)) == ["virtual-smart-card-driver-installed"]
    private = True
    assert refusals(with_reader(tmp_path)) == ["virtual-smart-card-driver-installed", "smart-card-service-is-private"]
    assert refusals(settings()) == []


def test_production_refuses_a_specimen_s_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the demonstration's program could make its documents."""
    monkeypatch.setattr(catalog, "virtual_driver_installed", lambda: False)
    monkeypatch.setattr(catalog, "daemon_is_private", lambda: False)
    (tmp_path / "csca.pem").write_bytes(Issuer("UT").pem())
    assert refusals(with_reader(tmp_path)) == ["travel-document-authority-is-specimen"]


# --- access cards, and squares ---


def with_card_reader(reader: str = "ACS ACR1252") -> DeviceSettings:
    """Settings with a reader of access cards."""
    return settings().model_copy(update={"access_card": AccessCardSettings(reader=reader)})


def test_a_kiosk_has_an_access_card_reader_where_one_is_stated_and_a_gate_builds_its_own() -> None:
    """The same driver; nothing is opened."""
    assert build(settings()).access_card is None
    assert isinstance(build(with_card_reader()).access_card, PcscAccessCardReader)
    assert isinstance(build_access_card(AccessCardSettings(reader="ACR1252")), PcscAccessCardReader)
    scanner = build_code_scanner(CodeScannerSettings(port="/dev/none-such-scanner"))
    assert isinstance(scanner, SerialCodeScanner)
    assert scanner.health().reason == "unplugged"


def test_production_refuses_an_access_card_reader_that_is_software(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any program on the network would lay cards on it. What two readers have in common is said once."""
    monkeypatch.setattr(catalog, "virtual_driver_installed", lambda: True)
    monkeypatch.setattr(catalog, "daemon_is_private", lambda: True)
    both = with_reader(tmp_path).model_copy(update={"access_card": AccessCardSettings(reader="Virtual PCD")})
    shared = ["virtual-smart-card-driver-installed", "smart-card-service-is-private"]
    assert refusals(both) == [*shared, "access-card-reader-is-virtual"]
    assert access_card_refusals(AccessCardSettings(reader="ACR1252")) == shared
    monkeypatch.setattr(catalog, "virtual_driver_installed", lambda: False)
    monkeypatch.setattr(catalog, "daemon_is_private", lambda: False)
    assert refusals(with_card_reader()) == []


def test_production_refuses_a_scanner_that_is_a_program(tmp_path: Path) -> None:
    """Or could become one."""
    for port, expected in (
        ("/dev/pts/99999", ["code-scanner-port-is-a-pty"]),
        (str(tmp_path / "scanner"), ["code-scanner-port-is-no-device"]),
        ("/dev/serial/by-id/usb-none-such-scanner", []),
    ):
        assert code_scanner_refusals(CodeScannerSettings(port=port)) == expected
