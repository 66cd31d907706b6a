"""Looking at a paper that somebody holds before the camera. No frame, no code and no fact of it outlives the answer."""

import logging
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event

import numpy as np

from backend_client.contract.verification import PaperStanding
from backend_client.errors import RecordsError
from backend_client.session import RecordsSession
from civic.clock import Clock
from devices.camera.api import Camera, Frame, Image
from devices.errors import DeviceError
from forms.carried import CarriedList
from forms.code import Claims, read_claims
from forms.content import chinese_date, chinese_minute
from forms.errors import CarriedListError
from forms.paper import CHINA_TIME
from forms.reading import codes_in
from forms.verification import Outcome, verify_code
from kiosk.flows import check_paper as flow
from kiosk.services.belief import Belief
from terminal.store.errors import StoreError

PATIENCE = 40.0  # seconds from the first frame on
_OUTCOMES = {
    Outcome.COMPARE: flow.Standing.COMPARE,
    Outcome.ALTERED: flow.Standing.ALTERED,
    Outcome.VOID: flow.Standing.VOID,
    Outcome.EXPIRED: flow.Standing.EXPIRED,
}
_STANDINGS = {
    PaperStanding.GENUINE: flow.Standing.COMPARE,
    PaperStanding.NOT_YET: flow.Standing.NOT_YET,
    PaperStanding.VOID: flow.Standing.VOID,
    PaperStanding.EXPIRED: flow.Standing.EXPIRED,
    PaperStanding.UNKNOWN: flow.Standing.UNKNOWN_ISSUER,
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckDesk:
    """Blocking; every call ends when ``cancel`` is set."""

    camera: Camera
    session: RecordsSession
    belief: Belief
    clock: Clock
    says_void: Callable[[str], bool] = lambda _: False  # of a serial: what records have said since the list was made
    keep_void: Callable[[str], None] = lambda _: None  # records have said so just now

    def refresh(self, skew: float | None = None) -> None:
        """Fetch the newest list. What does not come, or does not hold, changes nothing. ``skew``: see Belief.accept."""
        try:
            self.belief.accept(self.session.carried(), skew)
        except (RecordsError, CarriedListError) as error:
            _log.error("no carried list: %s", error)

    def look(
        self, cancel: Event, say: Callable[[flow.CodeSeen], None], show: Callable[[Image], None]
    ) -> flow.PaperChecked | flow.CameraFailed:
        """Look for a code in the camera's picture, and judge the paper that carries it."""
        try:
            code = self._code(cancel, show)
        except DeviceError:
            return flow.CameraFailed()
        if not code:
            return flow.PaperChecked(flow.Finding(flow.Standing.NOT_READABLE))
        say(flow.CodeSeen())
        return flow.PaperChecked(self._judged(code))

    def _code(self, cancel: Event, show: Callable[[Image], None]) -> str:
        """The one code that a frame shows; "" when none came in time."""
        frames = self.camera.frames(cancel)
        try:
            return _first_code(frames, show)
        finally:
            if isinstance(frames, Generator):
                frames.close()  # now, not when memory is next tidied: the camera's light goes out with it

    def _judged(self, code: str) -> flow.Finding:
        """What the carried list says of its issuer; then records' word on the paper, if they can be reached. A void
        that they once told of stays one, also for records that were put back and have forgotten it."""
        carried, trust = self.belief.now()
        verdict = verify_code(code, trust, self.clock.now(), carried)
        if verdict.outcome is Outcome.UNKNOWN_ISSUER:  # to a list of before the key was changed, or without any
            return self._by_records_alone(code, carried)
        standing = _OUTCOMES.get(verdict.outcome, flow.Standing.NOT_READABLE)
        if verdict.claims is None:
            return flow.Finding(standing)
        said = self._asked(code)
        standing = standing if said is None else self._said(said, verdict.claims)
        if standing is flow.Standing.COMPARE and self.says_void(verdict.claims.serial):
            standing = flow.Standing.VOID
        finding = _finding(standing, verdict.claims)
        return finding if said is not None else _as_of(carried, self.clock.now(), finding)

    def _by_records_alone(self, code: str, carried: CarriedList | None) -> flow.Finding:
        """Whether the code is theirs, records have checked before they say anything of its paper. They alone deny it:
        a list knows the keys of its own day."""
        said = self._asked(code)
        if said is None:
            return _as_of(carried, self.clock.now(), flow.Finding(flow.Standing.NOT_KNOWN))
        if said is PaperStanding.UNKNOWN:
            return flow.Finding(flow.Standing.UNKNOWN_ISSUER)
        claims = read_claims(code)
        return _finding(self._said(said, claims), claims)

    def _said(self, said: PaperStanding, claims: Claims) -> flow.Standing:
        """A void that records tell of is kept: the link may go before the feed has told of it too."""
        if said is PaperStanding.VOID:
            with suppress(StoreError):  # a full disk: the answer stands all the same
                self.keep_void(claims.serial)
        return _STANDINGS[said]

    def _asked(self, code: str) -> PaperStanding | None:
        try:
            return self.session.verify(code).standing
        except RecordsError:
            return None


def _first_code(frames: Iterable[Frame], show: Callable[[Image], None]) -> str:
    began: float | None = None
    for frame in frames:
        began = frame.at if began is None else began
        show(frame.image)
        found = codes_in(np.ascontiguousarray(frame.image[..., 1]))  # green: the sharpest of a sensor's colours
        if len(found) == 1:
            return found[0]
        if frame.at - began > PATIENCE:
            return ""
    return ""


def _finding(standing: flow.Standing, claims: Claims) -> flow.Finding:
    return flow.Finding(standing, claims.kind.value, tuple(_facts(claims)), claims.specimen)


def _as_of(carried: CarriedList | None, now: datetime, finding: flow.Finding) -> flow.Finding:
    """What is known without records, and of when the list is that it rests on."""
    return finding if carried is None else replace(finding, as_of=carried.made_at, old=carried.is_old(now))


def _facts(claims: Claims) -> list[flow.Fact]:
    """What is compared by eye, masked as the code states it."""
    local = claims.expires_at.astimezone(CHINA_TIME)
    by_day = (local.hour, local.minute) == (0, 0)
    until = chinese_date(claims.valid_until) if by_day else chinese_minute(local)
    named = ((("zh", "编号"), ("en", "Serial")), claims.serial), ((("zh", "有效期至"), ("en", "Valid until")), until)
    stated = [(((("zh", label.chinese), ("en", label.english))), text) for label, text in claims.facts]
    return [flow.Fact(label, text) for label, text in (*stated, *named)]
