"""Who comes to a door, and shows what: their own way, or what is not theirs; each is judged as it happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from backend_client.contract.tenancies import WayKind
from civic.gate_codes import PhoneCode, phone_counter, phone_statement, slip_code
from forms.paper import CHINA_TIME
from tests.chaos_gate.box import Box
from tests.chaos_gate.desk import Desk
from tests.chaos_gate.facts import Way
from tests.chaos_gate.judge import Judge, Shown
from tests.chaos_gate.people import Community
from tests.chaos_gate.plan import Act, Deed
from tests.chaos_gate.stage import Stage

_REPLAYED = 0.15  # of the phones' codes, somebody tries again at once
_IN_THE_DARK = 0.1  # of these, after they took the gate's power away for a moment


@dataclass
class Doors:
    """``gone``: ways that open nothing, or soon will not; ``seen``: codes of phones that were photographed."""

    stage: Stage
    community: Community
    desk: Desk
    judge: Judge
    chance: Random
    gone: list[tuple[Way, str]] = field(default_factory=list)
    seen: list[tuple[PhoneCode, Way, datetime]] = field(default_factory=list)

    def _has(self, way: Way) -> bool:
        """Whether they would think of using it: guests' codes are the guests'."""
        return way.kind is not WayKind.GUEST and way.is_open(self._now)

    def _name(self, way: Way) -> str:
        state = way.right.history.at(self._now)
        today = self._now.astimezone(CHINA_TIME).date()
        if state is None:
            return f"{way.kind.value}, whose landlord has not said yes"
        if state.over or (state.last is not None and state.last < today):
            return f"{way.kind.value}, whose right is over"
        return f"{way.kind.value}, of who lives here"

    # --- at a door ---

    def _present(self, box: Box, way: Way, what: str) -> bool:
        """Show it, and have it judged; False: refused, or the gate is off."""
        if box.life is None:
            return False
        box.advance()
        match way.kind:
            case WayKind.FACE:
                holder = box.holder_of(way)
                return bool(holder) and self._shown(box, way, what, partial(box.face, holder))
            case WayKind.PHONE:
                code = self._code(way, self.desk.keys[way.way_id])
                return self._phone(box, way, code, what)
            case WayKind.CARD | WayKind.CARD_NUMBER:
                return self._shown(box, way, what, partial(box.card, way.ref))
            case _:
                return self._shown(box, way, what, partial(box.code, self.desk.codes[way.way_id]))

    def _phone(self, box: Box, way: Way, code: PhoneCode, what: str) -> bool:
        admitted = self._shown(box, way, what, partial(box.code, code.text), self._now)
        if admitted and self.chance.random() < _REPLAYED:
            self.seen.append((code, way, self._now))
            self.stage.after(self.chance.uniform(1, 25), partial(self._replays, box, *self.seen[-1]))
        return admitted

    def _shown(
        self,
        box: Box,
        way: Way | None,
        what: str,
        show: Callable[[], bool],
        said: datetime | None = None,
        *,
        genuine: bool = True,
    ) -> bool:
        if self.stage.muted:
            return False
        self.judge.strike(box.number, self._now, left_open=box.strike.left_open())
        window = box.outside.window(self._now)
        admitted = show()
        shown = Shown(box.number, box.place, self._now, way, what, said, genuine)
        self.judge.passage(shown, window, admitted=admitted)
        return admitted

    def _presses(self, box: Box) -> None:
        """By the button inside."""
        if self.stage.muted:
            return
        how = "the gate has no power" if box.life is None else "no line" if not box.line.stands else "connected"
        self.judge.way_out(box.number, self._now, f"by the button, {how}", free=box.strike.leaves())

    def _code(self, way: Way, key: ec.EllipticCurvePrivateKey, community: str = "") -> PhoneCode:
        counter = phone_counter(self._now)
        signed = key.sign(phone_statement(community or self._community, way.way_id, counter), ec.ECDSA(SHA256()))
        r, s = decode_dss_signature(signed)
        return PhoneCode(way.way_id, counter, r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    @property
    def _community(self) -> str:
        return self.stage.records.settings.community

    @property
    def _now(self) -> datetime:
        return self.stage.clock.now()

    def _shows_phone(self, box: Box) -> None:
        """At every gate somebody is photographed each day."""
        phones = [self.community.facts.ways[each] for each in self.desk.keys]
        fit = [each for each in phones if each.is_open(self._now) and box.place in (None, each.right.place)]
        if fit and box.life is not None:
            way = self.chance.choice(fit)
            box.advance()
            code = self._code(way, self.desk.keys[way.way_id])
            self._shown(box, way, self._name(way), partial(box.code, code.text), self._now)
            self.stage.after(10, partial(self._replays, box, code, way, self._now))

    def leaves_meanwhile(self, act: Act) -> None:
        """Whatever has just befallen a gate, somebody is inside."""
        for box in [self.stage.boxes[act.gate]] if act.gate >= 0 else self.stage.boxes:
            if act.deed is Deed.FIRE:
                free = box.strike.gives_way()
                self.judge.way_out(box.number, self._now, "by the push of a hand, while it burns", free=free)
            self._presses(box)

    # --- what is not theirs ---

    def _replays(self, box: Box, code: PhoneCode, way: Way, at: datetime) -> None:
        """A photograph of the screen, at once; sometimes the gate had no power in between."""
        if box.life is not None and self.chance.random() < _IN_THE_DARK:
            self.stage.switch_off(box, 1.0, power=True)
            self.stage.done["a gate's power cut by who replays"] += 1
            self.stage.after(2.0, partial(self._shows_again, box, code, way, at))
        else:
            self._shows_again(box, code, way, at)

    def _shows_again(self, box: Box, code: PhoneCode, way: Way, at: datetime) -> None:
        if box.life is not None:
            box.advance()
            self._shown(box, way, "phone's code, photographed", partial(box.code, code.text), at)

    def _tries(self, box: Box, way: Way, what: str) -> None:
        self._present(box, way, what)

    def _stranger(self, box: Box) -> None:
        if box.life is None:
            return
        box.advance()
        ours: list[Callable[[Box], None]] = [self._tries_gone, self._tries_expired, self._tries_photograph]
        tries = [*ours, self._tries_expired, self._forges, self._comes_from_elsewhere]
        self.chance.choice(tries)(box)

    def _tries_gone(self, box: Box) -> None:
        if self.gone:
            way, what = self.chance.choice(self.gone[-200:])
            self._present(box, way, what)

    def _tries_expired(self, box: Box) -> None:
        """Whose grace ended yesterday."""
        over = {self._now.astimezone(CHINA_TIME).date() - timedelta(days=1)}
        rights = self.community.facts.rights.values()
        last = {each.right_id for each in rights if (state := each.history.at(self._now)) and state.last in over}
        ways = [each for each in self.community.facts.ways.values() if each.right.right_id in last and self._has(each)]
        if ways:
            way = self.chance.choice(ways)
            self._present(box, way, self._name(way))

    def _tries_photograph(self, box: Box) -> None:
        if self.seen:
            code, way, at = self.chance.choice(self.seen[-50:])
            self._shows_again(box, code, way, at)

    def _forges(self, box: Box) -> None:
        """A real phone's name with another's signature; or its own, for another community."""
        phones = [self.community.facts.ways[each] for each in self.desk.keys]
        if not phones:
            return
        way, other = self.chance.choice(phones), ec.generate_private_key(ec.SECP256R1())
        own = self.desk.keys[way.way_id]
        code = self.chance.choice((self._code(way, other), self._code(way, own, "elsewhere")))
        self._shown(box, way, "phone's code, forged", partial(box.code, code.text), self._now, genuine=False)

    def _comes_from_elsewhere(self, box: Box) -> None:
        code = slip_code(self.chance.randbytes(16)).text
        show = self.chance.choice((partial(box.card, "RWxzZXdoZXJl"), partial(box.code, code)))
        self._shown(box, None, "card or code of another community", show)

    def _is_gone(self, way: Way, what: str) -> None:
        """Whoever has it now tries it within the minute, after it, and days later."""
        self.gone.append((way, what))
        boxes = [box for box in self.stage.boxes if box.place in (None, way.right.place)]
        for seconds in (30.0, 90.0, 3600.0):
            for box in boxes:
                self.stage.after(seconds + self.chance.random(), partial(self._tries, box, way, what))
