"""Getting about: to work and back, on Sundays, with the old people's pass, to other regions."""

from __future__ import annotations

from typing import Final

from life_histories.almanac import DAY_S, HOUR_S, MINUTE_S
from life_histories.area import City, Place, Site
from life_histories.kinds import CodeScanned, CodeShown, IdentityCheck
from life_histories.life.life import AFTERNOON, ALL, COMMUTE, MORNING, Life

HOP_S: Final = 130
GATE_S: Final = 200
MIDDLE: Final = 7
"""The station of each line where the lines cross."""
BUS_FARE_FEN: Final = 200
TRAIN_M_PER_S: Final = 55
FLIGHT_M_PER_S: Final = 200
FLIGHT_FROM_M: Final = 700_000
NEAR_MAX: Final = 512
"""Places of a city whose nearest stops are remembered."""


def hops(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Stations between two, changing in the middle where the line is another."""
    if one[0] == other[0]:
        return abs(one[1] - other[1])
    return abs(one[1] - MIDDLE) + abs(other[1] - MIDDLE)


def fare_fen(count: int) -> int:
    """The fare of so many stations."""
    return 200 + 100 * (count // 4)


def ride(life: Life, city: City, start_s: int, one: tuple[int, int], other: tuple[int, int]) -> int:
    """Enter at a station, leave at another; the moment of leaving."""
    if one == other:
        other = (one[0], (one[1] + 3) % 15)
    count = hops(one, other)
    end_s = start_s + count * HOP_S + GATE_S + life.dice.below(150)
    for moment, phase, at in ((start_s, "entry", one), (end_s, "exit", other)):
        station = city.lines[at[0]][at[1]]
        device = f"{station.code}G{life.dice.below(6)}"
        life.tap(moment, phase, station, device, fare_fen(count) if phase == "exit" else 0)
    return end_s


def board(life: Life, city: City, moment_s: int, near: Place) -> None:
    """Board a bus at a stop near a place."""
    dice = life.dice
    stop = nearest_stop(city, near, dice.below(3))
    vehicle = dice.pick(city.buses)
    life.tap(moment_s, "flat", stop, vehicle, BUS_FARE_FEN)
    if not life.person.concession and dice.chance(100):  # pays for a friend too
        life.tap(moment_s + 3 + dice.below(6), "flat", stop, vehicle, BUS_FARE_FEN)


def nearest_stop(city: City, near: Place, rank: int = 0) -> Place:
    """A stop near a place: the nearest, or the next ones."""
    known = city.stops_near.get(near.code)
    if known is None:
        order = sorted(
            city.stops, key=lambda s: ((s.x_m - near.x_m) ** 2 + (s.y_m - near.y_m) ** 2, s.code)
        )
        if len(city.stops_near) >= NEAR_MAX:
            city.stops_near.clear()
        known = city.stops_near[near.code] = order[:3]
    return known[min(rank, len(known) - 1)]


def commute(life: Life) -> None:
    """To work and back on working days; night workers the other way round."""
    person, dice = life.person, life.dice
    working = life.world.almanac.working_days
    is_student = person.role == "student"
    for day, taken in enumerate(life.taken):
        if not working[day] or taken & COMMUTE:
            continue
        if is_student and (taken or dice.chance(4_000)):
            continue
        life.taken[day] |= COMMUTE
        stay = life.stay(day)
        out_s = day * DAY_S + person.leaves_home_s + dice.around(0, 1_500)
        back_s = day * DAY_S + 61_800 + dice.around(1_500, 4_000)
        if person.role == "night":
            out_s, back_s = day * DAY_S + 22_200 + dice.below(1_500), day * DAY_S + 75_000
            out_s, back_s = back_s + dice.below(1_800), out_s
        if is_student:
            back_s = out_s + 3 * HOUR_S + dice.below(HOUR_S)
            life.taken[day] |= ALL
        if person.ride == "metro":
            ride(life, stay.city, out_s, stay.station, stay.work_station)
            ride(life, stay.city, back_s, stay.work_station, stay.station)
        elif person.ride == "bus":
            line, at = stay.work_station
            board(life, stay.city, out_s, stay.home)
            board(life, stay.city, back_s, stay.city.lines[line][at])


def leisure(life: Life) -> None:
    """A ride on free days; pensioners with a pass on any."""
    person, dice = life.person, life.dice
    working = life.world.almanac.working_days
    if person.role == "pensioner":
        often = dice.between(900, 3_600)
        for day in range(len(life.taken)):
            if dice.chance(often) and life.take(day, MORNING):
                stay = life.stay(day)
                moment = life.moment(day, MORNING)
                board(life, stay.city, moment, stay.home)
                board(life, stay.city, moment + 5_400 + dice.below(2_400), stay.shops[0].place)
        return
    often = dice.between(500, 3_000)
    for day in range(len(life.taken)):
        if not working[day] and dice.chance(often) and life.take(day, AFTERNOON):
            stay = life.stay(day)
            line = dice.below(len(stay.city.lines))
            target = (line, dice.below(len(stay.city.lines[line])))
            moment = life.moment(day, AFTERNOON)
            end_s = ride(life, stay.city, moment, stay.station, target)
            if dice.chance(7_000):
                ride(life, stay.city, end_s + HOUR_S, target, stay.station)


def journeys(life: Life) -> None:
    """To another region and back: train or flight, hotel, sights, many codes in a day."""
    dice = life.dice
    for _ in range(dice.count(life.world.scaled(life.world.numbers.trips))):
        length = dice.between(2, 6)
        first = dice.between(0, max(0, len(life.taken) - length - 1))
        days = range(first, min(first + length, len(life.taken)))
        if any(life.taken[day] for day in days) or len(days) < 2:  # noqa: PLR2004
            continue
        home = life.stay(first).city
        if home is not life.stay(days[-1]).city:
            continue
        for day in days:
            life.taken[day] |= ALL
        there = dice.pick([city for city in life.world.area.cities if city is not home])
        travel(life, home, there, first * DAY_S + 8 * HOUR_S + dice.below(HOUR_S))
        travel(life, there, home, days[-1] * DAY_S + 15 * HOUR_S + dice.below(HOUR_S))
        _visit(life, there, list(days[1:]), leaves_last=True)


def travel(life: Life, home: City, there: City, start_s: int) -> int:
    """From a city to another; the moment of arrival. By train the identity is checked."""
    one, other = home.sites["rail"][0], there.sites["rail"][0]
    metres_x, metres_y = one.place.x_m - other.place.x_m, one.place.y_m - other.place.y_m
    far = max(abs(metres_x), abs(metres_y)) + min(abs(metres_x), abs(metres_y)) // 2
    if far < FLIGHT_FROM_M or life.dice.chance(4_000):
        check(life, start_s, one, "rail")
        return start_s + 20 * MINUTE_S + far // TRAIN_M_PER_S
    return start_s + 150 * MINUTE_S + far // FLIGHT_M_PER_S


def check(life: Life, moment_s: int, site: Site, purpose: str) -> None:
    """An identity check that goes well; the picture matches as pictures do."""
    dice = life.dice
    old_picture = dice.chance(600)
    match = dice.between(58, 75) if old_picture else dice.between(78, 99)
    tries = 1 + (1 if dice.chance(300) else 0)
    life.at_site(moment_s, site, IdentityCheck(purpose, tries, "ok", match))


def _visit(life: Life, there: City, days: list[int], *, leaves_last: bool) -> None:
    """The days in a strange city; the last one ends at noon."""
    dice = life.dice
    hotel = dice.pick(there.sites["hotel"])
    check(life, days[0] * DAY_S - 9_000 + dice.below(7_200), hotel, "hotel")
    for day in days:
        moment = day * DAY_S + 9 * HOUR_S
        until = day * DAY_S + (12 if leaves_last and day == days[-1] else 19) * HOUR_S
        at = (0, dice.below(15))
        while moment + 2 * HOUR_S < until:
            sight = dice.pick(there.sites["sight"])
            line = dice.below(len(there.lines))
            target = (line, dice.below(15))
            if dice.chance(5_000):
                ride(life, there, moment, at, target)
                at = target
            if life.person.phone and dice.chance(6_000):
                show_code(
                    life, moment + 5_400, sight.place, f"{sight.code}T{dice.below(3)}", "sight"
                )
            moment += 2 * HOUR_S + dice.below(HOUR_S // 2)


def show_code(life: Life, moment_s: int, place: Place, device: str, purpose: str) -> str:
    """A code shown on the phone and read by a terminal; sometimes read twice by the same."""
    dice = life.dice
    code = dice.code(4) + dice.code(4)
    phone = life.person.phone
    life.tell(moment_s, CodeShown(code, purpose), place=None, device=phone, face="code")
    after_s = 3 + dice.around(6, 12)
    for again in range(2 if dice.chance(150) else 1):
        life.tell(
            moment_s + max(after_s, 2) + again * (2 + dice.below(6)),
            CodeScanned(code, purpose),
            place=place,
            device=device,
            face="code",
        )
    return code
