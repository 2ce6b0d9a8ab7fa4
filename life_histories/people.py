"""Made-up people in their households: twins, old parents, migrants, students away from home.

Numbers of people, cards, accounts and phones are scattered by a bijection: two of one household, or
two of one case, do not stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from life_histories.area import Area, City, Place, Site
from life_histories.dice import Dice, Stream
from life_histories.parameters import Parameters

BLOCK: Final = 1_000
"""People drawn from one stream; households do not cross it."""
OLD: Final = 60
YEAR: Final = 2026
SCATTERED: Final = 99_999_989
"""A prime below a hundred million: multiplication by anything is a bijection under it."""
SECOND_CARDS: Final = 40_000_000

HOUSEHOLDS: Final = (
    (1900, "single"),
    (3100, "parents"),
    (1700, "three-generations"),
    (1200, "old-couple"),
    (500, "old"),
    (700, "student"),
    (900, "couple"),
)
"""Of 10,000 households (assumption)."""


@dataclass(slots=True)
class Person:
    """A holder: who they are on the first day, and their habits."""

    index: int
    number: str
    card: str
    account: str
    phone: str
    born: int
    role: str
    city: City
    home: Place
    station: tuple[int, int]
    household: int
    ride: str = ""
    work_station: tuple[int, int] = (0, 0)
    employer: Site | None = None
    leaves_home_s: int = 0
    concession: str = ""
    programmes: tuple[str, ...] = ()
    drug: str = ""
    shows_codes: bool = False
    parents: tuple[int, ...] = ()
    origin: City | None = None
    clocks: bool = False
    wave_day: int = -1
    family: list[int] = field(default_factory=list)

    @property
    def age(self) -> int:
        """In years."""
        return YEAR - self.born


def scattered(index: int, purpose: int) -> int:
    """Eight digits that tell nothing of the index."""
    return (index * (48_271 + 2 * purpose) + 7_654_321 * (purpose + 1)) % SCATTERED


def card_of(region: str, index: int, which: int = 0) -> str:
    """The number of a person's card, or of a later one."""
    return f"{region}{scattered(index + which * SECOND_CARDS // 8, 1):08d}"


def account_of(index: int, which: int = 0) -> str:
    """The number of a person's account, or of another one."""
    return f"A{scattered(index + which * SECOND_CARDS // 8, 2):08d}"


def phone_of(index: int, which: int = 0) -> str:
    """The device number of a phone."""
    return f"M{scattered(index + which * SECOND_CARDS // 8, 3):08d}"


