"""The number of a resident's phone, as a kiosk's visit deals with it at the routes."""

from typing import Any

from tests.support.records_client import DENG, Card, KioskClient
from tests.support.texts_end import TextsEnd

NUMBER = "13800001234"
OTHER = "15900005678"


class Phone:
    """The routes of one proven visit."""

    def __init__(self, kiosk: KioskClient, card: Card = DENG, visit: str = "visit-0001") -> None:
        self.kiosk = kiosk
        self.path = f"/v1/identifications/{kiosk.prove(card, visit)}/contact"

    def read(self) -> dict[str, Any]:
        answer = self.kiosk.get(self.path)
        found: dict[str, Any] = answer.json()
        assert answer.headers["etag"] == f'"{found["revision"]}"'
        return found

    def put(self, number: str = NUMBER, revision: int | None = None, language: str = "zh") -> Any:
        at = self.read()["revision"] if revision is None else revision
        body = {"number": number, "language": language}
        return self.kiosk.send("PUT", self.path, body, If_Match=f'"{at}"')

    def type(self, code: str) -> Any:
        return self.kiosk.post(f"{self.path}/code", {"code": code})

    def remove(self, revision: int) -> Any:
        return self.kiosk.send("DELETE", self.path, If_Match=f'"{revision}"')

    def verified(self, end: TextsEnd, number: str = NUMBER) -> dict[str, Any]:
        assert self.put(number).status_code == 202
        answer = self.type(end.code)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
