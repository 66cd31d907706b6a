"""Who asks, as far as a connection tells by itself: which certificate, or from where."""

from typing import Any

from fastapi import Request

from records.public.sender import address_of
from records.services.failures import neighbourhood
from records.tls import EXTENSION, Peer


def peer_of(scope: Any) -> Peer | None:  # noqa: ANN401 - ASGI's scope
    """Whose certificate this connection was made with; None: it brought none."""
    peer = (scope.get("extensions") or {}).get(EXTENSION)
    return peer if isinstance(peer, Peer) else None


def caller(scope: Any, proxy: str) -> str:  # noqa: ANN401 - ASGI's scope
    """Whose requests are counted together: one certificate's, so that a copy of a former one takes nothing from the
    device; without any, an address's. ``proxy``: whom it forwards for is believed (``check_proxy``)."""
    peer = peer_of(scope)
    return f"certificate {peer.serial}" if peer else f"address {neighbourhood(address_of(Request(scope), proxy))}"
