"""Somebody gives their face at a gate: who consented at a kiosk, has just come in by their slip, says yes again, and
shows the slip once more.

No model runs before that. What the camera saw is gone with the try; what is kept is the template, with its consent, in
this gate's encrypted store.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Protocol

from devices.face.template import Template as Face
from gate.flows.admission import Admitted, Kind
from gate.flows.moment import Moment
from gate.services.face import NoTemplate, Tell
from gate.store.templates import NoConsentError, Template, Templates


class MakesTemplates(Protocol):
    """The camera and the model (gate.services.face.FaceAtGate)."""

    def make_template(self, cancel: Event, tell: Tell) -> Face | NoTemplate:
        """Of one living face. Blocking."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Whose face may be asked for now, and by which consent. To be forgotten with the passer."""

    holder: str = field(repr=False)
    credential: str = field(repr=False)

    def given_by(self, admitted: Admitted) -> bool:
        """Whether it is the same holder's slip once more. A touch alone is no yes: who came in may have walked on, and
        the next one at the screen would give their own face to another's right."""
        return admitted.kind is Kind.SLIP and admitted.holder == self.holder


@dataclass(frozen=True, slots=True)
class EnrolFace:
    """``has_face``: whether a usable one of this holder is searched here already (``in`` Gallery). ``made``: one was
    kept; must not raise."""

    faces: MakesTemplates
    templates: Templates
    moment: Callable[[], Moment]
    has_face: Callable[[str], bool]
    made: Callable[[], None]

    def consent(self, admitted: Admitted) -> Consent | None:
        """Whether to ask whoever was just admitted; None: there is nothing to ask. Looks at nobody. Raises StoreError.

        By a slip alone: it was printed for whoever consented, a few days ago. A lost card must not give the next
        person's face to its owner's name.
        """
        if admitted.kind is not Kind.SLIP or self.has_face(admitted.holder):
            return None
        credential = self.templates.consent_of(admitted.holder)
        return Consent(admitted.holder, credential) if credential is not None else None

    def make(self, consent: Consent, cancel: Event, tell: Tell) -> bool:
        """After the second yes, and the slip. False: no good face of one living person in time, or the consent is gone
        by now; then nothing was kept. Blocking. Raises what FaceAtGate.make_template raises, and StoreError."""
        if self.templates.consented(consent.credential) != consent.holder:
            return False
        face = self.faces.make_template(cancel, tell)
        if isinstance(face, NoTemplate) or cancel.is_set():
            return False
        return self._keep(consent, face)

    def _keep(self, consent: Consent, face: Face) -> bool:
        at = self.moment().at.replace(microsecond=0)
        before = self.templates.made_at(consent.holder)
        if before is not None:
            at = max(at, before + timedelta(seconds=1))  # newer for every gate, whatever the clocks say
        try:
            self.templates.put(Template(consent.holder, face.to_bytes(), at, consent.credential))
        except NoConsentError:  # withdrawn while the camera looked
            return False
        self.made()
        return True