def make_people(seed: int, count: int, area: Area, numbers: Parameters, days: int) -> list[Person]:
    """All holders, block by block."""
    waves = _hiring_waves(area, numbers, seed, days)
    people: list[Person] = []
    for block in range(-(-count // BLOCK)):
        dice = Dice(seed, Stream.PEOPLE, block)
        end = min(count, (block + 1) * BLOCK)
        while len(people) < end:
            household = _household(dice, len(people), area, numbers, waves)
            people.extend(household[: end - len(people)])
    for person in people:
        person.parents = tuple(n for n in person.parents if n < len(people))
        person.family = [n for n in person.family if n < len(people)]
    return people


def _hiring_waves(area: Area, numbers: Parameters, seed: int, days: int) -> dict[str, int]:
    dice = Dice(seed, Stream.PEOPLE, 1 << 30)
    waves = {}
    for city in area.cities:
        for site in city.sites["employer"][: numbers.hiring_waves]:
            waves[site.code] = dice.between(8, max(9, days - 25))
    return waves


class _Home:
    """A household being filled."""

    def __init__(self, dice: Dice, first: int, city: City, numbers: Parameters) -> None:
        self.dice, self.first, self.city, self.numbers = dice, first, city, numbers
        line = dice.below(len(city.lines))
        self.station = (line, dice.below(len(city.lines[line])))
        near = city.lines[line][self.station[1]]
        self.place = Place(
            f"R{scattered(first, 4):08d}",
            city.region,
            city.number,
            near.x_m + dice.between(-900, 900),
            near.y_m + dice.between(-900, 900),
        )
        self.people: list[Person] = []

    def add(self, role: str, born: int) -> Person:
        index = self.first + len(self.people)
        has_phone = role != "child" and self.dice.chance(self.numbers.phones_bound)
        person = Person(
            index,
            f"P{scattered(index, 0):08d}",
            card_of(self.city.region, index),
            account_of(index),
            phone_of(index) if has_phone else "",
            born,
            role,
            self.city,
            self.place,
            self.station,
            self.first,
        )
        person.shows_codes = has_phone and self.dice.chance(self.numbers.code_users)
        self.people.append(person)
        return person


def _household(
    dice: Dice, first: int, area: Area, numbers: Parameters, waves: dict[str, int]
) -> list[Person]:
    city = area.cities[2 * dice.below(4) + (1 if dice.below(4) == 0 else 0)]
    home = _Home(dice, first, city, numbers)
    drawn, kind = dice.below(10_000), ""
    for share, kind in HOUSEHOLDS:  # noqa: B007 - the last one drawn is kept
        drawn -= share
        if drawn < 0:
            break
    has_twins = dice.chance(numbers.twins)
    grown: list[Person] = []
    if kind in {"single", "couple", "parents", "three-generations"}:
        born = YEAR - dice.between(23, 52)
        for _ in range(1 if kind == "single" else 2):
            grown.append(_grown(home, born + dice.between(-3, 3), area, waves))
        if kind == "single" and has_twins:
            _add_twin(home, grown[0])
    if kind in {"parents", "three-generations"}:
        _add_children(home, has_twins=has_twins)
    if kind in {"three-generations", "old-couple", "old"}:
        _add_parents(home, kind, grown)
    if kind == "student":
        _add_student(home, area)
    for person in home.people:
        person.family = [other.index for other in home.people if other is not person]
        _settle_traits(person, dice, numbers)
    return home.people


def _add_children(home: _Home, *, has_twins: bool) -> None:
    count = 1 + home.dice.below(2)
    born = YEAR - home.dice.between(1, 15)
    for n in range(2 if has_twins else count):
        home.add("child", born if has_twins else born + n * 2)


def _add_parents(home: _Home, kind: str, grown: list[Person]) -> None:
    dice = home.dice
    count = 2 if kind == "old-couple" else 1 + (dice.below(2) if kind != "old" else 0)
    born = YEAR - dice.between(61, 90)
    for _ in range(count):
        old = _old(home, min(YEAR - 60, born + dice.between(-4, 4)))
        for child in grown[:1]:
            child.parents = (*child.parents, old.index)


def _settle_traits(person: Person, dice: Dice, numbers: Parameters) -> None:
    """Lasting drugs, certificates, allowances."""
    lasting = numbers.chronic_old if person.age >= OLD else numbers.chronic_grown
    if person.role != "child" and dice.chance(lasting):
        person.drug = f"C{dice.between(10, 69):02d}"
    if not person.concession and dice.chance(150):
        person.concession = "disability" if dice.chance(6_500) else "veteran"
    if person.role in {"worker", "homemaker"} and dice.chance(numbers.subsidies):
        person.programmes = (dice.pick(("farm-support", "skills-subsidy", "care-allowance")),)


def _grown(home: _Home, born: int, area: Area, waves: dict[str, int]) -> Person:
    dice, numbers = home.dice, home.numbers
    if dice.chance(1_400):
        return home.add("homemaker", born)
    person = home.add("night" if dice.chance(numbers.night_workers) else "worker", born)
    line = dice.below(len(home.city.lines))
    person.work_station = (line, dice.below(len(home.city.lines[line])))
    drawn = dice.below(10_000)
    if person.work_station != home.station and drawn < numbers.metro_commuters:
        person.ride = "metro"
    elif drawn < numbers.metro_commuters + numbers.bus_commuters:
        person.ride = "bus"
    person.leaves_home_s = dice.between(6 * 3600 + 2700, 8 * 3600 + 1200)
    person.employer = weighted(home.city.sites["employer"], dice)
    person.clocks = person.employer.trait == "clocks" and dice.chance(4 * numbers.clocking_recorded)
    hiring = [site for site in home.city.sites["employer"][:9] if site.code in waves]
    if hiring and dice.chance(numbers.hired_in_waves):
        person.employer = dice.pick(hiring)
        person.wave_day = waves[person.employer.code] + dice.below(6)
        person.clocks = dice.chance(9_000)
    if dice.chance(2_000):
        person.origin = area.cities[dice.below(len(area.cities))]
    return person


def _add_twin(home: _Home, one: Person) -> None:
    twin = home.add(one.role, one.born)
    twin.work_station, twin.ride = one.work_station, one.ride
    twin.leaves_home_s, twin.employer = one.leaves_home_s + 60, one.employer


def _old(home: _Home, born: int) -> Person:
    dice = home.dice
    person = home.add("pensioner", born)
    person.concession = "senior" if person.age >= 65 or dice.chance(3_000) else ""  # noqa: PLR2004
    person.ride = "bus" if dice.chance(home.numbers.senior_riders) else ""
    person.programmes = ("employee-pension" if dice.chance(4_500) else "resident-pension",)
    return person


def _add_student(home: _Home, area: Area) -> None:
    dice = home.dice
    person = home.add("student", YEAR - dice.between(18, 24))
    person.concession = "student"
    person.ride = "metro" if dice.chance(3_000) else ""
    person.leaves_home_s = dice.between(30_000, 60_000)
    if dice.chance(7_000):
        others = [city for city in area.cities if city.region != home.city.region]
        person.origin = dice.pick(others)


def weighted(sites: list[Site], dice: Dice) -> Site:
    """One of them, busy ones oftener."""
    best = dice.pick(sites)
    for _ in range(2):
        other = dice.pick(sites)
        if other.busy > best.busy and dice.chance(7_000):
            best = other
    return best
