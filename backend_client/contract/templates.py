"""What gates of one site say to each other of faces: directly, over mutual TLS on the site's own network. Records have
no such route, hold no key that opens what is sent, and pass nothing on.

POST /v1/templates/offers   a gate's certificate; TemplateOffers -> 200 TemplatesWanted
POST /v1/templates          a gate's certificate; SealedTemplate -> 200 TemplateAnswer

A gate offers what was made at it, by the number of the consent alone; it seals what is wanted to the gate that wants it
and to nobody else. Whoever holds no such consent is never sent the face, and answers as one that has never heard of it.
"""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from backend_client.contract.base import PersonalWire, Wire
from backend_client.contract.tenancies import Reference

OFFERS_PATH, TEMPLATES_PATH = "/v1/templates/offers", "/v1/templates"
BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
MOST_OFFERED = 200
MOST_BODY = 64 * 1024  # bytes of any request or answer between gates


class TemplateOffer(Wire):
    """``credential``: of the consent that it was made by."""

    credential: Reference
    made_at: AwareDatetime


class TemplateOffers(Wire):
    """What the other gate has not been given yet, as far as this one knows."""

    offers: tuple[TemplateOffer, ...] = Field(max_length=MOST_OFFERED)


class TemplatesWanted(Wire):
    """``wanted``: to be sent; ``held``: there already, or a newer one. What stands in neither is not for this gate, or
    not yet: it may be offered again."""

    wanted: tuple[Reference, ...] = Field((), max_length=MOST_OFFERED)
    held: tuple[Reference, ...] = Field((), max_length=MOST_OFFERED)


class TemplateContent(PersonalWire):
    """What is sealed. ``vector``: base64 of the face engine's own form."""

    holder: Reference
    credential: Reference
    made_at: AwareDatetime
    vector: str = Field(max_length=16 * 1024, pattern=BASE64)


class SealedTemplate(Wire):
    """``sealed``: base64 of HPKE's enc and ciphertext over TemplateContent's JSON, info ``lamplight-template-1``, the
    number of the gate that sends it and of the one that it is sent to. ``signature``: base64, ECDSA P-256 by the
    sender's device key over ``template_statement``."""

    sealed: str = Field(max_length=32 * 1024, pattern=BASE64)
    signature: str = Field(max_length=200, pattern=BASE64)


class Taken(StrEnum):
    """What became of it."""

    TAKEN = "taken"
    HELD = "held"  # the same, or a newer one, is there
    REFUSED = "refused"  # for whatever reason: none is told


class TemplateAnswer(Wire):
    """To a SealedTemplate."""

    taken: Taken


def template_info(sender: str, to: str) -> bytes:
    """What a seal is bound to: it opens as this gate's word to that gate, and as nothing else."""
    return f"lamplight-template-1\x1f{sender}\x1f{to}".encode("ascii")


def template_statement(sender: str, to: str, sealed: str) -> bytes:
    """What the sender signs."""
    return template_info(sender, to) + b"\x1f" + sealed.encode("ascii")
