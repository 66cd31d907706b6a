"""What the steps before the first start leave on the disk of any terminal: root, certificate, PIN, store; and as whose.

Read by ``--self-check``. Every function says in a few words what is there, and raises SetUpError for what is not.
"""

import os
import pwd
import tempfile
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE, is_revoked, settle
from civic.errors import CodedError
from forms.paper import CHINA_TIME
from terminal.pin import PinFile

_PROBE = b"\0" * 4096  # a block: a full disk takes an empty file


class SetUpError(CodedError):
    """A step before the first start is missing, or was done as another user; ``detail`` says which."""

    code = "set-up"


def root(pem: str, now: datetime) -> str:
    """Whose root it is, and until when."""
    return _standing(x509.load_pem_x509_certificate(pem.encode("ascii")), now)


def identity(folder: Path, now: datetime) -> str:
    """Whose certificate it is, and until when. The key must be this user's, and the certificate's; its renewal is
    written beside it."""
    settle(folder)
    for name in (KEY_FILE, CERTIFICATE_FILE):
        if not (folder / name).is_file():
            raise SetUpError(f"{folder / name} is not there: enrol first")
    require_own(folder / KEY_FILE)
    try:
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
        key = load_pem_private_key((folder / KEY_FILE).read_bytes(), None).public_key()
    except (ValueError, TypeError):
        raise SetUpError(f"{folder}: the key or the certificate is damaged: enrol anew") from None
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if key.public_bytes(*form) != certificate.public_key().public_bytes(*form):
        raise SetUpError(f"{folder}: the certificate is for another key: enrol anew")
    if is_revoked(folder):
        raise SetUpError("records have revoked it: enrol anew with a new code")
    _require_writable(folder)
    return _standing(certificate, now)


def pin(path: Path) -> str:
    """That there is one."""
    if path.is_file():
        require_own(path)
    if not PinFile(path).is_set():
        raise SetUpError("none that can be matched: set-pin first")
    return "set"


def store(folder: Path) -> str:
    """Whose it is: every file in it must be this user's, and the disk must take a block."""
    if not folder.is_dir():
        raise SetUpError(f"{folder} is not there: it is made before the first start")
    _require_writable(folder)
    for path in sorted(folder.iterdir()):
        require_own(path)
    return f"{folder}, writable for {_user(os.geteuid())}"


def _standing(certificate: x509.Certificate, now: datetime) -> str:
    until = certificate.not_valid_after_utc
    of = "".join(str(each.value) for each in certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME))
    if now < certificate.not_valid_before_utc:
        raise SetUpError(
            f"{of} is valid from {day_of(certificate.not_valid_before_utc)} on: is this machine's clock right?"
        )
    if now > until:
        raise SetUpError(f"{of} ended on {day_of(until)}")
    return f"{of}, until {day_of(until)}"


def require_own(path: Path) -> None:
    """That a file is this user's."""
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise SetUpError(f"{path.name} belongs to {_user(owner)}, and this is {_user(os.geteuid())}")


def _require_writable(folder: Path) -> None:
    """That this user may write there, and the disk takes a block."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(_PROBE)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SetUpError(f"{folder}: {error.strerror}; this is {_user(os.geteuid())}") from None


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def day_of(instant: datetime) -> str:
    """An instant's day, as a technician reads it."""
    return f"{instant.astimezone(CHINA_TIME):%Y-%m-%d}"
