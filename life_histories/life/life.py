"""A life in the making: the diary that keeps a person in one place at a time, and the pen.

Rule: everything a person does takes a slot of a day. Slots lie far enough apart for a city; on a
journey, in hospital and on the day of moving the whole day is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from life_histories.almanac import DAY_S, HOUR_S, Almanac
from life_histories.area import Area, City, Place, Site
from life_histories.dice import Dice
from life_histories.events import Happening
from life_histories.kinds import Detail, TransitTap
from life_histories.parameters import Parameters
from life_histories.people import Person, weighted

MORNING, NOON, AFTERNOON, EVENING, COMMUTE = 1, 2, 4, 8, 16
ALL: Final = 31
BEGINS_S: Final = {MORNING: 33_600, NOON: 43_200, AFTERNOON: 52_200, EVENING: 71_400}
"""When a slot begins; half an hour may pass before one comes."""
COUNTER: Final = 0
"""Written by the purse when all taps of the card stand in order."""
NINETY: Final = 90
TAKEN_OVER_S: Final = 3 * HOUR_S
"""The register of before comes in the first hours of the first day."""


@dataclass(slots=True)
class World:
    """What all lives share."""

    seed: int
    area: Area
    almanac: Almanac
    numbers: Parameters
    people: list[Person]
    end_s: int = field(init=False)

    def __post_init__(self) -> None:
        self.end_s = self.almanac.days * DAY_S

    def scaled(self, of_90_days: int) -> int:
        """A rate of ninety days for the days of this history."""
        return of_90_days * self.almanac.days // NINETY


@dataclass(slots=True)
class Stay:
    """Where a person lives from a day on."""

    from_day: int
    city: City
    home: Place
    station: tuple[int, int]
    work_station: tuple[int, int]
    shops: list[Site] = field(default_factory=list)
    clinics: list[Site] = field(default_factory=list)
    pharmacies: list[Site] = field(default_factory=list)


@dataclass(slots=True)
class Fate:
    """What breaks into a life; -1 is never. Seconds are true moments.

    `is_returned`: the family gives back what was paid after a death. `concession_ends` is the day
    from which the certificate gives nothing; `draws`: the holder goes for cash.
    """

    dies_s: int = -1
    death_told_s: int = -1
    moves_day: int = -1
    lost_s: int = -1
    reported_s: int = -1
    back_s: int = -1
    replaced: bool = False
    is_returned: bool = True
    certificate_until: str = ""
    concession_ends: int = -1
    draws: bool = True


@dataclass(slots=True)
class Life:
    """One person's days and what they leave."""

    world: World
    person: Person
    dice: Dice
    fate: Fate = field(default_factory=Fate)
    stays: list[Stay] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    told: list[Happening] = field(default_factory=list)
    case: str = ""
    is_cast: bool = False
    agent_scope: str = ""

    def stay(self, day: int) -> Stay:
        """Where the person lives that day."""
        found = self.stays[0]
        for stay in self.stays[1:]:
            if stay.from_day <= day:
                found = stay
        return found

    def add_stay(self, from_day: int, city: City, home: Place | None = None) -> Stay:
        """Live in a city from a day on."""
        dice = self.dice
        if home is None:
            line = dice.below(len(city.lines))
            station = (line, dice.below(len(city.lines[line])))
            near = city.lines[line][station[1]]
            home = Place(near.code + "R", city.region, city.number, near.x_m + 400, near.y_m - 300)
            work = (dice.below(len(city.lines)), dice.below(15))
        else:
            station, work = self.person.station, self.person.work_station
        stay = Stay(from_day, city, home, station, work)
        stay.shops = [weighted(city.sites["shop"], dice) for _ in range(3)]
        stay.clinics = [weighted(city.sites["clinic"], dice), dice.pick(city.sites["hospital"])]
        stay.pharmacies = [weighted(city.sites["pharmacy"], dice) for _ in range(3)]
        self.stays.append(stay)
        return stay

    def take(self, day: int, slot: int) -> bool:
        """Take a slot of a day; False when it is taken."""
        if not 0 <= day < len(self.taken) or self.taken[day] & slot:
            return False
        self.taken[day] |= slot
        return True

    def free_day(self, slot: int, low: int = 0, high: int = -1, tries: int = 8) -> int:
        """A day in a range whose slot was free and is taken now; -1 when none was found."""
        last = len(self.taken) - 1 if high < 0 else min(high, len(self.taken) - 1)
        for _ in range(tries):
            if low > last:
                break
            day = self.dice.between(low, last)
            if self.take(day, slot):
                return day
        return -1

    def free_slot(self, low: int = 0, high: int = -1) -> int:
        """A true moment in a free slot of a day in a range; -1 when none was found."""
        works = self.person.role == "worker"
        for slot in self.dice.shuffled((EVENING, NOON) if works else (MORNING, AFTERNOON)):
            day = self.free_day(slot, low, high, 4)
            if day >= 0:
                return self.moment(day, slot)
        return -1

    def moment(self, day: int, slot: int) -> int:
        """A moment at the beginning of a slot."""
        return day * DAY_S + BEGINS_S[slot] + self.dice.below(HOUR_S // 2)

    def tell(
        self,
        true_s: int,
        detail: Detail,
        *,
        place: Place | None = None,
        device: str = "",
        face: str = "",
        institution: str = "",
        amount_fen: int | None = None,
        delay_s: int = -1,
        account: str = "",
    ) -> Happening:
        """Write down what the person did."""
        person = self.person
        happening = Happening(
            true_s,
            detail,
            place.region if place else self.stay(true_s // DAY_S).city.region,
            person.number,
            person.card,
            account,
            face,
            device,
            place,
            institution,
            amount_fen,
            self.dice.below(4) if delay_s < 0 else delay_s,
            skew_s(self.world.area, device) if place and device else 0,
            self.case,
        )
        self.told.append(happening)
        return happening

    def at_site(
        self,
        true_s: int,
        site: Site,
        detail: Detail,
        *,
        face: str = "physical",
        amount_fen: int | None = None,
        account: str = "",
    ) -> Happening:
        """Write down what the person did at an institution's terminal."""
        terminals = 1 + site.busy // 4
        return self.tell(
            true_s,
            detail,
            place=site.place,
            device=f"{site.code}T{self.dice.below(terminals)}",
            face=face,
            institution=site.code,
            amount_fen=amount_fen,
            account=account,
        )

    def tap(self, true_s: int, phase: str, place: Place, device: str, fare_fen: int) -> Happening:
        """A tap; counter and balance are written when all taps of the card are known."""
        dice, area = self.dice, self.world.area
        day = true_s // DAY_S
        late = phase == "flat" and area.is_offline(device, day)
        person = self.person
        ends = self.fate.concession_ends
        concession = person.concession if ends < 0 or day < ends else ""
        tac_ok = not dice.chance(self.world.numbers.tacs_garbled)
        detail = TransitTap(phase, COUNTER, 0, dice.code(4), tac_ok, -1, late, concession)
        if concession:
            fare_fen = fare_fen // 2 if concession == "student" else 0
        wait_s = day * DAY_S + area.upload_s(device, day) - true_s if late else dice.below(4)
        happening = self.tell(
            true_s,
            detail,
            place=place,
            device=device,
            face="physical",
            amount_fen=fare_fen,
            delay_s=max(wait_s, 60) if late else wait_s,
        )
        happening.purse = True
        return happening


@lru_cache(maxsize=1 << 17)
def _skew_of(seed: int, wrong: int, device: str) -> int:
    return Area(seed, [], wrong, 0).skew_s(device)


def skew_s(area: Area, device: str) -> int:
    """How far the clock of a device is ahead."""
    return _skew_of(area.seed, area.clock_wrong, device)
