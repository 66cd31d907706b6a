"""Gives the faces that were made at this gate to the other gates that share their holders.

What is to be given stands in the store: a face made here, and a known gate that has not said that it holds it. So a
power cut loses nothing, a new gate is given everything that concerns it, and what its owner withdrew is offered to
nobody. Whether a face concerns another gate only that gate can tell, by the grants that it holds: it is asked first, by
the consent's number alone, and the face is sealed to it only if it wants it.

There is one rule for trying again (``backend_client.outbox.back_off``), for a gate that is away and for one that has
not heard of a consent yet.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import Protocol, TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.base import Wire
from backend_client.contract.templates import (
    MOST_OFFERED,
    OFFERS_PATH,
    TEMPLATES_PATH,
    SealedTemplate,
    Taken,
    TemplateAnswer,
    TemplateContent,
    TemplateOffer,
    TemplateOffers,
    TemplatesWanted,
    template_statement,
)
from backend_client.outbox.back_off import BackOff
from backend_client.template_seals import seal_template
from civic.clock import Clock
from gate.services.peer_client import PeerError
from gate.services.peers import KnownPeer
from gate.store.templates import Template, Templates

Answer = TypeVar("Answer", bound=Wire)


class Asks(Protocol):
    """PeerClient."""

    def ask(self, peer: KnownPeer, path: str, body: Wire, answer: type[Answer]) -> Answer:
        """Raises PeerError."""


@dataclass(slots=True, eq=False)
class Giving:
    """For one thread, but for ``wake``. ``key``: the device's own, as it is now."""

    device_id: str
    templates: Templates
    client: Asks
    key: Callable[[], ec.EllipticCurvePrivateKey]
    clock: Clock
    chance: Random
    _waits: dict[tuple[str, str, str], BackOff] = field(default_factory=dict)
    _news: Event = field(default_factory=Event)

    def wake(self) -> None:
        """A face was made: everybody is asked at the next tick, whoever failed last."""
        self._news.set()

    def tick(self, known: tuple[KnownPeer, ...]) -> None:
        """Give what there is to whom it is time to ask. Raises StoreError; the next tick goes on from there."""
        if self._news.is_set():
            self._news.clear()
            self._waits.clear()
        there = {(each.device_id, each.key, each.address): each for each in known if each.address}
        self._waits = {name: self._waits.get(name) or self._at_once() for name in there}
        for name, peer in there.items():
            if self._waits[name].due(self.clock.monotonic()):
                self._try(peer, self._waits[name])

    def _at_once(self) -> BackOff:
        wait = BackOff(self.chance, self.clock.monotonic())
        wait.succeeded()
        return wait

    def _try(self, peer: KnownPeer, wait: BackOff) -> None:
        try:
            settled = self._all_given(peer)
        except PeerError:
            settled = False
        if settled:
            wait.succeeded()
        else:
            wait.failed(self.clock.monotonic())

    def _all_given(self, peer: KnownPeer) -> bool:
        after, settled = "", True
        while page := self.templates.not_given(peer.device_id, after, MOST_OFFERED):
            settled = self._page_given(peer, page) and settled
            after = page[-1].holder
        return settled

    def _page_given(self, peer: KnownPeer, page: list[Template]) -> bool:
        offers = TemplateOffers(offers=tuple(TemplateOffer(credential=t.credential, made_at=t.made_at) for t in page))
        answer = self.client.ask(peer, OFFERS_PATH, offers, TemplatesWanted)
        settled = True
        for each in page:
            has_it = each.credential in answer.held
            if each.credential in answer.wanted:
                has_it = self._sent(peer, each)
            if has_it:
                self.templates.given(each, peer.device_id)
            settled = settled and has_it
        return settled

    def _sent(self, peer: KnownPeer, template: Template) -> bool:
        try:
            sealed = seal_template(_content(template), self.device_id, peer.device_id, peer.key)
        except ValueError:
            raise PeerError("key") from None
        statement = template_statement(self.device_id, peer.device_id, sealed)
        signature = base64.b64encode(self.key().sign(statement, ec.ECDSA(hashes.SHA256()))).decode("ascii")
        body = SealedTemplate(sealed=sealed, signature=signature)
        return self.client.ask(peer, TEMPLATES_PATH, body, TemplateAnswer).taken is not Taken.REFUSED


def _content(template: Template) -> TemplateContent:
    return TemplateContent(
        holder=template.holder,
        credential=template.credential,
        made_at=template.made_at,
        vector=base64.b64encode(template.vector).decode("ascii"),
    )
