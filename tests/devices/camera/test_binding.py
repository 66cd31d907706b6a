"""The camera's socket, read from a sysfs of real folders and links: what is the kiosk's camera, and what is not."""

from pathlib import Path

import pytest

from devices.camera.api import AnotherCameraError
from devices.camera.binding import Mismatch, UsbBinding, look_up
from devices.errors import DeviceUnavailableError
from tests.support.fake_sysfs import FakeSysfs


@pytest.fixture
def sysfs(tmp_path: Path) -> FakeSysfs:
    return FakeSysfs(tmp_path)


@pytest.fixture
def binding(sysfs: FakeSysfs) -> UsbBinding:
    return UsbBinding(str(sysfs.node()), "1-1.4", sysfs=sysfs.root)


def refused(binding: UsbBinding) -> str:
    """What opening the camera is refused for."""
    with pytest.raises(AnotherCameraError) as raised:
        binding.hold()
    return raised.value.detail


def test_the_camera_at_its_socket_is_accepted(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    sysfs.plug_in("1-1.4", usb_id="046d:0825:A17")
    held = binding.hold()
    assert (held.usb_path, held.usb_id, held.driver, held.address) == ("1-1.4", "046d:0825:A17", "uvcvideo", "1:5")
    binding.still(held)


def test_a_link_to_the_node_is_followed(sysfs: FakeSysfs, tmp_path: Path) -> None:
    """As udev's names in /dev/v4l/by-path are."""
    sysfs.plug_in("1-1.4")
    link = tmp_path / "by-path"
    link.symlink_to(sysfs.node())
    assert UsbBinding(str(link), "1-1.4", sysfs=sysfs.root).hold().usb_path == "1-1.4"


@pytest.mark.parametrize("socket", ["1-1.3", "1-1", "1-1.4.1", "2-1.4"])
def test_a_camera_at_another_socket_is_refused(sysfs: FakeSysfs, binding: UsbBinding, socket: str) -> None:
    """A hub put in between is another socket, too."""
    sysfs.plug_in(socket)
    assert refused(binding) == Mismatch.ANOTHER_SOCKET


def test_a_node_s_name_proves_nothing(sysfs: FakeSysfs, tmp_path: Path) -> None:
    """Two cameras: a name that is made to lead to the other one is found out by the device number."""
    sysfs.plug_in("1-1.4", node="video0")
    sysfs.plug_in("1-2", node="video1")
    name = tmp_path / "front"
    name.symlink_to(sysfs.node())
    binding = UsbBinding(str(name), "1-1.4", sysfs=sysfs.root)
    binding.hold()
    name.unlink()
    name.symlink_to(sysfs.node("video1"))
    assert refused(binding) == Mismatch.ANOTHER_SOCKET


def test_a_loopback_device_is_refused(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    """v4l2loopback: whatever a program writes into it would be the picture."""
    sysfs.loop_back()
    assert refused(binding) == Mismatch.VIRTUAL


def test_the_kernel_s_test_camera_is_refused(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    """Vivid is a platform device; calling its driver uvcvideo would not help it."""
    sysfs.platform(driver="uvcvideo")
    assert refused(binding) == Mismatch.VIRTUAL


@pytest.mark.parametrize("controller", ["vhci_hcd.0", "dummy_hcd.0"])
def test_a_usb_bus_that_is_a_program_is_refused(sysfs: FakeSysfs, binding: UsbBinding, controller: str) -> None:
    """A camera over the network (usbip), or a gadget on the kernel's test bus, has a socket's name and no socket."""
    sysfs.plug_in("1-1.4", controller=Path("devices/platform") / controller)
    assert refused(binding) == Mismatch.VIRTUAL


def test_a_device_without_an_entry_is_refused(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    """A node made by hand, with no device that the kernel knows behind it."""
    sysfs.plug_in("1-1.4")
    for entry in (sysfs.root / "dev/char").iterdir():
        entry.unlink()
    assert refused(binding) == Mismatch.VIRTUAL


def test_a_usb_device_of_another_driver_is_refused(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    """Such as a grabber of video signals, which is fed by whatever cable."""
    sysfs.plug_in("1-1.4", driver="em28xx")
    assert refused(binding) == Mismatch.ANOTHER_DRIVER


def test_nothing_plugged_in_is_no_other_camera(tmp_path: Path) -> None:
    """The node is gone, or it is a plain file: unavailable, and worth another look later."""
    for path in (tmp_path / "none", Path(__file__)):
        assert look_up(path, tmp_path) is None
        with pytest.raises(DeviceUnavailableError, match="not plugged in"):
            UsbBinding(str(path), "1-1.4", sysfs=tmp_path).hold()


def test_a_replug_is_found_out_even_with_the_same_camera(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    """Within one attempt it might be another's turn; the next attempt is welcome."""
    sysfs.plug_in()
    held = binding.hold()
    sysfs.unplug()
    sysfs.plug_in()
    with pytest.raises(AnotherCameraError, match="plugged in anew"):
        binding.still(held)
    assert binding.hold() != held


def test_another_camera_at_the_same_socket_is_refused_until_the_right_one_is_back(
    sysfs: FakeSysfs, binding: UsbBinding
) -> None:
    """The first one seen since the start is the right one."""
    sysfs.plug_in(usb_id="046d:0825:A17")
    binding.hold()
    for another in ("1e4e:0102", "046d:0825", "046d:0825:B99"):
        sysfs.unplug()
        sysfs.plug_in(usb_id=another)
        assert refused(binding) == Mismatch.REPLACED
    sysfs.unplug()
    sysfs.plug_in(usb_id="046d:0825:A17")
    assert binding.hold().usb_id == "046d:0825:A17"
    sysfs.unplug()
    sysfs.plug_in(usb_id="1e4e:0102")
    after_restart = UsbBinding(str(sysfs.node()), "1-1.4", sysfs=sysfs.root)
    assert after_restart.hold().usb_id == "1e4e:0102"


def test_a_wrong_camera_is_not_learned(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    """What was refused at another socket is not what the right socket is then expected to hold."""
    sysfs.plug_in("1-1.3", usb_id="1e4e:0102")
    refused(binding)
    sysfs.unplug()
    sysfs.plug_in("1-1.4", usb_id="046d:0825")
    assert binding.hold().usb_path == "1-1.4"


@pytest.mark.parametrize(
    ("stated", "found", "accepted"),
    [
        ("046d:0825", "046d:0825", True),
        ("046d:0825", "046d:0825:A17", True),
        ("046d:0825:A17", "046d:0825:A17", True),
        ("046d:0825:A17", "046d:0825:A170", False),
        ("046d:0825:A17", "046d:0825", False),
        ("046d:0825", "046d:0826", False),
        ("046d:0825", "1e4e:0102", False),
    ],
)
def test_a_stated_id_is_kept_across_restarts(sysfs: FakeSysfs, stated: str, found: str, accepted: bool) -> None:
    """By model, or by piece when the serial number is stated."""
    sysfs.plug_in(usb_id=found)
    binding = UsbBinding(str(sysfs.node()), "1-1.4", stated, sysfs.root)
    held = binding.look()
    assert held
    assert binding.mismatch(held) is (None if accepted else Mismatch.REPLACED)


def test_a_camera_can_t_write_what_it_likes_on_the_technician_s_page(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    """Its serial number is its own words."""
    sysfs.plug_in(usb_id="046d:0825:A\n<b>é1")
    found = binding.look()
    assert found
    assert found.usb_id == "046d:0825:A??b???1"


def test_the_technician_reads_what_is_there_and_what_was_expected(sysfs: FakeSysfs, binding: UsbBinding) -> None:
    sysfs.plug_in("1-1.3")
    found = binding.look()
    assert found
    assert dict(binding.facts(found)) == {
        "usb-path": "1-1.3",
        "usb-id": "046d:0825",
        "mismatch": "camera-at-another-socket",
        "expected-usb-path": "1-1.4",
        "expected-usb-id": "any",
    }
