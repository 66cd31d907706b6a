"""A new key and certificate before the present one ends: when it is time, and the two files that follow.

The present pair stays what it is until ``device_files.settle`` replaces it, which the caller does when nobody needs the
present key any more. Records take both until the new one has been used.
"""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from backend_client.contract.devices import Renewal
from backend_client.device_files import (
    CERTIFICATE_FILE,
    NEXT_CERTIFICATE_FILE,
    NEXT_KEY_FILE,
    keep_certificate,
    own_key,
)
from backend_client.enrolment import csr, require_ours
from backend_client.errors import EnrolmentError
from backend_client.session import RecordsSession

_DAY = timedelta(days=1)


def is_due(folder: Path, now: datetime) -> bool:
    """Whether two thirds of the certificate's life are over."""
    certificate = _certificate(folder)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return now >= begin + (end - begin) * 2 / 3


def days_left(folder: Path, now: datetime) -> int:
    """Whole days; negative once it is over."""
    return (_certificate(folder).not_valid_after_utc - now) // _DAY


def is_ready(folder: Path) -> bool:
    """Whether the next pair is there."""
    return (folder / NEXT_CERTIFICATE_FILE).is_file()


def ask(session: RecordsSession, folder: Path) -> None:
    """Have the next pair made. Asked again after a lost answer, it is the same request, for the same key."""
    key = own_key(folder / NEXT_KEY_FILE)
    answer = session.renew(Renewal(csr_pem=csr(key, "renewal")))
    require_ours(answer, key)
    keep_certificate(folder / NEXT_CERTIFICATE_FILE, answer.certificate_pem)


def _certificate(folder: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
    except (OSError, ValueError):
        raise EnrolmentError("the device's certificate can't be read") from None
