"""A door's key: its owner's alone, whole, and no factory's."""

from pathlib import Path

import pytest

from devices.door.api import DoorReason
from devices.door.key import DEFAULT, KeyProblemError, load_key
from simulators.door.controller import own_key


def written(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.touch(mode=mode)
    path.chmod(mode)
    path.write_bytes(content)
    return path


def test_a_key_is_32_hexadecimal_digits(tmp_path: Path) -> None:
    assert load_key(written(tmp_path / "key", b"00112233445566778899AABBccddeeff\n")).hex() == (
        "00112233445566778899aabbccddeeff"
    )
    assert load_key(tmp_path / "key") == own_key(tmp_path / "key")


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (b"00" * 16, 0o640, DoorReason.KEY_EXPOSED),
        (b"00" * 16, 0o604, DoorReason.KEY_EXPOSED),
        (b"00" * 15, 0o600, DoorReason.KEY_MALFORMED),
        (b"00" * 17, 0o600, DoorReason.KEY_MALFORMED),
        (b"", 0o600, DoorReason.KEY_MALFORMED),
        (b"no key at all, it is a sentence!", 0o600, DoorReason.KEY_MALFORMED),
        (bytes(range(0x80, 0x90)), 0o600, DoorReason.KEY_MALFORMED),
        (DEFAULT.hex().encode(), 0o600, DoorReason.KEY_IS_DEFAULT),
    ],
)
def test_what_is_no_key_is_named_and_never_shown(tmp_path: Path, content: bytes, mode: int, reason: DoorReason) -> None:
    with pytest.raises(KeyProblemError) as caught:
        load_key(written(tmp_path / "key", content, mode))
    assert caught.value.reason is reason
    assert str(caught.value) == reason.value


def test_a_missing_key_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KeyProblemError, match="key-missing"):
        load_key(tmp_path / "none")
