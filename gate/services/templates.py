"""What this gate does with faces that other gates offer and send.

One is kept only if it was sealed to this gate and signed by a gate that it knows, and if its holder's own consent
stands in a grant here: newer than what is held, made by the model that this gate compares with, and not from tomorrow.
Everything else is refused without a reason, and leaves nothing behind.
"""

import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.contract.base import Wire
from backend_client.contract.templates import (
    OFFERS_PATH,
    TEMPLATES_PATH,
    SealedTemplate,
    Taken,
    TemplateAnswer,
    TemplateContent,
    TemplateOffers,
    TemplatesWanted,
    template_statement,
)
from backend_client.errors import SealUnreadableError
from backend_client.template_seals import open_template
from civic.errors import CodedError
from devices.face.template import Template as Face
from devices.face.template import TemplateError
from gate.flows.moment import Moment
from gate.services.clocks import SKEW
from gate.services.peers import KnownPeer
from gate.store.templates import NoConsentError, Template, Templates

_log: Final = logging.getLogger(__name__)


class TemplateRefusedError(CodedError):
    """Another gate's face is not kept. ``detail``: signature, model or time."""

    code = "template-refused"


@dataclass(frozen=True, slots=True)
class Received:
    """``key``: the private half of what this gate told to be sealed to. ``model``: that faces are compared by here;
    empty: no face at this door, and none is taken. ``changed``: a face was kept; must not raise."""

    device_id: str
    templates: Templates
    key: Callable[[], X25519PrivateKey]
    moment: Callable[[], Moment]
    model: Callable[[], str]
    changed: Callable[[], None]

    def answer(self, path: str, body: bytes, sender: KnownPeer) -> Wire | None:
        """For PeerServer."""
        if path == OFFERS_PATH:
            return self.wanted(TemplateOffers.model_validate_json(body))
        if path == TEMPLATES_PATH:
            return self.take(SealedTemplate.model_validate_json(body), sender)
        return None

    def wanted(self, offered: TemplateOffers) -> TemplatesWanted:
        """Of what is offered. Raises StoreError."""
        wanted: list[str] = []
        held: list[str] = []
        for each in offered.offers if self.model() else ():
            holder = self.templates.consented(each.credential)
            if holder is not None:
                mine = self.templates.made_at(holder)
                (held if mine is not None and each.made_at <= mine else wanted).append(each.credential)
        return TemplatesWanted(wanted=tuple(wanted), held=tuple(held))

    def take(self, sealed: SealedTemplate, sender: KnownPeer) -> TemplateAnswer:
        """One of them. Raises StoreError of a disk that fails."""
        try:
            kept = self.templates.put_newer(self._opened(sealed, sender))
        except (TemplateRefusedError, SealUnreadableError, TemplateError, NoConsentError) as error:
            _log.warning("a face from gate %s is refused: %s", sender.device_id, error)
            return TemplateAnswer(taken=Taken.REFUSED)
        if kept:
            self.changed()
        return TemplateAnswer(taken=Taken.TAKEN if kept else Taken.HELD)

    def _opened(self, sealed: SealedTemplate, sender: KnownPeer) -> Template:
        statement = template_statement(sender.device_id, self.device_id, sealed.sealed)
        if not sender.has_signed(statement, sealed.signature):
            raise TemplateRefusedError("signature")
        return self._checked(open_template(sealed.sealed, sender.device_id, self.device_id, self.key()), sender)

    def _checked(self, content: TemplateContent, sender: KnownPeer) -> Template:
        vector = base64.b64decode(content.vector)
        if Face.from_bytes(vector).model != self.model():
            raise TemplateRefusedError("model")
        if content.made_at > self.moment().latest + SKEW:
            raise TemplateRefusedError("time")  # it would outrank every later one
        return Template(content.holder, vector, content.made_at, content.credential, sender.device_id)
