"""The time stamp that every signature gets, from records' own authority or from one outside (RFC 3161).

Asking is the same for both: a request and a reply in DER. The authority is used from inside the seal, so that a paper
never leaves records without its stamp; no device has a use for one of its own.
"""

import secrets

import requests

from backend_client.contract.base import ProblemCode
from forms.errors import TimeStampError
from forms.timestamp import MEDIA_QUERY, TimeStampAuthority, query, token_of
from records.context import Records
from records.errors import RefusedError
from records.services import time_authority

_NONCE_BITS, _SERIAL_BITS = 64, 152  # both random: two stamps never share a serial, whatever a power cut forgot
_PROBE_BYTES = 32
_TIMEOUT = (3.05, 10.0)  # to connect, to answer; a kiosk waits for the seal
_LARGEST_REPLY = 64 * 1024
_NOT_STAMPED = "the time stamp authority gave no time stamp"


def stamp(records: Records, value: bytes) -> bytes:
    """The token (DER) over a signature's value. RefusedError when the authority does not give it."""
    nonce = secrets.randbits(_NONCE_BITS)
    request = query(value, nonce)
    url = records.settings.timestamps.url
    try:
        reply = _outside(url, request) if url else answer(records, request)
        token = token_of(reply, value, nonce)
    except (TimeStampError, requests.RequestException) as error:
        raise RefusedError(ProblemCode.INTERNAL, _NOT_STAMPED) from error
    if url:
        time_authority.remember(records, token)
    return token


def ask_outside(records: Records) -> bytes:
    """Ask the authority of the settings for a stamp over nothing, so that the first paper carries its certificates too;
    the token (DER).

    RefusedError: it gives none now.
    """
    return stamp(records, secrets.token_bytes(_PROBE_BYTES))


def answer(records: Records, request: bytes) -> bytes:
    """TimeStampResp (DER) of records' own authority for any TimeStampReq."""
    own = records.keys.timestamp
    serial = secrets.randbits(_SERIAL_BITS)
    return TimeStampAuthority(own.key, own.certificate).answer(request, records.clock.now(), serial)


def _outside(url: str, request: bytes) -> bytes:
    headers = {"Content-Type": MEDIA_QUERY}
    with requests.post(
        url, data=request, headers=headers, timeout=_TIMEOUT, allow_redirects=False, stream=True
    ) as reply:
        reply.raise_for_status()
        content: bytes = reply.raw.read(_LARGEST_REPLY + 1)
    if len(content) > _LARGEST_REPLY:
        raise TimeStampError("a reply too large")
    return content
