"""New keys for old: what was signed before stays genuine, what a stolen key signs afterwards never is."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ReasonFlags

from backend_client.contract.papers import Reservation
from forms.carried import open_list
from forms.render import render
from forms.signature import Evidence, make_cms, prepare
from forms.trust import TrustStore
from forms.verification import Outcome, verify_paper
from records import installation, key_changes, key_history, keys
from records.certificates import Revoked
from records.context import Records
from records.errors import DataFolderError, KeyUnusableError
from records.key_signers import SIGNERS
from records.services import carrying
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient

NAMES = sorted(SIGNERS)


def _issued(kiosk: KioskClient, visit: str = "visit-0001") -> bytes:
    """A paper from first to last."""
    reservation = Reservation.model_validate(kiosk.reserved(visit=visit))
    validation = reservation.validation
    evidence = Evidence.from_base64(validation.certificates, validation.revocation_lists)
    prepared = prepare(render(reservation.paper, reservation.code), reservation.paper.issued_at, evidence)
    answer = kiosk.seal(reservation.serial, base64.b64encode(prepared.digest).decode("ascii"))
    return prepared.fill(base64.b64decode(answer.json()["cms"]))


def _in_use(records: Records, name: str) -> x509.Certificate:
    held = dict(zip(SIGNERS, (records.keys.document, records.keys.code, records.keys.timestamp), strict=True))
    return held[name].certificate


def _outcome(paper: bytes, records: Records) -> Outcome:
    return verify_paper(paper, records.trust, records.clock.now()).outcome


@pytest.mark.parametrize("name", NAMES)
def test_papers_of_an_earlier_key_stay_genuine(
    name: str, kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """And those of the next one are, from its first on, in a service that runs meanwhile."""
    first, bureau = _issued(kiosk), records.keys.bureau
    following = key_changes.rotate(records.folder / "keys", name, clock.now())
    second = _issued(kiosk, "visit-0002")
    assert _in_use(records, name) == following
    assert [_outcome(paper, records) for paper in (first, second)] == [Outcome.GENUINE, Outcome.GENUINE]
    assert records.keys.bureau == bureau


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_under_way_while_a_key_changes_is_genuine(
    name: str, kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """It carries the certificate of one key, and is signed by the next, whose certificate its signature brings."""
    reservation = Reservation.model_validate(kiosk.reserved())
    evidence = Evidence.from_base64(reservation.validation.certificates, reservation.validation.revocation_lists)
    prepared = prepare(render(reservation.paper, reservation.code), reservation.paper.issued_at, evidence)
    key_changes.rotate(records.folder / "keys", name, clock.now())
    answer = kiosk.seal(reservation.serial, base64.b64encode(prepared.digest).decode("ascii"))
    assert _outcome(prepared.fill(base64.b64decode(answer.json()["cms"])), records) is Outcome.GENUINE


@pytest.mark.parametrize("changed_first", [False, True])
@pytest.mark.parametrize(("name", "outcome"), [("document", Outcome.ALTERED), ("code", Outcome.UNKNOWN_ISSUER)])
def test_a_revoked_keys_papers_count_until_it_was_revoked(
    name: str, outcome: Outcome, kiosk: KioskClient, records: Records, clock: StillClock, *, changed_first: bool
) -> None:
    """Whoever has the key goes on signing; the stamp tells the time, and the root's list from when on it is theft. So
    it is with a key that was replaced before its loss was known."""
    folder, lost = records.folder / "keys", _in_use(records, name)
    first, stolen_at = _issued(kiosk), clock.now() + timedelta(minutes=1)
    clock.pass_by(120)
    stolen = _issued(kiosk, "visit-0002")
    if changed_first:
        key_changes.rotate(folder, name, clock.now())
        key_changes.revoke_earlier(folder, Revoked(lost.serial_number, stolen_at, ReasonFlags.key_compromise))
    else:
        assert key_changes.revoke(folder, name, stolen_at, ReasonFlags.key_compromise, clock.now()) == lost
    assert [_outcome(paper, records) for paper in (first, stolen)] == [Outcome.GENUINE, outcome]
    carried, _ = open_list(carrying.carried(records), records.trust)
    assert [each.serial_number for each in carried.revoked] == [lost.serial_number]
    assert _in_use(records, name) != lost
    assert _outcome(_issued(kiosk, "visit-0003"), records) is Outcome.GENUINE


def test_of_a_revoked_time_stamp_key_no_stamp_counts(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    """Whoever has it dates as they like. The paper is judged as of its own time, and stays genuine by that."""
    paper = _issued(kiosk)
    key_changes.revoke(records.folder / "keys", "timestamp", clock.now(), ReasonFlags.key_compromise, clock.now())
    assert _outcome(paper, records) is Outcome.GENUINE
    key_changes.revoke(records.folder / "keys", "document", clock.now(), ReasonFlags.superseded, clock.now())
    assert _outcome(paper, records) is Outcome.ALTERED
    clock.pass_by(60)
    assert _outcome(_issued(kiosk, "visit-0002"), records) is Outcome.GENUINE


def test_without_a_stamp_a_revoked_key_has_signed_nothing(
    kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """Its paper could be of any day."""
    reservation, own = Reservation.model_validate(kiosk.reserved()), records.keys.document
    prepared = prepare(render(reservation.paper, reservation.code), reservation.paper.issued_at)
    paper = prepared.fill(make_cms(prepared.digest, own.key, own.certificate))
    assert _outcome(paper, records) is Outcome.GENUINE
    later = clock.now() + timedelta(days=1)
    key_changes.revoke(records.folder / "keys", "document", later, ReasonFlags.key_compromise, clock.now())
    assert _outcome(paper, records) is Outcome.ALTERED


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("renames", [0, 1])
def test_a_change_that_was_interrupted_is_brought_to_its_end(
    name: str, renames: int, records: Records, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power may fail between any two files: the next start finds a whole pair, and no revoked key in use."""
    folder, done = records.folder / "keys", 0
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        nonlocal done
        if done == renames:
            raise KeyboardInterrupt
        done += 1
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", failing)
        with pytest.raises(KeyboardInterrupt):
            key_changes.revoke(folder, name, clock.now(), ReasonFlags.superseded, clock.now())
    key_changes.mend(folder, clock.now())
    ring = keys.load(folder)
    in_use = {each.certificate.serial_number for each in (ring.document, ring.code, ring.timestamp)}
    assert not in_use & {each.serial_number for each in ring.revoked}
    assert not list(folder.glob("*.next"))


