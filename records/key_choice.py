"""Which key is to be taken back, and since when, so that no other one is: most of all not the one that was made when
the loss was noticed.
"""

from datetime import datetime

from cryptography import x509

from records import certificates, cli_words
from records.errors import KeyChangeError
from records.key_signers import SIGNERS
from records.keys import KeyRing

_SHORTEST = 8  # hexadecimal digits that name a certificate


def in_force(ring: KeyRing, name: str) -> x509.Certificate:
    """That of the key ``name``, of SIGNERS."""
    return dict(zip(SIGNERS, (ring.document, ring.code, ring.timestamp), strict=True))[name].certificate


def still_count(ring: KeyRing, name: str) -> tuple[x509.Certificate, ...]:
    """Those of earlier keys that were not taken back."""
    revoked = {each.serial_number for each in ring.revoked}
    return tuple(each for each in ring.earlier(name) if each.serial_number not in revoked)


def chosen(ring: KeyRing, name: str, number: str, since: datetime | None, now: datetime) -> x509.Certificate:
    """The certificate of the key that is meant. ``number``: its beginning; empty: the key in force.

    KeyChangeError: it is none, or ``since`` can't be of it.
    """
    certificate = _named(ring, name, number.lower()) if number else in_force(ring, name)
    if since and since > now:
        raise KeyChangeError(f"--since {cli_words.time(since)} is in the future")
    if not number:
        _require_its_time(certificate, name, since)
    elif since is None and certificate != in_force(ring, name):
        raise KeyChangeError(f"say when the earlier {name} key was lost: --since TIME")
    return certificate


def _require_its_time(certificate: x509.Certificate, name: str, since: datetime | None) -> None:
    began = certificates.began(certificate)
    if since and since < began:
        raise KeyChangeError(
            f"the {name} key in force began on {cli_words.time(began)}, after that time; name the one that was lost: "
            f"records key list, then records key revoke {name} NUMBER --since TIME"
        )


def _named(ring: KeyRing, name: str, number: str) -> x509.Certificate:
    known = (in_force(ring, name), *ring.earlier(name))
    found = [each for each in known if f"{each.serial_number:x}".startswith(number)]
    if len(number) < _SHORTEST or len(found) != 1:
        raise KeyChangeError(
            f"no {name} key has a number that begins with these {_SHORTEST} digits or more: records key list"
        )
    return found[0]
