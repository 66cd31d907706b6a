"""Made-up residents: valid numbers of a region that does not exist, common names, plausible households.

The same seed makes the same people. Nobody real is meant: 990101 is no region of GB/T 2260.
"""

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from civic.id_number import check_character
from records.store.residents import ResidentRow

REGION = "990101"
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_MALE = ("伟", "强", "磊", "军", "勇", "杰", "涛", "明", "超", "建国", "志强", "文博", "浩然", "子轩", "国庆", "立新")
_FEMALE = (
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "艳",
    "娟",
    "霞",
    "秀英",
    "桂兰",
    "雨欣",
    "梦琪",
    "晓燕",
    "春梅",
    "佳怡",
    "文静",
)
_STREETS = ("平安路", "灯火路", "守望街", "安和巷", "长明街", "同心路")
_PLACES = ("示例省示例市", "示例省灯塔市", "示例省安和县", "示例省长明县")
_MALE_HEADS, _FAMILIES = 0.6, 0.7  # shares of the households
_CHILDREN = ("子", "女")
_UNCLEAR_EVERY = 41  # one in so many records awaits an officer


@dataclass(frozen=True, slots=True, repr=False)
class _Household:
    number: int
    surname: str
    address: str
    kind: str
    birthplace: str
    moved_in: str


class _Maker:
    """Draws people from one stream of chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing is secret
        self._orders: dict[date, int] = {}

    def households(self) -> Iterator[list[ResidentRow]]:
        """Households without end."""
        number = 0
        while True:
            number += 1
            yield self._household(self._frame(number))

    def _frame(self, number: int) -> _Household:
        chance = self._chance
        street, place = chance.choice(_STREETS), chance.choice(_PLACES)
        building, unit, flat = chance.randint(1, 28), chance.randint(1, 4), chance.randint(1, 18) * 100 + number % 4 + 1
        moved = f"{chance.randint(1995, 2020)}年{chance.randint(1, 12)}月由{chance.choice(_PLACES)}迁入"
        return _Household(
            number,
            chance.choice(_SURNAMES),
            f"示例省示例市平安区{street}{chance.randint(1, 200)}号{building}号楼{unit}单元{flat}室",
            "集体户" if number % 17 == 0 else "家庭户",
            place,
            moved if number % 3 else "",
        )

    def _household(self, household: _Household) -> list[ResidentRow]:
        born = date(1950, 1, 1) + timedelta(days=self._chance.randint(0, 18_000))
        head = self._person(household, born, male=self._chance.random() < _MALE_HEADS, relation="户主")
        people = [head]
        if household.kind == "家庭户" and self._chance.random() < _FAMILIES:
            people.append(self._spouse(household, born, head))
            people += [self._child(household, born) for _ in range(self._chance.randint(0, 2))]
        return [replace(person, householder=head.name) for person in people]

    def _spouse(self, household: _Household, born: date, head: ResidentRow) -> ResidentRow:
        other = replace(household, surname=self._chance.choice(_SURNAMES))
        age_gap = timedelta(days=self._chance.randint(-1500, 1500))
        male = head.sex == "女"
        return self._person(other, born + age_gap, male=male, relation="夫" if male else "妻")

    def _child(self, household: _Household, born: date) -> ResidentRow:
        male = self._chance.choice((True, False))
        child_born = min(born + timedelta(days=self._chance.randint(8_500, 13_000)), date(2025, 6, 30))
        return self._person(household, child_born, male=male, relation="子" if male else "女")

    def _person(self, household: _Household, born: date, *, male: bool, relation: str) -> ResidentRow:
        return ResidentRow(
            person_id=secrets.token_hex(8),
            id_number=self._number(born, male=male),
            name=household.surname + self._chance.choice(_MALE if male else _FEMALE),
            former_name="",
            sex="男" if male else "女",
            nation="汉",
            birth_date=born,
            birthplace=household.birthplace,
            native_place=household.birthplace,
            address=household.address,
            household_type=household.kind,
            household=f"synthetic-{household.number}",
            householder="",
            relation=relation,
            moved_in=household.moved_in,
            unclear=False,
            synthetic=True,
            division=REGION,
        )

    def _number(self, born: date, *, male: bool) -> str:
        taken = self._orders.get(born, 0)
        self._orders[born] = taken + 1
        # 501 and up: the lower orders are left to people whom a demonstration names
        digits = f"{REGION}{born:%Y%m%d}{501 + 2 * taken - (not male):03}"
        return digits + check_character(digits)


def residents(seed: int, count: int) -> list[ResidentRow]:
    """``count`` people in their households; now and then one whose record awaits an officer."""
    people: list[ResidentRow] = []
    for household in _Maker(seed).households():
        people += household
        if len(people) >= count:
            break
    return [replace(each, unclear=index % _UNCLEAR_EVERY == 0) for index, each in enumerate(people[:count], start=1)]


def guardians(people: list[ResidentRow]) -> list[tuple[str, str]]:
    """The citizen numbers of each child and of each of its guardians, who are the grown people of its household."""
    households: dict[str, list[ResidentRow]] = {}
    for each in people:
        households.setdefault(each.household, []).append(each)
    return [
        (child.id_number, grown.id_number)
        for together in households.values()
        for child in together
        for grown in together
        if child.relation in _CHILDREN and grown.relation not in _CHILDREN
    ]
