from pathlib import Path

import pytest
from asn1crypto import cms, core, pem
from cryptography.hazmat.primitives.serialization import Encoding

from devices.travel_document.authorities import Authorities
from simulators.chip.issuer import Issuer

FIRST, SECOND = Issuer("UT"), Issuer("XX")


def _der(issuer: Issuer) -> bytes:
    return issuer.certificate.public_bytes(Encoding.DER)


def _master_list(*certificates: bytes, kind: str = "2.23.136.1.1.2") -> bytes:
    """As states publish them, but for the signature, which the operator's choice stands for."""
    listed = core.SetOf([core.Any.load(each) for each in certificates], spec=core.Any).dump()
    content = core.Integer(0).dump() + listed
    whole = b"\x30\x82" + len(content).to_bytes(2, "big") + content
    info = {"content_type": kind, "content": core.ParsableOctetString(whole)}
    signed = {"version": "v3", "digest_algorithms": [], "encap_content_info": info, "signer_infos": []}
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump())


def test_certificates_are_found_in_each_form(tmp_path: Path) -> None:
    """DER and PEM, whatever the name ends in; a certificate that is there twice counts once."""
    (tmp_path / "first.cer").write_bytes(_der(FIRST))
    (tmp_path / "both.PEM").write_bytes(FIRST.pem() + SECOND.pem())
    (tmp_path / "notes.txt").write_text("where these came from")
    authorities = Authorities.load(tmp_path)
    assert (authorities.count, authorities.problems) == (2, ())


@pytest.mark.parametrize("armored", [False, True])
def test_a_master_list_gives_all_of_its_certificates(tmp_path: Path, armored: bool) -> None:
    content = _master_list(_der(FIRST), _der(SECOND))
    (tmp_path / "list.ml").write_bytes(pem.armor("CMS", content) if armored else content)
    authorities = Authorities.load(tmp_path)
    assert (authorities.count, authorities.problems) == (2, ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a certificate",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        _der(FIRST)[:-1],
        b"\x30\x00",
        b"\x04\x02ab",
        _master_list(),
        _master_list(_der(FIRST), kind="2.23.136.1.1.1"),
    ],
)
def test_a_broken_file_is_skipped_and_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.der").write_bytes(content)
    (tmp_path / "right.der").write_bytes(_der(SECOND))
    authorities = Authorities.load(tmp_path)
    assert (authorities.count, authorities.problems) == (1, ("broken.der",))


def test_one_unusable_certificate_costs_a_master_list_no_other(tmp_path: Path) -> None:
    """The file is named, too."""
    (tmp_path / "list.ml").write_bytes(_master_list(_der(FIRST), bytes.fromhex("3003020100")))
    authorities = Authorities.load(tmp_path)
    assert (authorities.count, authorities.problems) == (1, ("list.ml",))


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert Authorities.load(tmp_path / "nowhere").count == 0
