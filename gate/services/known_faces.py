"""The gallery is what the store holds, and no more: whose template the store has dropped is found no longer."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from devices.face.gallery import Gallery
from devices.face.template import Template, TemplateError
from gate.store.templates import Template as Kept
from gate.store.templates import Templates


@dataclass(slots=True, eq=False)
class KnownFaces:
    """``refresh`` at the start, and whenever a change of grants or templates has been carried out. Usable from any
    thread: what was read first is never put over what was read later."""

    templates: Templates
    gallery: Gallery
    _since: dict[str, datetime] = field(default_factory=dict)  # by holder: when the one in the gallery was made
    _lock: Lock = field(default_factory=Lock)

    def refresh(self) -> int:
        """Make the gallery equal to the store. Returns how many templates are of no use here, because another pack made
        them, or they are none: their holders are asked to come to the gate again. Raises what the store raises; the
        gallery is then as it was."""
        with self._lock:
            made = self.templates.made()
            for holder in self._since.keys() - made.keys():
                self._forget(holder)
            return sum(not self._known(each) for each in self._other_than(made))

    def _other_than(self, made: dict[str, datetime]) -> list[Kept]:
        """Those that the gallery has not, or has another of. Vectors are read of these alone: this is asked at each
        change of a grant, by whoever hears of lost cards, while the door waits for the same store."""
        if not self._since:
            return self.templates.all()
        changed = (holder for holder, at in made.items() if self._since.get(holder) != at)
        return [kept for kept in map(self.templates.of, changed) if kept is not None]

    def _known(self, kept: Kept) -> bool:
        try:
            self.gallery.put(kept.holder, Template.from_bytes(kept.vector))
        except TemplateError:
            self._forget(kept.holder)
            return False
        self._since[kept.holder] = kept.made_at
        return True

    def _forget(self, holder: str) -> None:
        self.gallery.remove(holder)
        self._since.pop(holder, None)