def test_a_key_revoked_and_not_yet_replaced_signs_nothing_and_is_replaced(
    records: Records, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is written first, and from then on the key signs nothing."""
    folder = records.folder / "keys"
    with monkeypatch.context() as patched:
        patched.setattr(key_changes, "_rotate", lambda *_: None)
        revoked = key_changes.revoke(folder, "document", clock.now(), ReasonFlags.superseded, clock.now())
    withheld = keys.load(folder).document
    assert withheld.certificate == revoked
    with pytest.raises(KeyUnusableError, match="records key rotate document"):
        withheld.key.sign(b"", ec.ECDSA(hashes.SHA256()))
    assert records.keys.document.certificate != revoked  # the running service sees it through
    assert keys.load(folder).document.certificate == records.keys.document.certificate


def test_of_two_times_the_earlier_counts(records: Records, clock: StillClock) -> None:
    """Nothing that was taken back is given again."""
    folder, now = records.folder / "keys", clock.now()
    for since in (now, now - timedelta(days=2), now - timedelta(days=1)):
        path, content = key_history.with_revoked(folder, Revoked(7, since, ReasonFlags.key_compromise))
        path.write_bytes(content)
    assert [each.at for each in key_history.revoked(folder)] == [now - timedelta(days=2)]


def test_a_damaged_list_is_an_error(records: Records) -> None:
    """Else a stolen key would be trusted again."""
    (records.folder / "keys" / "revoked.toml").write_text("[[revoked]]\nserial = 'no number'\n")
    with pytest.raises(DataFolderError, match=r"revoked\.toml is damaged"):
        keys.load(records.folder / "keys")


def test_a_running_service_signs_nothing_while_the_list_is_damaged(
    kiosk: KioskClient, records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    """It may name the very key; all else goes on, and once it is put right, the same request is answered."""
    reservation, listed = Reservation.model_validate(kiosk.reserved()), records.folder / "keys" / "revoked.toml"
    listed.write_text("[[revoked]]\nserial = 'no number'\n")
    refused = kiosk.seal(reservation.serial)
    assert (refused.status_code, refused.json()["retryable"], refused.headers["Retry-After"]) == (500, True, "5")
    assert kiosk.identify(visit="visit-0002")["subject"]
    assert [each.message for each in caplog.records if each.levelname == "ERROR"] == ["keys can't be read"]
    listed.unlink()
    assert kiosk.seal(reservation.serial).is_success


def test_the_trust_folder_carries_the_list(records: Records, clock: StillClock, tmp_path: Path) -> None:
    """What verifies without a network knows it too."""
    revoked = key_changes.revoke(
        records.folder / "keys", "document", clock.now(), ReasonFlags.key_compromise, clock.now()
    )
    installation.write_trust(records, tmp_path, "https://records.invalid")
    trust = TrustStore.from_folder(tmp_path)
    assert trust.revoked_at(revoked) == clock.now()
    assert trust.revoked_at(records.keys.document.certificate) is None
