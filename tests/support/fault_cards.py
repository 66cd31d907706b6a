"""What can go wrong with an identity card and the reader that it lies on."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from threading import Timer
from typing import Self

from civic.document import DocumentKind
from devices.id_card.driver import SamvCardReader
from devices.id_card.meaning import MEANING
from devices.id_card.wire import Status
from kiosk.flows import claim
from simulators.samv import LINK, SimulatedSamvModule
from simulators.state import SimulatedState
from tests.support.fault_booth import Booth, Devices, Room
from tests.support.fault_lanes import WELL, Cell, recovered

CARDS = {
    DocumentKind.RESIDENT_CARD: "deng",
    DocumentKind.HMT_PERMIT: "permit",
    DocumentKind.FOREIGNER_CARD_2017: "foreigner-2017",
    DocumentKind.FOREIGNER_CARD: "foreigner-2023",
}


@dataclass(frozen=True, slots=True)
class CardFault:
    """``meanwhile``: what happens while the card is read. ``laid``: another card than the lane's own."""

    name: str
    state: str = "ok"
    status: str = "41"
    meanwhile: dict[str, str] = field(default_factory=dict)
    laid: str = ""
    mended: bool = True

    @property
    def goes_unseen(self) -> bool:
        """The reader says that nothing lies there, for as long as one waits."""
        return self.status == f"{Status.FIND_FAILED:02x}"


CARD_FAULTS = (
    *(CardFault(f"status {status:02X} {status.word}", "status", f"{status:02x}") for status in MEANING),
    CardFault("unplugged", "unplugged"),
    CardFault("unplugged while it is read", meanwhile={"state": "unplugged"}),
    CardFault("hung", "hung"),
    CardFault("hung while the card is read", meanwhile={"state": "hung"}),
    CardFault("module fault", "module-fault"),
    CardFault("noise around every answer", "noise"),
    CardFault("wrong check byte in every answer", "bad-checksum"),
    CardFault("answers in fragments", "fragments"),
    CardFault("lifted too early", meanwhile={"card": "none"}),
)
RESIDENT_CARD_FAULTS = (
    CardFault("expired", laid="expired", mended=False),
    CardFault("not yet valid", laid="future", mended=False),
    CardFault("damaged text", laid="damaged", mended=False),
    CardFault("character that no font has", laid="private", mended=False),
    CardFault("kind of card from the future", laid="unknown-kind", mended=False),
)


class CardLane:
    """One card reader. A context manager."""

    _MEANWHILE_S = 0.15  # after it was laid: a chip takes 0.3 s

    def __init__(self, room: Room, kind: DocumentKind) -> None:
        self._folder = room.folder / kind.value
        self._state = SimulatedState(self._folder)
        self.kind, self._card = kind, CARDS[kind]
        self._opened = ExitStack()
        self.booth = Booth(room, f"booth-{kind.value}", Devices())

    def __enter__(self) -> Self:
        self._opened.enter_context(SimulatedSamvModule(self._state, self._folder / LINK))
        self._opened.enter_context(self.booth)
        return self

    def __exit__(self, *_error: object) -> None:
        self._opened.close()

    def cells(self) -> Iterator[Cell]:
        """Every fault."""
        yield self._already_read()
        special = RESIDENT_CARD_FAULTS if self.kind is DocumentKind.RESIDENT_CARD else ()
        for fault in (*special, *CARD_FAULTS):
            yield self._cell(fault)

    def well(self) -> bool:
        """Whether the lane's own card, laid now, reads."""
        self._lift()
        return isinstance(self.visit(self._card), WELL)

    def visit(self, card: str, fault: CardFault | None = None) -> object:
        """Come, say that one has a card, lay it when asked; as far as one gets."""
        self.booth.begin()
        self.booth.touch("way:card")
        if isinstance(self.booth.work(claim.AwaitingCard, claim.LiftingCard), claim.AwaitingCard):
            self._state.set("id_card", card=card)
            later = Timer(self._MEANWHILE_S, partial(self._state.set, "id_card", **(fault.meanwhile if fault else {})))
            later.start()
            self.booth.work(claim.LiftingCard, patience=0.5 if fault and fault.goes_unseen else None)
            later.join()
        return self.booth.here

    def _cell(self, fault: CardFault) -> Cell:
        """By a reader that remembers nothing of the faults before."""
        reader = SamvCardReader(str(self._folder / LINK), None)
        self.booth.devices.id_card = reader
        recovered(lambda: None, lambda: reader.health().works)
        self._state.set("id_card", fault.state, status=fault.status, card="none")
        self.visit(fault.laid or self._card, fault)
        resident, technician = self.booth.resident(), self.booth.technician("id_card")
        recovery = recovered(self._mend, self.well)
        reader.close()
        return Cell(self.kind, fault.name, resident, technician, recovery if fault.mended else None)

    def _already_read(self) -> Cell:
        """Left lying by whoever was here before."""
        self.booth.devices.id_card = SamvCardReader(str(self._folder / LINK), None)
        assert self.well()
        self.visit(self._card)
        resident, technician = self.booth.resident(), self.booth.technician("id_card")
        return Cell(self.kind, "read already, not lifted", resident, technician, recovered(self._lift, self.well))

    def _mend(self) -> None:
        self._state.set("id_card", "ok", card="none")

    def _lift(self) -> None:
        self._state.set("id_card", card="none")
