"""The key that intakes are sealed to: in the policy, rotated without losing what is on its way, deleted in the end."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from records import intake_keys
from records.cli import main
from records.context import Records
from records.errors import DataFolderError
from records.intake_keys import IN_FLIGHT, IntakeKeyAwayError, IntakeKeyUnknownError
from records.services import intakes, policy
from tests.support.clocks import StillClock
from tests.support.intakes import Outbox, residence, rules_of, send
from tests.support.records_client import KioskClient

A_DAY = 24 * 3600


def _folder(records: Records) -> Path:
    return records.key_store.folder


def test_the_policy_names_the_key_in_force(records: Records) -> None:
    """Its public half, and the id that is its hash."""
    key = intake_keys.current(_folder(records))
    assert (rules_of(records).key, rules_of(records).key_id) == (key.public, key.key_id)
    private = intake_keys.private(_folder(records), key.key_id)
    assert private.public_key().public_bytes_raw() == base64.b64decode(key.public)
    assert not intake_keys.create_missing(_folder(records), records.clock.now())


def test_a_private_half_is_its_owners_alone(records: Records) -> None:
    paths = list((_folder(records) / "intake").iterdir())
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}


def test_rotation_is_a_new_policy_and_the_old_key_still_opens(
    kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """A kiosk that was away all the time holds the policy from before."""
    before, outbox = policy.current(records), Outbox(rules_of(records), clock.now())
    made = intakes.rotate_key(records)
    assert policy.issue(records).version == before.version + 1
    assert rules_of(records).key_id == made.key_id != outbox.rules.key_id
    newer = Outbox(rules_of(records), clock.now())
    assert send(kiosk, [outbox.item(residence()), newer.item(residence())]) == [("accepted", None)] * 2


def test_a_key_is_deleted_when_nothing_of_it_can_be_on_its_way(records: Records, clock: StillClock) -> None:
    """Ninety days behind the end of the last policy that names it; then it is like one that never was."""
    ends, outbox = policy.current(records).expires_at, Outbox(rules_of(records), clock.now())
    intakes.rotate_key(records)
    policy.issue(records)
    clock.pass_by(int((ends + IN_FLIGHT - clock.now()).total_seconds()) - 1)
    assert intakes.discard_keys(records) == 0
    kiosk = KioskClient(records)
    assert send(kiosk, [outbox.item(residence())]) == [("accepted", None)]
    clock.pass_by(1)
    assert intakes.discard_keys(records) == 1
    assert send(kiosk, [outbox.item(residence())]) == [("rejected", "intake-unreadable")]
    assert len(list((_folder(records) / "intake").glob("*.pem"))) == 1


def test_the_key_in_force_is_never_deleted(records: Records, clock: StillClock) -> None:
    clock.pass_by(3000 * A_DAY)
    assert intakes.discard_keys(records) == 0


def test_what_a_power_cut_left_of_a_key_goes_with_the_next_tidying(records: Records) -> None:
    """A key that was made and never listed opens nothing, and nothing was sealed to it."""
    stray = _folder(records) / "intake" / f"{'0' * 16}.key.pem"
    stray.write_bytes(b"half a key")
    with pytest.raises(IntakeKeyUnknownError):
        intake_keys.private(_folder(records), "0" * 16)
    assert intakes.discard_keys(records) == 0
    assert not stray.exists()


@pytest.mark.parametrize("content", [b"", b"damaged", None])
def test_a_private_half_that_can_not_be_read_is_away(records: Records, content: bytes | None) -> None:
    """Damaged, empty or not there: what comes for it is held, not lost."""
    key = intake_keys.current(_folder(records))
    path = _folder(records) / "intake" / f"{key.key_id}.key.pem"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IntakeKeyAwayError):
        intake_keys.private(_folder(records), key.key_id)
    assert policy.issue(records).version >= 1  # the public half is listed: a policy can still be issued


def test_another_key_in_its_place_is_away_too(records: Records) -> None:
    key = intake_keys.current(_folder(records))
    other = intake_keys.rotate(_folder(records), records.clock.now(), lambda: None)
    paths = [_folder(records) / "intake" / f"{each.key_id}.key.pem" for each in (key, other)]
    paths[0].write_bytes(paths[1].read_bytes())
    with pytest.raises(IntakeKeyAwayError):
        intake_keys.private(_folder(records), key.key_id)


def test_a_damaged_list_is_an_error_by_name(records: Records) -> None:
    """Never a new key in silence: what was sealed to the others would be lost."""
    (_folder(records) / "intake" / "keys.toml").write_text("keys = 3", "utf-8")
    with pytest.raises(DataFolderError, match=r"intake/keys\.toml"):
        intake_keys.current(_folder(records))
    assert not intake_keys.create_missing(_folder(records), records.clock.now())


def test_the_command_rotates_and_lists(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = intake_keys.current(folder / "keys")
    assert main(["--data", str(folder), "key", "rotate", "intake"]) == 0
    now = intake_keys.current(folder / "keys")
    assert now.key_id in capsys.readouterr().out
    assert main(["--data", str(folder), "key", "list"]) == 0
    listed = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("intake")]
    assert [line[1] for line in listed] == [before.key_id, now.key_id]
    kept = {each.key_id: each.kept_until for each in intake_keys.every(folder / "keys")}
    assert kept[now.key_id] is None
    assert (kept[before.key_id] or now.made_at) - now.made_at >= IN_FLIGHT + timedelta(days=1)
