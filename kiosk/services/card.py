"""Laying a card on the reader: what counts as laid now, and what lay there before."""

from contextlib import suppress
from threading import Event

from devices.errors import DeviceError
from devices.id_card.api import CardRead, IdCardReader, Presence
from devices.travel_document.api import TravelDocumentReader
from kiosk.flows import happenings as h
from kiosk.services.memory import VisitMemory
from terminal.store.audit import Audit, AuditKind

_POLL_S = 0.15


class CardDesk:
    """Blocking; every call ends when ``cancel`` is set. ``documents``: the other place where something may be left."""

    def __init__(self, reader: IdCardReader, audit: Audit, documents: TravelDocumentReader | None = None) -> None:
        self._reader = reader
        self._audit = audit
        self._documents = documents

    def look(self) -> h.CardLying | h.ReaderEmpty | h.ReaderFailed:
        """Whether a card, or a travel document, lies there that nobody laid for this question."""
        try:
            there = self._something_lies()
        except DeviceError as error:
            return h.ReaderFailed(error.code)
        return h.CardLying() if there else h.ReaderEmpty()

    def wait_for_lift(self, cancel: Event) -> h.CardLifted | h.ReaderFailed:
        """Wait, as long as it takes, until nothing lies there."""
        try:
            while not cancel.is_set() and self._something_lies():
                cancel.wait(_POLL_S)
        except DeviceError as error:
            return h.ReaderFailed(error.code)
        return h.CardLifted()

    def read_next(self, memory: VisitMemory, cancel: Event) -> h.CardRead | h.CardNotRead | h.ReaderFailed:
        """Wait for a card and read it into the visit's memory."""
        try:
            while self._reader.presence() is not Presence.FRESH:
                if cancel.wait(_POLL_S):
                    return h.CardNotRead("moved")
            outcome = self._reader.read(cancel)
        except DeviceError as error:
            return h.ReaderFailed(error.code)
        if cancel.is_set():
            return h.CardNotRead("moved")  # it came too late: the memory has been wiped, and stays so
        if isinstance(outcome, CardRead):
            memory.card, memory.kind = outcome.card, outcome.card.kind
            return h.CardRead(outcome.card.kind)
        reason = outcome.status or outcome.problem.value
        self._audit.append(AuditKind.DOCUMENT_NOT_READ, visit=memory.visit, reason=reason)
        return h.CardNotRead(outcome.problem.value)

    def _something_lies(self) -> bool:
        """Raises DeviceError of the card reader alone: of the two it is the one that every kiosk has."""
        if self._documents is not None:
            with suppress(DeviceError):
                if self._documents.present():
                    return True
        return self._reader.presence() is not Presence.NONE
