"""Keys that sign no more: the certificates of earlier ones, and those that were taken back, beside the keys in use.

``keys/retired/SERIAL.cert.pem``: a paper of an earlier key stays genuine, so its certificate stays known.
``keys/revoked.toml``: what the root's list of the revoked (RFC 5280, 5) says.
"""

import tomllib
from pathlib import Path
from typing import Final, Literal, get_args

import tomli_w
from cryptography import x509
from pydantic import AwareDatetime, BaseModel, ConfigDict

from forms.trust import Purpose
from records.certificates import Revoked
from records.errors import DataFolderError

_RETIRED, _REVOKED = "retired", "revoked.toml"
_KINDS: Final = {Purpose.DOCUMENT.value: "document", Purpose.CODE.value: "code"}
Reason = Literal["keyCompromise", "superseded", "cessationOfOperation"]
REASONS = get_args(Reason)  # as RFC 5280, 5.3.1 names them


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    serial: str
    at: AwareDatetime
    reason: Reason


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    revoked: tuple[_Entry, ...] = ()


def retired(folder: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of earlier keys. ``folder``: of the keys. DataFolderError names a damaged file."""
    return tuple(_certificate(path) for path in sorted((folder / _RETIRED).glob("*.cert.pem")))


def retired_path(folder: Path, certificate: x509.Certificate) -> Path:
    """Where the certificate of an earlier key is kept."""
    return folder / _RETIRED / f"{certificate.serial_number:x}.cert.pem"


def kind_of(certificate: x509.Certificate) -> str:
    """Which of SIGNERS it was issued for, by its organizational unit: a time stamp's has none of these."""
    units = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
    return next((_KINDS[str(each.value)] for each in units if each.value in _KINDS), "timestamp")


def revoked(folder: Path) -> tuple[Revoked, ...]:
    """What was taken back. DataFolderError when the list is damaged: nothing is forgotten in silence."""
    try:
        entries = _read(folder).revoked
        return tuple(Revoked(int(each.serial, 16), each.at, x509.ReasonFlags(each.reason)) for each in entries)
    except (OSError, ValueError):  # a validation error is a ValueError
        raise DataFolderError(f"{_REVOKED} is damaged") from None


def with_revoked(folder: Path, added: Revoked) -> tuple[Path, bytes]:
    """The list's file, and its content with one more; of two entries for one certificate the earlier time counts."""
    kept = {each.serial_number: each for each in revoked(folder)}
    known = kept.get(added.serial_number)
    kept[added.serial_number] = known if known and known.at <= added.at else added
    rows = [{"serial": f"{each.serial_number:x}", "at": each.at, "reason": each.reason.value} for each in kept.values()]
    return folder / _REVOKED, tomli_w.dumps({"revoked": rows}).encode("utf-8")


def _read(folder: Path) -> _File:
    path = folder / _REVOKED
    return _File.model_validate(tomllib.loads(path.read_text("utf-8"))) if path.exists() else _File()


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        raise DataFolderError(f"{path.name} is damaged") from None
