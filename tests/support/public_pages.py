"""Anybody's browser before the public pages, and what brings them there."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.testclient import TestClient

from records.api.edge import App
from records.store.rights import RightRow
from tests.support.in_process import client_of
from tests.support.records_client import Client, KioskClient


def anyone_at(app: App, address: str = "203.0.113.3") -> TestClient:
    """A browser without a cookie, from this address."""
    return client_of(app, Client.portal, "https://records", (address, 50000))


def phone_key() -> str:
    """The public half of a new key, as a phone sends it."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode("ascii")


def token_of(kiosk: KioskClient, right: RightRow, visit: str = "visit-phone-0001") -> str:
    """What stands in the kiosk's square, once somebody proven asked for it."""
    link = kiosk.post(f"/v1/identifications/{kiosk.prove(visit=visit)}/phone", {"right": right.right_id})
    assert link.status_code == 201, link.text
    site, _, token = str(link.json()["url"]).partition("#")
    assert site.endswith("/pass/")
    return token
