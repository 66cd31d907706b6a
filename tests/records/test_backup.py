"""Backup, destroy, restore: what comes back is what was there, and what was given out since is not given again."""

import base64
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from records import installation
from records.backup import aftermath, digests, journal, keys, making, restoring, retention, sealing
from records.backup.making import Made
from records.cli import main
from records.context import Records
from records.errors import BackupError
from records.services import policy
from records.store import audit, changes, counters
from records.tls import Peer
from tests.support.backups import give_backup_key
from tests.support.clocks import StillClock
from tests.support.console import Browser
from tests.support.privacy_scan import find_personal
from tests.support.records_client import DENG, Client, KioskClient
from tests.support.records_server import SQLITE, copied

Capture = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Vault:
    """Where backups lie, and the key that is nowhere near the records."""

    records: Records
    target: Path
    private: Path

    def back_up(self, *, full: bool = False) -> Made:
        return making.back_up(self.records, self.target, full=full)

    def restore(self, folder: Path, to: datetime | None = None) -> None:
        """As the command does it, without what follows."""
        picked = restoring.chosen(self.target, to, print)
        restoring.restore(picked, keys.private(self.private), folder, lambda _: None, lambda _: None)


@pytest.fixture
def kind() -> str:
    """Return SQLite: what a server's database needs besides stands in test_backup_of_a_server.py."""
    return SQLITE


@pytest.fixture
def folder(preparations: Callable[[str], Path], kind: str, tmp_path: Path) -> Iterator[Path]:
    """Return a data folder whose backups have a key."""
    with copied(preparations(kind), tmp_path / "records") as made:
        give_backup_key(made, tmp_path / "private.pem")
        yield made


@pytest.fixture
def vault(records: Records, tmp_path: Path) -> Vault:
    (tmp_path / "backups").mkdir()
    return Vault(records, tmp_path / "backups", tmp_path / "private.pem")


def tables(records: Records) -> dict[str, tuple[int, str]]:
    with records.database.reading() as transaction:
        return digests.of_tables(transaction)


def opened(folder: Path, clock: StillClock) -> Records:
    return installation.open_existing(folder, clock)


def test_what_comes_back_has_the_same_rows(vault: Vault, kiosk: KioskClient, clock: StillClock, tmp_path: Path) -> None:
    """Counts and hashes of every table, the audit's chain, and every file: from a full backup and from a later one."""
    kiosk.reserved()
    assert vault.back_up().full
    kiosk.reserved(visit="visit-0002")
    (vault.records.folder / "note.txt").write_text("a file of its own")
    clock.pass_by(60)
    assert not vault.back_up().full
    before = tables(vault.records)
    vault.restore(tmp_path / "again")
    with closing(opened(tmp_path / "again", clock).database) as database, database.reading() as transaction:
        assert digests.of_tables(transaction) == before
        assert audit.first_break(transaction) is None
    assert before["papers"][0] == 2
    assert files_of(tmp_path / "again") == files_of(vault.records.folder)


