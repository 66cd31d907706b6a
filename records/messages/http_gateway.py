"""A message gateway that speaks HTTP over TLS. Its side is described in docs/devices/message-gateway.md.

POST {url}/v1/texts  {"number": "13800000000", "text": "…"}, Idempotency-Key: the text's id  ->  200 | 202 {"id": "…"}
"""

from pathlib import Path
from threading import BoundedSemaphore

import requests
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from records.messages.gateway import GatewayAwayError, GatewayRefusedError

_AT_ONCE = 4  # a gateway that hangs must not hold the threads that answer kiosks
_QUEUED_S = 0.5
_LARGEST_ANSWER = 4096  # bytes
_SERVER_ERROR = 500
_AGAIN = frozenset({401, 403, 404, 408, 425, 429})  # what an operator, or waiting, puts right


class Accepted(BaseModel):
    """What the gateway says of a text that it took."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(min_length=1, max_length=64)


class HttpGateway:
    """One gateway. ``root``: the authority believed, None: the system's. ``token``: a bearer's, empty: none."""

    def __init__(self, url: str, timeouts: tuple[float, float], root: Path | None = None, token: str = "") -> None:
        self._url = f"{url.rstrip('/')}/v1/texts"
        self._timeouts = timeouts
        self._root = str(root) if root else True
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._free = BoundedSemaphore(_AT_ONCE)

    def send(self, number: str, text: str, text_id: str) -> str:
        """See MessageGateway."""
        if not self._free.acquire(timeout=_QUEUED_S):
            raise GatewayAwayError("busy")
        try:
            return self._accepted(self._post({"number": number, "text": text}, text_id))
        finally:
            self._free.release()

    def _post(self, body: dict[str, str], text_id: str) -> requests.Response:
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy sees a number
                headers = {**self._headers, "Idempotency-Key": text_id}
                return session.post(
                    self._url, json=body, headers=headers, timeout=self._timeouts, verify=self._root,
                    allow_redirects=False,
                )  # fmt: skip
        except (requests.RequestException, OSError) as error:  # its text may quote the request
            raise GatewayAwayError(type(error).__name__) from None

    def _accepted(self, response: requests.Response) -> str:
        status = response.status_code
        if status >= _SERVER_ERROR or status in _AGAIN:
            raise GatewayAwayError(f"status {status}")
        if not response.ok or response.is_redirect:
            raise GatewayRefusedError(f"status {status}")
        try:
            return Accepted.model_validate_json(response.content[:_LARGEST_ANSWER]).id
        except ValidationError:
            raise GatewayAwayError("not its answer") from None
