"""The carried list: whole, small, signed for nothing else, and never better than its date."""

import errno
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import base45
import cbor2
import pytest

from forms.carried import CARRIED_FILE, CarriedList, held_in, open_list, sign_list, void_hashes
from forms.code import CodeKey, open_code, sign_code
from forms.errors import CarriedListError, CodeError, TrustError
from forms.trust import Purpose, TrustStore, key_id
from tests.support.carried import revocations
from tests.support.papers import FULL, ISSUED_AT, SPARSE
from tests.support.pki import Pki, make_issuer, make_pki

MADE_AT = ISSUED_AT + timedelta(hours=1)


def stated(pki: Pki, *void: str) -> CarriedList:
    """A list as records would state it."""
    issuers = (pki.document.certificate, pki.code.certificate)
    return CarriedList(
        "示例", MADE_AT, MADE_AT + timedelta(days=7), issuers, revocations(pki, MADE_AT), void_hashes(void)
    )


def test_what_was_stated_is_read(pki: Pki, code_key: CodeKey, trust: TrustStore) -> None:
    """Every void serial, no other, and the dates to the second."""
    read, _ = open_list(sign_list(stated(pki, SPARSE.serial, "2026-0001-000007-11"), code_key), trust)
    assert (read.made_at, len(read)) == (MADE_AT, 2)
    assert read.says_void(SPARSE.serial)
    assert not read.says_void(FULL.serial)
    assert not read.is_old(read.next_at - timedelta(seconds=1))
    assert read.is_old(read.next_at)


def test_ten_thousand_void_papers_are_carried_easily(pki: Pki, code_key: CodeKey, trust: TrustStore) -> None:
    """Fifty kilobytes and what the certificates take."""
    serials = [f"2026-0001-{number:06}-00" for number in range(20_000)]
    content = sign_list(stated(pki, *serials[::2]), code_key)
    assert len(content) < 53_000
    read, _ = open_list(content, trust)
    assert [read.says_void(each) for each in serials] == [True, False] * 10_000


@pytest.mark.filterwarnings(
    "ignore:Parsed a serial number:DeprecationWarning", "ignore:Parsed a serial number:UserWarning"
)
def test_a_changed_byte_is_found(pki: Pki, code_key: CodeKey, trust: TrustStore) -> None:
    """Wherever it is."""
    content = sign_list(stated(pki, SPARSE.serial), code_key)
    for place in range(0, len(content), 7):
        changed = bytearray(content)
        changed[place] ^= 4
        with pytest.raises(CarriedListError):
            open_list(bytes(changed), trust)


def test_a_list_of_another_root_is_refused(trust: TrustStore) -> None:
    """Its certificates don't hold here."""
    other = make_pki("Other")
    with pytest.raises(CarriedListError):
        open_list(sign_list(stated(other), CodeKey(other.code.key)), trust)


def test_only_a_code_key_signs_lists(pki: Pki, trust: TrustStore) -> None:
    """The key of the documents has its own purpose."""
    with pytest.raises(CarriedListError):
        open_list(sign_list(stated(pki), CodeKey(pki.document.key)), trust)


def test_a_code_is_no_list_and_a_list_no_code(pki: Pki, code_key: CodeKey, trust: TrustStore) -> None:
    """The same key signs both; what it signed for one does not serve for the other."""
    listed = cbor2.loads(sign_list(stated(pki), code_key)).value
    header = cbor2.dumps({1: -7, 4: key_id(pki.code.key.public_key())})
    as_code = cbor2.dumps(cbor2.CBORTag(18, [header, {}, *listed[2:]]))
    with pytest.raises(CarriedListError):
        open_list(as_code, trust)
    for envelope in (as_code, cbor2.dumps(cbor2.CBORTag(18, list(listed)))):
        with pytest.raises(CodeError):
            open_code("PAD1:" + base45.b45encode(envelope).decode(), trust)


def test_a_new_issuer_comes_with_the_list(pki: Pki, trust: TrustStore) -> None:
    """A verifier with an old folder learns of a rotated key by the list alone."""
    successor = make_issuer(pki.root, Purpose.CODE, "next")
    said = stated(pki)
    content = sign_list(replace(said, issuers=(*said.issuers, successor.certificate)), CodeKey(successor.key))
    _, known = open_list(content, trust)
    code = sign_code(SPARSE, CodeKey(successor.key))
    assert open_code(code, known).serial == SPARSE.serial
    with pytest.raises(CodeError):
        open_code(code, trust)


def test_a_revoked_issuer_comes_with_the_list(pki: Pki, code_key: CodeKey, trust: TrustStore) -> None:
    """And its codes count no longer."""
    successor = make_issuer(pki.root, Purpose.CODE, "next")
    said = stated(pki)
    new = replace(said, issuers=(successor.certificate,), revoked=revocations(pki, MADE_AT, pki.code))
    _, known = open_list(sign_list(new, CodeKey(successor.key)), trust)
    with pytest.raises(CodeError):
        open_code(sign_code(SPARSE, code_key), known)


def test_a_revoked_key_signs_no_list(pki: Pki, code_key: CodeKey, trust: TrustStore) -> None:
    """Whoever stole it can't have the root's list without the revocation, other than an old one."""
    said = stated(pki)
    with pytest.raises(CarriedListError):
        open_list(sign_list(replace(said, revoked=revocations(pki, MADE_AT, pki.code)), code_key), trust)
    later = replace(said, made_at=MADE_AT + timedelta(days=2))
    with pytest.raises(CarriedListError):
        open_list(sign_list(later, code_key), trust)


def test_a_folder_without_a_list_is_as_before(trust: TrustStore, tmp_path: Path) -> None:
    """Nothing is known of void papers, and nothing else changes."""
    assert held_in(tmp_path, trust) == (None, trust)


def test_a_file_that_can_t_be_read_now_is_not_called_a_bad_list(
    pki: Pki, code_key: CodeKey, trust: TrustStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes bad lists away would take a good one."""
    (tmp_path / CARRIED_FILE).write_bytes(sign_list(stated(pki), code_key))

    def fail(*_: object) -> NoReturn:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    for call in ("open", "is_file"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, call, fail)
            with pytest.raises(TrustError) as caught:
                held_in(tmp_path, trust)
        assert not isinstance(caught.value, CarriedListError)
        assert caught.value.detail == f"{CARRIED_FILE} is not readable: Input/output error"
    assert held_in(tmp_path, trust)[0] is not None
