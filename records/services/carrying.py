"""The carried list (``forms.carried``): signed anew when it says something new, and once an hour."""

import os
from datetime import timedelta
from pathlib import Path
from threading import get_ident

from cryptography import x509

from forms.carried import CARRIED_FILE, CarriedList, open_list, sign_list, void_hashes
from forms.code import CodeKey
from forms.errors import CarriedListError
from records.context import Records
from records.rules.periods import bureau_time
from records.store import papers

_STAYS = timedelta(hours=1)  # anyone may ask, and a signature has its price
_NEXT_AFTER = timedelta(days=7)  # a verifier without a network hears of a void paper within a week


def carried(records: Records) -> bytes:
    """The signed list of this community. RefusedError when a new one is due and can't be signed."""
    path, now_true = records.folder / CARRIED_FILE, _stated(records)
    if kept := _still_true(records, path, now_true):
        return kept
    content = sign_list(now_true, CodeKey(records.keys.code.key))
    write(path, content)
    return content


def write(path: Path, content: bytes) -> None:
    """Put a list where its readers find the old one or the new one, whole."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{get_ident()}.part")  # threads may sign one each
    part.write_bytes(content)
    part.rename(path)


def _still_true(records: Records, path: Path, now_true: CarriedList) -> bytes:
    """The last list, while it says the same and is not old; else nothing."""
    try:
        content = path.read_bytes()
        last, _ = open_list(content, records.trust)
    except (OSError, CarriedListError):
        return b""
    recent = timedelta(0) <= now_true.made_at - last.made_at < _STAYS
    return content if recent and _facts(last) == _facts(now_true) else b""


def _facts(carried: CarriedList) -> tuple[object, ...]:
    taken_back = {each.serial_number for each in carried.revoked}
    return carried.issuer, carried.issuers, taken_back, carried.void


def _stated(records: Records) -> CarriedList:
    now = records.clock.now()
    with records.database.reading() as transaction:
        serials = papers.void_serials(transaction, bureau_time(now).date())
    return CarriedList(
        issuer=records.keys.bureau,
        made_at=bureau_time(now),
        next_at=bureau_time(now) + _NEXT_AFTER,
        issuers=tuple(x509.load_pem_x509_certificate(each.encode("ascii")) for each in records.issuers_pem),
        revoked=records.revocation_list,
        void=void_hashes(serials),
    )