def files_of(folder: Path) -> dict[str, bytes]:
    """All but the database and the notes of backups."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("records.sqlite"))
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {name: content for name, content in named.items() if not name.startswith(f"{journal.FOLDER}/")}


def test_one_goes_back_to_an_instant(vault: Vault, kiosk: KioskClient, clock: StillClock, tmp_path: Path) -> None:
    """To the last backup before it; what came later is not there."""
    counted = []
    for visit in range(3):
        kiosk.reserved(visit=f"visit-000{visit}")
        counted.append((clock.now(), tables(vault.records)))
        vault.back_up()
        clock.pass_by(60)
    for number, (at, before) in enumerate(counted):
        again = tmp_path / f"again-{number}"
        vault.restore(again, at + timedelta(seconds=30))
        with closing(opened(again, clock).database) as database, database.reading() as transaction:
            assert digests.of_tables(transaction) == before
    with pytest.raises(BackupError, match="no backup from before then"):
        vault.restore(tmp_path / "never", counted[0][0] - timedelta(seconds=1))


def test_a_later_backup_holds_only_what_changed(vault: Vault, kiosk: KioskClient, clock: StillClock) -> None:
    """And a full one is made again once the last is a day old, or is not where it was."""
    whole = vault.back_up()
    kiosk.reserved()
    clock.pass_by(60)
    assert vault.back_up().size < whole.size / 2
    clock.pass_by(24 * 3600)
    newer = vault.back_up()
    assert newer.full
    newer.path.unlink()
    clock.pass_by(60)
    assert vault.back_up().full


def test_nobody_reads_a_backup_without_the_key(vault: Vault, kiosk: KioskClient, tmp_path: Path) -> None:
    """Neither a person nor a key of records stands in it, in no writing; another key opens nothing."""
    kiosk.reserved()
    made = vault.back_up()
    secret = (vault.records.folder / "keys" / "audit.key").read_bytes()
    assert find_personal(vault.target, [DENG.name, DENG.id_number, secret]) == []
    assert made.path.stat().st_mode & 0o077 == 0
    with pytest.raises(BackupError, match="is sealed to the key"):
        restoring.restore(
            restoring.chosen(vault.target, None, print),
            X25519PrivateKey.generate(),
            tmp_path / "again",
            lambda _: None,
            lambda _: None,
        )
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("part", ["header", "middle", "end"])
def test_an_altered_backup_is_refused(vault: Vault, part: str, tmp_path: Path) -> None:
    """A single bit, wherever it stands; nothing is put in place."""
    path = vault.back_up().path
    content = bytearray(path.read_bytes())
    place = {"header": content.index(b'"backup_id"') + 16, "middle": len(content) // 2, "end": len(content) - 1}[part]
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(BackupError):
        vault.restore(tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("cut", [0, 10, 30, 400, 5000, -1, -17])
def test_a_backup_that_was_cut_off_is_refused(vault: Vault, cut: int, tmp_path: Path) -> None:
    """Wherever it ends, at a border of pieces too."""
    path = vault.back_up().path
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BackupError):
        vault.restore(tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_pieces_can_be_neither_left_out_nor_moved(tmp_path: Path) -> None:
    """Whole pieces of a mebibyte each, taken away from the end or changed about."""
    key, path, piece = X25519PrivateKey.generate(), tmp_path / "sealed", (1 << 20) + 16
    with sealing.sealed(path, {"at": "x"}, key.public_key()) as stream:
        stream.write(bytes(range(256)) * 4096 * 3)
    whole = path.read_bytes()
    head = len(whole) - 3 * piece
    with sealing.opened(path, key) as (header, stream):
        assert (header, stream.read()) == ({"at": "x"}, bytes(range(256)) * 4096 * 3)
    pieces = [whole[head + number * piece : head + (number + 1) * piece] for number in range(3)]
    for order in ([0, 1], [1, 0, 2], [0, 2], [0, 1, 2, 2]):
        path.write_bytes(whole[:head] + b"".join(pieces[number] for number in order))
        with sealing.opened(path, key) as (_, stream), pytest.raises(BackupError, match="cut off or was altered"):
            stream.read()


def test_half_a_backup_is_none(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends in the middle leaves no file, and is no base for a later one."""

    def full_disk(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("records.backup.archive.Packer.finish", full_disk)
    with pytest.raises(OSError, match="No space"):
        vault.back_up()
    assert list(vault.target.iterdir()) == []
    assert journal.base(vault.records.folder) is None
    assert journal.last(vault.records.folder) is None


def test_nothing_is_written_over(vault: Vault, tmp_path: Path) -> None:
    """Neither records that are there, nor a key of backups."""
    vault.back_up()
    with pytest.raises(BackupError, match="not empty"):
        vault.restore(vault.records.folder)
    with pytest.raises(BackupError, match="never written over"):
        keys.make(tmp_path, vault.private)


def test_old_backups_are_deleted_with_what_needs_them(vault: Vault, clock: StillClock) -> None:
    """A full one stays as long as a kept one builds on it, and the newest however old it is."""
    for _ in range(3):
        vault.back_up()
        clock.pass_by(60)
    clock.pass_by(24 * 3600)
    vault.back_up()
    community, keep = vault.records.settings.community, timedelta(days=2)

    def gone_after(days: int) -> int:
        return len(retention.tidy(vault.target, community, clock.now() + timedelta(days=days), keep, print))

    assert [gone_after(0), gone_after(1), gone_after(300)] == [0, 3, 0]
    assert len(restoring.found(vault.target, print)) == 1


def test_a_damaged_file_spoils_itself_alone(vault: Vault, tmp_path: Path, capsys: Capture) -> None:
    """It is named, and passed over by whoever restores or deletes; the command is no failure for it."""
    vault.back_up()
    (vault.target / f"scratched{making.SUFFIX}").write_bytes(b"scratched")
    vault.restore(tmp_path / "again")
    assert (tmp_path / "again" / "records.sqlite").is_file()
    assert main(["--data", str(vault.records.folder), "backup", str(vault.target)]) == 0
    said = capsys.readouterr()
    assert said.out.count("is no backup of records") == 1
    assert said.err == f"Passed over: scratched{making.SUFFIX} is no backup of records.\n"


def test_after_another_key_was_chosen_each_backup_opens_with_one(
    vault: Vault, clock: StillClock, tmp_path: Path
) -> None:
    """The next one is full; and with the wrong key it is said which one is needed."""
    vault.back_up()
    clock.pass_by(60)
    (vault.records.folder / keys.PUBLIC_FILE).unlink()
    keys.make(vault.records.folder, tmp_path / "second.pem")
    assert vault.back_up().full
    picked = restoring.chosen(vault.target, None, print)
    with pytest.raises(BackupError, match=f"sealed to the key {picked[0].key}"):
        vault.restore(tmp_path / "wrong")
    assert not (tmp_path / "wrong").exists()
    second = Vault(vault.records, vault.target, tmp_path / "second.pem")
    second.restore(tmp_path / "again")
    vault.restore(tmp_path / "earlier", clock.now() - timedelta(seconds=30))


def test_what_a_power_cut_left_goes_after_a_day(vault: Vault, clock: StillClock) -> None:
    """Not sooner: another backup may be in the making."""
    vault.back_up()
    part = vault.target / f".pingandeng-x-full{making.SUFFIX}.part"
    part.write_bytes(b"half")
    os.utime(part, (clock.now().timestamp(), clock.now().timestamp()))
    for hours, there in ((1, True), (25, False)):
        retention.tidy(vault.target, "pingandeng", clock.now() + timedelta(hours=hours), timedelta(days=35), print)
        assert part.exists() is there


def test_a_backup_that_is_made_while_others_write_is_of_one_instant(
    vault: Vault, clock: StillClock, tmp_path: Path
) -> None:
    """Six kiosks reserve meanwhile: in each of the backups the audit's chain holds, and each paper has its contents."""
    kiosks = [KioskClient(vault.records) for _ in range(6)]
    ended, written = threading.Event(), threading.Semaphore(0)

    def work(kiosk: KioskClient) -> None:
        number = 0
        while not ended.is_set():
            kiosk.reserved(visit=f"visit-{number:04}")
            written.release()
            number += 1

    with ThreadPoolExecutor(len(kiosks)) as pool:
        running = [pool.submit(work, kiosk) for kiosk in kiosks]
        points = []
        for _ in range(4):
            vault.back_up()
            points.append(clock.now())
            clock.pass_by(1)
            while written.acquire(blocking=False):
                pass
            assert written.acquire(timeout=30)
        ended.set()
        assert not [each.exception() for each in running if each.exception()]
    counts = []
    for point in points:
        vault.restore(again := tmp_path / f"again-{point.second}", point)
        with closing(opened(again, clock).database) as database, database.reading() as transaction:
            found = digests.of_tables(transaction)
            assert audit.first_break(transaction) is None
            assert found["papers"][0] == found["paper_contents"][0]
            counts.append(found["audit"][0])
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_what_was_given_out_since_is_not_given_again(
    vault: Vault, kiosk: KioskClient, clock: StillClock, tmp_path: Path
) -> None:
    """Serials, numbers of devices, policy versions and places of the feed: papers and devices remember them."""
    vault.back_up()
    since = clock.now()
    given = {kiosk.reserved(visit=f"visit-{number:04}")["serial"] for number in range(3)}
    later = KioskClient(vault.records)
    clock.pass_by(3600)
    vault.restore(tmp_path / "again")
    again = opened(tmp_path / "again", clock)
    with closing(again.database):
        before = policy.current(again).version
        done = aftermath.follow_up(again, since)
        with again.database.reading() as transaction:
            assert changes.extent(transaction).epoch
            assert audit.first_break(transaction) is None
            assert audit.latest(transaction, 1)[0]["action"] == "restored"
            assert counters.last(transaction, "device") > 50
        assert policy.current(again).version == done.policy > before + 100
        fresh = KioskClient(again)
        assert fresh.device_id not in {kiosk.device_id, later.device_id}
        assert not given & {fresh.reserved(visit="visit-0009")["serial"]}


def test_a_kiosk_that_is_ahead_of_what_was_put_back_begins_anew(
    vault: Vault, kiosk: KioskClient, clock: StillClock, tmp_path: Path
) -> None:
    """Its place in the feed was given a second time: it is told to read a snapshot, and not that there is no news."""
    vault.back_up()
    voided = kiosk.reserved()["serial"]
    assert kiosk.post(f"/v1/papers/{voided}/void", {"reason": "not-printed"}, "void-0001").status_code == 200
    snapshot = json.loads(base64.b64decode(kiosk.get("/v1/changes/snapshot").json()["payload"]))
    cursor = snapshot["cursor"]
    assert snapshot["voids"] == [voided]
    assert kiosk.get(f"/v1/changes?cursor={cursor}").status_code == 200
    vault.restore(tmp_path / "again")
    again = opened(tmp_path / "again", clock)
    with closing(again.database):
        aftermath.follow_up(again, clock.now())
        there = Client(again, Peer(kiosk.device_id, kiosk.device.certificate_serial))
        answer = there.get(f"/v1/changes?cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor-expired")
        assert there.get("/v1/changes/snapshot").status_code == 200


def test_a_kiosk_that_is_still_enrolled_counts_on_behind_what_it_printed(
    vault: Vault, kiosk: KioskClient, clock: StillClock, tmp_path: Path
) -> None:
    """It had none in this year when the backup was made: its first serial is none of those on paper."""
    vault.back_up()
    given = [kiosk.reserved(visit=f"visit-{number:04}")["serial"] for number in range(3)]
    vault.restore(tmp_path / "again")
    again = opened(tmp_path / "again", clock)
    with closing(again.database):
        margin = aftermath.follow_up(again, clock.now()).serials
        with again.database.reading() as transaction:
            number, year = int(given[0][5:9]), given[0][:4]
            assert counters.last(transaction, f"paper-{year}-{number}") == margin
    assert max(int(serial[10:16]) for serial in given) < margin


def test_one_backup_put_back_twice_gives_nothing_twice(
    vault: Vault, kiosk: KioskClient, clock: StillClock, tmp_path: Path
) -> None:
    """The first place was lost too, after it had served for half an hour: its papers are on paper."""
    vault.back_up()
    since, given = clock.now(), []
    for name in ("once", "again"):
        vault.restore(tmp_path / name)
        place = opened(tmp_path / name, clock)
        with closing(place.database):
            done = aftermath.follow_up(place, since)
            with place.database.writing() as transaction:
                counter = f"paper-{clock.now().year}-{kiosk.device.number}"
                serials = {counters.following(transaction, counter) for _ in range(59)}
            given.append((serials, KioskClient(place).device_id, done.policy))
        clock.pass_by(1800)
    (one, device, version), (other, other_device, other_version) = given
    assert not one & other
    assert device != other_device
    assert version < other_version


@pytest.mark.parametrize(("hours", "left_out"), [(-1, 1000), (0, 1000), (1, 1120), (24, 3880), (24 * 30, 87_400)])
def test_more_serials_are_left_out_the_longer_it_was(hours: int, left_out: int) -> None:
    """More than any kiosk can have printed meanwhile, one each half minute."""
    assert aftermath.left_out(timedelta(hours=hours), (1000, 2880)) == left_out


def test_nobody_is_signed_in_afterwards(vault: Vault, desk: Browser, clock: StillClock, tmp_path: Path) -> None:
    """A session that was ended since the backup must not come back with it."""
    del desk
    vault.back_up()
    assert tables(vault.records)["console_sessions"][0] == 1
    vault.restore(tmp_path / "again")
    again = opened(tmp_path / "again", clock)
    with closing(again.database):
        aftermath.follow_up(again, clock.now())
        assert tables(again)["console_sessions"][0] == 0


def test_the_commands_do_it(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    """Backup twice, lose the folder, restore, and check; what a person has to do is said."""
    target, private = str(tmp_path / "backups"), str(tmp_path / "private.pem")

    def run(*arguments: str) -> int:
        return main(["--data", str(folder), *arguments])

    assert run("backup", target) == 1
    assert f"there is no folder {target}: mount its disk" in capsys.readouterr().err
    (tmp_path / "backups").mkdir()
    assert run("backup", target) == run("backup", target) == 0
    assert run("restored", "--since", "2026-11-22T23:05+08:00") == 1
    assert "a file is put back by: records restore" in capsys.readouterr().err
    folder.rename(tmp_path / "lost")
    assert run("restore", target, "--key", private) == 0
    said = capsys.readouterr().out
    assert re.search(r"The feed begins anew; 10\d\d serials of each kiosk are left out", said)
    assert "revoke again" in said
    assert run("audit") == 0
    assert run("restore", target, "--key", private) == 1
    assert "is not empty" in capsys.readouterr().err


def test_what_follows_is_done_before_anything_stands_in_its_place(vault: Vault, tmp_path: Path) -> None:
    """A restored folder that nobody may serve yet is never there."""

    def fails(folder: Path) -> None:
        assert folder.is_dir()
        raise BackupError("no policy key")

    vault.back_up()
    picked = restoring.chosen(vault.target, None, print)
    with pytest.raises(BackupError, match="no policy key"):
        restoring.restore(picked, keys.private(vault.private), tmp_path / "again", lambda _: None, fails)
    assert not [path for path in tmp_path.iterdir() if "again" in path.name]


def test_without_a_key_no_backup_is_made(
    preparations: Callable[[str], Path], clock: StillClock, tmp_path: Path
) -> None:
    records = opened(preparations(SQLITE), clock)
    with closing(records.database), pytest.raises(BackupError, match="backup-key"):
        making.back_up(records, tmp_path / "backups")


def test_one_file_is_sealed_and_opened(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    """For PostgreSQL's archive: never over another, and readable with the key alone."""
    segment, sealed_file, back = tmp_path / "000001", tmp_path / "archived", tmp_path / "back"
    segment.write_bytes(b"segment" * 300_000)
    to = ["--to", str(folder / keys.PUBLIC_FILE)]
    assert main(["backup-seal", str(segment), str(sealed_file), *to]) == 0
    assert main(["backup-seal", str(segment), str(sealed_file), *to]) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["backup-open", str(sealed_file), str(back), "--key", str(tmp_path / "private.pem")]) == 0
    assert back.read_bytes() == segment.read_bytes()


def test_a_piece_of_a_log_is_taken_only_when_this_very_piece_is_sealed(folder: Path, tmp_path: Path) -> None:
    """A new server counts its log from the beginning: what has a name that is there stays where it is."""
    spool, vault, to = tmp_path / "spool", tmp_path / "wal", ["--to", str(folder / keys.PUBLIC_FILE)]
    spool.mkdir()
    (piece := spool / "000000010000000000000001").write_bytes(b"first server")
    assert main(["backup-seal", str(spool), str(vault), *to]) == 0
    piece.write_bytes(b"first server")  # taken from here was all that a power cut undid
    assert main(["backup-seal", str(spool), str(vault), *to]) == 0
    assert not piece.exists()
    piece.write_bytes(b"second server")
    assert main(["backup-seal", str(spool), str(vault), *to]) == 1
    assert piece.read_bytes() == b"second server"
