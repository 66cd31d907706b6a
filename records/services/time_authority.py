"""What a time-stamp authority outside brings along with a stamp: its certificates, and lists of the revoked if it sends
any. A paper carries what the stamp before its own brought.

The evidence of a paper is signed with it, and its stamp is made over that signature: what the stamp itself brings comes
too late. An authority changes its certificate once in years, and the stamp of the paper has the new one inside.
"""

import base64
import os
from contextlib import suppress
from threading import get_ident

from pydantic import BaseModel, ConfigDict

from forms.errors import TimeStampError
from forms.timestamp import carried
from records.context import Records

_FILE = "time-authority.json"
_LARGEST = 24 * 1024  # characters: a paper grows by three quarters of what is remembered, with each paper


class Brought(BaseModel):
    """From the authority at ``url``: each base64 of DER."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    certificates: tuple[str, ...] = ()
    revocation_lists: tuple[str, ...] = ()


def remember(records: Records, token: bytes) -> None:
    """Keep what a token (DER) brought, if it is news; what is no certificate, or too much of it, is left."""
    with suppress(TimeStampError, OSError):  # the stamp itself is good
        certificates, lists = (tuple(base64.b64encode(one).decode("ascii") for one in kind) for kind in carried(token))
        brought = Brought(url=records.settings.timestamps.url, certificates=certificates, revocation_lists=lists)
        if brought != remembered(records) and len(content := brought.model_dump_json()) <= _LARGEST:
            part = records.folder / f".{_FILE}.{os.getpid()}.{get_ident()}.part"
            part.write_text(content, "ascii")
            part.replace(records.folder / _FILE)


def remembered(records: Records) -> Brought:
    """What the authority of the settings brought last; nothing when it never stamped."""
    url = records.settings.timestamps.url
    with suppress(OSError, ValueError):
        kept = Brought.model_validate_json((records.folder / _FILE).read_bytes())
        if kept.url == url:
            return kept
    return Brought(url=url)
