"""One pooled HTTPS session with mutual TLS, and what its answers can be.

Every write carries an Idempotency-Key, so a request whose connection broke is sent once more with the same key: records
do it once and answer twice. A request that timed out is not repeated: the resident is waiting. No redirect is followed:
records never moves, and a body with personal data must not go elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from ssl import TLSVersion
from typing import Any, TypeVar

import requests
from pydantic import ValidationError
from requests.adapters import HTTPAdapter

from backend_client.contract.base import Problem, Wire
from backend_client.errors import (
    DeviceRevokedError,
    EnrolmentError,
    RecordsProtocolError,
    RecordsUnreachableError,
    refusal,
)

Answer = TypeVar("Answer", bound=Wire)

PROBLEM_TYPE = "application/problem+json"
_JSON_TYPE = "application/json"
_EVENTS = "text/event-stream"
_POOL = 8
_TRIES = 2
_BLOB_TYPE = "application/octet-stream"
_SERVER_ERROR = 500
_DIGITS = 6  # of a Retry-After: eleven days
_PATIENCE = frozenset({408, 425, 429})  # what a gateway says that means: later

# before the answer, or in the middle of it
_BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to be connected, and between two pieces of the answer."""

    connect: float = 3.0
    read: float = 10.0


class Transport:
    """Requests to one service. Thread-safe: the pool holds the connections, and no state is kept between calls.

    ``revoked``: called when records, on a connection that only they can hold and that only this device can have made,
    say that the device is no longer welcome.
    """

    def __init__(
        self,
        url: str,
        root: Path,
        identity: tuple[Path, Path] | None,
        timeouts: Timeouts,
        revoked: Callable[[], None] = lambda: None,
    ) -> None:
        self._revoked = revoked
        self._url = url.rstrip("/")
        self._timeouts = (timeouts.connect, timeouts.read)
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc: this machine speaks to records and nobody else
        self._session.verify = str(root)
        self._session.cert = (str(identity[0]), str(identity[1])) if identity else None
        self._session.mount("https://", _Tls13Adapter(pool_connections=1, pool_maxsize=_POOL, max_retries=0))

    def get(self, path: str, answer: type[Answer]) -> Answer:
        """Read one object."""
        return _parsed(self.request("GET", path), answer)

    def post(self, path: str, body: Wire | None, key: str, answer: type[Answer]) -> Answer:
        """Write, once, whatever happens on the way."""
        return _parsed(self.request("POST", path, body, key), answer)

    def at_revision(
        self, method: str, path: str, body: Wire | None, revision: int, answer: type[Answer]
    ) -> Answer | None:
        """Change what is still at ``revision`` (If-Match); None: there is nothing to say of it."""
        response = self.request(method, path, body, revision=revision)
        return _parsed(response, answer) if response.content else None

    def request(
        self, method: str, path: str, body: Wire | None = None, key: str = "", revision: int | None = None
    ) -> requests.Response:
        """A successful answer. Raises RecordsUnreachableError, RecordsRefusedError, RecordsProtocolError and, when a
        file of the device's identity is gone, EnrolmentError."""
        headers = {"Accept": _JSON_TYPE} | ({"Idempotency-Key": key} if key else {})
        headers |= {"If-Match": f'"{revision}"'} if revision is not None else {}
        content = None
        if body is not None:
            headers["Content-Type"] = _JSON_TYPE
            content = body.model_dump_json().encode()
        return self._successful(self._send(method, path, headers, content))

    def put(self, path: str, content: bytes) -> requests.Response:
        """Hand over bytes under a name that says what they are: again is the same. Raises like ``request``."""
        headers = {"Accept": _JSON_TYPE, "Content-Type": _BLOB_TYPE}
        return self._successful(self._send("PUT", path, headers, content))

    def stream(self, path: str, silence: float) -> requests.Response:
        """An answer that goes on, to be closed by who reads it; ``silence``: seconds between two pieces of it. Raises
        like ``request``."""
        return self._successful(self._send("GET", path, {"Accept": _EVENTS}, None, silence))

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def _successful(self, response: requests.Response) -> requests.Response:
        if not response.ok:
            raise self._noticed(_failure(response))
        return response

    def _noticed(self, failure: Exception) -> Exception:
        """Returned rather than raised: a frame that holds what it raises keeps its connection open."""
        if isinstance(failure, DeviceRevokedError):
            self._revoked()
        return failure

    def _send(
        self, method: str, path: str, headers: dict[str, str], content: bytes | None, silence: float | None = None
    ) -> requests.Response:
        lost = ""
        for _ in range(_TRIES):
            try:
                return self._session.request(
                    method,
                    self._url + path,
                    headers=headers,
                    data=content,
                    timeout=self._timeouts if silence is None else (self._timeouts[0], silence),
                    stream=silence is not None,
                    allow_redirects=False,
                )
            except requests.Timeout as error:
                raise RecordsUnreachableError(type(error).__name__) from None
            except _BROKEN as error:
                lost = type(error).__name__
            except requests.RequestException as error:
                raise RecordsProtocolError(type(error).__name__) from None
            except OSError:  # what requests says before it connects: the root, the certificate or the key is not there
                raise EnrolmentError("a file of the device's identity can't be read") from None
        raise RecordsUnreachableError(lost)


class _Tls13Adapter(HTTPAdapter):
    """Both ends are ours: nothing older than TLS 1.3 is spoken."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- passed on as they come
        super().init_poolmanager(*args, **kwargs, ssl_minimum_version=TLSVersion.TLSv1_3)


def _parsed(response: requests.Response, answer: type[Answer]) -> Answer:
    try:
        return answer.model_validate_json(response.content)
    except ValidationError:  # its text quotes the values
        raise RecordsProtocolError(f"not a {answer.__name__}, status {response.status_code}") from None


def _failure(response: requests.Response) -> Exception:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if kind == PROBLEM_TYPE:
        return refusal(_parsed(response, Problem))
    if response.status_code >= _SERVER_ERROR or response.status_code in _PATIENCE:
        # a gateway speaks for a service that is down, or too busy
        return RecordsUnreachableError(f"status {response.status_code}", _retry_after(response))
    return RecordsProtocolError(f"status {response.status_code}")


def _retry_after(response: requests.Response) -> float | None:
    """Seconds (RFC 9110, 10.2.3); a date, or nonsense, counts as nothing."""
    said = response.headers.get("Retry-After", "").strip()
    return float(said) if said.isascii() and said.isdigit() and len(said) <= _DIGITS else None
