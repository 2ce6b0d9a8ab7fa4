"""Where life happens: regions, cities, stations, stops, institutions, on one plane in metres.

Rules: positions are whole metres; the plane is made up, but distances are those of a country (a
city is some ten kilometres wide, the next city of a region eighty to two hundred away, the next
region hundreds). Clinics, shops and employers grow with the people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isqrt
from typing import Final

from life_histories.dice import Dice, Stream, mix
from life_histories.parameters import Parameters

CENTRES: Final = {
    "SC": (0, 0),
    "CQ": (262_000, -71_000),
    "NX": (214_000, 873_000),
    "JS": (1_418_000, 168_000),
}
"""Regions and where their first city lies."""
SKEWS_S: Final = (60, 120, 180, 240, 300, 420, 540)


@dataclass(frozen=True, slots=True)
class Place:
    """A site: its code and its position."""

    code: str
    region: str
    city: int
    x_m: int
    y_m: int


@dataclass(frozen=True, slots=True)
class Site:
    """An institution at its place; people go oftener to a `busy` one; `trait` is its kind."""

    code: str
    place: Place
    busy: int
    trait: str = ""


@dataclass(slots=True)
class City:
    """A city; `lines` are its metro stations line by line, in order. `stops_near` is what was found
    already: of this city, since another history has others of the same name.
    """

    number: int
    region: str
    x_m: int
    y_m: int
    radius_m: int
    payday: int
    lines: list[list[Place]] = field(default_factory=list)
    stops: list[Place] = field(default_factory=list)
    buses: list[str] = field(default_factory=list)
    sites: dict[str, list[Site]] = field(default_factory=dict)
    stops_near: dict[str, list[Place]] = field(default_factory=dict)

    def stations(self) -> list[Place]:
        """All of its stations."""
        return [station for line in self.lines for station in line]


@dataclass(slots=True)
class Area:
    """All cities; big ones first in each region."""

    seed: int
    cities: list[City]
    clock_wrong: int
    offline: int

    def skew_s(self, device: str) -> int:
        """How far the clock of a device is ahead (behind: negative); most are right."""
        drawn = mix(self.seed, 1, *_numbers(device))
        if drawn % 10_000 >= self.clock_wrong:
            return 0
        size = SKEWS_S[(drawn >> 20) % len(SKEWS_S)] + (drawn >> 40) % 50
        return size if (drawn >> 32) & 1 else -size

    def is_offline(self, device: str, day: int) -> bool:
        """Whether a vehicle sends its taps of this day only after work."""
        return mix(self.seed, 2, day, *_numbers(device)) % 10_000 < self.offline

    def upload_s(self, device: str, day: int) -> int:
        """When it does, in seconds after the day's midnight: late that evening or next morning."""
        drawn = mix(self.seed, 3, day, *_numbers(device))
        if drawn % 4 == 0:
            return 86_400 + 5 * 3_600 + (drawn >> 8) % 5_400
        return 22 * 3_600 + 1_800 + (drawn >> 8) % 4_500


def distance_m(one: Place, other: Place) -> int:
    """Whole metres between two places."""
    return isqrt((one.x_m - other.x_m) ** 2 + (one.y_m - other.y_m) ** 2)


def make_area(seed: int, people: int, numbers: Parameters) -> Area:
    """The whole area for so many people."""
    cities: list[City] = []
    for region, (x_m, y_m) in CENTRES.items():
        payday = (15, 10, 12, 18)[len(cities) // 2]
        for big in (True, False):
            dice = Dice(seed, Stream.AREA, len(cities))
            if big:
                at = x_m, y_m
            else:
                away = dice.between(80_000, 190_000)
                slope = dice.between(20, 80)
                at = x_m + away * slope // 100, y_m - away * (100 - slope) // 100
            city = City(len(cities), region, *at, 16_000 if big else 9_000, payday)
            share = (3 if big else 1) * people // (4 * len(CENTRES))
            _build(city, share, big=big, dice=dice, numbers=numbers)
            cities.append(city)
    return Area(seed, cities, numbers.clocks_wrong, numbers.buses_offline)


def _build(city: City, people: int, *, big: bool, dice: Dice, numbers: Parameters) -> None:
    for line in range(3 if big else 1):
        city.lines.append(_line(city, line, dice))
    city.stops = [_place(city, f"BS{n:03d}", dice) for n in range(max(20, people // 150))]
    vehicles = max(8, people // 120)
    city.buses = [f"BV{city.number}{n:04d}" for n in range(vehicles)]
    counts = {
        "hospital": max(2, people * numbers.hospitals // 100_000),
        "clinic": max(6, people * numbers.clinics // 100_000),
        "pharmacy": max(6, people * numbers.pharmacies // 100_000),
        "shop": max(20, people * numbers.shops // 100_000),
        "employer": max(12, people * numbers.employers // 100_000),
        "branch": max(2, people * numbers.branches // 100_000),
        "machine": max(4, people * numbers.cash_machines // 100_000),
        "agent": max(3, people * numbers.village_agents // 100_000),
        "hotel": 4,
        "sight": 6,
        "library": 2,
        "canteen": 2,
        "counter": 3,
        "rail": 1,
    }
    prefix = {"hospital": "H", "clinic": "H", "pharmacy": "Y", "shop": "S", "employer": "U"}
    for kind, count in counts.items():
        letter = prefix.get(kind, kind[0].upper() + kind[-1].upper())
        taken: set[int] = set()
        row = []
        for _ in range(count):
            number = dice.below(100_000)
            while number in taken or (kind == "clinic" and _is_taken(city, letter, number)):
                number = dice.below(100_000)
            taken.add(number)
            code = f"{letter}{city.number}{number:05d}"
            busy = 1 + dice.below(4) * dice.below(5)
            row.append(Site(code, _place(city, f"P{code}", dice), busy, _trait(kind, dice)))
        city.sites[kind] = row


def _is_taken(city: City, letter: str, number: int) -> bool:
    code = f"{letter}{city.number}{number:05d}"
    return any(site.code == code for site in city.sites.get("hospital", ()))


def _trait(kind: str, dice: Dice) -> str:
    if kind == "shop":
        kinds = ("supermarket", "supermarket", "restaurant", "restaurant", "clothes", "books")
        return dice.pick((*kinds, "hairdresser", "gym", "electronics", "tobacco"))
    if kind == "employer":
        return dice.pick(("clocks", "silent", "silent", "silent"))
    return ""


def _place(city: City, code: str, dice: Dice) -> Place:
    while True:
        x_m = dice.between(-city.radius_m, city.radius_m)
        y_m = dice.between(-city.radius_m, city.radius_m)
        if x_m * x_m + y_m * y_m <= city.radius_m**2:
            full = code if code[0] == "P" else f"{code}-{city.number}"
            return Place(full, city.region, city.number, city.x_m + x_m, city.y_m + y_m)


def _line(city: City, line: int, dice: Dice) -> list[Place]:
    """A line through the city: straight, with bends of some hundred metres."""
    step_x, step_y = ((1, 0), (0, 1), (1, 1))[line]
    stations = []
    for n in range(15):
        along = (n - 7) * (1_500 if step_x != step_y else 1_100)
        x_m = city.x_m + along * step_x + dice.between(-300, 300)
        y_m = city.y_m + along * step_y + dice.between(-300, 300)
        stations.append(Place(f"MS{city.number}{line}{n:02d}", city.region, city.number, x_m, y_m))
    return stations


def _numbers(device: str) -> tuple[int, int]:
    return len(device), int.from_bytes(device.encode(), "big") & 0xFFFF_FFFF_FFFF
