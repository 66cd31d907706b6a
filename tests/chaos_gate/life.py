"""A day in the community: who comes to which door by what, what is done at the kiosk, who tries what is not theirs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from backend_client.contract.tenancies import RightKind, WayKind
from forms.paper import CHINA_TIME
from tests.chaos_gate.box import Box
from tests.chaos_gate.doors import Doors
from tests.chaos_gate.facts import Way
from tests.chaos_gate.people import Flat, Person

MISS_RATE = 0.02
"""Of a face that is known: how often it is not found (ISO/IEC 19795-1, FNIR). The only chance to be refused."""
_OUT = 0.9  # of the people, on a day
_UPSTAIRS_S = 120.0
_MOVING = 0.5  # of those who leave; and of those who rent, while some of them look for a flat
_A_YEAR = timedelta(days=365)


@dataclass
class Life(Doors):
    """Whoever lives here. ``moving``: who has given up a flat and takes another one; ``renewed``: tenancies that were;
    ``losses``: of cards."""

    moving: list[Person] = field(default_factory=list)
    renewed: set[str] = field(default_factory=set)
    losses: int = 0

    def day(self) -> None:
        """Draw all that happens until the next midnight."""
        for person in (*self.community.people, *self.community.newcomers):
            if self.chance.random() < _OUT:
                self._then(5, 23, partial(self._goes_out, person))
                self._then(6, 24, partial(self._comes_home, person))
        for _, often, work in self._deeds():
            for _ in range(often):
                self._then(7, 23, work)
        for box in self.stage.boxes:
            for _ in range(8 + self._share(0.002)):
                self._then(0, 24, partial(self._stranger, box))
            self._then(12, 24, partial(self._shows_phone, box))
            self._then(1, 3, partial(self._tries_expired, box))

    def _then(self, first: float, last: float, work: Callable[[], None]) -> None:
        self.stage.after(self.chance.uniform(first, last) * 3600, work)

    def _share(self, rate: float) -> int:
        return max(1, round(len(self.community.people) * rate))

    # --- going out, and coming home ---

    def _goes_out(self, person: Person) -> None:
        own = [box for box in self.stage.boxes if person.right and box.place == person.right.place]
        compound = [box for box in self.stage.boxes if box.place is None]
        for box in own:
            self._presses(box)
        self.stage.after(_UPSTAIRS_S, partial(self._presses, self.chance.choice(compound)))

    def _comes_home(self, person: Person) -> None:
        compound = [box for box in self.stage.boxes if box.place is None]
        self._enters(self.chance.choice(compound), person)
        own = [box for box in self.stage.boxes if person.right and box.place == person.right.place]
        for box in own:
            self.stage.after(_UPSTAIRS_S, partial(self._enters, box, person))

    def _enters(self, box: Box, person: Person) -> None:
        """By one of their own ways; a face that is not found is followed by another."""
        mine = [each for each in self.community.facts.of_person.get(person.person_id, []) if self._has(each)]
        if not mine or box.life is None:
            return
        way = self.chance.choice(mine)
        if way.kind is WayKind.FACE:
            others = [each for each in mine if each.kind is not WayKind.FACE]
            way = way if self._found(box, way) or not others else self.chance.choice(others)
        if self._present(box, way, self._name(way)) and way.kind is not WayKind.FACE:
            self._gives_face(box, mine)

    def _found(self, box: Box, way: Way) -> bool:
        """Whether the camera knows them here."""
        if not box.holder_of(way):
            return False
        self.judge.counts["a face that was asked for"] += 1
        if self.chance.random() < MISS_RATE:
            self.judge.counts["a face that was not found (by chance)"] += 1
            return False
        return True

    def _gives_face(self, box: Box, mine: list[Way]) -> None:
        for each in mine:
            if each.kind is WayKind.FACE and not box.holder_of(each) and box.make_face(each):
                self.stage.done["faces made at gates"] += 1

    # --- at a kiosk ---

    def _deeds(self) -> Iterator[tuple[str, int, Callable[[], None]]]:
        yield "new", self._share(0.001), self._rents
        yield "renewals", self._share(0.005), self._renews
        yield "leaves", self._share(0.001), self._leaves
        yield "cards", self._share(0.002), self._loses_card
        yield "phones", self._share(0.01), partial(self._gets, WayKind.PHONE)
        yield "slips", self._share(0.003), partial(self._gets, WayKind.SLIP)
        yield "faces", self._share(0.005), partial(self._gets, WayKind.FACE)
        yield "withdrawals", self._share(0.002), self._withdraws
        yield "guests", self._share(0.005), self._has_guest

    def _some(self, fits: Callable[[Person], bool]) -> Person | None:
        for _ in range(200):
            person = self.chance.choice(self.community.people)
            if person.right and person.person_id not in self.community.away and self._stands(person) and fits(person):
                return person
        return None

    def _stands(self, person: Person) -> bool:
        """Whether their right surely opens for some days still."""
        state = person.right.history.at(self._now) if person.right else None
        soon = (self._now + timedelta(days=1)).astimezone(CHINA_TIME).date()
        return state is not None and not state.over and (state.last is None or state.last > soon)

    def _rents(self) -> None:
        """The landlord says yes hours later, or no, or nothing; with a yes come slip, phone, face and card."""
        waiting = [each for each in self.community.newcomers if each.right is None]
        moves = bool(self.moving) and (self.chance.random() < _MOVING or not waiting)
        if not (moves or waiting) or not self.community.spare:
            return
        person, flat = (self.moving if moves else waiting)[0], self.community.spare.pop()
        if person.person_id == flat.owner.person_id:
            return
        if moves:
            self.moving.remove(person)
            self.community.away.discard(person.person_id)
        until = (self._now + _A_YEAR).date()
        what = "moves to another flat" if moves else "new contracts"
        self.stage.deed(what, lambda: self._has_rented(person, flat, until))

    def _has_rented(self, person: Person, flat: Flat, until: date) -> None:
        if not self.desk.rents(person, flat, until):
            return
        says = self.chance.choice(("yes", "yes", "no", ""))
        if says:
            answer = partial(self.desk.answers, flat.owner, person, yes=says == "yes", until=until)
            self._then(0.1, 10, lambda: self.stage.deed(f"landlords say {says}", answer))
        if says == "yes":
            self._then(10.1, 11, lambda: self._moves_in(person))
        else:
            self._then(10.1, 11, lambda: self.stage.deed("cards of who waits", partial(self.desk.new_card, person)))

    def _moves_in(self, person: Person) -> None:
        if person.right is None or not person.right.history.times or person.person_id in self.community.away:
            return
        self.stage.deed("slips", partial(self.desk.slip, person))
        self.stage.after(60, lambda: self.stage.deed("faces consented to", partial(self.desk.consents, person)))
        self._then(12, 40, lambda: self.stage.deed("phones", partial(self.desk.phone, person)))
        self._then(20, 60, lambda: self.stage.deed("new cards", partial(self.desk.new_card, person)))
        for each in (48, 60, 80):
            self.stage.after(each * 3600, partial(self._copies_slip, person))

    def _copies_slip(self, person: Person) -> None:
        """Whoever found it tries; while it has not done its work, a slip opens to whoever has it."""
        for way in self.community.facts.of_person.get(person.person_id, []):
            state = way.history.at(self._now)
            if way.kind is WayKind.SLIP and state is not None and state.open is False:
                self._is_gone(way, "slip, copied")

    def _renews(self) -> None:
        def fits(person: Person) -> bool:
            ends = self.community.ends.get(person.right.right_id) if person.right else None
            near = ends is not None and ends - self._now.date() < timedelta(days=12)
            return person.kind is RightKind.TENANT and near and person.tenancy not in self.renewed

        person = self._some(fits)
        if person is None:
            return
        self.renewed.add(person.tenancy)
        until, landlord = (self._now + _A_YEAR).date(), self.community.flat_of[person.person_id].owner
        if landlord is person:
            return
        self.stage.deed("renewals", partial(self.desk.renews, person, until))
        says = self.chance.choice(("yes", "yes", "no", "", ""))
        if says:
            answer = partial(self.desk.answers, landlord, person, yes=says == "yes", until=until)
            self._then(1, 20, lambda: self.stage.deed(f"landlords say {says}", answer))

    def _leaves(self) -> None:
        person = self._some(lambda each: each.kind is not RightKind.OWNER and each.tenancy not in self.renewed)
        if person is None or (not person.tenancy and person.kind is RightKind.TENANT):
            return
        day = (self._now + timedelta(days=self.chance.choice((0, 0, 2)))).astimezone(CHINA_TIME).date()
        self.community.away.add(person.person_id)
        self.stage.deed("leaves", lambda: self._has_left(person, day))

    def _may_leave(self, person: Person) -> bool:
        """In the grace there is no right any more to give up."""
        ends = self.community.ends.get(person.right.right_id, date.max) if person.right else date.min
        return person.kind is not RightKind.OWNER and person.tenancy not in self.renewed and ends > self._now.date()

    def _has_left(self, person: Person, day: date) -> None:
        self.desk.leaves(person, day)
        if person.right is not None and person.right.history.states[-1].over:
            for way in self.community.facts.of_person.get(person.person_id, []):
                if way.is_open(self._now):
                    self._is_gone(way, f"{way.kind.value}, of who has left")
            if self.chance.random() < _MOVING:
                self.moving.append(person)

    def _own(self, person: Person, kind: WayKind) -> list[Way]:
        found = self.community.facts.of_person.get(person.person_id, [])
        return [each for each in found if each.kind is kind and each.is_open(self._now)]

    def _loses_card(self) -> None:
        """Every other one first gets a new one; the others, a few minutes later, a slip. The finder tries."""
        person = self._some(lambda each: bool(self._own(each, WayKind.CARD)))
        if person is None:
            return
        lost = self._own(person, WayKind.CARD)[0]
        self.losses += 1
        if self.losses % 2:
            self.stage.deed("new cards", partial(self.desk.new_card, person))
        else:
            self.stage.after(900, lambda: self.stage.deed("slips", partial(self.desk.slip, person)))
        self.stage.after(600, lambda: self.stage.deed("lost cards", lambda: self._has_lost(person, lost)))

    def _has_lost(self, person: Person, card: Way) -> None:
        if card.is_open(self._now):
            self.desk.lost(person, card)
            self._is_gone(card, "card, lost")

    def _gets(self, kind: WayKind) -> None:
        person = self._some(lambda each: not self._own(each, kind))
        if person is not None:
            work = {WayKind.PHONE: self.desk.phone, WayKind.SLIP: self.desk.slip, WayKind.FACE: self.desk.consents}
            names = {WayKind.PHONE: "phones", WayKind.SLIP: "slips", WayKind.FACE: "faces consented to"}
            self.stage.deed(names[kind], partial(work[kind], person))
            if kind is WayKind.FACE:
                self._walks_round(person)

    def _walks_round(self, person: Person) -> None:
        """A face is made at each gate by itself."""
        for box in self.stage.boxes:
            if person.right and box.place in (None, person.right.place):
                self._then(0.2, 2, partial(self._enters, box, person))

    def _withdraws(self) -> None:
        person = self._some(lambda each: bool(self._own(each, WayKind.FACE)))
        if person is not None:
            way = self._own(person, WayKind.FACE)[0]
            self.stage.deed("consents withdrawn", lambda: self._has_withdrawn(person, way))

    def _has_withdrawn(self, person: Person, way: Way) -> None:
        if way.is_open(self._now):
            self.desk.withdraws(person, way)
            self._is_gone(way, "face, withdrawn")

    def _has_guest(self) -> None:
        person = self._some(lambda _: True)
        if person is not None:
            day = (self._now + timedelta(days=self.chance.choice((0, 1)))).astimezone(CHINA_TIME).date()
            self.stage.deed("guests' codes", lambda: self._has_asked_in(person, day))

    def _has_asked_in(self, person: Person, day: date) -> None:
        self.desk.guest(person, day)
        way = self.community.facts.of_person[person.person_id][-1]
        for _ in range(2):
            self._then(0.1, 40, partial(self._guest_comes, way))

    def _guest_comes(self, way: Way) -> None:
        """On their day, or before, or after: the code says it."""
        boxes = [box for box in self.stage.boxes if box.place in (None, way.right.place)]
        assert way.starts_at is not None
        assert way.ends_at is not None
        on_time = way.starts_at <= self._now < way.ends_at
        what = f"guest's code, {'on its day' if on_time else 'on another day'}"
        self._present(self.chance.choice(boxes), way, what)
