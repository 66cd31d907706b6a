"""The access card that somebody lays on the reader, to come through the gate by it: it proves its key, or says its
number where the policy takes such cards.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Final

from civic.masking import Personal
from devices.access_card.api import AccessCardReader, CardKey, CardNumber, CardProof, CardReason, Unreadable
from devices.errors import DeviceError
from kiosk.flows import tenancy_ways as flow
from kiosk.flows.contents import NewCard

PATIENCE_S: Final = 30.0
"""How long nobody may lay one: shorter than a screen waits until it asks whether anybody is there."""

_AGAIN = frozenset({CardReason.MOVED, CardReason.SILENT})
"""Laid once more it may well do; of all other reasons no second try changes anything."""


@dataclass(frozen=True, slots=True)
class AccessCardDesk:
    """Blocking. ``reader`` None: this kiosk was built without one. ``weak_cards``: whether a card that can only say
    its number may be a way, as the policy has it now."""

    reader: AccessCardReader | None
    weak_cards: Callable[[], bool]

    def read(self, cancel: Event) -> flow.AccessCardRead | flow.AccessCardUnfit:
        """The next card that is laid down; asks nobody whose it is. Ends when ``cancel`` is set."""
        if self.reader is None:
            return flow.AccessCardUnfit("reader-failed")
        try:
            return self._said(self.reader.wait(PATIENCE_S, cancel))
        except DeviceError:
            return flow.AccessCardUnfit("reader-failed")

    def _said(self, proof: CardProof | None) -> flow.AccessCardRead | flow.AccessCardUnfit:
        match proof:
            case None:
                return flow.AccessCardUnfit("none-laid")
            case CardKey(public_key, label):
                return flow.AccessCardRead(NewCard(label, base64.b64encode(public_key).decode("ascii")))
            case CardNumber(number) if self.weak_cards():
                return flow.AccessCardRead(NewCard(proof.label, number=Personal(number.hex().upper())))
            case CardNumber():
                return flow.AccessCardUnfit("weak")
            case Unreadable(reason):
                return flow.AccessCardUnfit("moved" if reason in _AGAIN else "not-a-card")
