"""Whose terminal this is: its key and certificate, and what runs on it."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cryptography import x509

from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE, settle
from civic.errors import CodedError


class NotEnrolledError(CodedError):
    """This terminal has no identity yet: enrol it."""

    code = "not-enrolled"


def own_identity(folder: Path) -> tuple[Path, Path]:
    """Certificate and key. Raises NotEnrolledError."""
    settle(folder)
    certificate, key = folder / CERTIFICATE_FILE, folder / KEY_FILE
    if not (certificate.is_file() and key.is_file()):
        raise NotEnrolledError(str(folder))
    return certificate, key


def common_name(certificate: Path) -> str:
    """The number that records chose, as the certificate (PEM) has it. Raises NotEnrolledError for what is none."""
    try:
        subject = x509.load_pem_x509_certificate(certificate.read_bytes()).subject
    except ValueError:
        raise NotEnrolledError(str(certificate)) from None
    return "".join(str(each.value) for each in subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME))


def software() -> str:
    """Name and version, for the heartbeat and the technician."""
    try:
        return f"lamplight {version('lamplight')}"
    except PackageNotFoundError:
        return "lamplight"
